// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { LogOut, Moon, Sun, SunMoon, UserPlus, KeyRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { Dialog, DialogContent, DialogDescription, DialogTitle } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { pages, settingsNavigation } from "@/lib/navigation";
import type { Theme } from "./theme";

type CommandPaletteProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onTheme: (theme: Theme) => void;
  onSignOut: () => void;
};

/** Every page and what can be done from anywhere, by typing. */
export default function CommandPalette({ open, onOpenChange, onTheme, onSignOut }: CommandPaletteProps) {
  const router = useRouter();
  const run = (action: () => void) => () => {
    onOpenChange(false);
    action();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="top-[18%] max-w-lg translate-y-0 gap-0 overflow-hidden p-0" closable={false}>
        <DialogTitle className="sr-only">Command palette</DialogTitle>
        <DialogDescription className="sr-only">Type to find a page or an action.</DialogDescription>
        <Command label="Command palette" loop>
          <CommandInput placeholder="Go to a page, or do something…" />
          <CommandList>
            <CommandEmpty>Nothing is called that.</CommandEmpty>
            <CommandGroup heading="Go to">
              {pages.map(({ title, href, icon: Icon, key, keywords }) => (
                <CommandItem key={href} value={`${title} ${keywords ?? ""}`} onSelect={run(() => router.push(href))}>
                  <Icon /> {title}
                  <span className="ml-auto flex gap-1">
                    <Kbd>g</Kbd>
                    <Kbd>{key}</Kbd>
                  </span>
                </CommandItem>
              ))}
              {settingsNavigation.filter(({ built, href }) => built && href !== "/settings").map(({ title, href }) => (
                <CommandItem key={href} value={`settings ${title}`} onSelect={run(() => router.push(href))}>
                  {title === "Team" ? <UserPlus /> : <KeyRound />} Settings: {title}
                </CommandItem>
              ))}
            </CommandGroup>
            <CommandGroup heading="Do">
              <CommandItem value="theme light" onSelect={run(() => onTheme("light"))}><Sun /> Light theme</CommandItem>
              <CommandItem value="theme dark" onSelect={run(() => onTheme("dark"))}><Moon /> Dark theme</CommandItem>
              <CommandItem value="theme system" onSelect={run(() => onTheme("system"))}><SunMoon /> Theme of the system</CommandItem>
              <CommandItem value="sign out" onSelect={run(onSignOut)}><LogOut /> Sign out</CommandItem>
            </CommandGroup>
          </CommandList>
        </Command>
      </DialogContent>
    </Dialog>
  );
}
