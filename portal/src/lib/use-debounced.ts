// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useEffect, useState } from "react";

/** `value` as it was when it had not changed for `ms`. */
export function useDebounced<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
