// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a replay says, in words that promise no more than it shows.
import type { Schema } from "@/lib/api/types";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { costOf, type Price } from "./money";

export type Replay = Schema<"ScalingReplay">;
export type Outcome = Schema<"ScalingOutcome">;

/** `saves`: fewer replica-hours at no more violation. `safer`: no setting of the HPA loses as little. `trade`: fewer, at more violation. */
export type VerdictKind = "saves" | "safer" | "trade" | "over" | "none" | "dearer" | "unknown";
export type Verdict = { kind: VerdictKind; text: string };

/** Less than this share is as much as nothing. */
const LEAST = 0.01;
const MONTH_DAYS = 30;

/** The saving against the best-set HPA in one sentence. `tolerated`: share of the load that may be lost. */
export function verdictOf(replay: Replay, tolerated: number, price: Price): Verdict {
  const { ours, hpa, days, saved_share } = replay;
  if (days < 1) return { kind: "unknown", text: `Only ${formatDuration(days * 86_400)} of history could be replayed: too little to say whether this saves anything.` };
  const span = `Over ${formatDays(days)} of your own load`;
  const [lost, lostByHpa] = [formatShare(round(ours.lost_load_share)), formatShare(round(hpa.lost_load_share))];
  const hours = `it ${hoursAgainst(replay, price)}`;
  const helios = `Helios ${hoursAgainst(replay, price)}`;
  if (ours.lost_load_share > tolerated) {
    return { kind: "over", text: `${span}, no policy kept within the ${formatShare(tolerated)} of the load that you tolerate to lose: Helios would have lost ${lost}, the best-set HPA ${lostByHpa}; ${hours}.` };
  }
  if (hpa.keeps_up === false) return { kind: "safer", text: `${span}, no setting of the HPA would have lost as little: ${lostByHpa} at best, Helios ${lost}; ${hours}.` };
  if (Math.abs(saved_share) < LEAST) return { kind: "none", text: `${span}, Helios saves nothing: as many replica-hours as the best-set HPA, which lost ${lostByHpa} of it against ${lost}.` };
  if (saved_share < 0) return { kind: "dearer", text: `${span}, Helios saves nothing: ${hours}, which lost ${lostByHpa} of it against ${lost}.` };
  if (ours.lost_load_share <= hpa.lost_load_share) return { kind: "saves", text: `${span}, ${helios}, and lost no more of it: ${lost} against ${lostByHpa}.` };
  return { kind: "trade", text: `${span}, ${helios}, but lost more of it: ${lost} against ${lostByHpa}, where you tolerate ${formatShare(tolerated)}.` };
}

function hoursAgainst({ ours, hpa, saved_share }: Replay, price: Price): string {
  const difference = costOf(Math.abs(hpa.replica_hours - ours.replica_hours), price);
  if (Math.abs(saved_share) < LEAST) return "would have used as many replica-hours as the best-set HPA";
  const direction = saved_share > 0 ? "fewer" : "more";
  return `would have used ${formatShare(round(Math.abs(saved_share)))} ${direction} replica-hours${difference ? ` (${difference} ${saved_share > 0 ? "less" : "more"})` : ""} than the best-set HPA`;
}

/** Of a month like the days that were replayed; null without a price, or a replay of at least a day. */
export function savedAMonth({ ours, hpa, days }: Replay, price: Price): number | null {
  return price.hourly === null || days < 1 ? null : ((hpa.replica_hours - ours.replica_hours) * price.hourly * MONTH_DAYS) / days;
}

export type PolicyRow = { name: string; explanation: string; outcome: Outcome; cost: string | null; shortTime: string; ours: boolean };

/** The ways of scaling that were replayed, ours first. */
export function policyRows({ ours, hpa, static: peak, oracle, days }: Replay, price: Price): PolicyRow[] {
  const row = (name: string, explanation: string, outcome: Outcome): PolicyRow => ({
    name, explanation, outcome, cost: costOf(outcome.replica_hours, price), shortTime: formatDuration(outcome.short_time_share * days * 86_400), ours: outcome === ours,
  });
  return [
    row("Helios", "Chosen anew each day from the days before", ours),
    row("Kubernetes' HPA", hpa.target_utilisation === undefined ? "At its best setting, known in hindsight" : `At ${formatShare(hpa.target_utilisation)}: its best setting, known in hindsight`, hpa),
    row("Static peak", `${formatCount(peak.most_replicas)} replicas all the time`, peak),
    row("Perfect foresight", "What nobody can have: the least possible", oracle),
  ];
}

/** Two digits tell enough of a share. */
export function round(share: number): number {
  return Number(share.toPrecision(2));
}

function formatDays(days: number): string {
  const whole = Math.round(days);
  return whole === 1 ? "a day" : `${whole} days`;
}
