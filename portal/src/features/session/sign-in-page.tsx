// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Entrance } from "./entrance";
import { nextPath } from "./next-path";
import { SignInForm } from "./sign-in-form";

export function SignInPage() {
  const router = useRouter();
  return (
    <Entrance title="Sign in to Helios" description="What is happening, and what will." below={<>No organization yet? <Button asChild variant="link" size="inline" className="text-[0.8125rem]"><Link href="/sign-up" prefetch={false}>Sign up</Link></Button></>}>
      <SignInForm onSignedIn={() => router.replace(nextPath(location.search))} />
    </Entrance>
  );
}
