import { Button } from "@fluentui/react-components";
import { Share20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { t } from "@/strings/text";
import { SharePane, type ShareKind } from "./SharePane";

interface ShareButtonProps {
  readonly kind: ShareKind;
  readonly id: string;
  readonly command: string;
}

/** Opens the share pane from a command bar. */
export function ShareButton(props: ShareButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button appearance="subtle" icon={<Share20Regular />} onClick={() => setOpen(true)}>
        {t("share.action")}
      </Button>
      {open && <SharePane {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
