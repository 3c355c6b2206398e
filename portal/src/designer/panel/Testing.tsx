import { Button, Link, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { ChevronLeft20Regular, ChevronRight20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addressOf } from "@/components/addresses";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Json } from "@/components/Json";
import { StatusBadge } from "@/components/StatusBadge";
import { useDesigner } from "@/designer/cloud/context";
import { contentQuery, isUnderWay, lengthOf, repetitionsQuery, statusOf, type Link as ContentLink, type RunAction } from "@/designer/cloud/runs";
import { duration } from "@/format/duration";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import type { ChosenStep } from "./StepPanel";

const useStyles = makeStyles({
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
  head: { display: "flex", alignItems: "center", gap: "12px", flexWrap: "wrap" },
  title: { margin: "0 0 4px", fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  error: { margin: 0, color: tokens.colorPaletteRedForeground1, overflowWrap: "anywhere" },
});

/** What a step got and gave in the run that is shown. */
export function Testing({ chosen }: { readonly chosen: ChosenStep }) {
  const styles = useStyles();
  const { run } = useDesigner();
  if (run === undefined) return <p className={styles.quiet}>{t("cloud.noRun")}</p>;
  const ran = chosen.isTrigger ? run.properties.trigger : run.properties.actions?.[chosen.name];
  if (ran === undefined) return <p className={styles.quiet}>{t("cloud.notRunYet")}</p>;
  return ran.repetitionCount === undefined ? <OneRun ran={ran} /> : <Iterations key={chosen.name} action={chosen.name} count={ran.repetitionCount} />;
}

function Iterations({ action, count }: { readonly action: string; readonly count: number }) {
  const styles = useStyles();
  const { flowId, run } = useDesigner();
  const [at, setAt] = useState(0);
  const { data, error } = useQuery(repetitionsQuery(flowId, run?.name ?? "", action, isUnderWay(run)));
  const shown = data?.value[at]?.properties;
  if (error !== null) return <ErrorMessage error={error} />;
  return (
    <>
      <div className={styles.head}>
        <span>{t("cloud.iteration")}</span>
        <Button size="small" icon={<ChevronLeft20Regular />} aria-label={t("cloud.iterationBefore")} disabledFocusable={at === 0} onClick={() => setAt(Math.max(0, at - 1))} />
        <span aria-live="polite">{t("cloud.iterationOf", { number: at + 1, count })}</span>
        <Button
          size="small"
          icon={<ChevronRight20Regular />}
          aria-label={t("cloud.iterationNext")}
          disabledFocusable={at + 1 >= (data?.value.length ?? 0)}
          onClick={() => setAt(Math.min((data?.value.length ?? 1) - 1, at + 1))}
        />
      </div>
      {shown === undefined ? <Spinner size="tiny" /> : <OneRun ran={shown} />}
    </>
  );
}

function OneRun({ ran }: { readonly ran: RunAction }) {
  const styles = useStyles();
  const length = lengthOf(ran);
  const linked = ran.linked;
  return (
    <>
      <div className={styles.head}>
        <StatusBadge status={statusOf(ran.status)} />
        {length !== undefined && <span className={styles.quiet}>{duration(length)}</span>}
        {ran.retryHistory !== undefined && <span className={styles.quiet}>{t("cloud.retries", { count: ran.retryHistory.length })}</span>}
      </div>
      {ran.waiting?.message !== undefined && <p className={styles.quiet}>{t("cloud.waiting", { why: ran.waiting.message })}</p>}
      {ran.error !== undefined && (
        <p className={styles.error}>
          {ran.error.message} <code>{ran.error.code}</code>
        </p>
      )}
      {linked?.id !== undefined && linked.type === "flowsession" && <Link href={addressOf.desktopRun(linked.id)}>{t("cloud.desktopRun")}</Link>}
      <Content title={t("cloud.runInputs")} none={t("cloud.runNoInputs")} link={ran.inputsLink} />
      <Content title={t("cloud.runOutputs")} none={t("cloud.runNoOutputs")} link={ran.outputsLink} />
    </>
  );
}

interface ContentProps {
  readonly title: string;
  readonly none: string;
  readonly link: ContentLink | undefined;
}

function Content({ title, none, link }: ContentProps) {
  const styles = useStyles();
  const { data, error, isLoading } = useQuery(contentQuery(link));
  return (
    <section aria-label={spoken(title)}>
      <h3 className={styles.title}>{title}</h3>
      {link === undefined && <p className={styles.quiet}>{none}</p>}
      {link?.secureData !== undefined && <p className={styles.quiet}>{t("cloud.secured")}</p>}
      {error !== null && <ErrorMessage error={error} />}
      {isLoading && <Spinner size="tiny" />}
      {data !== undefined && <Json value={data} label={title} />}
    </section>
  );
}
