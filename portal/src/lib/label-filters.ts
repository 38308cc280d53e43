// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Conditions on labels: as people choose them, and as the API takes them.
import type { Labels } from "@/lib/api/types";

export const operators = ["=", "!=", "=~", "!~"] as const;
export type Operator = (typeof operators)[number];

/** A condition on one label, as in a matcher of Prometheus. */
export type Filter = { label: string; operator: Operator; value: string };

/** host=~"web-.*" without its quotes: host=~web-.*; null for what is none. */
export function readFilter(text: string): Filter | null {
  const parts = /^([^=!~]+)(=~|!=|!~|=)(.*)$/s.exec(text);
  if (!parts) return null;
  const [, label = "", operator, value = ""] = parts;
  return { label: label.trim(), operator: operator as Operator, value };
}

/**
 * What the API takes: equal labels apart, for a label may have a name that a matcher cannot hold. A condition whose value
 * is still to be chosen holds nothing back.
 */
export function toSelector(filters: Filter[]): { labels: Labels; match?: string } {
  const labels: Labels = {};
  const matchers: string[] = [];
  for (const { label, operator, value } of filters) {
    if (value === "" && (operator === "=" || operator === "=~")) continue;
    if (operator === "=" && !Object.hasOwn(labels, label)) labels[label] = value;
    else matchers.push(`${label}${operator}"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`);
  }
  return matchers.length > 0 ? { labels, match: `{${matchers.join(",")}}` } : { labels };
}

const MATCHER = /\s*([A-Za-z0-9_.]+)\s*(=~|!=|!~|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,|$)/sy;

/** The other way round: the conditions that labels and matchers hold; null where the matchers cannot be read. */
export function fromSelector({ labels, match = "" }: { labels: Labels; match?: string }): Filter[] | null {
  const filters: Filter[] = Object.entries(labels).map(([label, value]) => ({ label, operator: "=", value }));
  const text = match.trim();
  if (text === "") return filters;
  if (!text.startsWith("{") || !text.endsWith("}")) return null;
  const inner = text.slice(1, -1).trimEnd();
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < inner.length) {
    const found = MATCHER.exec(inner);
    if (!found) return null;
    const [, label = "", operator, quoted = ""] = found;
    filters.push({ label, operator: operator as Operator, value: unquote(quoted) });
  }
  return filters;
}

/** As the server reads it: an escape that it does not know belongs to the regular expression. */
function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (whole, escaped: string) => ({ n: "\n", t: "\t", "\\": "\\", '"': '"', "'": "'" })[escaped] ?? whole);
}
