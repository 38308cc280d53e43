// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import { actionText, actorText } from "./words";

describe("actionText()", () => {
  it("takes names of code apart", () => {
    expect(actionText({ action: "alert_rule.create" })).toBe("alert rule · create");
    expect(actionText({ action: "api_key.revoke" })).toBe("API key · revoke");
    expect(actionText({ action: "listModels" })).toBe("list models");
  });
});

describe("actorText()", () => {
  it("names who is gone by what they were", () => {
    expect(actorText({ actor: { type: "user", id: "1", name: "Ada" } })).toBe("Ada");
    expect(actorText({ actor: { type: "user", id: "1", name: null } })).toBe("a former member");
    expect(actorText({ actor: { type: "api_key", id: "1", name: null } })).toBe("a former key");
    expect(actorText({ actor: { type: "system", id: null, name: null } })).toBe("Helios");
  });
});
