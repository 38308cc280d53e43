// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { firstKey } from "@/features/session/first-key";
import { useFirstSeries } from "./first-series";
import { FirstForecastStep } from "./first-forecast-step";
import { KeyStep } from "./key-step";
import { SendStep } from "./send-step";
import { Step } from "./step";

/** From a key to the first forecast; each step turns by itself. */
export function OnboardingPage() {
  const [key, setKey] = useState<string | null>(firstKey.get);
  const [forecast, setForecast] = useState(false);
  const first = useFirstSeries();
  const series = first?.series ?? null;

  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader
        title="Get started"
        description="Four steps to the first forecast, in about two minutes."
        actions={<Button asChild variant={forecast ? "default" : "ghost"} size="sm"><Link href="/">{forecast ? "To the dashboard" : "Skip"}</Link></Button>}
      />
      <ol className="grid grid-cols-1 gap-3">
        <Step number={1} title="Create a key" state={key || series ? "done" : "current"}>
          <KeyStep value={key} onCreated={setKey} />
        </Step>
        <Step number={2} title="Send samples" state={series ? "done" : key ? "current" : "later"}>
          <SendStep apiKey={key} />
        </Step>
        <Step number={3} title={series ? "The first sample has arrived" : "Waiting for your first sample"} state={series ? "done" : key ? "waiting" : "later"}>
          {series ? (
            <p className="text-[0.8125rem] text-muted-foreground">
              It belongs to <code className="break-all text-foreground">{series.metric}</code>.
            </p>
          ) : (
            key && <p className="text-[0.8125rem] text-muted-foreground">This page looks every two seconds; there is nothing to press.</p>
          )}
        </Step>
        <Step number={4} title="First forecast" state={forecast ? "done" : series ? "waiting" : "later"}>
          {first && <FirstForecastStep series={first.series} ready={first.ready} onForecast={() => setForecast(true)} />}
        </Step>
      </ol>
    </div>
  );
}
