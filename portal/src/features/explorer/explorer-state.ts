// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the page shows is what its address says, so that an address can be sent to a colleague.
import { readFilter, type Filter } from "@/lib/label-filters";

export const aggregates = ["avg", "min", "max", "sum", "count", "last"] as const;
export type Aggregate = (typeof aggregates)[number];

/** The newest `seconds`, or from one moment to another, in milliseconds. */
export type Range = { seconds: number } | { from: number; to: number };

export type ExplorerState = {
  /** "": none is chosen yet. */
  metric: string;
  filters: Filter[];
  range: Range;
  aggregate: Aggregate;
  /** Seconds; null: as the range needs it. */
  step: number | null;
  forecast: boolean;
};

export const ranges = [
  { seconds: 900, title: "15 min" },
  { seconds: 3_600, title: "1 h" },
  { seconds: 21_600, title: "6 h" },
  { seconds: 86_400, title: "24 h" },
  { seconds: 172_800, title: "2 d" },
  { seconds: 604_800, title: "7 d" },
  { seconds: 2_592_000, title: "30 d" },
];

const DEFAULT_SECONDS = 21_600;
const MOST_SECONDS = 366 * 86_400;

/** The state that an address says; what it does not say, or says wrongly, is as at first. */
export function readState(query: URLSearchParams): ExplorerState {
  const aggregate = aggregates.find((each) => each === query.get("aggregate")) ?? "avg";
  return {
    metric: query.get("metric") ?? "",
    filters: query.getAll("where").map(readFilter).filter((filter) => filter !== null),
    range: readRange(query),
    aggregate,
    step: wholeNumber(query.get("step"), MOST_SECONDS),
    forecast: query.get("forecast") !== "off",
  };
}

/** The address' query of a state, without what is as at first. */
export function writeState({ metric, filters, range, aggregate, step, forecast }: ExplorerState): string {
  const query = new URLSearchParams();
  if (metric) query.set("metric", metric);
  for (const { label, operator, value } of filters) query.append("where", label + operator + value);
  if (!("seconds" in range)) {
    query.set("from", String(range.from));
    query.set("to", String(range.to));
  } else if (range.seconds !== DEFAULT_SECONDS) query.set("range", String(range.seconds));
  if (aggregate !== "avg") query.set("aggregate", aggregate);
  if (step !== null) query.set("step", String(step));
  if (!forecast) query.set("forecast", "off");
  return query.toString();
}

function readRange(query: URLSearchParams): Range {
  const from = wholeNumber(query.get("from"), Number.MAX_SAFE_INTEGER);
  const to = wholeNumber(query.get("to"), Number.MAX_SAFE_INTEGER);
  if (from !== null && to !== null && from < to) return { from, to };
  return { seconds: wholeNumber(query.get("range"), MOST_SECONDS) ?? DEFAULT_SECONDS };
}

/** In [1, most], else null. */
function wholeNumber(text: string | null, most: number): number | null {
  if (text === null || !/^\d{1,15}$/.test(text)) return null;
  const value = Number(text);
  return value >= 1 && value <= most ? value : null;
}
