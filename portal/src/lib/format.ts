// SPDX-License-Identifier: LicenseRef-Helios-Commercial

/** What a metric's numbers are of. "" is a bare count. */
export type Unit = "" | "percent" | "ratio" | "bytes" | "bytes/s" | "seconds" | "milliseconds" | "/s";

const SUFFIXES: [RegExp, Unit][] = [
  [/_bytes(_per_second|_rate)$/, "bytes/s"],
  [/_bytes(_total)?$/, "bytes"],
  [/_(percent|percentage|pct)$/, "percent"],
  [/_ratio$/, "ratio"],
  [/_(seconds|s)(_total)?$/, "seconds"],
  [/_(milliseconds|millis|ms)$/, "milliseconds"],
  [/_(per_second|rate|rps|qps)$/, "/s"],
];

/** The unit that a metric's name tells, by the conventions of Prometheus and of the agent; "" where it tells none. */
export function unitOf(metric: string): Unit {
  return SUFFIXES.find(([suffix]) => suffix.test(metric))?.[1] ?? "";
}

const SI = ["", "k", "M", "G", "T", "P"];
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Three significant digits, never an exponent below 10^18: 0.0042, 1.23k, 45.6M. */
export function formatNumber(value: number): string {
  return scaled(value, 1000, SI, "");
}

/** 1,024 B are 1.00 KiB. */
export function formatBytes(value: number): string {
  return scaled(value, 1024, BINARY, " ");
}

/** A number with its unit, as short as a chart's axis needs. */
export function formatValue(value: number | null | undefined, unit: Unit = ""): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  switch (unit) {
    case "percent":
      return `${digits(value)} %`;
    case "ratio":
      return `${digits(value * 100)} %`;
    case "bytes":
      return formatBytes(value);
    case "bytes/s":
      return `${formatBytes(value)}/s`;
    case "seconds":
      return formatSeconds(value);
    case "milliseconds":
      return formatSeconds(value / 1000);
    case "/s":
      return `${formatNumber(value)}/s`;
    default:
      return formatNumber(value);
  }
}

/** 0.0042 s is 4.2 ms; 5,400 s are 1 h 30 min. */
export function formatSeconds(seconds: number): string {
  const magnitude = Math.abs(seconds);
  if (magnitude === 0) return "0 s";
  if (magnitude < 0.001) return `${digits(seconds * 1e6)} µs`;
  if (magnitude < 1) return `${digits(seconds * 1000)} ms`;
  if (magnitude < 120) return `${digits(seconds)} s`;
  return formatDuration(seconds);
}

/** The two largest parts of a duration: 2 min, 1 h 30 min, 3 d 4 h. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? "−" : "";
  let rest = Math.round(Math.abs(seconds));
  const parts: string[] = [];
  for (const [length, name] of [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]] as const) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break; // 1 d 5 s would claim more than anyone wants to know
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : sign + parts.join(" ");
}

/** "member" as "Member": a word that the API gives, where a title or a choice stands. */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A share of one, in per cent. */
export function formatShare(share: number | null | undefined): string {
  return formatValue(share, "ratio");
}

export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

function digits(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = Math.abs(value) >= 1000 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString();
  return text.includes("e") ? value.toExponential(2) : text.replace("-", "−");
}

function scaled(value: number, base: number, names: string[], gap: string): string {
  if (!Number.isFinite(value)) return digits(value);
  let rest = value;
  let step = 0;
  // 999.6 would be printed as 1000: it moves on to the next name.
  while (Math.abs(rest) >= base * 0.9995 && step < names.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${digits(rest)}${gap}${names[step]}`.trim();
}
