import { Menu, MenuDivider, MenuItem, MenuItemCheckbox, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, ToggleButton } from "@fluentui/react-components";
import { ChevronDown16Regular } from "@fluentui/react-icons";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import type { Filter } from "./model";

interface FilterChipProps {
  readonly filter: Filter;
  readonly chosen: readonly string[];
  readonly onChoose: (values: readonly string[]) => void;
}

/** One filter: what it lets through now, and the menu to choose by. */
export function FilterChip({ filter, chosen, onChoose }: FilterChipProps) {
  const names = filter.options.filter((option) => chosen.includes(option.value)).map((option) => option.label);
  const shown = names.length === 0 ? filter.label : t("table.chip", { filter: filter.label, values: names.join(", ") });
  const Item = filter.single === true ? MenuItemRadio : MenuItemCheckbox;
  return (
    <Menu
      checkedValues={{ [filter.id]: [...chosen] }}
      onCheckedValueChange={(_, data) => onChoose(filter.single === true ? data.checkedItems.slice(-1) : data.checkedItems)}
    >
      <MenuTrigger disableButtonEnhancement>
        <ToggleButton size="small" shape="circular" checked={names.length > 0} icon={<ChevronDown16Regular />} iconPosition="after">
          {shown}
        </ToggleButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {filter.options.map((option) => (
            <Item key={option.value} name={filter.id} value={option.value}>
              <UserText>{option.label}</UserText>
            </Item>
          ))}
          {names.length > 0 && (
            <>
              <MenuDivider />
              <MenuItem onClick={() => onChoose([])}>{t("table.any")}</MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
