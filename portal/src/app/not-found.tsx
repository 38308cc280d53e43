// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyPanel } from "@/components/states";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyPanel title="There is no such page" action={<Button asChild variant="outline" size="sm"><Link href="/">To the dashboard</Link></Button>}>
        The address may be old, or mistyped.
      </EmptyPanel>
    </main>
  );
}
