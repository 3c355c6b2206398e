/** Versions of cloud flows. */
export const cloudVersions = {
  "cloud.versions.current": "as saved",
  "cloud.versions.restored": "Version {number} is on the page. Saving keeps it as the newest version; undo takes it back.",
  "cloud.versions.saveWithNote": "Save with a note…",
  "cloud.versions.saveMore": "More ways to save",
  "cloud.versions.saveTitle": "Save ‘{name}’",
  "cloud.versions.none": "Saving the flow makes its first version.",
  "cloud.versions.compareLast": "Compare with what is saved now",
  "cloud.versions.restoreText": "It is saved as the newest version, and what is saved now stays as the version before it.",
  "cloud.versions.restoreOn": "The flow is on: it goes on with the restored version at once.",
} as const;
