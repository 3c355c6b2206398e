import { Field, Input } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import { CommandLine } from "./CommandLine";
import { FormDialog } from "./FormDialog";

interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly initial?: string;
  /** The longest text that it takes. */
  readonly most?: number;
  readonly hint?: string;
  /** What stands above the field. */
  readonly children?: ReactNode;
  /** The command that does the same with a name. */
  readonly command?: (name: string) => string;
  readonly onName: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks for a name, and nothing else. */
export function NameDialog({ title, label, action, initial = "", most = 256, hint, children, command, onName, onClose }: NameDialogProps) {
  const [name, setName] = useState(initial);
  return (
    <FormDialog title={title} action={action} isComplete={name.trim() !== ""} onSubmit={() => onName(name.trim())} onClose={onClose}>
      {children}
      <Field label={label} required {...(hint === undefined ? {} : { hint })}>
        <Input autoFocus value={name} maxLength={most} onChange={(_, data) => setName(data.value)} />
      </Field>
      {command !== undefined && <CommandLine command={command(name.trim())} />}
    </FormDialog>
  );
}
