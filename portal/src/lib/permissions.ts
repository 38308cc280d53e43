// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "./api/types";

export type Role = Schema<"Role">;
const RANK: Record<Role, number> = { viewer: 0, member: 1, admin: 2, owner: 3 };

export const roles: { role: Role; may: string }[] = [
  { role: "viewer", may: "Reads everything" },
  { role: "member", may: "Also handles anomalies and composes dashboards" },
  { role: "admin", may: "Also manages people, keys, alerts, models and settings" },
  { role: "owner", may: "Also may delete the organization" },
];

/** Whether `role` may do what asks for `least`. It only hides what would be refused: the server decides. */
export function mayDo(role: Role | undefined, least: Role): boolean {
  return role !== undefined && RANK[role] >= RANK[least];
}
