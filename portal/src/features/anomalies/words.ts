// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "@/lib/api/types";
import { formatDuration, unitOf, type Unit } from "@/lib/format";
import { toMs } from "@/lib/time";
import type { Status } from "./address";

type Kind = Schema<"AnomalyKinds">[number];

export const statusNames: Record<Status, string> = { open: "Open", acknowledged: "Acknowledged", resolved: "Resolved", false_positive: "False positive" };

/** What an incident may become; its anomalies alone may be false positives. */
export const incidentStatuses = ["acknowledged", "resolved", "open"] as const satisfies Schema<"IncidentStatus">[];

/** What may follow a status, the likeliest first. */
export function nextStatuses(status: Status): Status[] {
  if (status === "open") return ["acknowledged", "resolved", "false_positive"];
  return status === "acknowledged" ? ["resolved", "false_positive", "open"] : ["open"];
}

const KINDS: Record<Kind, string> = {
  event: "It behaved as it never had before",
  point: "single samples were far from where they were expected",
  level_shift: "its level moved and stayed there",
  variance_shift: "its scatter changed and stayed so",
  flat_line: "it repeated one value for longer than it ever did",
  missing_data: "samples were missing",
};

/** What was noticed, as a sentence: "Its level moved and stayed there; samples were missing." */
export function kindsText(kinds: readonly Kind[]): string {
  const text = kinds.map((kind) => KINDS[kind]).join("; ");
  return text ? `${text[0]?.toUpperCase()}${text.slice(1)}.` : "";
}

/** How long it lasted, or has lasted by now, in whole minutes beyond one; one sample lasts no time. */
export function durationText({ started_at, ended_at }: { started_at: string; ended_at: string | null }, now: number): string {
  if (ended_at === null) {
    const seconds = Math.max(0, now - toMs(started_at)) / 1000;
    return `${formatDuration(seconds < 60 ? seconds : Math.floor(seconds / 60) * 60)} so far`;
  }
  const seconds = (toMs(ended_at) - toMs(started_at)) / 1000;
  return seconds === 0 ? "one sample" : formatDuration(seconds);
}

/** How far what was seen lies from what was expected: "2.4 times", "40 % below"; "" where that says nothing. */
export function departureText(value: number | null | undefined, expected: number | null | undefined): string {
  if (typeof value !== "number" || typeof expected !== "number" || expected <= 0 || value < 0) return "";
  const ratio = value / expected;
  if (ratio >= 2) return `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2))} times`;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  return percent === 0 ? "" : `${percent} % ${ratio > 1 ? "above" : "below"}`;
}

/** The unit that detection judges a metric in: counters are judged by their rate a second. */
export function judgedUnit(metric: string): Unit {
  if (!/_(total|bucket)$/.test(metric)) return unitOf(metric);
  return unitOf(metric) === "bytes" ? "bytes/s" : unitOf(metric) === "seconds" ? "ratio" : "/s";
}
