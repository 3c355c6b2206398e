/** Conditions as rows of comparisons, and as definitions write them. */
import { isObject, type Json } from "./json";

export interface ConditionRow {
  readonly left: Json;
  /** A comparison, with `not ` before it for its opposite. */
  readonly operator: string;
  readonly right: Json;
}

export interface Condition {
  readonly join: "and" | "or";
  readonly rows: readonly ConditionRow[];
}

/** The comparisons in the words of the original. */
export const OPERATORS: Readonly<Record<string, string>> = {
  equals: "is equal to",
  "not equals": "is not equal to",
  greater: "is greater than",
  greaterOrEquals: "is greater or equal to",
  less: "is less than",
  lessOrEquals: "is less or equal to",
  contains: "contains",
  "not contains": "does not contain",
  startsWith: "starts with",
  "not startsWith": "does not start with",
  endsWith: "ends with",
  "not endsWith": "does not end with",
};

/** Return a condition as rows; undefined for one that is not made of rows. */
export function readCondition(expression: Json | undefined): Condition | undefined {
  if (!isObject(expression)) return undefined;
  const [entry, ...others] = Object.entries(expression);
  if (entry === undefined || others.length > 0) return undefined;
  const [join, listed] = entry;
  if ((join !== "and" && join !== "or") || !Array.isArray(listed)) {
    const row = readRow(expression);
    return row === undefined ? undefined : { join: "and", rows: [row] };
  }
  const rows = (listed as readonly Json[]).map(readRow);
  return rows.length > 0 && rows.every((row) => row !== undefined) ? { join, rows } : undefined;
}

export function writeCondition({ join, rows }: Condition): Json {
  return { [join]: rows.map(writeRow) };
}

function readRow(value: Json): ConditionRow | undefined {
  if (!isObject(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [operator, operands] = entry;
  if (operator === "not") {
    const inside = readRow(operands);
    const opposite = `not ${inside?.operator ?? ""}`;
    return inside !== undefined && opposite in OPERATORS ? { ...inside, operator: opposite } : undefined;
  }
  if (!(operator in OPERATORS) || !Array.isArray(operands) || operands.length !== 2) return undefined;
  const [left, right] = operands as readonly Json[];
  return { left: left ?? null, operator, right: right ?? null };
}

function writeRow({ left, operator, right }: ConditionRow): Json {
  const plain = operator.replace(/^not /, "");
  const comparison = { [plain]: [left, right] };
  return plain === operator ? comparison : { not: comparison };
}
