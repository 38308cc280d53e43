// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What is being composed, apart from what is saved.
import type { Schema } from "@/lib/api/types";
import { freePlace, inOrder } from "./grid";
import type { Chart, Dashboard } from "./dashboards";

export type Draft = Pick<Dashboard, "name" | "shared" | "charts">;

/** What a chart is beside its place. */
export type ChartFields = Pick<Chart, "title" | "metric" | "match" | "aggregate" | "hours" | "forecast">;

const WIDTH = 6;
const HEIGHT = 4;
export const MOST_CHARTS = 40;

export function draftOf({ name, shared, charts }: Dashboard): Draft {
  return { name, shared, charts: inOrder(charts) };
}

/** Whether saving the draft would change anything. */
export function isChanged(draft: Draft, saved: Dashboard): boolean {
  return JSON.stringify(draft) !== JSON.stringify(draftOf(saved));
}

export function withChart(draft: Draft, fields: ChartFields): Draft {
  return { ...draft, charts: [...draft.charts, { ...fields, ...freePlace(draft.charts, WIDTH, HEIGHT) }] };
}

/** The change that makes of what is saved what was composed, if it is still of `version`. */
export function changeOf({ name, shared, charts }: Draft, version: number): Schema<"DashboardChange"> {
  return { version, name: name.trim(), shared, charts: inOrder(charts) };
}

/** Dashboards of who is signed in, those that others share, and what admins see besides. */
export function grouped(dashboards: Dashboard[], user: string | undefined): { title: string; dashboards: Dashboard[] }[] {
  const mine = dashboards.filter(({ created_by }) => created_by !== null && created_by === user);
  const others = dashboards.filter((each) => !mine.includes(each));
  return [
    { title: "Mine", dashboards: mine },
    { title: "Shared in the organization", dashboards: others.filter(({ shared }) => shared) },
    { title: "Not shared, of others", dashboards: others.filter(({ shared }) => !shared) },
  ].filter((group) => group.dashboards.length > 0);
}
