// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { LoadingBlock } from "@/components/states";
import { DashboardList } from "./dashboard-list";
import { DashboardView } from "./dashboard-view";

export function DashboardsPage() {
  return <Suspense fallback={<LoadingBlock className="h-96" />}><Dashboards /></Suspense>;
}

function Dashboards() {
  const id = useSearchParams().get("id");
  return id ? <DashboardView key={id} id={id} /> : <DashboardList />;
}
