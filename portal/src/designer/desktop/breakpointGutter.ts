/** Breakpoints beside the lines of a text, and the line where a run is. */
import { StateEffect, StateField, type Extension, type EditorState } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, type DecorationSet } from "@codemirror/view";
import { tokens } from "@fluentui/react-components";
import type { Rule } from "@/designer/model/desktop/breakpoints";
import { t } from "@/strings/text";
import { dotOf, ruleText } from "./debugText";

interface Shown {
  readonly breakpoints: ReadonlyMap<number, Rule>;
  readonly runLine: number | undefined;
}

/** Shows other breakpoints, or another line of the run. */
export const showRun = StateEffect.define<Shown>();

const shown = StateField.define<Shown>({
  create: () => ({ breakpoints: new Map(), runLine: undefined }),
  update: (value, transaction) => transaction.effects.reduce((before, effect) => (effect.is(showRun) ? effect.value : before), value),
  provide: (field) => EditorView.decorations.from(field, (value) => (view) => lineOfRun(view.state, value)),
});

const runLine = Decoration.line({ class: "cm-runLine" });

function lineOfRun(state: EditorState, { runLine: line }: Shown): DecorationSet {
  return line === undefined || line > state.doc.lines ? Decoration.none : Decoration.set(runLine.range(state.doc.line(line).from));
}

class Dot extends GutterMarker {
  readonly text: string;
  readonly kind: string;

  constructor(rule?: Rule) {
    super();
    this.text = rule === undefined ? t("debug.toggleBreakpoint") : ruleText(rule);
    this.kind = rule === undefined ? "off" : `on cm-breakpoint-${dotOf(rule)}`;
  }

  override eq(other: Dot): boolean {
    return other.kind === this.kind && other.text === this.text;
  }

  override toDOM(): HTMLElement {
    const dot = document.createElement("div");
    dot.className = `cm-breakpoint-${this.kind}`;
    dot.title = this.text;
    return dot;
  }
}

const OFF = new Dot();

const look = EditorView.theme({
  ".cm-breakpoints .cm-gutterElement": { width: "20px", display: "flex", alignItems: "center", justifyContent: "center", cursor: "pointer" },
  ".cm-breakpoint-on, .cm-breakpoint-off": { width: "11px", height: "11px", borderRadius: "50%", boxSizing: "border-box" },
  ".cm-breakpoint-on": { backgroundColor: tokens.colorPaletteRedBackground3 },
  ".cm-breakpoint-asks::after": { content: "''", display: "block", width: "5px", height: "2px", margin: "4.5px 3px", backgroundColor: tokens.colorNeutralForegroundOnBrand },
  ".cm-breakpoint-logs": { borderRadius: "1px", transform: "rotate(45deg) scale(0.85)" },
  ".cm-breakpoints .cm-gutterElement:hover .cm-breakpoint-off": { border: `2px solid ${tokens.colorPaletteRedBackground3}` },
  ".cm-runLine": { backgroundColor: `${tokens.colorPaletteYellowBackground1} !important` },
});

interface GutterHandlers {
  readonly toggle: (line: number) => void;
  readonly edit: (line: number) => void;
}

/** The gutter: a click at a line toggles its breakpoint, the other mouse button edits it. */
export function breakpointGutter({ toggle, edit }: GutterHandlers): Extension {
  return [
    shown,
    look,
    gutter({
      class: "cm-breakpoints",
      lineMarker: (view, line) => {
        const rule = view.state.field(shown).breakpoints.get(view.state.doc.lineAt(line.from).number);
        return rule === undefined ? OFF : new Dot(rule);
      },
      lineMarkerChange: (update) => update.startState.field(shown) !== update.state.field(shown),
      domEventHandlers: {
        mousedown: (view, line, event) => {
          if (event instanceof MouseEvent && event.button !== 0) return false;
          toggle(view.state.doc.lineAt(line.from).number);
          return true;
        },
        contextmenu: (view, line, event) => {
          event.preventDefault();
          edit(view.state.doc.lineAt(line.from).number);
          return true;
        },
      },
    }),
  ];
}
