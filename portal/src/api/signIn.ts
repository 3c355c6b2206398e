/**
 * Signing in: the authorization code flow with PKCE. Tokens live in memory alone; the browser's own session,
 * a cookie that scripts cannot read, brings new ones without anybody's doing.
 */
import { Problem, problemOf } from "./problem";

export type SignInState = "starting" | "signedIn" | "signedOut";

interface Parameters {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly scope: string;
  readonly tenantId: string;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly expires: number;
}

interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly target: string;
}

const BEGUN = "deskhand.signIn";
const EARLY = 60_000;

const SIGNED_IN_PATH = "/signed-in";
const CHANNEL = "deskhand.signIn";

class SignIn {
  private state: SignInState = "starting";
  private tokens: Tokens | undefined;
  private beginning: Promise<string | undefined> | undefined;
  private renewing: Promise<Tokens> | undefined;
  private parameters: Promise<Parameters> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly channel = new BroadcastChannel(CHANNEL);

  constructor() {
    this.channel.onmessage = () => void this.resume();
  }

  readonly current = (): SignInState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Sign in when the page opens: without a word if the browser has a session, on the server's page if not.
   * Returns the address within the portal that the person had asked for, if that is not the present one.
   */
  begin(): Promise<string | undefined> {
    this.beginning ??= this.begun().catch((error: unknown) => {
      this.beginning = undefined;
      throw error;
    });
    return this.beginning;
  }

  private async begun(): Promise<string | undefined> {
    const target = location.pathname === SIGNED_IN_PATH ? await this.finish() : undefined;
    if (this.tokens === undefined && !(await this.trySilently())) {
      await this.leave();
      return undefined;
    }
    this.become("signedIn");
    this.channel.postMessage("signed in");
    return target;
  }

  /** Go on where a page was signed out, now that somebody signed in beside it. */
  private async resume(): Promise<void> {
    if (this.state !== "signedOut") return;
    this.tokens = undefined;
    if (await this.trySilently()) this.become("signedIn");
  }

  /** Return an access token that still works for a while. */
  async token(): Promise<string> {
    const tokens = this.tokens;
    if (tokens !== undefined && tokens.expires - EARLY > Date.now()) return tokens.access;
    return (await this.renew()).access;
  }

  /** Forget a token that the server refuses. */
  refused(token: string): void {
    if (this.tokens?.access === token) this.tokens = { ...this.tokens, expires: 0 };
  }

  /** Open the server's page beside this one, which stays as it is; false if the browser does not let us. */
  async again(): Promise<boolean> {
    return window.open(await this.address("", "login"), "_blank", "popup,width=480,height=640") !== null;
  }

  /** Sign out of the browser's session and go to the server's page. */
  async out(): Promise<void> {
    const token = this.tokens?.access;
    if (token !== undefined) {
      await fetch("/api/portal/session", { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
    }
    this.tokens = undefined;
    sessionStorage.removeItem(BEGUN);
    location.assign("/sign-in");
  }

  private become(state: SignInState): void {
    if (this.state === state) return;
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }

  private renew(): Promise<Tokens> {
    this.renewing ??= this.renewed().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async renewed(): Promise<Tokens> {
    if ((await this.tryRefresh()) || (await this.trySilently())) {
      if (this.tokens !== undefined) return this.tokens;
    }
    this.become("signedOut");
    throw new Problem("You are not signed in any more. Sign in again to go on; nothing on this page is lost.", 401, "");
  }

  private async tryRefresh(): Promise<boolean> {
    const refresh = this.tokens?.refresh;
    if (refresh === undefined) return false;
    return this.exchange({ grant_type: "refresh_token", refresh_token: refresh });
  }

  /** Ask for a code with the browser's session, without showing anything. */
  private async trySilently(): Promise<boolean> {
    const verifier = random(48);
    const address = await this.address(verifier, "none");
    const answer = await reach(address, { credentials: "same-origin", redirect: "follow" });
    if (answer.status >= 500) throw await problemOf(answer);
    const code = new URL(answer.url).searchParams.get("code");
    return code !== null && this.redeem(code, verifier);
  }

  private async leave(): Promise<void> {
    const begun: Begun = { verifier: random(48), state: random(16), target: location.pathname + location.search };
    sessionStorage.setItem(BEGUN, JSON.stringify(begun));
    location.replace(await this.address(begun.verifier, "", begun.state));
    // The page is being left; nothing after this may happen on it.
    await new Promise(() => undefined);
  }

  private async finish(): Promise<string> {
    const answer = new URLSearchParams(location.search);
    history.replaceState(null, "", "/");
    const begun = JSON.parse(sessionStorage.getItem(BEGUN) ?? "null") as Begun | null;
    sessionStorage.removeItem(BEGUN);
    if (begun === null) {
      // Another page opened this one for the person to sign in, which has happened.
      this.channel.postMessage("signed in");
      window.close();
    }
    const code = answer.get("code");
    if (begun !== null && code !== null && answer.get("state") === begun.state) await this.redeem(code, begun.verifier);
    const target = begun?.target ?? "/";
    return target.startsWith("/") && !target.startsWith("//") ? target : "/";
  }

  private async redeem(code: string, verifier: string): Promise<boolean> {
    const { redirectUri } = await this.ask();
    return this.exchange({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri });
  }

  private async exchange(form: Readonly<Record<string, string>>): Promise<boolean> {
    const { tokenUrl, clientId } = await this.ask();
    const body = new URLSearchParams({ client_id: clientId, ...form });
    const answer = await reach(path(tokenUrl), { method: "POST", body, credentials: "omit" });
    if (answer.status >= 500) throw await problemOf(answer);
    if (!answer.ok) return false;
    const told = (await answer.json()) as { access_token: string; refresh_token?: string; expires_in: number };
    this.tokens = { access: told.access_token, refresh: told.refresh_token, expires: Date.now() + told.expires_in * 1000 };
    return true;
  }

  private async address(verifier: string, prompt: string, state = random(16)): Promise<string> {
    const { authorizeUrl, clientId, redirectUri, scope } = await this.ask();
    const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier || random(48)));
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: base64url(new Uint8Array(challenge)),
      code_challenge_method: "S256",
    });
    if (prompt !== "") query.set("prompt", prompt);
    return `${path(authorizeUrl)}?${query}`;
  }

  private ask(): Promise<Parameters> {
    this.parameters ??= reach("/api/portal/sign-in", {})
      .then(async (answer) => {
        if (!answer.ok) throw await problemOf(answer);
        return (await answer.json()) as Parameters;
      })
      .catch((error: unknown) => {
        this.parameters = undefined;
        throw error;
      });
    return this.parameters;
  }
}

/** The path of an address of ours: requests never leave the origin that this page came from. */
function path(address: string): string {
  return new URL(address).pathname;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { cache: "no-store", ...init });
  } catch {
    throw new Problem("The server cannot be reached.", 0, "");
  }
}

function random(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export const signIn = new SignIn();
