// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Menu, Search } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";
import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";
import { Sheet, SheetContent, SheetTitle } from "@/components/ui/sheet";
import { useMe, useSignOut } from "@/features/session/session";
import { pages } from "@/lib/navigation";
import { Sidebar } from "./sidebar";
import { useTheme } from "./theme";
import { useShortcuts } from "./use-shortcuts";

const CommandPalette = dynamic(() => import("./command-palette"), { ssr: false });
const ShortcutsDialog = dynamic(() => import("./shortcuts-dialog").then((module) => module.ShortcutsDialog), { ssr: false });

type Overlay = "palette" | "help" | "menu" | null;

/** What surrounds every page of who is signed in: navigation, palette, shortcuts, theme. */
export function AppShell({ children }: { children: ReactNode }) {
  const router = useRouter();
  const path = usePathname();
  const me = useMe().data;
  const signOut = useSignOut();
  const [theme, setTheme] = useTheme();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const close = (open: boolean) => !open && setOverlay(null);

  useEffect(() => setOverlay((open) => (open === "menu" ? null : open)), [path]);
  useShortcuts({
    onGo: (key) => {
      const page = pages.find((item) => item.key === key);
      if (page) router.push(page.href);
      return page !== undefined;
    },
    onPalette: () => setOverlay("palette"),
    onHelp: () => setOverlay("help"),
  });

  const sidebar = (
    <Sidebar
      path={path}
      me={me}
      theme={theme}
      onTheme={setTheme}
      onPalette={() => setOverlay("palette")}
      onHelp={() => setOverlay("help")}
      onSignOut={() => signOut.mutate()}
    />
  );

  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[14rem_minmax(0,1fr)]">
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-popover focus:px-3 focus:py-2">
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-background/90 px-3 backdrop-blur md:hidden">
        <Button variant="ghost" size="icon" aria-label="Menu" onClick={() => setOverlay("menu")}><Menu /></Button>
        <Link href="/" className="flex items-center gap-2 font-semibold"><Logo className="size-5" /> Helios</Link>
        <Button variant="ghost" size="icon" className="ml-auto" aria-label="Search" onClick={() => setOverlay("palette")}><Search /></Button>
      </header>
      <aside aria-label="Sidebar" className="hidden border-r md:block">
        <div className="sticky top-0 h-dvh">{sidebar}</div>
      </aside>
      <main id="content" className="mx-auto w-full max-w-7xl px-4 py-5 md:px-8 md:py-7">{children}</main>

      <Sheet open={overlay === "menu"} onOpenChange={close}>
        <SheetContent aria-describedby={undefined}>
          <SheetTitle className="sr-only">Menu</SheetTitle>
          {sidebar}
        </SheetContent>
      </Sheet>
      {overlay === "palette" && <CommandPalette open onOpenChange={close} onTheme={setTheme} onSignOut={() => signOut.mutate()} />}
      {overlay === "help" && <ShortcutsDialog open onOpenChange={close} />}
    </div>
  );
}
