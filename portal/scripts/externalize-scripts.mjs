// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Moves every inline script of the exported pages into a file named by its hash, for the pages are served under
// `script-src 'self'`. Scripts that follow each other without anything between them become one file: they run in the
// same order, and cost one request.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./files.mjs";

const FOLDER = "_next/static/inline";
const RUN = /(?:<script(?![^>]*\ssrc=)(?![^>]*\stype="application\/(?:ld\+)?json")[^>]*>[\s\S]*?<\/script>)+/g;
const ONE = /<script[^>]*>([\s\S]*?)<\/script>/g;

/** `html` with each run of inline scripts replaced by one reference; `write(name, text)` takes what they held. */
export function externalize(html, write) {
  return html.replace(RUN, (run) => {
    const text = [...run.matchAll(ONE)].map((match) => match[1].trim().replace(/;?$/, ";")).join("\n");
    const name = `${createHash("sha256").update(text).digest("hex").slice(0, 20)}.js`;
    write(name, text);
    return `<script src="/${FOLDER}/${name}"></script>`;
  });
}

/** What a strict policy would block in a page: inline scripts, event attributes, javascript: addresses. */
export function blockedIn(html) {
  const found = [];
  for (const [tag] of html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>/g)) {
    if (!/type="application\/(ld\+)?json"/.test(tag)) found.push(tag);
  }
  for (const [tag] of html.replace(/<script[\s\S]*?<\/script>/g, "").matchAll(/<[a-z][^>]*\s(?:on[a-z]+=|(?:href|src|action)="javascript:)[^>]*>/gi)) {
    found.push(tag);
  }
  return found;
}

/** Rewrites every page below `folder`; throws where one would still be blocked. Gives how many files were made. */
export function externalizeFolder(folder) {
  const made = new Set();
  mkdirSync(join(folder, FOLDER), { recursive: true });
  for (const path of filesBelow(folder).filter((name) => name.endsWith(".html"))) {
    const html = externalize(readFileSync(join(folder, path), "utf8"), (name, text) => {
      made.add(name);
      writeFileSync(join(folder, FOLDER, name), text);
    });
    const blocked = blockedIn(html);
    if (blocked.length > 0) throw new Error(`${path}: the content security policy would block ${blocked.join(", ")}`);
    writeFileSync(join(folder, path), html);
  }
  return made.size;
}
