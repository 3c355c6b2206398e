import { Button, Field, Input, Select, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type KeptKind, type KeptRows } from "@/api/portal";
import { ErrorMessage } from "@/components/ErrorMessage";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { Time } from "@/components/Time";
import { count, size } from "@/format/quantity";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { keptText } from "./retention";

const useStyles = makeStyles({
  place: { display: "flex", flexDirection: "column", gap: "12px", overflowY: "auto" },
  scroller: { overflowX: "auto" },
  table: { minWidth: "900px" },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, whiteSpace: "nowrap" },
  numeric: { fontVariantNumeric: "tabular-nums" },
  form: { display: "flex", flexWrap: "wrap", gap: "12px", alignItems: "end" },
  days: { width: "120px" },
});

/** What is kept how long, how much there is of it, and what would go. */
export function Retention() {
  const styles = useStyles();
  const query = useQuery({ ...endpointQuery("GET /retention"), refetchInterval: 60_000 });
  if (query.error !== null) return <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <PageLoading />;
  return (
    <div className={styles.place} role="group" aria-label={t("retention.title")} tabIndex={0}>
      <Panel title={t("retention.title")}>
        <p className={styles.quiet}>{t("retention.about")}</p>
        <div className={styles.scroller} role="group" aria-label={t("retention.kinds")} tabIndex={0}>
          <Kinds items={query.data.items} />
        </div>
      </Panel>
      <Panel title={t("retention.whatIf")}>
        <WhatIf kinds={query.data.items.filter((one) => one.setting !== null && one.kind !== "flowVersions").map((one) => one.kind)} />
      </Panel>
    </div>
  );
}

function Kinds({ items }: { readonly items: readonly KeptRows[] }) {
  const styles = useStyles();
  return (
    <Table size="small" aria-label={t("retention.title")} className={styles.table}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t("retention.kind")}</TableHeaderCell>
          <TableHeaderCell>{t("retention.kept")}</TableHeaderCell>
          <TableHeaderCell>{t("retention.setting")}</TableHeaderCell>
          <TableHeaderCell>{t("retention.rows")}</TableHeaderCell>
          <TableHeaderCell>{t("retention.size")}</TableHeaderCell>
          <TableHeaderCell>{t("retention.oldest")}</TableHeaderCell>
          <TableHeaderCell>{t("retention.due")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {items.map((one) => (
          <TableRow key={one.kind}>
            <TableCell>{t(`retention.kind.${one.kind}`)}</TableCell>
            <TableCell>{keptText(one)}</TableCell>
            <TableCell className={styles.code}>{one.setting}</TableCell>
            <TableCell className={styles.numeric} title={spoken(String(one.rows))}>
              {count(one.rows)}
            </TableCell>
            <TableCell className={styles.numeric}>{size(one.bytes)}</TableCell>
            <TableCell>{one.oldest !== null && <Time at={one.oldest} />}</TableCell>
            <TableCell className={styles.numeric} title={spoken(String(one.due))}>
              {count(one.due)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** Asks how many would go if a rule kept for so many days; nothing is deleted. */
function WhatIf({ kinds }: { readonly kinds: readonly KeptKind[] }) {
  const styles = useStyles();
  const [kind, setKind] = useState<KeptKind>("actionLogs");
  const [days, setDays] = useState("90");
  const number = Number(days);
  const isGood = days.trim() !== "" && Number.isInteger(number) && number >= 0 && number <= 36_500;
  const ask = useMutation({
    mutationFn: async () => ({ kind, days: number, ...(await portal("GET /retention/{kind}/due", { path: { kind }, query: { days: number } })) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isGood) ask.mutate();
  };
  return (
    <>
      <form onSubmit={submit} className={styles.form}>
        <Field label={t("retention.kind")}>
          <Select value={kind} onChange={(_, data) => setKind(data.value as KeptKind)}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {t(`retention.kind.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("retention.days")} {...(isGood ? {} : { validationMessage: t("retention.daysFault") })}>
          <Input className={styles.days} type="number" min={0} value={days} onChange={(_, data) => setDays(data.value)} />
        </Field>
        <Button type="submit" disabledFocusable={!isGood || ask.isPending}>
          {t("retention.ask")}
        </Button>
      </form>
      {ask.error !== null && <ErrorMessage error={ask.error} />}
      <p className={styles.quiet} role="status">
        {ask.data !== undefined && t("retention.wouldGo", { kind: t(`retention.kind.${ask.data.kind}`), days: ask.data.days, count: count(ask.data.count) })}
      </p>
    </>
  );
}
