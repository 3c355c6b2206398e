/** What cloud flows ask and tell people. */
import { request } from "./client";
import type { Listed } from "./management";

export interface Approval {
  readonly name: string;
  readonly title: string;
  readonly details: string | null;
  readonly itemlink: string | null;
  readonly itemlinkdescription: string | null;
  readonly status: "Pending" | "Completed" | "Canceled";
  readonly result: string | null;
  readonly options: readonly string[];
  readonly assignees: readonly string[];
  readonly createdon: string;
  readonly completedon: string | null;
}

export interface Notice {
  readonly notificationid: string;
  readonly title: string | null;
  readonly text: string | null;
  readonly link: string | null;
  readonly createdon: string;
  readonly readon: string | null;
}

const ROOT = "/api/cloudflows";

export async function approvals(status: "Pending" | "all", signal?: AbortSignal): Promise<readonly Approval[]> {
  return (await request<Listed<Approval>>(`${ROOT}/approvals`, { query: { status }, signal })).value;
}

export function answer(name: string, response: string, comments: string): Promise<Approval> {
  return request(`${ROOT}/approvals/${encodeURIComponent(name)}/responses`, { method: "POST", body: { response, comments } });
}

export async function notices(signal?: AbortSignal): Promise<readonly Notice[]> {
  return (await request<Listed<Notice>>(`${ROOT}/notifications`, { signal })).value;
}

export function markRead(id: string): Promise<void> {
  return request(`${ROOT}/notifications/${id}/read`, { method: "POST" });
}
