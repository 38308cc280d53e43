// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { expect, test } from "vitest";
import { SOURCES } from "./commands";

test("each command holds the endpoint and the key", () => {
  for (const { command } of SOURCES) {
    const text = command("https://helios.example", "hlx_abc");
    expect(text).toContain("https://helios.example");
    expect(text).toContain("hlx_abc");
  }
});
