// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// An alert rule while it is edited, and what the API makes of it.
import type { ApiError } from "@/lib/api/error";
import type { Schema } from "@/lib/api/types";
import { fromSelector, toSelector, type Filter } from "@/lib/label-filters";

export type Rule = Schema<"AlertRule">;
export type NewRule = Schema<"NewAlertRule">;
export type Condition = Schema<"AlertCondition">;

export type RuleDraft = {
  name: string;
  metric: string;
  filters: Filter[];
  /** Matchers that the editor cannot take apart, as they are; null where `filters` holds everything. */
  match: string | null;
  condition: Condition;
  /** As typed. */
  threshold: string;
  direction: "above" | "below";
  horizonMinutes: number;
  probability: number;
  sensitivity: number;
  forSeconds: number;
  severity: Schema<"AlertSeverity">;
  channels: string[];
  enabled: boolean;
};

/** The silence that is worth a message, unless another is chosen; and the shortest that the API takes. */
const USUAL_SILENCE = 300;
const LEAST_SILENCE = 60;

export const emptyDraft: RuleDraft = {
  name: "", metric: "", filters: [], match: null, condition: "above", threshold: "", direction: "above", horizonMinutes: 60, probability: 0.5,
  sensitivity: 2.5, forSeconds: 300, severity: "medium", channels: [], enabled: true,
};

export function toDraft(rule: Rule): RuleDraft {
  const filters = fromSelector(rule);
  return {
    name: rule.name,
    metric: rule.metric,
    filters: filters ?? fromSelector({ labels: rule.labels }) ?? [],
    match: filters ? null : rule.match,
    condition: rule.condition,
    threshold: rule.threshold === null ? "" : String(rule.threshold),
    direction: rule.direction ?? "above",
    horizonMinutes: rule.horizon_minutes ?? emptyDraft.horizonMinutes,
    probability: rule.probability ?? emptyDraft.probability,
    sensitivity: rule.sensitivity ?? emptyDraft.sensitivity,
    forSeconds: rule.for_seconds,
    severity: rule.severity,
    channels: rule.channels,
    enabled: rule.enabled,
  };
}

/** A draft under another condition: silence needs a length. */
export function withCondition(draft: RuleDraft, condition: Condition): RuleDraft {
  const forSeconds = condition === "no_data" && draft.forSeconds < LEAST_SILENCE ? USUAL_SILENCE : draft.forSeconds;
  return { ...draft, condition, forSeconds };
}

export function hasThreshold(condition: Condition): boolean {
  return condition === "above" || condition === "below" || condition === "forecast_breach";
}

/** The number that was typed; null for none. A comma may stand for the point. */
export function thresholdOf({ threshold }: Pick<RuleDraft, "threshold">): number | null {
  const text = threshold.trim().replace("−", "-").replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
}

export type RuleField = "name" | "metric" | "match" | "threshold" | "probability" | "sensitivity" | "for_seconds" | "channels";
export type FieldErrors = Partial<Record<RuleField, string>>;

/** What is still missing; nothing where it can be saved. */
export function missing(draft: RuleDraft): FieldErrors {
  const errors: FieldErrors = {};
  if (draft.name.trim() === "") errors.name = "A name is missing";
  if (draft.metric === "") errors.metric = "Choose a metric";
  if (hasThreshold(draft.condition) && thresholdOf(draft) === null) errors.threshold = draft.threshold.trim() === "" ? "A threshold is missing" : "Not a number";
  return errors;
}

/** What the API takes: the fields that the condition uses. Wants a draft that misses nothing. */
export function toRule(draft: RuleDraft): NewRule {
  const { labels, match = "" } = toSelector(draft.filters);
  const forecast = draft.condition === "forecast_breach";
  return {
    name: draft.name.trim(),
    metric: draft.metric,
    labels,
    match: draft.match ?? match,
    condition: draft.condition,
    ...(hasThreshold(draft.condition) && { threshold: thresholdOf(draft) ?? 0 }),
    ...(forecast && { direction: draft.direction, horizon_minutes: draft.horizonMinutes, probability: draft.probability }),
    ...(draft.condition === "outside_expected" && { sensitivity: draft.sensitivity }),
    for_seconds: draft.forSeconds,
    severity: draft.severity,
    enabled: draft.enabled,
    channels: draft.channels,
  };
}

/** What a preview is of: nothing of who is told and how it is called. null while too little is known. */
export function toPreview(draft: RuleDraft): NewRule | null {
  const { metric, threshold } = missing(draft);
  if (metric || threshold) return null;
  return { ...toRule({ ...draft, channels: [], severity: "medium", enabled: true }), name: "preview" };
}

/** The field that the API's refusal is about; null where it is about none. */
export function ruleFieldOf({ code, message }: Pick<ApiError, "code" | "message">): RuleField | null {
  const named = (field: string | undefined) => FIELDS.find((each) => each === field || (each === "match" && field === "labels")) ?? null;
  switch (code) {
    case "http.bad_field":
    case "http.unknown_field":
      return named(/field '([a-z_]+)/.exec(message)?.[1]);
    case "alerting.bad_rule":
      return named(/: its ([a-z]+)|(for_seconds)|wants a (threshold)/.exec(message)?.slice(1).find((part) => part !== undefined));
    case "query.bad_match":
    case "query.bad_regex":
      return "match";
    case "alerting.no_such_channel":
      return "channels";
    default:
      return null;
  }
}

const FIELDS: RuleField[] = ["name", "metric", "match", "threshold", "probability", "sensitivity", "for_seconds", "channels"];
