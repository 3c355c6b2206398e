import { makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { JsonEditor } from "@/designer/expressions/JsonEditor";
import { definitionPath } from "@/designer/model/cloud/document";
import type { Json } from "@/designer/model/cloud/json";
import { t } from "@/strings/text";
import { useDesigner } from "./context";

const useStyles = makeStyles({
  view: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0 },
  editor: { flex: "1 1 auto", minHeight: 0 },
  problem: { margin: 0, padding: "6px 12px", color: tokens.colorPaletteRedForeground1 },
});

/** The whole document as text. What is typed counts as soon as it is JSON with a definition. */
export function CodeView() {
  const styles = useStyles();
  const { document, editDocument, readOnly } = useDesigner();
  const [problem, setProblem] = useState<string>();
  const give = (text: string) => {
    try {
      const root = JSON.parse(text) as Json;
      const path = definitionPath(root);
      setProblem(path === undefined ? t("cloud.codeNoDefinition") : undefined);
      if (path !== undefined) editDocument(() => ({ root, path }), "code view");
    } catch (error) {
      setProblem(t("cloud.codeWrong", { problem: (error as Error).message }));
    }
  };
  return (
    <div className={styles.view}>
      <div className={styles.editor}>
        <JsonEditor label={t("cloud.codeWhole")} value={JSON.stringify(document.root, null, 2)} readOnly={readOnly} onChange={give} />
      </div>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
