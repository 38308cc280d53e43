// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A form's fields as the API takes them. Shares are percentages to people, and shares to the API.
import { toSelector, type Filter } from "@/lib/label-filters";
import type { TargetSettings } from "./targets";

/** What the fields of a target's form say. A field that is left empty is as the API has it by default, or none. */
export function readTarget(fields: FormData, metric: string, filters: Filter[]): TargetSettings {
  const text = (name: string) => String(fields.get(name) ?? "").trim();
  const number = (name: string) => (text(name) === "" ? undefined : Number(text(name)));
  const share = (name: string) => { const percent = number(name); return percent === undefined ? undefined : toShare(percent); };
  return {
    name: text("name"),
    metric,
    labels: toSelector(filters).labels,
    per_replica_capacity: number("per_replica_capacity") ?? 0,
    min_replicas: number("min_replicas"),
    max_replicas: number("max_replicas") ?? 0,
    startup_seconds: number("startup_seconds"),
    max_violation_ratio: share("max_violation_percent"),
    max_short_time_ratio: share("max_short_time_percent"),
    cost_per_replica_hour: number("cost_per_replica_hour") ?? null,
    currency: text("currency").toUpperCase() || null,
    mode: fields.get("live") === "on" ? "advise" : "shadow",
    enabled: fields.get("enabled") === "on",
    channels: fields.getAll("channel").map(String),
    all_webhooks: fields.get("all_webhooks") === "on",
  };
}

/** 0.3 % as 0.003, without what a division by 100 leaves behind. */
export function toShare(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}

export function toPercent(share: number): number {
  return Number((share * 100).toPrecision(12));
}
