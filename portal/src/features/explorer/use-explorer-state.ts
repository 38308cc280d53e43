// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { readState, writeState, type ExplorerState } from "./explorer-state";

/** The page's state, kept in its address. A change of the range is a step that the browser's back button undoes. */
export function useExplorerState(): [ExplorerState, (change: Partial<ExplorerState>) => void] {
  const query = useSearchParams().toString();
  const state = useMemo(() => readState(new URLSearchParams(query)), [query]);
  const change = useCallback((changed: Partial<ExplorerState>) => {
    const next = writeState({ ...readState(new URLSearchParams(location.search)), ...changed });
    const address = next ? `?${next}` : location.pathname;
    if (changed.range) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }, []);
  return [state, change];
}
