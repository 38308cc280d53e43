// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Puts x.br and x.gz beside each file that gains by it, so that helios compresses nothing while it serves.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { filesBelow } from "./files.mjs";

const TEXT = /\.(html|js|css|txt|json|svg|webmanifest)$/;
const WORTH_IT = 512; // bytes; below, a header costs more than what is saved

export function compressFolder(folder) {
  for (const path of filesBelow(folder).filter((name) => TEXT.test(name))) {
    const bytes = readFileSync(join(folder, path));
    if (bytes.length < WORTH_IT) continue;
    writeFileSync(join(folder, `${path}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(folder, `${path}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  }
}
