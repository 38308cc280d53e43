// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { AnomaliesPage } from "@/features/anomalies/anomalies-page";

export const metadata: Metadata = { title: "Anomalies" };
export default AnomaliesPage;
