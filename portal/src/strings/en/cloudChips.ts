/** Expressions as chips in the fields of a cloud flow's steps, and what is picked for them. */
export const cloudChips = {
  "cloud.chip.trigger": "Trigger",
  "cloud.chip.loop": "Loop",
  "cloud.chip.variables": "Variables",
  "cloud.chip.parameters": "Parameters",
  "cloud.chip.body": "Body",
  "cloud.chip.outputs": "Outputs",
  "cloud.chip.item": "Current item",
  "cloud.chip.remove": "Remove {name}",
  "cloud.chip.chosen": "{name} of {source} {type}. Enter changes it, Delete removes it.",
  "cloud.chip.change": "Update",
  "cloud.chip.choices": "Choose a value for {field} instead",
  "cloud.chip.functions": "Functions",
  "cloud.chip.nothingFits": "Neither dynamic content nor a function fits ‘{text}’.",
} as const;
