// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** Every file below `folder`, by its path from there, in order. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
