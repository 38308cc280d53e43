// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the page shows is what its address says, so that an address can be sent to a colleague.
import type { Schema } from "@/lib/api/types";

export type Status = Schema<"AnomalyStatus">;
export type Severity = Schema<"Severity">;

export const statuses: Status[] = ["open", "acknowledged", "resolved", "false_positive"];
export const severities: Severity[] = ["critical", "high", "medium", "low"];

export type View = "anomalies" | "incidents" | "budget";

/** From one moment to another, in milliseconds. */
export type Span = { from: number; to: number };

export type Address = {
  view: View;
  /** null: any. */
  status: Status | null;
  severity: Severity | null;
  /** Whole name; "": any. */
  metric: string;
  /** How far back the timeline reaches. */
  seconds: number;
  /** The part of it that is listed; null: all. */
  span: Span | null;
  /** The anomaly that is looked at. */
  id: string | null;
  /** The incident that is looked at. */
  incident: string | null;
};

export const ranges = [
  { seconds: 86_400, title: "24 h" },
  { seconds: 604_800, title: "7 d" },
  { seconds: 2_592_000, title: "30 d" },
  { seconds: 7_776_000, title: "90 d" },
];

const DEFAULT_SECONDS = 604_800;

/** What an address says; what it does not say, or says wrongly, is as at first. */
export function readAddress(query: URLSearchParams): Address {
  const [from, to] = [moment(query.get("from")), moment(query.get("to"))];
  const seconds = Number(query.get("range"));
  return {
    view: (["incidents", "budget"] as const).find((each) => each === query.get("view")) ?? "anomalies",
    status: statuses.find((each) => each === query.get("status")) ?? null,
    severity: severities.find((each) => each === query.get("severity")) ?? null,
    metric: query.get("metric") ?? "",
    seconds: ranges.some((each) => each.seconds === seconds) ? seconds : DEFAULT_SECONDS,
    span: from !== null && to !== null && from < to ? { from, to } : null,
    id: query.get("id") || null,
    incident: query.get("incident") || null,
  };
}

/** The link to an address, without what is as at first. */
export function hrefOf({ view, status, severity, metric, seconds, span, id, incident }: Address): string {
  const query = new URLSearchParams();
  if (view !== "anomalies") query.set("view", view);
  if (status) query.set("status", status);
  if (severity) query.set("severity", severity);
  if (metric) query.set("metric", metric);
  if (seconds !== DEFAULT_SECONDS) query.set("range", String(seconds));
  if (span) {
    query.set("from", String(span.from));
    query.set("to", String(span.to));
  }
  if (id) query.set("id", id);
  if (incident) query.set("incident", incident);
  const text = query.toString();
  return text ? `/anomalies?${text}` : "/anomalies";
}

/** Whether anything is left out by what is chosen. */
export function isNarrow({ status, severity, metric, span }: Address): boolean {
  return status !== null || severity !== null || metric !== "" || span !== null;
}

function moment(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
