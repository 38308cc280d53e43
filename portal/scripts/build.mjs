// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Builds the portal into ../build/portal: client from the contract, types, export, inline scripts into files,
// compressed twins, sizes against their budget. The folder is replaced in one step once all of it succeeded.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compressFolder } from "./compress.mjs";
import { externalizeFolder } from "./externalize-scripts.mjs";
import { checkBudgets, measureFolder, printSizes } from "./report-size.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));
const target = fileURLToPath(new URL("../../build/portal", import.meta.url));
const out = `${here}out`;

function run(script, ...parameters) {
  execFileSync(process.execPath, [script, ...parameters], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
}

run("scripts/generate-api.mjs");
rmSync(out, { recursive: true, force: true });
run("node_modules/next/dist/bin/next", "build"); // checks the types first
for (const twin of ["_not-found", "_not-found.html", "_not-found.txt"]) rmSync(`${out}/${twin}`, { recursive: true, force: true }); // 404.html is the page
console.log(`${externalizeFolder(out)} files of what were inline scripts`);
compressFolder(out);
const sizes = measureFolder(out);
printSizes(sizes);
checkBudgets(sizes);

mkdirSync(fileURLToPath(new URL("../../build", import.meta.url)), { recursive: true });
rmSync(`${target}.old`, { recursive: true, force: true });
try {
  renameSync(target, `${target}.old`);
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}
renameSync(out, target);
rmSync(`${target}.old`, { recursive: true, force: true });
