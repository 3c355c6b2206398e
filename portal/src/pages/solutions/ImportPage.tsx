import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type Inspection } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { t } from "@/strings/text";
import { proposed, type Bindings } from "./bindings";
import { BroughtFlows } from "./BroughtFlows";
import { FileStep } from "./FileStep";
import { MapStep } from "./MapStep";

const useStyles = makeStyles({
  progress: { margin: 0, color: tokens.colorNeutralForeground2 },
  buttons: { display: "flex", gap: "8px" },
  summary: { margin: 0 },
  link: { color: tokens.colorBrandForegroundLink },
});

export interface UploadedFile {
  readonly fileName: string;
  readonly content: string;
}

type Step = "file" | "inside" | "map" | "result";
const STEPS: readonly Step[] = ["file", "inside", "map", "result"];

/** Brings flows from a file: what is inside, what of it would run here, where it signs in, and what came of it. */
export function ImportPage() {
  const styles = useStyles();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>("file");
  const [file, setFile] = useState<UploadedFile>();
  const [bindings, setBindings] = useState<Bindings>({});
  const [variables, setVariables] = useState<Readonly<Record<string, string>>>({});
  const inspect = useMutation({
    mutationFn: (upload: UploadedFile) => portal("POST /solutions/inspect", { body: upload }),
    onSuccess: (found) => {
      setBindings(Object.fromEntries(found.references.filter((one) => one.connection !== null).map((one) => [one.logicalName, one.connection ?? ""])));
      setVariables(Object.fromEntries(found.variables.filter((one) => !one.isSet).map((one) => [one.schemaName, one.value ?? one.default ?? ""])));
      setStep("inside");
    },
  });
  const store = useMutation({
    mutationFn: (upload: UploadedFile) =>
      portal("POST /solutions/import", {
        body: {
          ...upload,
          bindings: Object.fromEntries(Object.entries(bindings).filter(([, name]) => name !== "")),
          variables: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== "")),
        },
      }),
    onSuccess: async () => {
      setStep("result");
      await queries.invalidateQueries();
    },
  });
  const found = inspect.data;
  const map = async (inspection: Inspection) => {
    // Without an answer nothing is proposed, and the next step says why there is nothing to choose from.
    const known = await queries.fetchQuery(endpointQuery("GET /connections")).catch(() => undefined);
    setBindings((chosen) => proposed(inspection.references, known?.items ?? [], chosen));
    setStep("map");
  };
  const again = () => {
    setFile(undefined);
    inspect.reset();
    store.reset();
    setStep("file");
  };
  return (
    <Page title={t("import.title")} crumbs={[{ text: t("solutions.title"), to: addressOf.solutions }]}>
      <p className={styles.progress} role="status">
        {t("import.progress", { step: STEPS.indexOf(step) + 1, steps: STEPS.length, name: t(`import.step.${step}`) })}
      </p>
      {step === "file" && (
        <FileStep
          reading={inspect.isPending ? (file?.fileName ?? "") : undefined}
          error={inspect.error}
          onFile={(upload) => {
            setFile(upload);
            inspect.mutate(upload);
          }}
        />
      )}
      {step === "inside" && found !== undefined && (
        <Panel title={titleOf(found)}>
          <p className={styles.summary}>{summaryOf(found)}</p>
          <BroughtFlows flows={found.flows} />
          <div className={styles.buttons}>
            <Button onClick={again}>{t("import.back")}</Button>
            <Button appearance="primary" autoFocus disabledFocusable={found.flows.length === 0} onClick={() => void map(found)}>
              {t("import.next")}
            </Button>
          </div>
        </Panel>
      )}
      {step === "map" && found !== undefined && file !== undefined && (
        <MapStep
          found={found}
          bindings={bindings}
          variables={variables}
          onBindings={setBindings}
          onVariables={setVariables}
          error={store.error}
          isStoring={store.isPending}
          onBack={() => setStep("inside")}
          onStore={() => store.mutate(file)}
        />
      )}
      {step === "result" && store.data !== undefined && <Result result={store.data} onAgain={again} />}
    </Page>
  );
}

function titleOf({ solution, version, flows }: Inspection): string {
  return solution === null ? t("import.summary", { flows: flows.length }) : t("import.solution", { name: solution, version: version ?? "" });
}

function summaryOf({ flows, references, variables }: Inspection): string {
  const parts = [
    t("import.summary", { flows: flows.length }),
    references.length > 0 && t("import.summaryReferences", { count: references.length }),
    variables.length > 0 && t("import.summaryVariables", { count: variables.length }),
  ];
  return parts.filter(Boolean).join(", ");
}

function Result({ result, onAgain }: { readonly result: Inspection; readonly onAgain: () => void }) {
  const styles = useStyles();
  const open = result.references.filter((one) => one.connection === null);
  return (
    <Panel title={t("import.done", { count: result.flows.length })}>
      {result.flows.some((flow) => flow.kind === "cloud") && <p className={styles.summary}>{t("import.doneOff")}</p>}
      {open.length > 0 && (
        <p className={styles.summary}>
          {t("import.unbound", { count: open.length })}{" "}
          <Link {...toPage(`${addressOf.connections}?tab=references`)} className={styles.link}>
            {t("import.bindNow")}
          </Link>
        </p>
      )}
      <BroughtFlows flows={result.flows} links />
      <div className={styles.buttons}>
        <Button autoFocus onClick={onAgain}>
          {t("import.another")}
        </Button>
      </div>
    </Panel>
  );
}
