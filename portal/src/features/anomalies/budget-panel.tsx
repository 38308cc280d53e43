// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useState, type FormEvent } from "react";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import type { Schema } from "@/lib/api/types";
import { BacktestCard } from "./backtest-card";
import { budgetOf, DEFAULT_SENSITIVITY, isSame, readPerWeek, sensitivityText, type Budget } from "./budget";
import { useOrganization, useSaveBudget } from "./budget-queries";

const FIRST_PER_WEEK = "10";

/** How much is reported, and what that would have meant for the last two weeks, before it is saved. */
export function BudgetPanel() {
  const organization = useOrganization();
  if (organization.isError && !organization.data) return <Card><ErrorPanel error={organization.error} onRetry={() => void organization.refetch()} /></Card>;
  if (!organization.data) return <Card><CardContent><LoadingBlock /></CardContent></Card>;
  return <BudgetForm organization={organization.data} />;
}

function BudgetForm({ organization: { id, settings } }: { organization: Schema<"Organization"> }) {
  const saved = budgetOf(settings);
  const [sensitivity, setSensitivity] = useState(saved.sensitivity);
  // What the server is asked about: it takes seconds, so that it is asked once a slider rests.
  const [tried, setTried] = useState<Budget>(saved);
  const [limited, setLimited] = useState(saved.perWeek !== null);
  const [typed, setTyped] = useState(saved.perWeek === null ? FIRST_PER_WEEK : String(saved.perWeek));
  const save = useSaveBudget(id);
  const read = readPerWeek(typed);
  const chosen: Budget = { sensitivity, perWeek: limited ? read : null };
  const valid = !limited || read !== null;
  const attempt = (budget: Budget) => (budget.perWeek !== null || !limited) && setTried(budget);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    setTried(chosen);
    save.mutate(chosen);
  };
  const changed = !isSame(chosen, saved);
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Card>
        <CardHeader><CardTitle>How much to report</CardTitle></CardHeader>
        <CardContent>
          <form onSubmit={submit} onChange={() => save.reset()} className="grid gap-5" noValidate>
            <div className="grid gap-1.5">
              <label htmlFor="sensitivity" className="flex justify-between text-[0.8125rem] font-medium">Sensitivity <span className="font-normal text-muted-foreground tabular-nums">{sensitivity} · {sensitivityText(sensitivity)}</span></label>
              <input
                id="sensitivity"
                type="range"
                min={0}
                max={5}
                step={0.5}
                value={sensitivity}
                className="w-full accent-primary"
                onChange={({ target }) => setSensitivity(Number(target.value))}
                onPointerUp={() => attempt(chosen)}
                onKeyUp={() => attempt(chosen)}
                onBlur={() => attempt(chosen)}
              />
              <p className="flex justify-between text-2xs text-muted-foreground"><span>quiet</span><span>keen</span></p>
              <p className="text-2xs text-muted-foreground">How far from the expected a series has to be. Detection was tuned at {DEFAULT_SENSITIVITY}.</p>
            </div>
            <fieldset className="grid gap-2">
              <label className="flex items-center gap-2 text-[0.8125rem] font-medium">
                <input type="checkbox" className="size-4 accent-primary" checked={limited} onChange={({ target }) => { setLimited(target.checked); setTried({ sensitivity, perWeek: target.checked ? (read ?? tried.perWeek) : null }); }} /> Keep to a budget
              </label>
              <label className="flex items-center gap-2 text-[0.8125rem]">
                At most
                <Input
                  aria-label="Anomalies a week"
                  inputMode="numeric"
                  value={typed}
                  disabled={!limited}
                  aria-invalid={!valid}
                  className="h-8 w-24 text-right tabular-nums"
                  onChange={({ target }) => setTyped(target.value)}
                  onBlur={() => attempt(chosen)}
                />
                a week
              </label>
              <p className="text-2xs text-muted-foreground">{valid ? "Of all that stands out, the highest scores of every series together. What falls below is not reported. Solved anew each day, on the last two weeks." : "A whole number, from 0 to 1,000,000."}</p>
            </fieldset>
            {save.isError && <ErrorPanel compact error={save.error} />}
            <div className="flex flex-wrap items-center gap-3">
              <Button type="submit" size="sm" disabled={!changed || !valid || save.isPending}>Save</Button>
              <Button variant="outline" size="sm" disabled={!valid || isSame(chosen, tried)} onClick={() => setTried(chosen)}>Try it</Button>
              <span role="status" className="text-2xs text-muted-foreground">{save.isSuccess && !changed ? "Saved. It is taken over within a minute." : changed ? "Not saved" : ""}</span>
            </div>
          </form>
        </CardContent>
      </Card>
      <BacktestCard tried={tried} saved={saved} />
    </div>
  );
}
