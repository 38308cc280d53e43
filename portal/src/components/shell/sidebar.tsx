// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Check, ChevronsUpDown, Keyboard, LogOut, Moon, Search, Sun, SunMoon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Logo } from "@/components/logo";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { Kbd } from "@/components/ui/kbd";
import { Skeleton } from "@/components/ui/skeleton";
import type { Schema } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { isCurrent, pages } from "@/lib/navigation";
import type { Theme } from "./theme";

const THEMES = [
  { theme: "system", title: "System", icon: SunMoon },
  { theme: "light", title: "Light", icon: Sun },
  { theme: "dark", title: "Dark", icon: Moon },
] as const;

type SidebarProps = {
  path: string;
  me: Schema<"Me"> | undefined;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  onPalette: () => void;
  onHelp: () => void;
  onSignOut: () => void;
};

export function Sidebar({ path, me, theme, onTheme, onPalette, onHelp, onSignOut }: SidebarProps) {
  const router = useRouter();
  return (
    <div className="flex h-full flex-col p-3">
      <Link href="/" className="flex h-9 items-center gap-2.5 rounded-md px-2">
        <Logo className="size-5 shrink-0" />
        {me ? <span className="truncate font-semibold tracking-tight">{me.organization.name}</span> : <Skeleton className="h-3.5 w-24" />}
      </Link>
      <button
        type="button"
        onClick={onPalette}
        className="mt-3 flex h-8 items-center gap-2 rounded-md border bg-card px-2 text-[0.8125rem] text-muted-foreground transition-colors hover:text-foreground"
      >
        <Search className="size-3.5" aria-hidden /> Find…
        <Kbd className="ml-auto">Ctrl K</Kbd>
      </button>
      <nav aria-label="Pages" className="mt-4 grid gap-px">
        {pages.map(({ title, href, icon: Icon, key }) => {
          const current = isCurrent(href, path);
          return (
            <Link
              key={href}
              href={href}
              prefetch={false} // on sight, every page's code would come with the first one
              onMouseEnter={() => router.prefetch(href)}
              onFocus={() => router.prefetch(href)}
              aria-current={current ? "page" : undefined}
              title={`g ${key}`}
              className={cn(
                "flex h-8 items-center gap-2.5 rounded-md px-2 text-[0.8125rem] font-medium transition-colors",
                current ? "bg-accent text-foreground" : "text-muted-foreground hover:bg-accent/60 hover:text-foreground",
              )}
            >
              <Icon className="size-4" aria-hidden /> {title}
            </Link>
          );
        })}
      </nav>
      <DropdownMenu>
        <DropdownMenuTrigger className="mt-auto flex items-center gap-2.5 rounded-md p-2 text-left transition-colors hover:bg-accent/60">
          <span className="sr-only">Account</span>
          <span className="grid size-6 shrink-0 place-items-center rounded-full bg-secondary text-2xs font-semibold uppercase" aria-hidden>
            {me?.user?.name.slice(0, 1) ?? ""}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-[0.8125rem] font-medium">{me?.user?.name ?? " "}</span>
            <span className="block truncate text-2xs text-muted-foreground">{me?.user?.email ?? " "}</span>
          </span>
          <ChevronsUpDown className="size-3.5 text-muted-foreground" aria-hidden />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" className="w-48">
          <DropdownMenuLabel>Theme</DropdownMenuLabel>
          {THEMES.map(({ theme: each, title, icon: Icon }) => (
            <DropdownMenuItem key={each} onSelect={() => onTheme(each)}>
              <Icon /> {title} {theme === each && <Check className="ml-auto" />}
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={onHelp}><Keyboard /> Shortcuts <Kbd className="ml-auto">?</Kbd></DropdownMenuItem>
          <DropdownMenuItem onSelect={onSignOut}><LogOut /> Sign out</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
