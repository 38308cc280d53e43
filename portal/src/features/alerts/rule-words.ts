// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Alert rules in words.
import { formatDuration, formatShare, formatValue, unitOf } from "@/lib/format";
import { seriesName } from "@/lib/series";
import type { Condition, Rule } from "./rule-draft";

export const conditions: { condition: Condition; title: string }[] = [
  { condition: "above", title: "goes above" },
  { condition: "below", title: "falls below" },
  { condition: "outside_expected", title: "is unlike what is expected" },
  { condition: "no_data", title: "falls silent" },
  { condition: "forecast_breach", title: "is forecast to breach" },
];

type Told = Pick<Rule, "condition" | "metric" | "threshold" | "direction" | "horizon_minutes" | "probability" | "for_seconds">;

/** "above 90 % for 5 min", "forecast above 95 % within 1 d, 80 % likely". */
export function conditionText({ condition, metric, threshold, direction, horizon_minutes, probability, for_seconds }: Told): string {
  const limit = formatValue(threshold, unitOf(metric));
  const hold = for_seconds > 0 ? ` for ${formatDuration(for_seconds)}` : "";
  switch (condition) {
    case "above":
    case "below":
      return `${condition} ${limit}${hold}`;
    case "outside_expected":
      return `outside what is expected${hold}`;
    case "no_data":
      return `silent${hold}`;
    case "forecast_breach":
      return `forecast ${direction ?? "above"} ${limit} within ${formatDuration((horizon_minutes ?? 0) * 60)}, ${formatShare(probability)} likely${hold && `,${hold}`}`;
  }
}

/** What a rule is about: cpu{host="a"}, with its matchers behind. */
export function subjectText({ metric, labels, match }: Pick<Rule, "metric" | "labels" | "match">): string {
  const name = seriesName(metric, labels);
  if (!match) return name;
  return Object.keys(labels).length === 0 ? metric + match : `${name} ${match}`;
}

export type RuleState = "off" | "firing" | "failing" | "waiting" | "fine";

/** How it is with a rule; one that cannot be judged says so even while it fires no more. */
export function stateOf({ enabled, firing_since, evaluation_error, evaluated_at }: Pick<Rule, "enabled" | "firing_since" | "evaluation_error" | "evaluated_at">): RuleState {
  if (!enabled) return "off";
  if (firing_since !== null) return "firing";
  if (evaluation_error !== null) return "failing";
  return evaluated_at === null ? "waiting" : "fine";
}

const ORDER: RuleState[] = ["firing", "failing", "waiting", "fine", "off"];

/** What needs eyes first, then by name. */
export function byUrgency<Each extends Parameters<typeof stateOf>[0] & { name: string }>(rules: Each[]): Each[] {
  const rank = (rule: Each) => { const state = stateOf(rule); return state === "waiting" ? ORDER.indexOf("fine") : ORDER.indexOf(state); };
  return [...rules].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
