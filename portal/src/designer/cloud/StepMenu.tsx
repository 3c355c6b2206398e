import { Button, Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { Add20Regular, ArrowDown20Regular, ArrowUp20Regular, BranchFork20Regular, ClipboardPaste20Regular, Copy20Regular, Delete20Regular, MoreVertical20Regular } from "@fluentui/react-icons";
import { shownName } from "@/designer/model/cloud/making";
import { findStep } from "@/designer/model/cloud/structure";
import { t } from "@/strings/text";
import { useDesigner } from "./context";
import { useStepCommands } from "./stepCommands";

/** What can be done with a step, beside its fields. */
export function StepMenu({ name }: { readonly name: string }) {
  const { definition, choose } = useDesigner();
  const commands = useStepCommands();
  const branch = findStep(definition, name)?.branch;
  if (branch === undefined) return null;
  const below = { branch, after: name };
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          className="nopan"
          appearance="subtle"
          size="small"
          icon={<MoreVertical20Regular />}
          aria-label={t("cloud.stepMenu", { name: shownName(name) })}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<Add20Regular />} secondaryContent="Ctrl+Enter" onClick={() => choose(below)}>
            {t("cloud.addAfter")}
          </MenuItem>
          <MenuItem icon={<BranchFork20Regular />} onClick={() => choose({ ...below, parallel: true })}>
            {t("cloud.addParallel")}
          </MenuItem>
          <MenuDivider />
          <MenuItem icon={<ArrowUp20Regular />} secondaryContent="Alt+↑" onClick={() => commands.shift(name, -1)}>
            {t("cloud.moveUp")}
          </MenuItem>
          <MenuItem icon={<ArrowDown20Regular />} secondaryContent="Alt+↓" onClick={() => commands.shift(name, 1)}>
            {t("cloud.moveDown")}
          </MenuItem>
          <MenuItem icon={<Copy20Regular />} secondaryContent="Ctrl+C" onClick={() => commands.copy(name)}>
            {t("cloud.copyStep")}
          </MenuItem>
          <MenuItem icon={<ClipboardPaste20Regular />} secondaryContent="Ctrl+V" onClick={() => commands.paste(below)}>
            {t("cloud.paste")}
          </MenuItem>
          <MenuDivider />
          <MenuItem icon={<Delete20Regular />} secondaryContent="Del" onClick={() => commands.remove(name)}>
            {t("cloud.delete")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
