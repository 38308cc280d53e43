// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId } from "react";
import { Label } from "@/components/ui/label";
import { Select } from "@/components/ui/select";
import { useMe } from "@/features/session/session";
import { capitalized } from "@/lib/format";
import { mayDo, roles, type Role } from "@/lib/permissions";

/** A role that whoever asks may give, with what it may do. */
export function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const mine = useMe().data?.user?.role;
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <Label htmlFor={id}>Role</Label>
      <Select id={id} value={value} onChange={(event) => onChange(event.target.value as Role)}>
        {roles.filter((each) => mayDo(mine, each.role)).map((each) => <option key={each.role} value={each.role}>{capitalized(each.role)}</option>)}
      </Select>
      <p className="text-2xs text-muted-foreground">{roles.find((each) => each.role === value)?.may}.</p>
    </div>
  );
}
