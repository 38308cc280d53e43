// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useId, type ComponentProps, type ReactNode } from "react";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

/** A labelled input with a hint, or what is wrong with it, tied together for those who cannot see them side by side. */
export function FormField({ label, hint, error, ...input }: { label: string; hint?: ReactNode; error?: string } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Input id={id} aria-invalid={error !== undefined || undefined} aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined} {...input} />
      {error ? <FieldError id={`${id}-error`}>{error}</FieldError> : hint && (
        <p id={`${id}-hint`} className="text-2xs text-muted-foreground">
          {hint}
        </p>
      )}
    </div>
  );
}

/** What is wrong with a field, below it. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return <p id={id} role="alert" className="text-2xs break-words text-destructive first-letter:uppercase">{children}</p>;
}
