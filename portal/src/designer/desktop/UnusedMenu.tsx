import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { t, type TextKey } from "@/strings/text";

interface UnusedMenuProps {
  /** What the menu is about. */
  readonly label: TextKey;
  /** How many are used nowhere. */
  readonly count: number;
  /** Why the flow cannot be changed. */
  readonly whyNot: string | undefined;
  readonly onRemove: () => void;
}

/** What can be done with all UI elements or images: to remove those that no action uses. */
export function UnusedMenu({ label, count, whyNot, onRemove }: UnusedMenuProps) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t(label)} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem disabled={whyNot !== undefined || count === 0} secondaryContent={count === 0 ? t("elements.allUsed") : String(count)} onClick={onRemove}>
            {t("elements.removeUnused")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
