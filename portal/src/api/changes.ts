/** The live channel: tells what changed on the server, and how fresh that knowledge is. */
import { EventReader, type StreamEvent } from "./eventStream";
import { signIn } from "./signIn";

export type Topic = "runs" | "cloudruns" | "queue" | "machines" | "groups" | "flows" | "actions" | "debug";

/** What changed, by topic: the ids, or null for more than were counted. */
export type Changes = Partial<Record<Topic, readonly string[] | null | true>>;

export interface Channel {
  readonly state: "connecting" | "live" | "lost";
  /** When the server was last heard. */
  readonly heard: number | undefined;
}

type Listener = (changes: Changes | "everything") => void;

/** Silence after which the channel counts as lost: the server says something every 5 s. */
const SILENCE = 12_000;
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000];

class ChangeStream {
  private channel: Channel = { state: "connecting", heard: undefined };
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private lastId: string | undefined;
  private run: string | undefined;
  private cancel: AbortController | undefined;
  private started = false;
  /** Whether another stream takes the place of one that had not yet said from where on it tells. */
  private missed = false;

  readonly current = (): Channel => this.channel;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Begin to listen, and go on for as long as the page is open. */
  start(): void {
    if (this.started) return;
    this.started = true;
    window.addEventListener("online", () => this.cancel?.abort());
    void this.keepListening();
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Hear of each new action of one run, until the function that is returned is called. */
  watchRun(runId: string): () => void {
    this.run = runId;
    this.cancel?.abort();
    return () => {
      if (this.run !== runId) return;
      this.run = undefined;
      this.cancel?.abort();
    };
  }

  private async keepListening(): Promise<never> {
    for (let failures = 0; ; ) {
      const began = Date.now();
      const redirected = await this.listen().catch(() => false);
      if (redirected) {
        this.missed = this.lastId === undefined;
        continue;
      }
      failures = Date.now() - began > SILENCE ? 1 : failures + 1;
      this.become({ ...this.channel, state: "lost" });
      await pause(PAUSES[Math.min(failures, PAUSES.length) - 1] ?? 0);
    }
  }

  /** Listen until the stream ends; true if it ended because something else is to be listened to. */
  private async listen(): Promise<boolean> {
    const cancel = new AbortController();
    this.cancel = cancel;
    let silence = setTimeout(() => cancel.abort("silence"), SILENCE);
    try {
      const token = await signIn.token();
      const answer = await fetch(this.address(), {
        headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream" },
        cache: "no-store",
        credentials: "omit",
        signal: cancel.signal,
      });
      if (answer.status === 401) signIn.refused(token);
      if (!answer.ok || answer.body === null) return false;
      const reader = new EventReader();
      const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => cancel.abort("silence"), SILENCE);
        this.become({ state: "live", heard: Date.now() });
        reader.take(piece.value).forEach((event) => this.hear(event));
      }
      return false;
    } catch {
      return cancel.signal.aborted && cancel.signal.reason !== "silence";
    } finally {
      clearTimeout(silence);
    }
  }

  private address(): string {
    const query = new URLSearchParams();
    if (this.lastId !== undefined) query.set("after", this.lastId);
    if (this.run !== undefined) query.set("run", this.run);
    return query.size === 0 ? "/api/portal/events" : `/api/portal/events?${query}`;
  }

  private hear(event: StreamEvent): void {
    this.lastId = event.id ?? this.lastId;
    if (event.name === "changed") this.tell(JSON.parse(event.data) as Changes);
    if (event.name === "refresh") this.tell("everything");
  }

  private tell(changes: Changes | "everything"): void {
    this.listeners.forEach((listener) => listener(changes));
  }

  private become(channel: Channel): void {
    const lost = this.channel.state === "lost" || this.missed;
    this.channel = channel;
    this.watchers.forEach((watcher) => watcher());
    // What happened in between may have gone by, if the server could not be asked from where we were.
    if (channel.state !== "live") return;
    this.missed = false;
    if (lost && this.lastId === undefined) this.tell("everything");
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export const changes = new ChangeStream();
