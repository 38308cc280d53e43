// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { CopyBlock } from "@/components/copy-block";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { connectionsOf } from "./connect";
import type { Target } from "./targets";

/** How an autoscaler, or anything else, hears of a target's replicas. */
export function ConnectCard({ target }: { target: Target }) {
  const [endpoint, setEndpoint] = useState("");
  useEffect(() => setEndpoint(location.origin), []);
  return (
    <Card>
      <CardHeader>
        <CardTitle>Connect</CardTitle>
        <Link href="/settings/api-keys" className="text-2xs text-muted-foreground underline-offset-4 hover:text-foreground hover:underline">API keys</Link>
      </CardHeader>
      <CardContent>
        {target.mode === "shadow" && <p className="mb-3 text-[0.8125rem]">In shadow mode every one of these is refused or silent. Turn the target live once the replay convinces you.</p>}
        <Tabs defaultValue="keda">
          <TabsList aria-label="Connection">{connectionsOf(endpoint, target).map(({ id, title }) => <TabsTrigger key={id} value={id}>{title}</TabsTrigger>)}</TabsList>
          {connectionsOf(endpoint, target).map(({ id, explanation, blocks, note }) => (
            <TabsContent key={id} value={id} className="grid grid-cols-1 gap-3">
              <p className="max-w-3xl text-[0.8125rem] text-muted-foreground">{explanation}</p>
              {blocks.map(({ what, text }) => <CopyBlock key={what} what={what} text={text} />)}
              <p className="text-2xs text-muted-foreground">{note}</p>
            </TabsContent>
          ))}
        </Tabs>
      </CardContent>
    </Card>
  );
}
