// SPDX-License-Identifier: LicenseRef-Helios-Commercial

/** Time ranges of a whole dashboard, in hours. null: of each chart its own. */
export const ranges: { hours: number | null; title: string }[] = [
  { hours: null, title: "As composed" },
  { hours: 1, title: "1 h" },
  { hours: 6, title: "6 h" },
  { hours: 24, title: "24 h" },
  { hours: 168, title: "7 d" },
  { hours: 720, title: "30 d" },
];

const MOST_HOURS = 2_160;

/** Hours that an address names; null for what is none of them. */
export function readHours(text: string | null): number | null {
  if (text === null || !/^\d{1,4}$/.test(text)) return null;
  const hours = Number(text);
  return hours >= 1 && hours <= MOST_HOURS ? hours : null;
}
