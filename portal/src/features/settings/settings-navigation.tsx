// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import { settingsNavigation } from "@/lib/navigation";

export function SettingsNavigation() {
  const path = usePathname();
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone the row is wider than the screen: the page's own name must be on it.
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  return (
    <nav aria-label="Settings" className="mb-6 flex gap-5 overflow-x-auto border-b">
      {settingsNavigation.filter(({ built }) => built).map(({ title, href }) => (
        <Link
          key={href}
          ref={path === href ? current : undefined}
          href={href}
          aria-current={path === href ? "page" : undefined}
          className={cn(
            "-mb-px border-b-2 pb-2.5 text-[0.8125rem] font-medium whitespace-nowrap transition-colors",
            path === href ? "border-foreground" : "border-transparent text-muted-foreground hover:text-foreground",
          )}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
