/** The inputs that a flow's button asks for, from its trigger's schema. */
import type { ManagedTriggerDefinition } from "@/api/management";
import type { FlowParameter } from "@/api/portal";

export interface ButtonInput {
  /** What the trigger's body calls it. */
  readonly key: string;
  readonly parameter: FlowParameter;
}

/** The inputs in the order of the schema, with the names that people see. */
export function buttonInputs(trigger: ManagedTriggerDefinition | undefined): readonly ButtonInput[] {
  const schema = trigger?.inputs?.schema;
  return Object.entries(schema?.properties ?? {}).map(([key, property]) => ({
    key,
    parameter: {
      name: property.title ?? key,
      type: property.type ?? "string",
      description: property.description ?? "",
      required: schema?.required?.includes(key) === true,
      sensitive: false,
      default: property.default ?? null,
    },
  }));
}

/** The body that the trigger gets, from values by the names that people see. */
export function buttonBody(inputs: readonly ButtonInput[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = inputs.filter(({ parameter }) => parameter.name in values);
  return Object.fromEntries(given.map(({ key, parameter }) => [key, values[parameter.name]]));
}
