import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** Scrolls sideways by itself where it is wider than its place; `label` names it for those who cannot see it. */
export function Table({ className, label, ...props }: ComponentProps<"table"> & { label: string }) {
  return (
    <div className="relative w-full overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
      <table className={cn("w-full text-left text-[0.8125rem]", className)} {...props} />
    </div>
  );
}

export function TableHead({ className, ...props }: ComponentProps<"th">) {
  return <th scope="col" className={cn("h-9 px-4 text-2xs font-medium whitespace-nowrap text-muted-foreground", className)} {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("border-t transition-colors hover:bg-muted/50", className)} {...props} />;
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("h-11 px-4 py-1.5", className)} {...props} />;
}
