// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { formatNumber } from "@/lib/format";

/** What a replica-hour costs; no amount is known where `hourly` is null. */
export type Price = { hourly: number | null; currency: string | null };

export function priceOf({ cost_per_replica_hour, currency }: { cost_per_replica_hour?: number | null; currency?: string | null }): Price {
  return { hourly: cost_per_replica_hour ?? null, currency: currency ?? null };
}

/** "€12.90", "€1,240"; a bare number without a currency. Cents where they tell anything. */
export function formatMoney(amount: number, currency: string | null): string {
  if (!currency) return formatNumber(amount);
  const digits = Math.abs(amount) >= 100 ? 0 : 2;
  return amount.toLocaleString("en-GB", { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** What replica-hours cost; null where one has no price. */
export function costOf(hours: number, { hourly, currency }: Price): string | null {
  return hourly === null ? null : formatMoney(hours * hourly, currency);
}
