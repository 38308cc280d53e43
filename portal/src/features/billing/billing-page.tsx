// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { PageHeader } from "@/components/page-header";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { useNow } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { allowanceText, fullness, projected } from "@/lib/allowance";
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { capitalized, formatCount, formatNumber } from "@/lib/format";
import { useUsage } from "@/lib/queries/usage";
import { DailyChart } from "./daily-chart";

const ALLOWANCES = [
  { key: "samples", title: "Samples", monthly: true },
  { key: "predictions", title: "Predictions", monthly: true },
  { key: "active_series", title: "Active series", monthly: false },
  { key: "notification_channels", title: "Notification channels", monthly: false },
  { key: "users", title: "People", monthly: false },
] as const;

export function BillingPage() {
  const usage = useUsage();
  return (
    <>
      <PageHeader
        title="Billing and usage"
        description="What your plan includes, and what was used of it this month, in UTC."
        actions={usage.data && <Badge>{capitalized(usage.data.plan)} plan</Badge>}
      />
      {usage.isError ? <Card><ErrorPanel error={usage.error} onRetry={() => void usage.refetch()} /></Card>
        : !usage.data ? <LoadingBlock />
        : <Usage usage={usage.data} />}
    </>
  );
}

function Usage({ usage }: { usage: Schema<"Usage"> }) {
  const now = useNow(60_000);
  const start = Date.parse(usage.period_start);
  const end = Date.parse(usage.period_end);
  const { samples_per_second: rate, limit } = usage.ingest_rate;
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border lg:grid-cols-3">
        {ALLOWANCES.map(({ key, title, monthly }) => (
          <Meter key={key} title={title} allowance={usage[key]} forecast={monthly ? projected(usage[key].used, start, end, now) : null} />
        ))}
        <div className="min-w-0 bg-card px-4 py-3.5">
          <dt className="text-2xs font-medium text-muted-foreground">Ingest rate</dt>
          <dd className="mt-1.5 text-2xl leading-7 font-semibold tracking-tight tabular-nums">{formatNumber(rate)}/s</dd>
          <dd className="mt-1 text-2xs text-muted-foreground">{limit === null ? "no limit" : `of ${formatCount(limit)} samples/s`}</dd>
        </div>
      </dl>
      <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
        <DailyCard title="Samples a day" days={usage.days.map(({ date, samples }) => ({ date, value: samples }))} />
        <DailyCard title="Predictions a day" days={usage.days.map(({ date, predictions }) => ({ date, value: predictions }))} />
      </div>
      <p className="text-2xs text-muted-foreground">
        Duplicates, Helios’ own forecasts and what you look at here are free. A prediction is one series of a request, whatever its horizons.
        Beyond a month’s allowance nothing is refused.
      </p>
    </div>
  );
}

function Meter({ title, allowance, forecast }: { title: string; allowance: Schema<"Allowance">; forecast: number | null }) {
  const full = fullness(allowance);
  const over = full !== null && forecast !== null && allowance.included !== null && forecast > allowance.included;
  return (
    <div className="min-w-0 bg-card px-4 py-3.5">
      <dt className="text-2xs font-medium text-muted-foreground">{title}</dt>
      <dd className="mt-1.5 text-2xl leading-7 font-semibold tracking-tight tabular-nums">{formatCount(allowance.used)}</dd>
      <dd className="mt-1 text-2xs text-muted-foreground">
        <span className="whitespace-nowrap">{allowanceText(allowance)}{forecast !== null && ","}</span>
        {forecast !== null && <>{" "}<span className={cn("whitespace-nowrap", over && "font-medium text-destructive")}>{formatNumber(forecast)} by month’s end</span></>}
      </dd>
      <dd className="mt-2.5 h-1" aria-hidden>
        {full && allowance.used > 0 && (
          <span className="block h-1 overflow-hidden rounded-full bg-muted">
            <span
              className={cn("block h-1 min-w-0.5 rounded-full", full.level === "calm" ? "bg-actual" : full.level === "near" ? "bg-forecast" : "bg-destructive")}
              style={{ width: `${Math.min(100, full.share * 100)}%` }}
            />
          </span>
        )}
      </dd>
    </div>
  );
}

function DailyCard({ title, days }: { title: string; days: { date: string; value: number }[] }) {
  return (
    <Card>
      <CardHeader><CardTitle>{title}</CardTitle></CardHeader>
      <CardContent><DailyChart title={title} days={days} /></CardContent>
    </Card>
  );
}
