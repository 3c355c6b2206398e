/** Environment variables in words. */
import type { VariableRow, VariableType } from "@/api/portal";
import { t } from "@/strings/text";

/** What a type is called. */
export function typeName(type: VariableType): string {
  return t(`variables.typeOf.${type}`);
}

/** A yes or no in words; what is neither stays as it is. */
export function wordOf(value: string): string {
  const known: Readonly<Record<string, string>> = { "": t("variables.none"), yes: t("variables.yes"), true: t("variables.yes"), no: t("variables.no"), false: t("variables.no") };
  return known[value.toLowerCase()] ?? value;
}

/** A value of a variable as a list shows it; none is an empty text. */
export function shownValue({ type }: VariableRow, value: string | null): string {
  if (value === null) return "";
  if (type === "secret") return t("variables.secret");
  return type === "boolean" ? wordOf(value) : value;
}
