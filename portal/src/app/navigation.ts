/** The pages of the rail, in its order. */
import {
  AddSquare20Regular,
  Box20Regular,
  DataUsage20Regular,
  Database20Regular,
  Flowchart20Regular,
  Home20Regular,
  PersonFeedback20Regular,
  Settings20Regular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { TextKey } from "@/strings/text";

export interface Place {
  readonly text: TextKey;
  readonly to: string;
  /** The letter after `g` that leads there. */
  readonly key?: string;
}

export interface Section extends Place {
  readonly icon: FluentIcon;
  readonly places?: readonly Place[];
  readonly forAdministrators?: boolean;
}

const environment = "/e/default";

export const SECTIONS: readonly Section[] = [
  { text: "nav.home", to: environment, icon: Home20Regular, key: "h" },
  { text: "nav.create", to: `${environment}/create`, icon: AddSquare20Regular },
  {
    text: "nav.myFlows",
    to: `${environment}/cloudflows`,
    icon: Flowchart20Regular,
    places: [
      { text: "nav.cloudFlows", to: `${environment}/cloudflows`, key: "c" },
      { text: "nav.desktopFlows", to: `${environment}/desktopflows`, key: "d" },
    ],
  },
  { text: "nav.approvals", to: `${environment}/approvals`, icon: PersonFeedback20Regular },
  {
    text: "nav.monitor",
    to: `${environment}/runs`,
    icon: DataUsage20Regular,
    places: [
      { text: "nav.activity", to: `${environment}/activity` },
      { text: "nav.cloudRuns", to: `${environment}/cloudruns` },
      { text: "nav.desktopRuns", to: `${environment}/runs`, key: "r" },
      { text: "nav.queue", to: `${environment}/queue`, key: "q" },
      { text: "nav.machines", to: `${environment}/machines`, key: "m" },
    ],
  },
  {
    text: "nav.data",
    to: `${environment}/connections`,
    icon: Database20Regular,
    places: [
      { text: "nav.connections", to: `${environment}/connections` },
      { text: "nav.credentials", to: `${environment}/credentials` },
      { text: "nav.variables", to: `${environment}/variables` },
    ],
  },
  { text: "nav.solutions", to: `${environment}/solutions`, icon: Box20Regular },
  { text: "nav.admin", to: "/admin", icon: Settings20Regular, forAdministrators: true },
];

/** Every page of the rail, sections with pages below them left out. */
export function places(isAdministrator: boolean): readonly Place[] {
  return SECTIONS.filter((one) => isAdministrator || one.forAdministrators !== true).flatMap((one) => one.places ?? [one]);
}

