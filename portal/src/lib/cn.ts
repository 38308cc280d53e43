// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names, of which later ones win over earlier ones of the same kind. */
export function cn(...values: ClassValue[]) {
  return twMerge(clsx(values));
}
