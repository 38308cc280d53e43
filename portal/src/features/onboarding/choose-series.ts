// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Which of a new customer's series to show first: one that a person would ask about, and that moves.
import type { Schema } from "@/lib/api/types";

type Series = Schema<"Series">;
/** A series with the newest values of it. */
export type Candidate = { series: Series; values: number[] };

/** As many samples as a forecast needs. */
const ENOUGH = 3;
/** A series that is heard of within this may soon have enough samples. */
const YOUNG_MS = 60_000;

/** `settled`: it moves, and stays the one. `ready`: a forecast of it can be asked for. */
export type Choice = { series: Series; settled: boolean; ready: boolean };

/**
 * The first candidate that moves. It is settled once there is one, with no better one so young that it cannot tell yet;
 * until then the best there is serves. `now` in milliseconds.
 */
export function choose(candidates: Candidate[], now: number): Choice | null {
  for (const { series, values } of candidates) {
    if (values.length < ENOUGH) {
      if (now - Date.parse(series.last_seen) < YOUNG_MS) return { series, settled: false, ready: false };
    } else if (new Set(values).size > 1) {
      return { series, settled: true, ready: true };
    }
  }
  const first = candidates[0];
  return first ? { series: first.series, settled: false, ready: true } : null;
}
