import { t } from "@/strings/text";

/** What a request came to that did not go well: the server's own words, code and status. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    message: string,
    /** The HTTP status; 0 if the server was not reached. */
    readonly status: number,
    /** `DH…`, or the protocol's own code. */
    readonly code: string,
    /** Seconds after which it is worth trying again. */
    readonly retryAfter?: number,
    /** The body as it came, for those who know more of it. */
    readonly detail?: unknown,
  ) {
    super(message);
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

interface ErrorBody {
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

const MISSING = /^Principal user .* is missing (prv\w+) privilege/;
const NOT_SHARED = /^SecLib::AccessCheckEx failed/;

/** Say for people what the Web API says of rights in the words that its clients know. */
function inWords(message: string): string {
  const privilege = MISSING.exec(message)?.[1];
  if (privilege !== undefined) return t("problem.noPrivilege", { privilege });
  return NOT_SHARED.test(message) ? t("problem.notShared") : message;
}

/** Read the problem that an answer tells of. */
export async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => null)) as ErrorBody | null;
  const told = body?.error;
  const code = answer.headers.get("Deskhand-Error") ?? (typeof told?.code === "string" ? told.code : "");
  const message = typeof told?.message === "string" ? inWords(told.message) : t("problem.answered", { status: answer.status });
  const retryAfter = Number(answer.headers.get("Retry-After") ?? "");
  return new Problem(message, answer.status, code, retryAfter > 0 ? retryAfter : undefined, body);
}
