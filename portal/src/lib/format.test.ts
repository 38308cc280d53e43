// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { formatBytes, formatDuration, formatNumber, formatSeconds, formatValue, unitOf } from "./format";

test("numbers have three digits and a name for their thousands", () => {
  expect(formatNumber(0)).toBe("0");
  expect(formatNumber(0.0042)).toBe("0.0042");
  expect(formatNumber(12.345)).toBe("12.3");
  expect(formatNumber(1234)).toBe("1.23k");
  expect(formatNumber(999_999)).toBe("1M");
  expect(formatNumber(-45_600_000)).toBe("−45.6M");
});

test("bytes count in 1,024", () => {
  expect(formatBytes(512)).toBe("512 B");
  expect(formatBytes(1024)).toBe("1 KiB");
  expect(formatBytes(3_221_225_472)).toBe("3 GiB");
});

test("a missing value is a dash, never a zero", () => {
  expect(formatValue(null, "bytes")).toBe("–");
  expect(formatValue(undefined)).toBe("–");
  expect(formatValue(Number.NaN, "percent")).toBe("–");
});

test("values carry their unit", () => {
  expect(formatValue(42.42, "percent")).toBe("42.4 %");
  expect(formatValue(0.953, "ratio")).toBe("95.3 %");
  expect(formatValue(2048, "bytes/s")).toBe("2 KiB/s");
  expect(formatValue(4.2, "milliseconds")).toBe("4.2 ms");
  expect(formatValue(Number.POSITIVE_INFINITY)).toBe("∞");
});

test("durations name their two largest parts", () => {
  expect(formatSeconds(0.0042)).toBe("4.2 ms");
  expect(formatSeconds(5_400)).toBe("1 h 30 min");
  expect(formatDuration(90)).toBe("1 min 30 s");
  expect(formatDuration(273_600)).toBe("3 d 4 h");
  expect(formatDuration(86_405)).toBe("1 d");
  expect(formatDuration(-120)).toBe("−2 min");
});

test("a metric's name tells its unit", () => {
  expect(unitOf("memory_used_bytes")).toBe("bytes");
  expect(unitOf("network_receive_bytes_per_second")).toBe("bytes/s");
  expect(unitOf("disk_used_percent")).toBe("percent");
  expect(unitOf("http_request_duration_seconds")).toBe("seconds");
  expect(unitOf("queue_length")).toBe("");
});
