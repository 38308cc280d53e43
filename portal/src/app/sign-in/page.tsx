// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { SignInPage } from "@/features/session/sign-in-page";

export const metadata: Metadata = { title: "Sign in" };
export default SignInPage;
