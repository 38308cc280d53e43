// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api/error";
import { sessionExpiry } from "./session-expiry";

const MOST_RETRIES = 3;

/** Tries again what may pass by itself, as late as the server asks; tells the shell when the session has ended. */
export function makeQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    // A wrong password is a 401 too, and ends no session.
    if (error instanceof ApiError && error.status === 401 && error.code !== "identity.bad_credentials") sessionExpiry.expire();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < MOST_RETRIES && error instanceof ApiError && error.passing,
        retryDelay: (failures, error) =>
          Math.min(30, (error instanceof ApiError && error.retryAfter) || 2 ** failures) * 1000,
      },
      mutations: { retry: false },
    },
  });
}
