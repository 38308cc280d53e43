// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Metadata } from "next";
import { SignUpPage } from "@/features/session/sign-up-page";

export const metadata: Metadata = { title: "Sign up" };
export default SignUpPage;
