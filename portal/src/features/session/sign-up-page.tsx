// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Entrance } from "./entrance";
import { SignUpForm } from "./sign-up-form";

export function SignUpPage() {
  const router = useRouter();
  return (
    <Entrance title="See what will happen" description="Helios forecasts your metrics, minutes after the first sample." below={<>Already with us? <Button asChild variant="link" size="inline" className="text-[0.8125rem]"><Link href="/sign-in" prefetch={false}>Sign in</Link></Button></>}>
      <SignUpForm onSignedUp={() => router.replace("/onboarding")} />
    </Entrance>
  );
}
