// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { Play } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { useMay } from "@/features/session/session";
import type { Schema } from "@/lib/api/types";
import { JobsCard } from "./jobs-card";
import { useActivate } from "./models";
import { TrainDialog } from "./train-dialog";
import { VersionsCard } from "./versions-card";

export function ModelsPage() {
  const may = useMay("admin");
  const [training, setTraining] = useState(false);
  const [restoring, setRestoring] = useState<Schema<"Model"> | null>(null);
  const activate = useActivate();
  return (
    <>
      <PageHeader
        title="Models"
        description="Every version that was trained, how it did, and which one serves."
        actions={may && <Button size="sm" onClick={() => setTraining(true)}><Play /> Train now</Button>}
      />
      <div className="grid grid-cols-1 gap-4">
        <VersionsCard onRestore={may ? setRestoring : undefined} />
        <JobsCard may={may} />
      </div>
      {training && <TrainDialog onClose={() => setTraining(false)} />}
      {restoring && (
        <ConfirmDialog
          title={`Roll ${restoring.target_metric} back to version ${restoring.version}?`}
          action="Roll back"
          mutation={activate}
          onConfirm={() => activate.mutate(restoring.id, { onSuccess: () => setRestoring(null) })}
          onClose={() => { setRestoring(null); activate.reset(); }}
        >
          Its forecasts come from this version from now on, and the next training is measured against it. What serves now is kept, and can be rolled back to.
        </ConfirmDialog>
      )}
    </>
  );
}
