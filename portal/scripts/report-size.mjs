// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What each page loads before it is alive, gzipped, against its budget.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./files.mjs";

const KIB = 1024;
/** Budgets of module scripts in gzip, by page. What `noModule` marks is for browsers that are no longer made. */
const BUDGETS = { "sign-in.html": 200 * KIB };

function gzipSize(folder, address) {
  const path = join(folder, address.replace(/^\//, "").replace(/\?.*$/, ""));
  return statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size;
}

/** [{ page, scripts, styles, budget }], sizes in bytes of gzip. */
export function measureFolder(folder) {
  return filesBelow(folder)
    .filter((name) => name.endsWith(".html"))
    .map((page) => {
      const html = readFileSync(join(folder, page), "utf8");
      const scripts = new Set([...html.matchAll(/<script(?![^>]*\snoModule)[^>]*\ssrc="([^"]+)"/gi)].map((match) => match[1]));
      const styles = new Set([...html.matchAll(/<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g)].map((match) => match[1]));
      const sum = (addresses) => [...addresses].reduce((total, address) => total + gzipSize(folder, address), 0);
      return { page, scripts: sum(scripts), styles: sum(styles), budget: BUDGETS[page] };
    });
}

/** Throws where a page is over its budget, or a page with a budget is not there. */
export function checkBudgets(measured) {
  for (const [page, budget] of Object.entries(BUDGETS)) {
    const found = measured.find((each) => each.page === page);
    if (!found) throw new Error(`cannot measure ${page}: the export has no such page`);
    if (found.scripts > budget) {
      throw new Error(`${page} loads ${(found.scripts / KIB).toFixed(1)} KiB of scripts (gzip); want at most ${budget / KIB} KiB`);
    }
  }
}

export function printSizes(measured) {
  for (const { page, scripts, styles, budget } of measured) {
    const against = budget ? ` of ${budget / KIB}` : "";
    console.log(`${page.padEnd(28)} scripts ${(scripts / KIB).toFixed(1).padStart(6)}${against} KiB gzip, styles ${(styles / KIB).toFixed(1).padStart(5)} KiB`);
  }
}
