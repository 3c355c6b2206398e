import { Button } from "@fluentui/react-components";
import { ArrowUpload20Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { portal, type SolutionRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { DataTable } from "@/components/table/DataTable";
import { listRequest } from "@/components/table/listCommand";
import { locally } from "@/components/table/local";
import type { Column, Source } from "@/components/table/model";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

const COLUMNS: readonly Column<SolutionRow>[] = [
  { id: "name", header: t("solutions.name"), render: (row) => <UserText>{row.name}</UserText>, text: (row) => row.name, sort: "name", width: 180, grow: 2 },
  { id: "uniqueName", header: t("solutions.uniqueName"), render: (row) => <UserText>{row.uniqueName}</UserText>, text: (row) => row.uniqueName, width: 150 },
  { id: "version", header: t("solutions.version"), render: (row) => row.version, text: (row) => row.version, width: 100 },
  { id: "flows", header: t("solutions.flows"), render: (row) => row.flows, text: (row) => row.flows, sort: "flows", width: 80, numeric: true },
  {
    id: "managed",
    header: t("solutions.managed"),
    render: (row) => t(row.managed ? "common.yes" : "common.no"),
    text: (row) => row.managed,
    width: 90,
  },
  { id: "imported", header: t("solutions.imported"), render: (row) => <Time at={row.importedOn} />, text: (row) => row.importedOn, sort: "imported", width: 130 },
];

const source: Source<SolutionRow> = {
  key: ["solutions"],
  topics: ["flows"],
  searches: true,
  load: async (view, _after, _limit, signal) => {
    const { items } = await portal("GET /solutions", { signal });
    return locally(items, view, {
      texts: (row) => [row.name, row.uniqueName],
      values: (row, sort) => (sort === "flows" ? row.flows : sort === "imported" ? row.importedOn : row.name),
    });
  },
};

/** Solutions that were imported. */
export function SolutionsPage() {
  const navigate = useNavigate();
  const begin = () => void navigate(toPage(addressOf.importing));
  return (
    <Page
      title={t("solutions.title")}
      filled
      commands={
        <Button appearance="subtle" icon={<ArrowUpload20Regular />} onClick={begin}>
          {t("solutions.import")}
        </Button>
      }
    >
      <DataTable
        name="solutions"
        label={t("solutions.title")}
        columns={COLUMNS}
        source={source}
        defaultSort="name"
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        empty={
          <EmptyState title={t("solutions.emptyTitle")} text={t("solutions.emptyText")}>
            <Button appearance="primary" onClick={begin}>
              {t("solutions.import")}
            </Button>
          </EmptyState>
        }
        command={() => listRequest("/solutions")}
      />
    </Page>
  );
}
