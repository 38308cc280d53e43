// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "@/lib/api/types";

type Job = Schema<"Job">;

export function isPending({ status }: Pick<Job, "status">): boolean {
  return status === "queued" || status === "running";
}

/** Several lists as one, newest first, `most` of them. */
export function merge(lists: Job[][], most: number): Job[] {
  return lists.flat().sort((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, most);
}

/** How long the newest attempt took, or has taken at `now`, in seconds; null for one that has not begun. */
export function secondsOf({ started_at, finished_at }: Pick<Job, "started_at" | "finished_at">, now: number): number | null {
  if (started_at === null) return null;
  return Math.max(0, Math.round(((finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at)) / 1000));
}

/** What came of a training, in a sentence; "" for one that is not at its end. */
export function outcome({ kind, status, result }: Pick<Job, "kind" | "status" | "result">): string {
  if (status !== "succeeded" || !result) return "";
  if (kind === "training.nightly") return `${number(result.metrics)} metrics queued`;
  const [promoted, series, skipped] = [number(result.promoted), number(result.series), Array.isArray(result.skipped) ? result.skipped.length : number(result.skipped)];
  const parts = [promoted > 0 ? `version ${number(result.version)} serves: ${promoted} of ${series} series got a better model` : "what serves now is better: no new version"];
  if (skipped > 0) parts.push(`${skipped} series skipped`);
  return parts.join("; ");
}

/** What a job is about, as far as it says. */
export function subject({ kind, payload, result, progress_note }: Pick<Job, "kind" | "payload" | "result" | "progress_note">): string {
  if (kind === "training.nightly") return "All metrics";
  if (typeof payload.metric === "string") return payload.metric;
  if (result && typeof result.metric === "string") return result.metric;
  return progress_note || "One metric";
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
