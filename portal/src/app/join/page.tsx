// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { JoinPage } from "@/features/session/join-page";

export const metadata: Metadata = { title: "Join" };
export default JoinPage;
