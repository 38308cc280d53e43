import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** The platform's own list, which phones and screen readers know best. */
export function Select({ className, small = false, children, ...props }: ComponentProps<"select"> & { small?: boolean }) {
  return (
    <span className={cn("relative inline-flex", className)}>
      <select
        className={cn(
          "w-full appearance-none rounded-md border border-input bg-card pr-8 pl-3 disabled:opacity-50 max-md:text-base",
          small ? "h-8 text-[0.8125rem]" : "h-9 text-sm",
        )}
        {...props}
      >
        {children}
      </select>
      <ChevronDown className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted-foreground" aria-hidden />
    </span>
  );
}
