/** The panes at the right of the designer and below it. To add one is to add a line here. */
import { BracesVariable20Regular, History20Regular, Image20Regular, SquareHint20Regular } from "@fluentui/react-icons";
import type { ComponentType, ReactElement } from "react";
import { t, type TextKey } from "@/strings/text";
import { ElementsPane } from "./ElementsPane";
import { FindPane } from "./FindPane";
import { ImagesPane } from "./ImagesPane";
import { ProblemsPane, ProblemsTitle } from "./ProblemsPane";
import { RunPane } from "./RunPane";
import { VariablesPane } from "./VariablesPane";
import { VersionsPane } from "./versions/VersionsPane";

/** A pane behind a tab; what it shows it asks of `useDesigner`. */
export interface SidePane {
  readonly id: string;
  readonly title: TextKey;
  readonly icon: ReactElement;
  readonly Body: ComponentType;
}

export interface BottomPane {
  readonly id: string;
  readonly Title: ComponentType;
  readonly Body: ComponentType;
}

export const SIDE_PANES: readonly SidePane[] = [
  { id: "variables", title: "desktop.variables", icon: <BracesVariable20Regular />, Body: VariablesPane },
  { id: "elements", title: "elements.title", icon: <SquareHint20Regular />, Body: ElementsPane },
  { id: "images", title: "images.title", icon: <Image20Regular />, Body: ImagesPane },
  { id: "versions", title: "versions.title", icon: <History20Regular />, Body: VersionsPane },
];

export const BOTTOM_PANES: readonly BottomPane[] = [
  { id: "problems", Title: ProblemsTitle, Body: ProblemsPane },
  { id: "find", Title: () => t("finding.results"), Body: FindPane },
  { id: "run", Title: () => t("desktop.output_"), Body: RunPane },
];
