// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a channel's log says about the channel.
import type { Schema } from "@/lib/api/types";

export type Delivery = Schema<"NotificationDelivery">;
export type Attempt = Delivery["attempts"][number];

/** How it went with a delivery: one that waits after an attempt failed is "retrying". */
export type DeliveryState = Delivery["status"] | "retrying";

export function deliveryState({ status, attempts }: Pick<Delivery, "status" | "attempts">): DeliveryState {
  return status === "pending" && attempts.length > 0 ? "retrying" : status;
}

/** "204 in 12 ms", "302: why that is a failure", "no answer: why"; "" before the first attempt. */
export function attemptText(attempt: Attempt | undefined): string {
  if (!attempt) return "";
  const { http_status, error, latency_ms } = attempt;
  if (http_status === null) return `no answer: ${error ?? "unknown"}`;
  // "the receiver answered 503" says nothing that 503 does not.
  return error === null || error.endsWith(` ${http_status}`) ? `${http_status} in ${latency_ms} ms` : `${http_status}: ${error}`;
}

/** "8 of 10 arrived", of those that have an end; "" where none has. */
export function healthText(deliveries: Pick<Delivery, "status">[]): string {
  const ended = deliveries.filter(({ status }) => status === "delivered" || status === "failed");
  const arrived = ended.filter(({ status }) => status === "delivered").length;
  return ended.length === 0 ? "" : arrived === ended.length ? `last ${arrived === 1 ? "one" : arrived} arrived` : `${arrived} of ${ended.length} arrived`;
}

/** Logs of several channels as one, newest first, `most` of them. */
export function mergeLogs(logs: Delivery[][], most: number): Delivery[] {
  return logs.flat().sort((a, b) => (a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1)).slice(0, most);
}

/** Whether a look within seconds may show something new. */
export function isUnderWay({ status, next_attempt_at }: Pick<Delivery, "status" | "next_attempt_at">, now: number): boolean {
  return status === "pending" && (next_attempt_at === null || Date.parse(next_attempt_at) - now < 30_000);
}

/** The field of a channel that the API's refusal is about; null where it is about none. */
export function channelFieldOf({ code, message }: { code: string; message: string }): "name" | "url" | null {
  if (code === "notify.bad_name") return "name";
  if (code === "notify.bad_url") return "url";
  const field = code === "http.bad_field" ? /field '([a-z_]+)/.exec(message)?.[1] : undefined;
  return field === "name" || field === "url" ? field : null;
}
