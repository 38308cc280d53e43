// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { PredictionsPage } from "@/features/predictions/predictions-page";

export const metadata: Metadata = { title: "Predictions" };
export default PredictionsPage;
