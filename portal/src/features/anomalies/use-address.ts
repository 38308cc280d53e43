// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { hrefOf, readAddress, type Address } from "./address";

/** The page's state, kept in its address. A chosen span is a step that the browser's back button undoes. */
export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const query = useSearchParams().toString();
  const address = useMemo(() => readAddress(new URLSearchParams(query)), [query]);
  const change = useCallback((changed: Partial<Address>) => {
    const href = hrefOf({ ...readAddress(new URLSearchParams(location.search)), ...changed });
    if (changed.span !== undefined || changed.view) history.pushState(null, "", href);
    else history.replaceState(null, "", href);
  }, []);
  return [address, change];
}
