/** Every text of the portal, in English. Each part of the portal keeps its own below `en/`. */
import { admin } from "./en/admin";
import { cloudChips } from "./en/cloudChips";
import { cloudCopies } from "./en/cloudCopies";
import { attention } from "./en/attention";
import { cloudDesigner } from "./en/cloudDesigner";
import { cloudSteps } from "./en/cloudSteps";
import { cloudVersions } from "./en/cloudVersions";
import { components } from "./en/components";
import { connections } from "./en/connections";
import { copies } from "./en/copies";
import { desktopDebugging } from "./en/desktopDebugging";
import { desktopDesigner } from "./en/desktopDesigner";
import { desktopElements } from "./en/desktopElements";
import { desktopFinding } from "./en/desktopFinding";
import { desktopRows } from "./en/desktopRows";
import { desktopVersions } from "./en/desktopVersions";
import { detailTexts } from "./en/details";
import { flows } from "./en/flows";
import { groups } from "./en/groups";
import { home } from "./en/home";
import { machines } from "./en/machines";
import { manyRuns } from "./en/manyRuns";
import { onError } from "./en/onError";
import { people } from "./en/people";
import { retention } from "./en/retention";
import { runLog } from "./en/runLog";
import { runs } from "./en/runs";
import { settings } from "./en/settings";
import { sharing } from "./en/sharing";
import { shell } from "./en/shell";
import { solutions } from "./en/solutions";

export const en = {
  ...admin,
  ...cloudChips,
  ...cloudCopies,
  ...attention,
  ...cloudDesigner,
  ...cloudSteps,
  ...cloudVersions,
  ...components,
  ...connections,
  ...copies,
  ...desktopDebugging,
  ...desktopDesigner,
  ...desktopElements,
  ...desktopFinding,
  ...desktopRows,
  ...desktopVersions,
  ...detailTexts,
  ...flows,
  ...groups,
  ...home,
  ...machines,
  ...manyRuns,
  ...onError,
  ...people,
  ...retention,
  ...runLog,
  ...runs,
  ...settings,
  ...sharing,
  ...shell,
  ...solutions,
} as const;
