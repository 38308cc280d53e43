// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useCallback, useEffect, useState } from "react";

export type Theme = "system" | "light" | "dark";
const KEY = "helios.theme"; // public/boot.js reads it before anything is drawn

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage may be switched off
  }
}

function apply(theme: Theme) {
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
}

/** The chosen theme, kept in this browser; "system" follows the system, also when that changes. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => setTheme(stored()), []);
  useEffect(() => {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => apply(stored());
    scheme.addEventListener("change", follow);
    return () => scheme.removeEventListener("change", follow);
  }, []);
  const choose = useCallback((chosen: Theme) => {
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // it holds for this page alone, then
    }
    setTheme(chosen);
    apply(chosen);
  }, []);
  return [theme, choose];
}
