// SPDX-License-Identifier: LicenseRef-Helios-Commercial

/** Where to go after signing in: the path in `search` (?next=…) if it is one of this portal's, else the dashboard. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  const local = /^\/(?![/\\])[^\\]*$/.test(next) && !/[\u0000-\u001f]/.test(next);
  return local ? next : "/";
}

/** The address of the sign-in page that comes back to `path`. */
export function signInPath(path: string): string {
  return path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`;
}
