/** What cloud flows ask and tell people. */
export const people = {
  "nav.approvals": "Approvals",
  "approvals.title": "Approvals",
  "approvals.pending": "To answer",
  "approvals.all": "History",
  "approvals.asked": "Asked: {names}",
  "approvals.answer": "Answer",
  "approvals.comments": "Comments",
  "approvals.answerWith": "{option}: {title}",
  "approvals.emptyTitle": "Nothing to answer",
  "approvals.emptyText": "Questions of cloud flows appear here, and the flows go on when they are answered.",
  "approvals.noneYet": "No approvals yet",
  "approvals.result": "{status}: {result}",
  "bell.title": "Notifications",
  "bell.unread": "{count, plural, =0 {Notifications} one {# new notification} other {# new notifications}}",
  "bell.none": "Nothing was told to you yet.",
  "bell.readAll": "Mark all as read",
} as const;
