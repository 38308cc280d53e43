// SPDX-License-Identifier: LicenseRef-Helios-Commercial

/**
 * The key that sign-up answered with. In memory alone: it is shown once, and a reload forgets it.
 */
let kept: string | null = null;

export const firstKey = {
  keep(key: string) {
    kept = key;
  },
  get: () => kept,
};
