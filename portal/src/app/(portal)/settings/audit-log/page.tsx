// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { AuditLogPage } from "@/features/audit-log/audit-log-page";

export const metadata: Metadata = { title: "Audit log" };
export default AuditLogPage;
