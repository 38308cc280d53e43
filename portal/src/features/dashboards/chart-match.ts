// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Filter } from "@/lib/label-filters";

/** Conditions as one text of matchers, as a chart keeps them. One whose value is still to be chosen holds nothing back. */
export function toMatch(filters: Filter[]): string {
  const matchers = filters
    .filter(({ operator, value }) => value !== "" || operator === "!=" || operator === "!~")
    .map(({ label, operator, value }) => `${label}${operator}"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`);
  return matchers.length > 0 ? `{${matchers.join(",")}}` : "";
}
