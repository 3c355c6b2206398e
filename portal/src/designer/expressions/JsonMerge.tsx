import { json } from "@codemirror/lang-json";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { makeStyles, tokens } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { editorTheme } from "./editorTheme";
import { spoken } from "@/strings/visible";

const useStyles = makeStyles({
  heads: { display: "grid", gridTemplateColumns: "1fr 1fr", fontWeight: tokens.fontWeightSemibold, marginBottom: "4px" },
  merge: { maxHeight: "55vh", overflow: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
});

interface JsonMergeProps {
  readonly left: string;
  readonly right: string;
  readonly names: readonly [string, string];
  /** Takes what is made of the right side; without it, both are only shown. */
  readonly onRight?: (text: string) => void;
}

/** Two texts of JSON side by side, with what differs marked and what is the same folded. */
export function JsonMerge({ left, right, names, onRight }: JsonMergeProps) {
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  const begun = useRef({ left, right, names, onRight });
  useEffect(() => {
    if (place.current === null) return;
    const { left: before, right: after, names: labels, onRight: give } = begun.current;
    const common = [json(), lineNumbers(), EditorView.lineWrapping, editorTheme()];
    const view = new MergeView({
      parent: place.current,
      a: { doc: before, extensions: [...common, EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-label": spoken(labels[0]) })] },
      b: {
        doc: after,
        extensions: [
          ...common,
          EditorState.readOnly.of(give === undefined),
          EditorView.contentAttributes.of({ "aria-label": spoken(labels[1]) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) give?.(update.state.doc.toString());
          }),
        ],
      },
      ...(give === undefined ? {} : { revertControls: "a-to-b" as const }),
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => view.destroy();
  }, []);
  return (
    <>
      <div className={styles.heads}>
        <span>{names[0]}</span>
        <span>{names[1]}</span>
      </div>
      <div ref={place} className={styles.merge} />
    </>
  );
}

/** Return JSON as text with a member a line. */
export function prettyJson(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}
