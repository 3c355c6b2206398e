/** What needs attention. */
export const attention = {
  "attention.mine": "Needs your attention",
  "attention.told": "Told by flows",
  "attention.asked": "Asked",
  "attention.approval": "waits for your answer",
  "attention.expires": "expires",
  "attention.expired": "has expired",
} as const;
