// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useEffect, useRef } from "react";
import { isTyping, SEQUENCE_MS } from "./use-shortcuts";

/**
 * A page's own single keys, by KeyboardEvent.key. They rest where someone types, a dialog is open, or "g" has just begun a
 * way to another page; Enter also where a link or a button has the focus.
 */
export function useKeys(keys: Record<string, () => void>) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let wentAt = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]')) return;
      const going = event.timeStamp - wentAt < SEQUENCE_MS;
      wentAt = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const act = going || event.defaultPrevented ? undefined : latest.current[event.key];
      if (!act || (event.key === "Enter" && event.target instanceof Element && event.target.closest("a, button"))) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
