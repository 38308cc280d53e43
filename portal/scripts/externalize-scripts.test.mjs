// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { blockedIn, externalize } from "./externalize-scripts.mjs";

test("a run of inline scripts becomes one file, in its order and place", () => {
  const files = new Map();
  const html = externalize("<p>a</p><script>one()</script><script>two();</script><p>b</p>", (name, text) => files.set(name, text));
  expect([...files.values()]).toEqual(["one();\ntwo();"]);
  expect(html).toBe(`<p>a</p><script src="/_next/static/inline/${[...files.keys()][0]}"></script><p>b</p>`);
  expect(blockedIn(html)).toEqual([]);
});

test("scripts with an address, and data, stay as they are", () => {
  const html = '<script src="/a.js" async=""></script><script type="application/json">{"a":1}</script>';
  expect(externalize(html, () => expect.unreachable())).toBe(html);
  expect(blockedIn(html)).toEqual([]);
});

test("what a strict policy would block is found", () => {
  expect(blockedIn("<script>x()</script>")).toHaveLength(1);
  expect(blockedIn('<img src="/a.png" onerror="x()">')).toHaveLength(1);
  expect(blockedIn('<a href="javascript:x()">a</a>')).toHaveLength(1);
  expect(blockedIn('<button data-on="1" aria-label="on=off">a</button>')).toHaveLength(0);
});
