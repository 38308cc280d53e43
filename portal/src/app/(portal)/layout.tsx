// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { SessionGate } from "@/features/session/session-gate";

export default function PortalLayout({ children }: { children: ReactNode }) {
  return (
    <AppShell>
      <SessionGate>{children}</SessionGate>
    </AppShell>
  );
}
