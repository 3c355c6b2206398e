import { Button, Spinner, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { request } from "@/api/client";
import { readNext, runAddress, type Listed, type Linked, type ManagedAction, type ManagedRun, type Repetition } from "@/api/management";
import { addressOf, toPage } from "@/components/addresses";
import { ErrorMessage } from "@/components/ErrorMessage";
import { StatusBadge } from "@/components/StatusBadge";
import { Duration, Elapsed } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { spoken, visible } from "@/strings/visible";
import { Content } from "./Content";
import { shownStatus } from "./statuses";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  item: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, ":last-child": { borderBottom: "none" } },
  row: {
    display: "grid",
    gridTemplateColumns: "auto minmax(0, 1fr) auto 84px",
    gap: "12px",
    alignItems: "center",
    width: "100%",
    minHeight: "36px",
    padding: "4px 8px 4px 4px",
    font: "inherit",
    color: "inherit",
    textAlign: "start",
    background: "none",
    border: "none",
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground2 },
  time: { textAlign: "end" },
  inside: { display: "flex", flexDirection: "column", gap: "8px", padding: "4px 0 12px 28px" },
  error: { margin: 0, color: tokens.colorPaletteRedForeground1, overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  /** Why it was skipped is no fault of its own. */
  skipped: { margin: 0, color: tokens.colorNeutralForeground2, overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  link: { color: tokens.colorBrandForegroundLink },
});

const REPETITIONS = 50;

/** The actions of a run, in the order in which they began. */
export function Actions({ flowId, run }: { readonly flowId: string; readonly run: ManagedRun }) {
  const styles = useStyles();
  const actions = Object.entries(run.properties.actions ?? {}).sort(([, one], [, other]) => one.startTime.localeCompare(other.startTime));
  if (actions.length === 0) return <p className={styles.quiet}>{t("cloudRun.noActions")}</p>;
  return (
    <ul className={styles.list}>
      {actions.map(([name, action]) => (
        <ActionItem key={name} title={name} action={action}>
          {action.repetitionCount !== undefined ? (
            <Repetitions address={`${runAddress(flowId, run.name)}/actions/${encodeURIComponent(name)}`} />
          ) : undefined}
        </ActionItem>
      ))}
    </ul>
  );
}

interface ActionItemProps {
  readonly title: string;
  readonly action: ManagedAction;
  /** What stands below it in the place of inputs and outputs. */
  readonly children?: React.ReactNode;
}

function ActionItem({ title, action, children }: ActionItemProps) {
  const styles = useStyles();
  const [shown, setShown] = useState(false);
  const times = action.repetitionCount ?? action.iterationCount;
  return (
    <li className={styles.item}>
      <button type="button" className={styles.row} aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
        <span className={styles.name} title={spoken(title)}>
          <UserText>{title.replaceAll("_", " ")}</UserText>{" "}
          {times !== undefined && <span className={styles.quiet}>{t("cloudRun.repetitions", { count: times })}</span>}
        </span>
        <StatusBadge status={shownStatus(action.status)} />
        <span className={mergeClasses(styles.time, styles.quiet)}>
          {action.endTime === undefined ? (
            <Elapsed since={action.startTime} />
          ) : (
            <Duration ms={Date.parse(action.endTime) - Date.parse(action.startTime)} />
          )}
        </span>
      </button>
      {!shown && action.error?.message !== undefined && <Fault action={action} />}
      {!shown && action.waiting !== undefined && <Waits action={action} />}
      {shown && (
        <div className={styles.inside}>
          {action.error?.message !== undefined && <Fault action={action} />}
          {action.waiting !== undefined && <Waits action={action} />}
          {action.linked !== undefined && <LinkedRun linked={action.linked} />}
          {action.retryHistory !== undefined && <span className={styles.quiet}>{t("cloudRun.retries", { count: action.retryHistory.length })}</span>}
          {children ?? (
            <>
              <Content title={t("cloudRun.inputs")} link={action.inputsLink} />
              <Content title={t("cloudRun.outputs")} link={action.outputsLink} />
            </>
          )}
        </div>
      )}
    </li>
  );
}

function Fault({ action: { error, status } }: { readonly action: ManagedAction }) {
  const styles = useStyles();
  return (
    <p className={status === "Skipped" ? styles.skipped : styles.error} dir="auto">
      {visible([error?.code, error?.message].filter(Boolean).join(": "))}
    </p>
  );
}

function Waits({ action: { waiting } }: { readonly action: ManagedAction }) {
  const styles = useStyles();
  return (
    <p className={styles.quiet} dir="auto">
      {visible(waiting?.message ?? "")}
    </p>
  );
}

function LinkedRun({ linked }: { readonly linked: Linked }) {
  const styles = useStyles();
  if (linked.type === "flowsession") {
    return (
      <Link {...toPage(addressOf.desktopRun(linked.id))} className={styles.link}>
        {t("cloudRun.linkedDesktop")} {linked.id.slice(0, 8)}
      </Link>
    );
  }
  return (
    <span>
      {t("cloudRun.linkedCloud")} {linked.name ?? linked.id}
    </span>
  );
}

/** What an action in a loop did each time, page by page. */
function Repetitions({ address }: { readonly address: string }) {
  const styles = useStyles();
  const query = useInfiniteQuery({
    queryKey: ["repetitions", address],
    queryFn: ({ pageParam, signal }) =>
      pageParam === null
        ? request<Listed<Repetition>>(`${address}/repetitions`, { query: { $top: REPETITIONS }, signal })
        : readNext<Repetition>(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextLink ?? null,
    meta: { topics: ["cloudruns"] },
  });
  if (query.error !== null) return <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Spinner size="tiny" label={t("common.loading")} labelPosition="after" />;
  return (
    <>
      <ul className={styles.list}>
        {query.data.pages
          .flatMap((page) => page.value)
          .map(({ name, properties }) => (
            <ActionItem key={name} title={t("cloudRun.iteration", { name: name.split("-").map(Number).map((one) => one + 1).join(".") })} action={properties} />
          ))}
      </ul>
      {query.hasNextPage && (
        <div>
          <Button size="small" disabledFocusable={query.isFetching} onClick={() => void query.fetchNextPage()}>
            {t("cloudRun.moreRepetitions")}
          </Button>
        </div>
      )}
    </>
  );
}
