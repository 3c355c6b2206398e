/** Requests to the server, with the caller's token. */
import { Problem, problemOf } from "./problem";
import { signIn } from "./signIn";

export interface Call {
  readonly method?: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Send a request and return the answer, whatever its status; sign in again once if the token is refused. */
export async function send(path: string, call: Call = {}): Promise<Response> {
  const answer = await sendOnce(path, call);
  return answer.status === 401 ? sendOnce(path, call) : answer;
}

async function sendOnce(path: string, { method = "GET", query, body, headers, signal }: Call): Promise<Response> {
  const token = await signIn.token();
  const init: RequestInit = {
    method,
    cache: "no-store",
    credentials: "omit",
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
      Authorization: `Bearer ${token}`,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
  let answer: Response;
  try {
    answer = await fetch(path + queryText(query), init);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Problem("The server cannot be reached.", 0, "");
  }
  if (answer.status === 401) signIn.refused(token);
  return answer;
}

/** Send a request and return the JSON of its answer, undefined where it has none; anything but success is thrown as a problem. */
export async function request<Answer>(path: string, call: Call = {}): Promise<Answer> {
  const answer = await send(path, call);
  if (!answer.ok) throw await problemOf(answer);
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
