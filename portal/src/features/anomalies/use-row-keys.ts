// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useRef, useState } from "react";
import { useKeys } from "@/components/shell/use-keys";

/**
 * Moves through rows with j, k and the arrows: the row's link takes the focus, so that Enter opens it. It is found by
 * `data-row`. Other keys act on the row that is current. Where that row went, the one in its place is.
 */
export function useRowKeys(ids: string[], keys: Record<string, (id: string) => void> = {}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const place = useRef(0);
  const at = chosen === null ? -1 : ids.indexOf(chosen);
  if (at >= 0) place.current = at;
  const current = chosen === null ? null : (ids[Math.min(place.current, ids.length - 1)] ?? null);
  const move = (by: number) => {
    const next = ids[current === null ? 0 : Math.min(ids.length - 1, Math.max(0, ids.indexOf(current) + by))];
    if (next === undefined) return;
    setChosen(next);
    const link = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(next)}"]`);
    link?.focus({ preventScroll: true });
    link?.closest("tr")?.scrollIntoView({ block: "nearest" });
  };
  const acting = Object.entries(keys).map(([key, act]) => [key, () => current !== null && act(current)] as const);
  const open = () => {
    if (current !== null) document.querySelector<HTMLElement>(`[data-row="${CSS.escape(current)}"]`)?.click();
  };
  useKeys({ Enter: open, j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), ...Object.fromEntries(acting) });
  return { current, setCurrent: setChosen };
}
