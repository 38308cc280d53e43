// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { LoadingBlock } from "@/components/states";
import { TargetDetail } from "./target-detail";
import { TargetList } from "./target-list";

export function ScalingPage() {
  return <Suspense fallback={<LoadingBlock className="h-96" />}><Scaling /></Suspense>;
}

function Scaling() {
  const id = useSearchParams().get("id");
  return id ? <TargetDetail key={id} id={id} /> : <TargetList />;
}
