// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { client } from "@/lib/api/client";
import { sessionExpiry } from "@/lib/session-expiry";
import type { LiveEvent, LiveState } from "./messages";
import { SharedLive } from "./shared-live";

let shared: SharedLive | undefined;

/** The browser's stream; made when somebody first wants it. */
function sharedLive(): SharedLive {
  if (!shared) {
    const made = new SharedLive(sessionIsOver);
    sessionExpiry.subscribe(() => { if (!sessionExpiry.snapshot()) made.restart(); });
    shared = made;
  }
  return shared;
}

/** A stream that is refused does not say why: another request does. */
async function sessionIsOver(): Promise<boolean> {
  try {
    const { response } = await client.GET("/api/v1/me");
    if (response.status !== 401) return false;
    sessionExpiry.expire();
    return true;
  } catch {
    return false; // nobody answers
  }
}

const never = () => () => undefined;
const off = (): LiveState => "off";

/**
 * Told what changes while this page is seen: samples of the series that `matches` mean (in the form of `match` in a
 * query), anomalies and jobs. `ready` and `gap` say that what is shown has to be read anew. null: wants nothing.
 * "reconnecting" says that nothing comes at the moment: the caller asks again by itself.
 */
export function useLive(matches: readonly string[] | null, onEvent: (event: LiveEvent) => void): LiveState {
  const latest = useRef(onEvent);
  useEffect(() => { latest.current = onEvent; });
  const wanted = matches === null ? null : JSON.stringify(matches);
  useEffect(() => {
    if (wanted === null) return;
    return sharedLive().subscribe(JSON.parse(wanted) as string[], (event) => latest.current(event));
  }, [wanted]);
  const browser = typeof window !== "undefined" && wanted !== null;
  return useSyncExternalStore(browser ? sharedLive().subscribeState : never, browser ? sharedLive().state : off, off);
}
