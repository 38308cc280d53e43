// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
// What stands in a panel's place while there is nothing to show: failed, empty, or waiting.
import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { asApiError } from "@/lib/api/error";
import { cn } from "@/lib/cn";

/** What the API said, with the code that support asks for. `compact` for forms and narrow places. */
export function ErrorPanel({ error, onRetry, compact = false, className }: { error: unknown; onRetry?: () => void; compact?: boolean; className?: string }) {
  const { status, message, code, requestId, passing } = asApiError(error);
  // What the API tells a program without a key is no help to a person whose session ended.
  const signedOut = status === 401 && code !== "identity.bad_credentials";
  return (
    <div
      role="alert"
      className={cn(
        "flex gap-2.5 text-sm",
        compact ? "rounded-md border border-destructive/30 bg-destructive/5 px-3 py-2.5" : "min-h-40 flex-col items-center justify-center px-6 py-8 text-center",
        className,
      )}
    >
      <CircleAlert className={cn("size-4 shrink-0 text-destructive", compact && "mt-0.5")} aria-hidden />
      <div className="min-w-0">
        <p className="break-words first-letter:uppercase">{signedOut ? "You were signed out. Sign in, and try again." : message}</p>
        <p className="mt-0.5 text-2xs break-all text-muted-foreground">
          <code>{code}</code>
          {requestId && !compact && <span className="select-all"> · {requestId}</span>}
        </p>
      </div>
      {onRetry && (
        <Button variant="outline" size="sm" onClick={() => onRetry()} className={compact ? "ml-auto" : "mt-1"}>
          {passing ? "Try again" : "Reload"}
        </Button>
      )}
    </div>
  );
}

/** Why there is nothing, and what to do about it. */
export function EmptyPanel({ title, icon: Icon, action, children, className }: { title: string; icon?: LucideIcon; action?: ReactNode; children?: ReactNode; className?: string }) {
  return (
    <div className={cn("flex min-h-40 flex-col items-center justify-center gap-1 px-6 py-8 text-center", className)}>
      {Icon && <Icon className="mb-2 size-5 text-muted-foreground" aria-hidden />}
      <p className="text-sm font-medium">{title}</p>
      {children && <p className="max-w-sm text-[0.8125rem] text-muted-foreground">{children}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** A list that is on its way. */
export function LoadingRows({ rows = 4, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={cn("divide-y", className)}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-11 items-center gap-4 px-4">
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-3.5 w-24" />
          <Skeleton className="ml-auto h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}

/** A chart, or anything of one height, that is on its way. */
export function LoadingBlock({ className }: { className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={cn("h-64", className)}>
      <Skeleton className="size-full" />
    </div>
  );
}
