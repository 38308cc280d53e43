// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Dialog, DialogContent, DialogDescription, DialogTitle } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { pages } from "@/lib/navigation";

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const rows: [string, string[]][] = [
    ["Command palette", ["Ctrl", "K"]],
    ["This help", ["?"]],
    ...pages.map(({ title, key }): [string, string[]] => [`Go to ${title}`, ["g", key]]),
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogTitle>Keyboard shortcuts</DialogTitle>
        <DialogDescription className="sr-only">Keys that work on every page.</DialogDescription>
        <dl className="grid gap-2">
          {rows.map(([what, keys]) => (
            <div key={what} className="flex items-center justify-between text-sm">
              <dt className="text-muted-foreground">{what}</dt>
              <dd className="flex gap-1">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
