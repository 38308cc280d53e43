// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { EmptyPanel, ErrorPanel, LoadingBlock } from "@/components/states";
import { Card, CardContent } from "@/components/ui/card";
import { useMay } from "@/features/session/session";
import { ApiError } from "@/lib/api/error";
import { useDebounced } from "@/lib/use-debounced";
import { emptyDraft, toDraft, toPreview, type Rule, type RuleDraft } from "./rule-draft";
import { RuleForm } from "./rule-form";
import { RulePreview } from "./rule-preview";
import { RuleStateLabel } from "./rules-list";
import { useRule } from "./rules";

/** Typing is at rest after this long. */
const REST_MS = 500;

/** One rule beside what it would have done; null is a new one, about `metric` or nothing yet. */
export function RulePage({ id, metric }: { id: string | null; metric: string }) {
  const rule = useRule(id);
  const may = useMay("admin");
  const absent = rule.error instanceof ApiError && rule.error.status === 404;
  return (
    <>
      <Link href="/alerts" className="mb-2 inline-flex items-center gap-1.5 text-2xs text-muted-foreground hover:text-foreground"><ArrowLeft className="size-3.5" aria-hidden /> Alerts</Link>
      {id === null ? (
        <>
          <PageHeader title="New rule" description="What it would have done in the last 14 days is shown as you write it." />
          <Editor rule={null} draft={{ ...emptyDraft, metric }} may={may} />
        </>
      ) : absent ? <Card><EmptyPanel title="No such rule">It was deleted, or the address is wrong.</EmptyPanel></Card>
        : rule.isError ? <Card><ErrorPanel error={rule.error} onRetry={() => void rule.refetch()} /></Card>
        : !rule.data ? <Card><CardContent><LoadingBlock className="h-96" /></CardContent></Card>
        : (
          <>
            <PageHeader title={rule.data.name} actions={<RuleStateLabel rule={rule.data} />} />
            <Editor rule={rule.data} draft={toDraft(rule.data)} may={may} />
          </>
        )}
    </>
  );
}

function Editor({ rule, draft: initial, may }: { rule: Rule | null; draft: RuleDraft; may: boolean }) {
  const router = useRouter();
  const [draft, setDraft] = useState(initial);
  const preview = useDebounced(draft, REST_MS);
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      <Card><CardContent><RuleForm rule={rule} draft={draft} onChange={setDraft} may={may} onDone={() => router.push("/alerts")} /></CardContent></Card>
      <Card className="xl:sticky xl:top-4"><CardContent><RulePreview rule={toPreview(preview)} settled={preview === draft} /></CardContent></Card>
    </div>
  );
}
