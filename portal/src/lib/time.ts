// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { formatDuration } from "./format";

/** Milliseconds since 1970, from whatever form the API gave a time in. */
export function toMs(time: string | number): number {
  return typeof time === "number" ? time : Date.parse(time);
}

/** In the viewer's own zone and manner, to the second: "28 Nov, 14:03:07"; with the year where it is another. */
export function formatTime(time: string | number, now: number = Date.now()): string {
  const date = new Date(toMs(time));
  if (Number.isNaN(date.getTime())) return "–";
  const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return date.toLocaleString("en-GB", { day: "numeric", month: "short", year, hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** The same moment in UTC, for hovering: "2026-11-28 13:03:07 UTC". */
export function formatUtc(time: string | number): string {
  const date = new Date(toMs(time));
  if (Number.isNaN(date.getTime())) return "–";
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** "just now", "40 s ago", "5 min ago", "in 1 h 20 min": whole minutes beyond one. */
export function formatRelative(time: string | number, now: number = Date.now()): string {
  const seconds = Math.round((toMs(time) - now) / 1000);
  if (Number.isNaN(seconds)) return "–";
  if (Math.abs(seconds) < 10) return "just now";
  const magnitude = Math.abs(seconds);
  const length = formatDuration(magnitude < 60 ? magnitude : Math.floor(magnitude / 60) * 60);
  return seconds < 0 ? `${length} ago` : `in ${length}`;
}

/** An axis' label for a chart that spans `spanMs`: the time of day, with the day where it spans more than one. */
export function formatTick(time: number, spanMs: number): string {
  const date = new Date(time);
  if (spanMs > 36 * 3_600_000) return date.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
