// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "@/lib/api/types";

type Entry = Pick<Schema<"AuditEntry">, "actor" | "action" | "kind">;

/** "alert_rule.create" as "alert rule · create"; an operation such as "listModels" as "list models". */
export function actionText({ action }: Pick<Entry, "action">): string {
  const words = action.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.replace("api_key", "API key").replaceAll("_", " ").replace(".", " · ");
}

/** Who did it, as well as it is still known. */
export function actorText({ actor }: Pick<Entry, "actor">): string {
  if (actor.type === "system") return "Helios";
  return actor.name ?? (actor.type === "user" ? "a former member" : "a former key");
}
