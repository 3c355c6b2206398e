/** Which of the things that need attention somebody has seen, as this browser remembers it. */
import type { Attention } from "@/api/portal";

/** What tells one occasion from the next: a flow that fails again is new. */
export function occasion({ kind, id, since, count }: Attention): string {
  const again = kind === "failingFlow" ? ` ${since}` : kind === "credentialExpires" ? ` ${count}` : "";
  return `${kind} ${id}${again}`;
}

/** What is new to somebody. Approvals are told of by a notification of their own, and do not count twice. */
export function unseenOf(items: readonly Attention[], seen: readonly string[]): readonly Attention[] {
  return items.filter((one) => one.kind !== "approvalWaits" && !seen.includes(occasion(one)));
}
