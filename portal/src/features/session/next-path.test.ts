// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { nextPath, signInPath } from "./next-path";

test("a page of the portal is gone back to, with its query", () => {
  expect(nextPath(`?next=${encodeURIComponent("/anomalies?id=7")}`)).toBe("/anomalies?id=7");
  expect(nextPath(signInPath("/settings/team").replace("/sign-in", ""))).toBe("/settings/team");
});

test("no other place is", () => {
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "\\\\evil", "/\tevil"]) {
    expect(nextPath(`?next=${encodeURIComponent(next)}`)).toBe("/");
  }
  expect(nextPath("")).toBe("/");
});
