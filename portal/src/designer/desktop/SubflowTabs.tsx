import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, MoreHorizontal20Regular } from "@fluentui/react-icons";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";

const useStyles = makeStyles({
  subflows: { display: "flex", alignItems: "center", gap: "2px", overflowX: "auto", flexShrink: 0, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
});

/** Main and the other subflows, as tabs. */
export function SubflowTabs() {
  const styles = useStyles();
  const { document, subflow, dispatch, look, isStale, whyNot } = useDesigner();
  const may = whyNot === undefined;
  return (
    <div className={styles.subflows}>
      <TabList size="small" aria-label={t("desktop.subflows")} selectedValue={subflow.name} onTabSelect={(_, data) => dispatch({ type: "open", subflow: String(data.value) })}>
        {document.subflows.map((one) => (
          <Tab key={one.name} value={one.name} disabled={isStale && one.name !== subflow.name}>
            <UserText>{one.name}</UserText>
          </Tab>
        ))}
      </TabList>
      {may && <Button size="small" appearance="subtle" icon={<Add20Regular />} aria-label={t("desktop.newSubflow")} onClick={() => look.open({ kind: "subflow" })} />}
      {may && subflow.opening !== "" && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("common.more")} />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => look.open({ kind: "deleteSubflow", name: subflow.name })}>{t("desktop.deleteSubflowOf", { name: subflow.name })}</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </div>
  );
}
