// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { ReactNode } from "react";

/** A page's title, what it is for in a sentence, and what can be done here. */
export function PageHeader({ title, description, actions }: { title: string; description?: string; actions?: ReactNode }) {
  return (
    <div className="mb-5 flex flex-wrap items-center justify-between gap-3">
      <div className="min-w-0">
        <h1 className="text-lg font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {description && <p className="mt-0.5 wrap-anywhere text-[0.8125rem] text-muted-foreground">{description}</p>}
      </div>
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </div>
  );
}
