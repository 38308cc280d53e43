// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Status } from "./address";

type Json = { [name: string]: unknown };

/**
 * An answer of the API in which the anomaly or incident `id` has another status: itself, a page of them, pages of them,
 * or an incident with its series. What does not hold it comes back as it is, the same object.
 */
export function withStatus(answer: unknown, id: string, status: Status): unknown {
  if (Array.isArray(answer)) {
    const changed = answer.map((each) => withStatus(each, id, status));
    return changed.some((each, index) => each !== answer[index]) ? changed : answer;
  }
  if (typeof answer !== "object" || answer === null) return answer;
  const object = answer as Json;
  const own = object.id === id && "status" in object ? { ...object, status } : object;
  const inner = ["pages", "data", "series"].filter((name) => Array.isArray(own[name]));
  return inner.reduce<Json>((made, name) => {
    const changed = withStatus(made[name], id, status);
    return changed === made[name] ? made : { ...made, [name]: changed };
  }, own);
}

/** An incident that is acknowledged or resolved takes the anomalies of it along that nobody has decided on. */
export function withIncidentStatus(answer: unknown, id: string, status: Status): unknown {
  const changed = withStatus(answer, id, status) as Json | null;
  if ((status !== "acknowledged" && status !== "resolved") || typeof changed !== "object" || changed === null || changed.id !== id || !Array.isArray(changed.series)) return changed;
  const series = (changed.series as Json[]).map((each) => (each.status === "open" || each.status === "acknowledged" ? { ...each, status } : each));
  return { ...changed, series };
}
