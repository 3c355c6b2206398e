import { Button, Tooltip, type ButtonProps } from "@fluentui/react-components";
import { Checkmark20Regular, Copy20Regular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { t } from "@/strings/text";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied: “Copy the command”. */
  readonly label: string;
  readonly size?: NonNullable<ButtonProps["size"]>;
  /** Whether the label is shown, not only told. */
  readonly labelled?: boolean;
}

/** Copies a text, and says so in its own place. */
export function CopyButton({ text, label, size = "small", labelled = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const icon = copied ? <Checkmark20Regular /> : <Copy20Regular />;
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  const said = copied ? t("common.copied") : label;
  if (labelled) {
    return (
      <Button appearance="subtle" size={size} icon={icon} onClick={copy} aria-live="polite">
        {said}
      </Button>
    );
  }
  return (
    <Tooltip content={said} relationship="label">
      <Button appearance="subtle" size={size} icon={icon} onClick={copy} />
    </Tooltip>
  );
}
