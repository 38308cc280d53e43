// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { Schema } from "./types";

/** What the API answered in place of data, or why nothing was answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** 0 where no answer came. */
    readonly status: number,
    /** Stable, such as "identity.slug_taken"; "network.unreachable" where no answer came. */
    readonly code: string,
    /** For people; may change. */
    message: string,
    readonly requestId?: string,
    /** Seconds after which it is worth trying again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503 || this.status === 504;
  }
}

/** The error that a failed response stands for; `body` is its parsed body. */
export function toApiError(response: Response, body: unknown): ApiError {
  const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
  const requestId = response.headers.get("X-Request-Id") ?? undefined;
  if (isProblem(body)) return new ApiError(response.status, body.code, body.detail, body.request_id, retryAfter);
  return new ApiError(response.status, "http.unreadable", `The server answered ${response.status} without saying why.`, requestId, retryAfter);
}

/** Anything that was thrown, as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return new ApiError(0, "network.unreachable", "The server cannot be reached.");
  return new ApiError(0, "portal.failed", error instanceof Error ? error.message : "Something went wrong.");
}

function isProblem(body: unknown): body is Schema<"Problem"> {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}
