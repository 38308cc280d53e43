// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

/** Text to copy, whole. `what` names it on the button: "the command". */
export function CopyBlock({ text, what, className }: { text: string; what: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <div className={cn("flex items-start rounded-md border bg-muted/60", className)}>
      <pre className="min-w-0 flex-1 overflow-x-auto p-3 font-mono text-xs leading-5 select-all" tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <Button
        variant="ghost"
        size="icon"
        className="m-1.5 shrink-0 text-muted-foreground hover:text-foreground"
        aria-label={`Copy ${what}`}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false))}
      >
        {copied ? <Check className="text-success" /> : <Copy />}
      </Button>
      <span className="sr-only" role="status">
        {copied ? "Copied" : ""}
      </span>
    </div>
  );
}
