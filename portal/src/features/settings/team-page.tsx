// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Link2, UserPlus } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { PageHeader } from "@/components/page-header";
import { ErrorPanel, LoadingRows } from "@/components/states";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { useMay, useMe } from "@/features/session/session";
import type { Schema } from "@/lib/api/types";
import { capitalized } from "@/lib/format";
import { mayDo, roles, type Role } from "@/lib/permissions";
import { useTeam } from "@/lib/queries/team";
import { AddUserDialog } from "./add-user-dialog";
import { InvitationsCard } from "./invitations-card";
import { InviteDialog } from "./invite-dialog";
import { useChangeRole, useRemoveUser } from "./team";

export function TeamPage() {
  const team = useTeam();
  const may = useMay("admin");
  const [adding, setAdding] = useState(false);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Schema<"User"> | null>(null);
  const changeRole = useChangeRole();
  const remove = useRemoveUser();

  return (
    <>
      <PageHeader
        title="Team"
        description="Who belongs to your organization, and what they may do."
        actions={may && (
          <>
            <Button variant="outline" size="sm" onClick={() => setAdding(true)}><UserPlus /> Add person</Button>
            <Button size="sm" onClick={() => setInviting(true)}><Link2 /> Invite by link</Button>
          </>
        )}
      />
      {changeRole.isError && <ErrorPanel compact error={changeRole.error} className="mb-3" />}
      <Card>
        {team.isError ? <ErrorPanel error={team.error} onRetry={() => void team.refetch()} />
          : !team.data ? <LoadingRows />
          : (
            <Table label="Team">
              <thead>
                <tr>
                  <TableHead>Name</TableHead><TableHead>Role</TableHead><TableHead>Last signed in</TableHead><TableHead>Joined</TableHead>
                  <TableHead><span className="sr-only">Actions</span></TableHead>
                </tr>
              </thead>
              <tbody>
                {team.data.data.map((user) => (
                  <UserRow key={user.id} user={user} onRole={(role) => changeRole.mutate({ id: user.id, role })} onRemove={() => setRemoving(user)} />
                ))}
              </tbody>
            </Table>
          )}
      </Card>
      {may && <InvitationsCard />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {adding && <AddUserDialog onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          title={`Remove ${removing.name}?`}
          action="Remove"
          mutation={remove}
          onConfirm={() => remove.mutate(removing.id, { onSuccess: () => setRemoving(null) })}
          onClose={() => { setRemoving(null); remove.reset(); }}
        >
          {removing.email} is signed out everywhere. Keys that {removing.name} made go on working.
        </ConfirmDialog>
      )}
    </>
  );
}

function UserRow({ user, onRole, onRemove }: { user: Schema<"User">; onRole: (role: Role) => void; onRemove: () => void }) {
  const me = useMe().data?.user;
  // Nobody gives or takes a role above their own, nor their own: the server refuses it too.
  const may = me?.id !== user.id && mayDo(me?.role, "admin") && mayDo(me?.role, user.role);
  return (
    <TableRow>
      <TableCell className="max-w-72">
        <span className="block truncate font-medium" title={user.name}>{user.name} {me?.id === user.id && <span className="font-normal text-muted-foreground">(you)</span>}</span>
        <span className="block truncate text-2xs text-muted-foreground" title={user.email}>{user.email}</span>
      </TableCell>
      <TableCell>
        {may ? (
          <Select small aria-label={`Role of ${user.name}`} value={user.role} onChange={(event) => onRole(event.target.value as Role)} className="w-28">
            {roles.filter(({ role }) => mayDo(me?.role, role)).map(({ role }) => <option key={role} value={role}>{capitalized(role)}</option>)}
          </Select>
        ) : <Badge>{capitalized(user.role)}</Badge>}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground">{user.last_login_at ? <Time value={user.last_login_at} relative /> : "never"}</TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground"><Time value={user.created_at} /></TableCell>
      <TableCell className="text-right">
        {may && <Button variant="ghost" size="sm" className="text-destructive" onClick={onRemove} aria-label={`Remove ${user.name}`}>Remove</Button>}
      </TableCell>
    </TableRow>
  );
}
