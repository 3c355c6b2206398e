import { Tooltip } from "@fluentui/react-components";
import type { ReactElement } from "react";

interface ExplainedProps {
  /** Why the control cannot be used now. */
  readonly why: string | undefined;
  readonly children: ReactElement;
}

/** A control that says why it is disabled. */
export function Explained({ why, children }: ExplainedProps) {
  if (why === undefined) return children;
  return (
    <Tooltip content={why} relationship="description">
      {children as ReactElement<object>}
    </Tooltip>
  );
}
