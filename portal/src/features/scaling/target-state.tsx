// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Badge } from "@/components/ui/badge";
import type { Target } from "./targets";

/** Whether autoscalers hear of a target's advice. */
export function ModeBadge({ target: { mode, enabled } }: { target: Pick<Target, "mode" | "enabled"> }) {
  if (enabled === false) return <Badge title="Its load is not looked at">disabled</Badge>;
  return mode === "shadow" ? <Badge variant="warning" title="Advice is recorded; nobody is told">shadow</Badge> : <Badge variant="success" title="Autoscalers and channels are told">live</Badge>;
}
