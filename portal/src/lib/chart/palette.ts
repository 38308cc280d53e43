// SPDX-License-Identifier: LicenseRef-Helios-Commercial

/** Hues that both themes carry and that are not the forecast's amber; neighbours differ most. */
const HUES = [256, 160, 320, 200, 20, 290, 130, 350, 230, 105, 305, 180];

/** A series alone is blue, as what was measured is everywhere. */
export function seriesColor(index: number, count: number): string {
  return count === 1 ? "var(--actual)" : `oklch(0.64 0.15 ${HUES[index % HUES.length]})`;
}
