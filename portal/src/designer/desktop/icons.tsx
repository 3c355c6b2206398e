/** The icon of a row, by what it does. */
import { createElement } from "react";
import {
  ArrowRepeatAll20Regular,
  BracesVariable20Regular,
  BranchFork20Regular,
  CalendarClock20Regular,
  Clock20Regular,
  Comment20Regular,
  DocumentText20Regular,
  Flash20Regular,
  Flow20Regular,
  Folder20Regular,
  NotepadEdit20Regular,
  ShieldError20Regular,
  Tag20Regular,
  TextT20Regular,
  Timer20Regular,
  type FluentIcon,
} from "@fluentui/react-icons";

const STATEMENTS: Readonly<Record<string, FluentIcon>> = {
  SET: BracesVariable20Regular,
  IF: BranchFork20Regular,
  ELSE: BranchFork20Regular,
  SWITCH: BranchFork20Regular,
  CASE: BranchFork20Regular,
  DEFAULT: BranchFork20Regular,
  LOOP: ArrowRepeatAll20Regular,
  NEXT: ArrowRepeatAll20Regular,
  CALL: Flow20Regular,
  BLOCK: ShieldError20Regular,
  LABEL: Tag20Regular,
  GOTO: Tag20Regular,
  WAIT: Timer20Regular,
  "#": Comment20Regular,
};
const MODULES: Readonly<Record<string, FluentIcon>> = {
  Variables: BracesVariable20Regular,
  File: DocumentText20Regular,
  Folder: Folder20Regular,
  Text: TextT20Regular,
  DateTime: CalendarClock20Regular,
  Logging: NotepadEdit20Regular,
  External: Flow20Regular,
  Workstation: Clock20Regular,
};

function iconOf(name: string): FluentIcon {
  const [module = ""] = name.split(".");
  const [word = ""] = name.split(" ");
  return (name.includes(".") ? MODULES[module] : STATEMENTS[word]) ?? Flash20Regular;
}

export function RowIcon({ name }: { readonly name: string }) {
  return createElement(iconOf(name));
}
