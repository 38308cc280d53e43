// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { TeamPage } from "@/features/settings/team-page";

export const metadata: Metadata = { title: "Team" };
export default TeamPage;
