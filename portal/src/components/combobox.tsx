// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { Command, CommandGroup, CommandInput, CommandItem, CommandList } from "@/components/ui/command";
import { cn } from "@/lib/cn";

type ComboboxProps = {
  /** What is chosen here, for those who cannot see it. */
  label: string;
  value: string;
  options: string[];
  onChange: (value: string) => void;
  placeholder: string;
  className?: string;
};

/** As many options as are drawn: who has more types a part of its name. */
const MOST_DRAWN = 100;

/** One of many, by typing a part of it. What is typed can be taken as it is: lists may not hold everything there is. */
export function Combobox({ label, value, options, onChange, placeholder, className }: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const found = options.filter((option) => option.toLowerCase().includes(wanted));
  const choose = (chosen: string) => {
    onChange(chosen);
    setOpen(false);
    setTyped("");
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className={cn("inline-flex h-8 min-w-0 items-center gap-2 rounded-md border border-input bg-card px-3 text-[0.8125rem] transition-colors hover:bg-accent max-md:text-base", className)}
      >
        <span className="sr-only">{label}: </span>
        <span className={cn("min-w-0 flex-1 truncate text-left", !value && "text-muted-foreground")}>{value || placeholder}</span>
        <ChevronsUpDown className="size-3.5 shrink-0 text-muted-foreground" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="start" sideOffset={4} className="z-50 w-[min(22rem,calc(100vw-2rem))] animate-appear overflow-hidden rounded-lg border bg-popover shadow-xl" aria-label={label}>
          <Command label={label} shouldFilter={false} loop>
            <CommandInput placeholder={placeholder} value={typed} onValueChange={setTyped} />
            <CommandList>
              <CommandGroup>
                {found.slice(0, MOST_DRAWN).map((option) => (
                  <CommandItem key={option} value={option} onSelect={() => choose(option)}><span className="min-w-0 break-all">{option}</span></CommandItem>
                ))}
                {wanted && !options.includes(typed.trim()) && (
                  <CommandItem value={`typed ${typed}`} onSelect={() => choose(typed.trim())}>
                    <span className="min-w-0 break-all text-muted-foreground">Use “{typed.trim()}”</span>
                  </CommandItem>
                )}
              </CommandGroup>
              {found.length > MOST_DRAWN && <p className="px-2.5 py-2 text-2xs text-muted-foreground">{found.length - MOST_DRAWN} more: type a part of the name</p>}
              {found.length === 0 && !wanted && <p className="px-2.5 py-4 text-center text-sm text-muted-foreground">Nothing to choose from yet.</p>}
            </CommandList>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
