// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import dynamic from "next/dynamic";
import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import { ErrorPanel, LoadingBlock } from "@/components/states";
import { sessionExpiry } from "@/lib/session-expiry";
import { signInPath } from "./next-path";
import { isSignedOut, useMe } from "./session";

const SessionExpiredDialog = dynamic(() => import("./session-expired-dialog"), { ssr: false });

/**
 * Lets nobody in who is not signed in, and whoever is keeps the page: where the session ends under it, a dialog asks to
 * sign in again over the page as it stands, with whatever was typed.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const me = useMe();
  const expired = useSyncExternalStore(sessionExpiry.subscribe, sessionExpiry.snapshot, () => false);
  const mustSignIn = me.data === undefined && isSignedOut(me.error);

  useEffect(() => {
    if (mustSignIn) location.replace(signInPath(location.pathname + location.search));
  }, [mustSignIn]);

  if (me.data === undefined && me.isError && !mustSignIn) {
    return <ErrorPanel error={me.error} onRetry={() => void me.refetch()} className="min-h-64" />;
  }
  return (
    <>
      {me.data ? children : <LoadingBlock />}
      {expired && me.data?.user && <SessionExpiredDialog email={me.data.user.email} organization={me.data.organization.slug} />}
    </>
  );
}
