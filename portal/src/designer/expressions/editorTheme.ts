/** The look of text editors, which follows the theme of the page. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { tokens } from "@fluentui/react-components";

const look = EditorView.theme({
  "&": {
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusMedium,
    fontSize: "13px",
  },
  "&.cm-focused": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  ".cm-content": { fontFamily: tokens.fontFamilyMonospace, caretColor: tokens.colorNeutralForeground1 },
  ".cm-placeholder": { color: tokens.colorNeutralForeground3 },
  ".cm-gutters": { backgroundColor: tokens.colorNeutralBackground2, color: tokens.colorNeutralForeground3, border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: tokens.colorSubtleBackgroundHover },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: `${tokens.colorBrandBackground2Pressed} !important` },
  ".cm-tooltip": {
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
  },
  ".cm-tooltip-autocomplete > ul > li": { padding: "4px 8px !important", lineHeight: "18px" },
  ".cm-completionInfo": { maxWidth: "320px", padding: "6px 8px" },
  ".cm-collapsedLines": {
    color: `${tokens.colorNeutralForeground2} !important`,
    background: `${tokens.colorNeutralBackground3} !important`,
    padding: "4px 8px",
  },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: "'⋯' !important" },
  ".cm-changedLine": { backgroundColor: `${tokens.colorPaletteYellowBackground1} !important` },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: tokens.colorBrandForeground1 },
  { tag: tags.string, color: tokens.colorPaletteGreenForeground2 },
  { tag: [tags.number, tags.bool, tags.null], color: tokens.colorPaletteBerryForeground1 },
]);

/** Measures lines again when their size changes after the first look at them, as fonts and styles come late. */
const measuring = ViewPlugin.define((view) => {
  const observer = new ResizeObserver(() => view.requestMeasure());
  observer.observe(view.contentDOM);
  return { destroy: () => observer.disconnect() };
});

export function editorTheme(): Extension {
  return [withNonce(), look, syntaxHighlighting(colours), measuring];
}

/** Styles that are made at run time carry the nonce that the page came with. */
export function withNonce(): Extension {
  const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
  return EditorView.cspNonce.of(nonce);
}
