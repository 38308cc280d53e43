// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import createClient from "openapi-fetch";
import { asApiError, toApiError } from "./error";
import type { paths } from "./schema";

/** The API, typed by the contract. The session's cookie goes along by itself. */
export const client = createClient<paths>({ baseUrl: "", credentials: "same-origin" });

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

/**
 * The data of an answer; throws an ApiError for any other.
 *
 *   useQuery({ queryKey: ["me"], queryFn: ({ signal }) => call(client.GET("/api/v1/me", { signal })) })
 */
export async function call<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw asApiError(error);
  }
  if (!answer.response.ok) throw toApiError(answer.response, answer.error);
  return answer.data as Data;
}
