import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const badgeVariants = cva("inline-flex items-center gap-1.5 rounded-full border px-2 py-px text-2xs font-medium whitespace-nowrap", {
  variants: {
    variant: {
      default: "text-muted-foreground",
      success: "border-success/30 text-success",
      warning: "border-forecast/40 text-foreground",
      destructive: "border-destructive/30 text-destructive",
    },
  },
  defaultVariants: { variant: "default" },
});

export function Badge({ className, variant, ...props }: ComponentProps<"span"> & VariantProps<typeof badgeVariants>) {
  return <span className={cn(badgeVariants({ variant }), className)} {...props} />;
}
