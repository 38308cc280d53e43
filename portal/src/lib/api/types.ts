// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { components } from "./schema";

/** A schema of the contract by its name: Schema<"Anomaly">. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
export type Labels = Record<string, string>;
