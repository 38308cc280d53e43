// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useState } from "react";
import { CopyBlock } from "@/components/copy-block";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Card, CardContent } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { call, client } from "@/lib/api/client";
import { INTEGRATIONS, NO_KEY } from "./integrations";

/** How each kind of sender and autoscaler is told of this Helios. */
export function IntegrationsPage() {
  const [endpoint, setEndpoint] = useState("");
  useEffect(() => setEndpoint(location.origin), []);
  const [chosen, setChosen] = useState("");
  const targets = useQuery({
    queryKey: ["scaling-targets", "names"],
    queryFn: ({ signal }) => call(client.GET("/api/v1/scaling-targets", { params: { query: { limit: 1000 } }, signal })),
  });
  const named = targets.data?.data ?? [];
  const target = chosen || (named[0]?.id ?? "TARGET_ID");
  return (
    <>
      <PageHeader
        title="Integrations"
        description="What to copy so that samples arrive, and autoscalers hear of advice."
        actions={<Button asChild variant="outline" size="sm"><Link href="/settings/api-keys">API keys</Link></Button>}
      />
      <Card className="max-w-3xl">
        <CardContent>
          <Tabs defaultValue="agent">
            <TabsList aria-label="Integration" className="max-w-full justify-start overflow-x-auto">{INTEGRATIONS.map(({ id, title }) => <TabsTrigger key={id} value={id}>{title}</TabsTrigger>)}</TabsList>
            {INTEGRATIONS.map(({ id, explanation, what, text }) => (
              <TabsContent key={id} value={id}>
                <p className="mb-3 text-[0.8125rem] text-muted-foreground">{explanation}</p>
                {id === "keda" && named.length > 0 && (
                  <Select small className="mb-3" aria-label="Scaling target" value={target} onChange={(event) => setChosen(event.target.value)}>
                    {named.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
                  </Select>
                )}
                {id === "keda" && targets.data && named.length === 0 && <p className="mb-3 text-[0.8125rem]">There is no scaling target yet: put the id of one in the place of TARGET_ID.</p>}
                <CopyBlock text={text(endpoint, target)} what={what} />
                <p className="mt-3 text-2xs text-muted-foreground">
                  {id === "keda" ? "The secret that helios-api-key refers to holds an API key." : <>Put an API key in the place of <code>{NO_KEY}</code>: keys are shown once, when they are created.</>}
                </p>
              </TabsContent>
            ))}
          </Tabs>
        </CardContent>
      </Card>
    </>
  );
}
