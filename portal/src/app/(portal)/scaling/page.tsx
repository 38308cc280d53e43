// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { ScalingPage } from "@/features/scaling/scaling-page";

export const metadata: Metadata = { title: "Scaling" };
export default ScalingPage;
