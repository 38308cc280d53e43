// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { BillingPage } from "@/features/billing/billing-page";

export const metadata: Metadata = { title: "Billing and usage" };
export default BillingPage;
