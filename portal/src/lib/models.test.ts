// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { describe, expect, it } from "vitest";
import type { Schema } from "./api/types";
import { againstNaive, currentModels } from "./models";

const model = (target_metric: string, version: number, status: Schema<"Model">["status"]): Schema<"Model"> => ({
  id: `${target_metric}-${version}`, name: "", model_type: "automatic", target_metric, version, status, metrics: {}, trained_at: "", artifact_deleted_at: null, created_at: "",
});

describe("the model of a metric", () => {
  it("is the version that serves, also where it is not the newest", () => {
    const found = currentModels([model("cpu", 3, "retired"), model("cpu", 2, "active"), model("cpu", 1, "retired")]);
    expect(found.get("cpu")?.version).toBe(2);
  });

  it("is the newest where none serves, whatever their order", () => {
    const found = currentModels([model("cpu", 1, "withdrawn"), model("cpu", 2, "withdrawn"), model("memory", 1, "active")]);
    expect(found.get("cpu")?.version).toBe(2);
    expect(found.get("memory")?.version).toBe(1);
    expect(currentModels([]).size).toBe(0);
  });
});

describe("an error against the naive guess", () => {
  it("is told in words", () => {
    expect(againstNaive(0.71)).toBe("29 % less error than the naive guess");
    expect(againstNaive(1.5)).toBe("50 % more error than the naive guess");
    expect(againstNaive(1.004)).toBe("as good as the naive guess");
    expect(againstNaive(null)).toBe("not measured yet");
  });
});
