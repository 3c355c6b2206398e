/** Copies and files of cloud flows, and who has to do with one. */
export const cloudCopies = {
  "cloudFlow.form.file": "File",
  "cloudFlow.form.fileAbout": "The flow as it came: its definition as JSON.",
  "cloudFlow.form.solution": "Solution",
  "cloudFlow.form.solutionAbout": "A .zip for Power Automate, with the connection references and environment variables that it uses.",
  "cloudFlow.owners": "Owners",
  "cloudFlow.owner": "Owner",
  "cloudFlow.runOnly": "Run-only users",
  "cloudFlow.noRunOnly": "The flow has no run-only users.",
  "cloudFlow.byRole": "{count, plural, one {# more reaches} other {# more reach}} it by a role.",
  "cloudFlow.manage": "Manage",
} as const;
