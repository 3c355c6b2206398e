import { Suspense, lazy } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { NameDialog } from "@/components/NameDialog";
import { RunDialog } from "@/components/run/RunDialog";
import * as edits from "@/designer/model/desktop/edits";
import { isName } from "@/designer/model/desktop/parameters";
import { t } from "@/strings/text";
import { BreakpointDialog } from "./BreakpointDialog";
import { DebugInputs } from "./DebugInputs";
import { useDesigner } from "./designer";
import { forgetDraft } from "./localDraft";
import { GoToDialog } from "./GoToDialog";
import { PickVariable } from "./PickVariable";
import { QuickAdd } from "./QuickAdd";
import { RenameDialog } from "./RenameDialog";
import { UnusedDialog } from "./UnusedDialog";
import type { Layer } from "./useLook";
import { PublishDialog } from "./versions/PublishDialog";

// It brings the editor of texts along, which most visits do without.
const ConflictDialog = lazy(() => import("./ConflictDialog").then((one) => ({ default: one.ConflictDialog })));

/** The dialog that is open, if one is. */
export function Layers() {
  const { look } = useDesigner();
  return <Suspense>{look.layer !== undefined && <Shown layer={look.layer} />}</Suspense>;
}

function Shown({ layer }: { readonly layer: Layer }) {
  const { rows, groups, look, flowId, debugging } = useDesigner();
  switch (layer.kind) {
    case "add":
      return <QuickAdd groups={groups} onInsert={(form) => rows.insert(form, layer.at)} onClose={look.close} />;
    case "subflow":
      return <NewSubflow />;
    case "deleteSubflow":
      return <DeleteSubflow name={layer.name} />;
    case "rename":
      return <RenameDialog variable={layer.variable} />;
    case "pickVariable":
      return <PickVariable {...layer} />;
    case "breakpoint":
      return <BreakpointDialog rowKey={layer.key} />;
    case "goTo":
      return <GoToDialog inText={layer.inText} />;
    case "unused":
      return <UnusedDialog />;
    case "conflict":
      return <Conflict message={layer.message} />;
    case "publishWithNote":
      return <PublishDialog />;
    case "inputs":
      return <DebugInputs beginning={layer.beginning} />;
    case "run":
      return (
        <RunDialog
          flowId={flowId}
          onStarted={(id) => {
            debugging.follow(id);
            look.close();
          }}
          onClose={look.close}
        />
      );
  }
}

function NewSubflow() {
  const { document, dispatch, look } = useDesigner();
  const add = async (name: string) => {
    if (!isName(name)) throw new Error(t("desktop.notAName"));
    if (document.subflows.some((one) => one.name.toLowerCase() === name.toLowerCase())) throw new Error(t("desktop.subflowTaken"));
    dispatch({ type: "edit", change: (before) => edits.addSubflow(before, name) });
    dispatch({ type: "open", subflow: name });
  };
  return <NameDialog title={t("desktop.newSubflow")} label={t("desktop.subflowName")} action={t("desktop.addSubflow")} onName={add} onClose={look.close} />;
}

function DeleteSubflow({ name }: { readonly name: string }) {
  const { subflow, dispatch, look } = useDesigner();
  return (
    <ConfirmDialog
      title={t("desktop.deleteSubflowTitle", { name })}
      action={t("desktop.deleteSubflow")}
      onConfirm={async () => dispatch({ type: "edit", change: (before) => edits.removeSubflow(before, name) })}
      onClose={look.close}
    >
      <p>{t("desktop.deleteSubflowText", { count: subflow.rows.length })}</p>
    </ConfirmDialog>
  );
}

function Conflict({ message }: { readonly message: string }) {
  const { flowId, saving, text, look, leave } = useDesigner();
  return (
    <ConflictDialog
      flowId={flowId}
      name={saving.server.name}
      message={message}
      mine={text}
      onCopied={(id) => {
        forgetDraft(flowId);
        leave.openFlow(id);
      }}
      onReload={() => {
        forgetDraft(flowId);
        leave.reload();
      }}
      onClose={look.close}
    />
  );
}
