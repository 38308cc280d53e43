// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { seriesName, tellingLabels } from "./series";

test("a series is written as in a query, quotes escaped", () => {
  expect(seriesName("cpu", {})).toBe("cpu");
  expect(seriesName("cpu", { job: 'a"b', host: "web\\1" })).toBe('cpu{host="web\\\\1", job="a\\"b"}');
});

test("labels that all series share are left out", () => {
  const telling = tellingLabels([{ labels: { host: "a", job: "x" } }, { labels: { host: "b", job: "x" } }]);
  expect(telling({ host: "a", job: "x" })).toEqual({ host: "a" });
  expect(tellingLabels([{ labels: { host: "a" } }])({ host: "a" })).toEqual({ host: "a" });
});
