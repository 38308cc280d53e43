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
    <Entrance title="See what will happen" below={<>Already with us? <Button asChild variant="link" size="inline"><Link href="/sign-in" prefetch={false}>Sign in</Link></Button></>}>
      <SignUpForm onSignedUp={() => router.replace("/onboarding")} />
    </Entrance>
  );
}
