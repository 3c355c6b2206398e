import {
  ArrowRepeatAll20Regular,
  BranchFork20Regular,
  BracesVariable20Regular,
  CalendarClock20Regular,
  CursorClick20Regular,
  Desktop20Regular,
  Flash20Regular,
  Globe20Regular,
  GroupList20Regular,
  Mail20Regular,
  PlugConnected20Regular,
  StopRegular,
  TextBulletListSquare20Regular,
  Timer20Regular,
  type FluentIcon,
} from "@fluentui/react-icons";
import { createElement } from "react";
import { calledBy } from "@/designer/model/cloud/offers";
import type { FlowDocument } from "@/designer/model/cloud/document";
import type { JsonObject } from "@/designer/model/cloud/json";
import { typeOf } from "@/designer/model/cloud/structure";

const ICONS: Readonly<Record<string, FluentIcon>> = {
  if: BranchFork20Regular,
  switch: BranchFork20Regular,
  foreach: ArrowRepeatAll20Regular,
  until: ArrowRepeatAll20Regular,
  scope: GroupList20Regular,
  initializevariable: BracesVariable20Regular,
  setvariable: BracesVariable20Regular,
  incrementvariable: BracesVariable20Regular,
  decrementvariable: BracesVariable20Regular,
  appendtostringvariable: BracesVariable20Regular,
  appendtoarrayvariable: BracesVariable20Regular,
  http: Globe20Regular,
  httpwebhook: Globe20Regular,
  response: Globe20Regular,
  wait: Timer20Regular,
  terminate: StopRegular,
  request: CursorClick20Regular,
  manual: CursorClick20Regular,
  recurrence: CalendarClock20Regular,
  slidingwindow: CalendarClock20Regular,
};

const CONNECTORS: Readonly<Record<string, FluentIcon>> = {
  shared_uiflow: Desktop20Regular,
  shared_office365: Mail20Regular,
  shared_sendmail: Mail20Regular,
};

/** Return the icon of a built-in action type, or of a connector. */
export function iconOf(type: string, connector?: string): FluentIcon {
  if (connector !== undefined) return CONNECTORS[connector.toLowerCase()] ?? PlugConnected20Regular;
  return ICONS[type.toLowerCase()] ?? TextBulletListSquare20Regular;
}

interface StepIconProps {
  readonly step: JsonObject;
  readonly document: FlowDocument;
  readonly isTrigger?: boolean;
}

export function StepIcon({ step, document, isTrigger = false }: StepIconProps) {
  const called = calledBy(step, document);
  const found = iconOf(typeOf(step), called?.api);
  return createElement(isTrigger && found === TextBulletListSquare20Regular ? Flash20Regular : found, { "aria-hidden": true });
}
