import { Button, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { t } from "@/strings/text";
import type { RowAction } from "./model";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: "8px",
    padding: "4px 12px",
    backgroundColor: tokens.colorBrandBackground2,
  },
});

interface BulkBarProps {
  readonly count: number;
  readonly actions: readonly RowAction[];
  readonly onClear: () => void;
}

/** What can be done with the rows that are selected. */
export function BulkBar({ count, actions, onClear }: BulkBarProps) {
  const styles = useStyles();
  return (
    <div role="toolbar" aria-label={t("table.bulk")} className={styles.bar}>
      <span role="status">{t("table.selected", { count })}</span>
      {actions.map((action) => (
        <BulkButton key={action.id} action={action} />
      ))}
      <Button appearance="subtle" size="small" onClick={onClear}>
        {t("table.clearSelection")}
      </Button>
    </div>
  );
}

function BulkButton({ action }: { readonly action: RowAction }) {
  const button = (
    <Button
      size="small"
      {...(action.icon === undefined ? {} : { icon: <>{action.icon}</> })}
      disabledFocusable={action.disabled !== undefined}
      onClick={action.run}
    >
      {action.label}
    </Button>
  );
  if (action.disabled === undefined) return button;
  return (
    <Tooltip content={action.disabled} relationship="description">
      {button}
    </Tooltip>
  );
}
