// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { CopyBlock } from "@/components/copy-block";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { SOURCES } from "./commands";

const NO_KEY = "hlx_YOUR_KEY";

/** A command for each way in, with the endpoint and the key in it. */
export function SendStep({ apiKey }: { apiKey: string | null }) {
  const endpoint = typeof location === "undefined" ? "" : location.origin;
  return (
    <Tabs defaultValue="agent">
      <TabsList aria-label="Way of sending">
        {SOURCES.map(({ id, title }) => <TabsTrigger key={id} value={id}>{title}</TabsTrigger>)}
      </TabsList>
      {SOURCES.map(({ id, explanation, command, what }) => (
        <TabsContent key={id} value={id}>
          <p className="mb-2 text-[0.8125rem] text-muted-foreground">{explanation}</p>
          <CopyBlock text={command(endpoint, apiKey ?? NO_KEY)} what={what} />
        </TabsContent>
      ))}
    </Tabs>
  );
}
