// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { attemptText, channelFieldOf, deliveryState, healthText, isUnderWay, mergeLogs, type Delivery } from "./delivery-log";

const attempt = { number: 1, started_at: "2026-01-03T12:00:00Z", http_status: 204, latency_ms: 12, error: null };
const delivery = (id: string, created_at: string): Delivery => ({
  id, channel_id: "c", message_id: "m", message_type: "test", status: "delivered", next_attempt_at: null, created_at, finished_at: created_at, attempts: [attempt],
});

describe("deliveries", () => {
  it("that wait after an attempt failed are tried again", () => {
    expect(deliveryState({ status: "pending", attempts: [] })).toBe("pending");
    expect(deliveryState({ status: "pending", attempts: [attempt] })).toBe("retrying");
    expect(deliveryState({ status: "failed", attempts: [attempt] })).toBe("failed");
  });

  it("say what was answered", () => {
    expect(attemptText(undefined)).toBe("");
    expect(attemptText(attempt)).toBe("204 in 12 ms");
    expect(attemptText({ ...attempt, http_status: 503, error: "the receiver answered 503" })).toBe("503 in 12 ms");
    expect(attemptText({ ...attempt, http_status: 302, error: "the receiver redirects, which is not followed" })).toBe("302: the receiver redirects, which is not followed");
    expect(attemptText({ ...attempt, http_status: null, error: "cannot connect" })).toBe("no answer: cannot connect");
  });

  it("tell a channel's health by those that have an end", () => {
    expect(healthText([])).toBe("");
    expect(healthText([{ status: "pending" }, { status: "cancelled" }])).toBe("");
    expect(healthText([{ status: "delivered" }])).toBe("last one arrived");
    expect(healthText([{ status: "delivered" }, { status: "delivered" }, { status: "pending" }])).toBe("last 2 arrived");
    expect(healthText([{ status: "failed" }, { status: "delivered" }])).toBe("1 of 2 arrived");
  });

  it("of several channels are one log, newest first", () => {
    const merged = mergeLogs([[delivery("c", "2026-01-03T00:00:00Z"), delivery("a", "2026-01-01T00:00:00Z")], [delivery("d", "2026-01-03T00:00:00Z"), delivery("b", "2026-01-02T00:00:00Z")]], 3);
    expect(merged.map(({ id }) => id)).toEqual(["d", "c", "b"]);
  });

  it("are under way while the next attempt is near", () => {
    const now = Date.parse("2026-01-03T12:00:00Z");
    expect(isUnderWay({ status: "pending", next_attempt_at: null }, now)).toBe(true);
    expect(isUnderWay({ status: "pending", next_attempt_at: "2026-01-03T12:00:05Z" }, now)).toBe(true);
    expect(isUnderWay({ status: "pending", next_attempt_at: "2026-01-03T12:05:00Z" }, now)).toBe(false);
    expect(isUnderWay({ status: "delivered", next_attempt_at: null }, now)).toBe(false);
  });
});

describe("what the API refuses of a channel", () => {
  it("stands at its field", () => {
    expect(channelFieldOf({ code: "notify.bad_url", message: "cannot use the webhook's url: …" })).toBe("url");
    expect(channelFieldOf({ code: "notify.bad_name", message: "…" })).toBe("name");
    expect(channelFieldOf({ code: "http.bad_field", message: "cannot read field 'url': got nothing; want a string" })).toBe("url");
    expect(channelFieldOf({ code: "notify.channel_limit", message: "cannot add" })).toBeNull();
  });
});
