// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { ExplorerPage } from "@/features/explorer/explorer-page";

export const metadata: Metadata = { title: "Explorer" };
export default ExplorerPage;
