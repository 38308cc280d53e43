// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Mase } from "@/components/mase";
import { Time } from "@/components/time";
import { CardContent } from "@/components/ui/card";
import type { Schema } from "@/lib/api/types";
import { formatCount, formatDuration, formatShare, formatValue, unitOf } from "@/lib/format";
import { againstNaive, modelTypeName } from "@/lib/models";

/** Which model made a forecast and why, what it stands on, and what of it was withdrawn. */
export function ModelReasons({ prediction: { metric, model, history, origin } }: { prediction: Schema<"Prediction"> }) {
  const { mase, mae, smape, coverage, origins } = model.metrics;
  return (
    <CardContent className="grid gap-4 text-[0.8125rem]">
      <div>
        <p className="font-medium">{modelTypeName(model.model_type)}{model.version !== null && <span className="font-normal text-muted-foreground"> · version {model.version}</span>}</p>
        <p className="mt-1 text-muted-foreground first-letter:uppercase">{model.reason.replaceAll(" %", "\u00a0%")}.</p>
      </div>
      {model.withdrawn?.map(({ horizon_minutes, since, reason }) => (
        <p key={horizon_minutes} className="flex gap-2 rounded-md border border-forecast/40 px-3 py-2 text-2xs">
          <TriangleAlert className="size-3.5 shrink-0 text-forecast" aria-hidden />
          <span>{horizon_minutes} min ahead is withdrawn since <Time value={since} />: {reason}</span>
        </p>
      ))}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-2xs">
        <Fact name="Backtest MASE"><Mase value={mase} /> <span className="text-muted-foreground">{againstNaive(mase)}</span></Fact>
        <Fact name="Mean error">{formatValue(mae, unitOf(metric ?? ""))}{typeof smape === "number" && <span className="text-muted-foreground"> · sMAPE {formatValue(smape, "percent")}</span>}</Fact>
        <Fact name="Coverage">{formatShare(coverage)} <span className="text-muted-foreground">of the 95 % meant</span></Fact>
        {origins !== undefined && <Fact name="Backtested from">{formatCount(origins)} moments of the past</Fact>}
        <Fact name="Season">{model.season_seconds === null ? "none" : formatDuration(model.season_seconds)}</Fact>
        <Fact name="History">{formatCount(history.samples)} samples over {formatDuration(history.seconds)}</Fact>
        <Fact name="Newest sample"><Time value={origin} relative /></Fact>
      </dl>
    </CardContent>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt className="text-muted-foreground">{name}</dt><dd>{children}</dd></>;
}
