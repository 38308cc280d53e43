// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useEffect, useRef } from "react";

/** How long "g" waits for the key after it, in milliseconds. */
export const SEQUENCE_MS = 1_200;

type Shortcuts = {
  /** Reacts to "g" and then `key`; false where nothing belongs to it. */
  onGo: (key: string) => boolean;
  /** Ctrl or Cmd with K, or "/". */
  onPalette: () => void;
  /** "?" */
  onHelp: () => void;
};

/** Single keys, except where someone types or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts) {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let startedAt = Number.NEGATIVE_INFINITY; // a page that has just been opened has seen no "g"
    const onKeyDown = (event: KeyboardEvent) => {
      const { onGo, onPalette, onHelp } = latest.current;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]')) return;
      if (event.timeStamp - startedAt < SEQUENCE_MS && onGo(event.key)) event.preventDefault();
      else if (event.key === "?") onHelp();
      else if (event.key === "/") {
        event.preventDefault();
        onPalette();
      }
      startedAt = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

/** Whether keys belong to what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
