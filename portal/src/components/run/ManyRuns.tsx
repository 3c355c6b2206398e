import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, ProgressBar, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, ErrorCircle16Filled } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { RunRow } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { actOn, fitting, withEach, type RunVerb, type Told } from "./manyRuns";

const MOST_NAMED = 8;

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "12px" },
  text: { margin: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "6px", maxHeight: "40vh", overflow: "auto" },
  item: { display: "grid", gridTemplateColumns: "20px minmax(0, 1fr)", gap: "4px", alignItems: "start", overflowWrap: "anywhere" },
  good: { color: tokens.colorPaletteGreenForeground1, marginTop: "2px" },
  bad: { color: tokens.colorPaletteRedForeground1, marginTop: "2px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
});

interface ManyRunsProps {
  readonly verb: RunVerb;
  /** The runs that are selected; with some of them nothing may be to be done. */
  readonly runs: readonly RunRow[];
  readonly onClose: () => void;
}

/** Asks before something is done with runs, does it with one after the other, and says of each what happened. */
export function ManyRuns({ verb, runs, onClose }: ManyRunsProps) {
  const styles = useStyles();
  const queries = useQueryClient();
  const [chosen] = useState(() => fitting(verb, runs));
  const [told, setTold] = useState<ReadonlyMap<string, Told>>(new Map());
  const [stage, setStage] = useState<"asking" | "acting" | "done">("asking");
  const stop = useRef(new AbortController());
  const problems = [...told.values()].filter((one) => "problem" in one).length;
  const counts = { done: told.size, all: chosen.length, count: chosen.length, good: told.size - problems, problems };
  const close = () => {
    stop.current.abort();
    onClose();
  };
  const act = async () => {
    setStage("acting");
    await withEach(chosen, (run) => actOn(verb, run), (run, what) => setTold((before) => new Map(before).set(run.id, what)), stop.current.signal);
    await queries.invalidateQueries();
    setStage("done");
  };
  return (
    <Dialog open modalType="alert" onOpenChange={close}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t(`many.${verb}.title`, counts)}</DialogTitle>
          <DialogContent className={styles.content}>
            {stage === "asking" && <p className={styles.text}>{t(`many.${verb}.text`)}</p>}
            {stage !== "asking" && (
              <>
                <ProgressBar value={chosen.length === 0 ? 1 : told.size / chosen.length} aria-label={t("many.progress", counts)} />
                <p className={styles.text} role="status">
                  {t(stage === "acting" ? "many.progress" : problems > 0 ? "many.someFailed" : "many.allDone", counts)}
                </p>
              </>
            )}
            <ul className={styles.list}>
              {chosen.slice(0, stage === "asking" ? MOST_NAMED : chosen.length).map((run) => (
                <li key={run.id} className={styles.item}>
                  <Mark told={told.get(run.id)} />
                  <Line run={run} told={told.get(run.id)} />
                </li>
              ))}
              {stage === "asking" && chosen.length > MOST_NAMED && <li>{t("common.andMore", { count: chosen.length - MOST_NAMED })}</li>}
            </ul>
          </DialogContent>
          <DialogActions>
            <Button autoFocus onClick={close}>
              {t(stage === "done" ? "common.close" : stage === "acting" ? "many.stop" : `many.${verb}.dismiss`)}
            </Button>
            {stage === "asking" && (
              <Button appearance="primary" onClick={() => void act()}>
                {t(`many.${verb}.action`, counts)}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Mark({ told }: { readonly told: Told | undefined }) {
  const styles = useStyles();
  if (told === undefined) return <span />;
  return "problem" in told ? <ErrorCircle16Filled className={styles.bad} aria-hidden /> : <CheckmarkCircle16Filled className={styles.good} aria-hidden />;
}

/** A run with what became of it. */
function Line({ run, told }: { readonly run: RunRow; readonly told: Told | undefined }) {
  const styles = useStyles();
  return (
    <span>
      <UserText>{run.flowName}</UserText>{" "}
      <span className={styles.quiet}>
        <Time at={run.requestedOn} />
      </span>
      {told !== undefined && "problem" in told && <UserText> – {told.problem}</UserText>}
      {told !== undefined && "made" in told && told.made === null && <> – {t("many.asked")}</>}
      {told !== undefined && "made" in told && told.made !== null && (
        <>
          {" – "}
          <Link {...toPage(addressOf.cloudRun(run.flowId ?? "", told.made))} className={styles.link}>
            {t("many.made", { name: told.made })}
          </Link>
        </>
      )}
    </span>
  );
}
