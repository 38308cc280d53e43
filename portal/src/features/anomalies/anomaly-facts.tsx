// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { SeverityLabel } from "@/components/severity";
import { Time, useNow } from "@/components/time";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import type { Schema } from "@/lib/api/types";
import { formatCount, formatValue } from "@/lib/format";
import { useTeam } from "@/lib/queries/team";
import { hrefOf, type Address } from "./address";
import { departureText, durationText, judgedUnit, kindsText } from "./words";

/** What tells an anomaly in a glance. */
export function AnomalyFacts({ anomaly }: { anomaly: Schema<"Anomaly"> }) {
  const { metric, value, expected_value, lower, upper, anomaly_score, severity, started_at, ended_at, samples } = anomaly;
  const now = useNow(30_000);
  const unit = judgedUnit(metric);
  const departure = departureText(value, expected_value);
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border md:grid-cols-3 xl:grid-cols-5">
      <Figure title="Seen" note={departure ? `${departure} expected` : "at its worst"}>{formatValue(value, unit)}</Figure>
      <Figure title="Expected" note={lower === null || upper === null ? "no range is known" : `${formatValue(lower, unit)} to ${formatValue(upper, unit)}`}>{formatValue(expected_value, unit)}</Figure>
      <Figure title="Score" note={<SeverityLabel severity={severity} />}>{anomaly_score.toFixed(2)}</Figure>
      <Figure title="Began" note={<Time value={started_at} />}><Time value={started_at} relative /></Figure>
      <Figure title="Lasted" note={ended_at === null ? "still under way" : `${formatCount(samples)} anomalous ${samples === 1 ? "sample" : "samples"}`}>{durationText({ started_at, ended_at }, now)}</Figure>
    </dl>
  );
}

function Figure({ title, note, children }: { title: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 grow bg-card px-4 py-3.5 last:max-md:col-span-2">
      <dt className="text-2xs font-medium text-muted-foreground">{title}</dt>
      <dd className="mt-1.5 text-xl leading-7 font-semibold tracking-tight tabular-nums">{children}</dd>
      <dd className="mt-1 truncate text-2xs text-muted-foreground">{note}</dd>
    </div>
  );
}

/** What was noticed, with whom it came, and who has decided on it. */
export function WhatItIs({ anomaly, address }: { anomaly: Schema<"Anomaly">; address: Address }) {
  const { kinds, incident_id, acknowledged_by, resolved_at, detected_at, status, repeats, worst_at } = anomaly;
  const people = useTeam();
  const who = people.data?.data.find(({ id }) => id === acknowledged_by)?.name;
  return (
    <Card>
      <CardHeader><CardTitle>What was noticed</CardTitle></CardHeader>
      <CardContent className="grid gap-3 text-[0.8125rem]">
        <p>{kindsText(kinds)}</p>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-2xs">
          {worst_at && <Fact name="At its worst"><Time value={worst_at} /></Fact>}
          <Fact name="Reported"><Time value={detected_at} /></Fact>
          {acknowledged_by && <Fact name={status === "acknowledged" ? "Acknowledged by" : "Taken on by"}>{who ?? "an API key, or somebody who left"}</Fact>}
          {resolved_at && <Fact name={status === "false_positive" ? "Marked" : "Resolved"}><Time value={resolved_at} /></Fact>}
          {status === "false_positive" && <Fact name="Its like since">{repeats === 0 ? "none" : `${formatCount(repeats)} not reported`}</Fact>}
          {incident_id && <Fact name="Incident"><Link className="underline underline-offset-4" href={hrefOf({ ...address, id: null, incident: incident_id })}>Other series began with it</Link></Fact>}
        </dl>
      </CardContent>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt className="text-muted-foreground">{name}</dt><dd>{children}</dd></>;
}
