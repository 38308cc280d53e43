// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useInvitations, useWithdrawInvitation } from "./team";

/** Who was invited and has not joined yet; nothing where that is nobody. */
export function InvitationsCard() {
  const invitations = useInvitations(true);
  const withdraw = useWithdrawInvitation();
  if (invitations.data?.data.length === 0) return null;
  return (
    <Card className="mt-4">
      <CardHeader><CardTitle>Open invitations</CardTitle></CardHeader>
      {withdraw.isError && <ErrorPanel compact className="m-3" error={withdraw.error} />}
      {invitations.isError ? <ErrorPanel error={invitations.error} onRetry={() => void invitations.refetch()} />
        : !invitations.data ? <LoadingRows rows={2} />
        : (
          <Table label="Open invitations">
            <thead><tr><TableHead>E-mail</TableHead><TableHead>Role</TableHead><TableHead>Link ends</TableHead><TableHead><span className="sr-only">Actions</span></TableHead></tr></thead>
            <tbody>
              {invitations.data.data.map(({ id, email, role, expires_at }) => (
                <TableRow key={id}>
                  <TableCell className="max-w-72 truncate font-medium" title={email}>{email}</TableCell>
                  <TableCell><Badge className="capitalize">{role}</Badge></TableCell>
                  <TableCell className="whitespace-nowrap text-muted-foreground">{Date.parse(expires_at) <= Date.now() ? "ended" : <Time value={expires_at} relative />}</TableCell>
                  <TableCell className="text-right">
                    <Button variant="ghost" size="sm" className="text-destructive" disabled={withdraw.isPending} aria-label={`Withdraw the invitation of ${email}`} onClick={() => withdraw.mutate(id)}>Withdraw</Button>
                  </TableCell>
                </TableRow>
              ))}
            </tbody>
          </Table>
        )}
    </Card>
  );
}
