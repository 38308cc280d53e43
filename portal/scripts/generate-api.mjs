// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Writes src/lib/api/schema.d.ts from the contract, so that a page which no longer fits it does not compile.
import { mkdirSync, writeFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";

const contract = new URL("../../docs/api/openapi.yaml", import.meta.url);
const target = new URL("../src/lib/api/schema.d.ts", import.meta.url);

const nodes = await openapi(contract, { defaultNonNullable: false });
mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, `// Generated from docs/api/openapi.yaml; changes here are lost.\n${astToString(nodes)}`);
