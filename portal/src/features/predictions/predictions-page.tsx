// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { LoadingBlock } from "@/components/states";
import { PredictionDetail } from "./prediction-detail";
import { PredictionList } from "./prediction-list";

export function PredictionsPage() {
  return <Suspense fallback={<LoadingBlock className="h-96" />}><Predictions /></Suspense>;
}

function Predictions() {
  const query = useSearchParams();
  const metric = query.get("metric");
  return metric ? <PredictionDetail key={metric} metric={metric} series={query.get("series") ?? ""} /> : <PredictionList />;
}
