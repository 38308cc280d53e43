// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { ReactNode } from "react";
import { Logo } from "@/components/logo";

/** What surrounds the forms before someone is signed in. */
export function Entrance({ title, description, children, below }: { title: string; description?: string; children: ReactNode; below: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-4">
          <Logo className="size-9" />
          <div className="text-center">
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            {description && <p className="mt-1 text-[0.8125rem] text-muted-foreground">{description}</p>}
          </div>
        </div>
        <div className="rounded-xl border bg-card p-6">{children}</div>
        <p className="mt-5 text-center text-[0.8125rem] text-muted-foreground">{below}</p>
      </div>
    </main>
  );
}
