// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay } from "@/features/session/session";
import type { Schema } from "@/lib/api/types";
import { useApiKeys, useRevokeApiKey } from "./api-keys";
import { CreateKeyDialog } from "./create-key-dialog";

export function ApiKeysPage() {
  const keys = useApiKeys();
  const may = useMay("admin");
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Schema<"ApiKey"> | null>(null);
  const revoke = useRevokeApiKey();

  return (
    <>
      <PageHeader
        title="API keys"
        description="What machines send and read with. A key is shown once, when it is created."
        actions={may && <Button size="sm" onClick={() => setCreating(true)}><Plus /> Create key</Button>}
      />
      <Card>
        {keys.isError ? <ErrorPanel error={keys.error} onRetry={() => void keys.refetch()} />
          : !keys.data ? <LoadingRows />
          : keys.data.data.length === 0 ? <EmptyPanel title="No keys" icon={KeyRound}>Nothing can send samples without one.</EmptyPanel>
          : (
            <Table label="API keys">
              <thead>
                <tr>
                  <TableHead>Name</TableHead><TableHead>Key</TableHead><TableHead>Scopes</TableHead>
                  <TableHead>Last used</TableHead><TableHead>Expires</TableHead><TableHead>Created</TableHead><TableHead><span className="sr-only">Actions</span></TableHead>
                </tr>
              </thead>
              <tbody>{keys.data.data.map((key) => <KeyRow key={key.id} apiKey={key} onRevoke={may ? setRevoking : undefined} />)}</tbody>
            </Table>
          )}
      </Card>
      {creating && <CreateKeyDialog onClose={() => setCreating(false)} />}
      {revoking && (
        <ConfirmDialog
          title={`Revoke “${revoking.name}”?`}
          action="Revoke key"
          mutation={revoke}
          onConfirm={() => revoke.mutate(revoking.id, { onSuccess: () => setRevoking(null) })}
          onClose={() => { setRevoking(null); revoke.reset(); }}
        >
          Whatever sends or reads with {revoking.key_prefix}… is refused at once. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: Schema<"ApiKey">; onRevoke?: (key: Schema<"ApiKey">) => void }) {
  const { name, key_prefix, scopes, last_used_at, expires_at, created_at } = apiKey;
  const expired = expires_at !== null && Date.parse(expires_at) < Date.now();
  return (
    <TableRow>
      <TableCell className="max-w-56 truncate font-medium" title={name}>{name}</TableCell>
      <TableCell className="font-mono text-xs text-muted-foreground">{key_prefix}…</TableCell>
      <TableCell><span className="flex gap-1">{scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)}</span></TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground">{last_used_at ? <Time value={last_used_at} relative /> : "never"}</TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground">
        {expired ? <Badge variant="destructive">expired</Badge> : expires_at ? <Time value={expires_at} relative /> : "never"}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={created_at} /></TableCell>
      <TableCell className="text-right">
        {onRevoke && <Button variant="ghost" size="sm" className="text-destructive" onClick={() => onRevoke(apiKey)} aria-label={`Revoke ${name}`}>Revoke</Button>}
      </TableCell>
    </TableRow>
  );
}
