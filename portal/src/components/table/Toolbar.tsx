import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
  Tooltip,
  makeStyles,
} from "@fluentui/react-components";
import {
  ArrowDownload20Regular,
  Bookmark20Regular,
  ColumnTriple20Regular,
  Delete20Regular,
  Dismiss16Regular,
} from "@fluentui/react-icons";
import { useState } from "react";
import { CopyButton } from "@/components/CopyButton";
import { NameDialog } from "@/components/NameDialog";
import { remember, remembered } from "@/preferences/remembered";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { FilterChip } from "./FilterChip";
import { ListSearch } from "./ListSearch";
import { MOST_EXPORTED, allRows, csv, download, json } from "./exporting";
import { isFiltered, type Column, type Filter, type Source, type View } from "./model";
import type { ViewControl } from "./useView";

const useStyles = makeStyles({
  bar: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: "6px", padding: "8px 12px", flexShrink: 0 },
  right: { marginLeft: "auto", display: "flex", alignItems: "center", gap: "2px" },
});

interface ToolbarProps<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly source: Source<Row>;
  readonly filters: readonly Filter[];
  readonly control: ViewControl;
  readonly shownIds: readonly string[];
  readonly onShownIds: (ids: readonly string[]) => void;
  readonly command: string;
}

/** What narrows a list, and what can be done with all of it. */
export function Toolbar<Row>(props: ToolbarProps<Row>) {
  const { name, columns, source, filters, control, shownIds, onShownIds, command } = props;
  const styles = useStyles();
  const { view, change, replace } = control;
  const choose = (id: string, values: readonly string[]) => change({ filters: { ...view.filters, [id]: values } });
  return (
    <div className={styles.bar}>
      {source.searches && <ListSearch label={t("table.search")} value={view.search} onChange={(search) => change({ search })} />}
      {filters.map((filter) => (
        <FilterChip key={filter.id} filter={filter} chosen={view.filters[filter.id] ?? []} onChoose={(values) => choose(filter.id, values)} />
      ))}
      {isFiltered(view) && (
        <Button appearance="subtle" size="small" icon={<Dismiss16Regular />} onClick={() => replace({ ...view, search: "", filters: {} })}>
          {t("table.clearFilters")}
        </Button>
      )}
      <div className={styles.right}>
        <Views name={name} control={control} />
        <ColumnChooser columns={columns} shownIds={shownIds} onShownIds={onShownIds} />
        <Export name={name} columns={columns} source={source} view={view} />
        <CopyButton text={command} label={t("common.copyAsCommand")} size="medium" />
      </div>
    </div>
  );
}

interface ColumnChooserProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly shownIds: readonly string[];
  readonly onShownIds: (ids: readonly string[]) => void;
}

function ColumnChooser<Row>({ columns, shownIds, onShownIds }: ColumnChooserProps<Row>) {
  const choose = (ids: readonly string[]) => {
    if (ids.length > 0) onShownIds(columns.map((column) => column.id).filter((id) => ids.includes(id)));
  };
  return (
    <Menu checkedValues={{ columns: [...shownIds] }} onCheckedValueChange={(_, data) => choose(data.checkedItems)}>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t("table.columns")} relationship="label">
          <Button appearance="subtle" icon={<ColumnTriple20Regular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {columns.map((column) => (
            <MenuItemCheckbox key={column.id} name="columns" value={column.id}>
              {column.header}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

interface ExportProps<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly source: Source<Row>;
  readonly view: View;
}

function Export<Row>({ name, columns, source, view }: ExportProps<Row>) {
  const [reading, setReading] = useState<{ readonly count: number; readonly cancel: AbortController }>();
  const write = async (kind: "csv" | "json") => {
    const cancel = new AbortController();
    setReading({ count: 0, cancel });
    try {
      const rows = await allRows(source, view, (count) => setReading({ count, cancel }), cancel.signal);
      if (kind === "csv") download(`${name}.csv`, "text/csv", csv(columns, rows));
      else download(`${name}.json`, "application/json", json(columns, rows));
    } catch (error) {
      if (!cancel.signal.aborted) throw error;
    } finally {
      setReading(undefined);
    }
  };
  if (reading !== undefined) {
    return (
      <Button appearance="subtle" icon={<Spinner size="tiny" />} onClick={() => reading.cancel.abort()}>
        {t("table.exporting", { count: reading.count })}
      </Button>
    );
  }
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t("table.export")} relationship="label">
          <Button appearance="subtle" icon={<ArrowDownload20Regular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => void write("csv")}>{t("table.exportCsv")}</MenuItem>
          <MenuItem onClick={() => void write("json")}>{t("table.exportJson", { count: MOST_EXPORTED })}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

interface KeptView {
  readonly name: string;
  readonly view: View;
}

function Views({ name, control }: { readonly name: string; readonly control: ViewControl }) {
  const key = `views.${name}`;
  const [kept, setKept] = useState<readonly KeptView[]>(() => remembered(key, []));
  const [naming, setNaming] = useState(false);
  const keep = (views: readonly KeptView[]) => {
    setKept(views);
    remember(key, views);
  };
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Tooltip content={t("table.views")} relationship="label">
            <Button appearance="subtle" icon={<Bookmark20Regular />} />
          </Tooltip>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {kept.map((one) => (
              <MenuItem key={one.name} onClick={() => control.replace(one.view)}>
                <UserText>{one.name}</UserText>
              </MenuItem>
            ))}
            {kept.length > 0 && <MenuDivider />}
            <MenuItem onClick={() => setNaming(true)}>{t("table.keepView")}</MenuItem>
            {kept.map((one) => (
              <MenuItem
                key={`forget ${one.name}`}
                icon={<Delete20Regular />}
                onClick={() => keep(kept.filter((other) => other !== one))}
              >
                {t("table.forgetView", { name: one.name })}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {naming && (
        <NameDialog
          title={t("table.keepViewTitle")}
          label={t("table.viewName")}
          action={t("table.keep")}
          onClose={() => setNaming(false)}
          onName={(given) => {
            keep([...kept.filter((one) => one.name !== given), { name: given, view: control.view }]);
            return Promise.resolve();
          }}
        />
      )}
    </>
  );
}
