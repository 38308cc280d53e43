// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { FormField } from "@/components/form-field";
import { PageHeader } from "@/components/page-header";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardContent } from "@/components/ui/card";
import { useMay, useMe } from "@/features/session/session";
import { call, client } from "@/lib/api/client";
import type { Schema } from "@/lib/api/types";

export function OrganizationPage() {
  const me = useMe();
  return (
    <>
      <PageHeader title="Organization" description="What your organization is called, and the clock its schedules run on." />
      <Card className="max-w-xl">
        <CardContent>{me.data ? <OrganizationForm organization={me.data.organization} /> : <LoadingBlock />}</CardContent>
      </Card>
    </>
  );
}

function OrganizationForm({ organization }: { organization: Schema<"Me">["organization"] }) {
  const may = useMay("admin");
  const queries = useQueryClient();
  const [saved, setSaved] = useState(false);
  const save = useMutation({
    mutationFn: (body: Schema<"OrganizationChange">) => call(client.PATCH("/api/v1/organizations/{id}", { params: { path: { id: organization.id } }, body })),
    onSuccess: () => {
      setSaved(true);
      return queries.invalidateQueries({ queryKey: ["me"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    save.mutate({ name: String(fields.get("name")).trim(), timezone: String(fields.get("timezone")).trim() });
  };
  return (
    <form onSubmit={submit} onChange={() => setSaved(false)} className="grid gap-4">
      <FormField label="Name" name="name" defaultValue={organization.name} required maxLength={255} disabled={!may} />
      <FormField label="Time zone" name="timezone" defaultValue={organization.timezone} required maxLength={64} disabled={!may} hint="An IANA name, such as Europe/Berlin. Models are trained at night there." />
      <dl className="grid grid-cols-2 gap-4 text-[0.8125rem]">
        <div><dt className="text-2xs text-muted-foreground">Short name</dt><dd className="mt-0.5 font-mono text-xs">{organization.slug}</dd></div>
        <div><dt className="text-2xs text-muted-foreground">Plan</dt><dd className="mt-0.5"><Badge className="capitalize">{organization.plan}</Badge></dd></div>
      </dl>
      {save.isError && <ErrorPanel compact error={save.error} />}
      {may && (
        <div className="flex items-center gap-3">
          <Button type="submit" size="sm" disabled={save.isPending}>Save</Button>
          <span role="status" className="text-2xs text-muted-foreground">{saved ? "Saved" : ""}</span>
        </div>
      )}
    </form>
  );
}
