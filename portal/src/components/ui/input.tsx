import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return (
    <input
      className={cn(
        "h-9 w-full rounded-md border border-input bg-card px-3 text-sm transition-colors placeholder:text-muted-foreground disabled:opacity-50 aria-invalid:border-destructive max-md:text-base",
        className,
      )}
      {...props}
    />
  );
}
