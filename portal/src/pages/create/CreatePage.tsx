import { makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUpload24Regular, BookOpen24Regular, CalendarClock24Regular, CursorClick24Regular, Desktop24Regular, FlashFlow24Regular, type FluentIcon } from "@fluentui/react-icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { portal } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { NameDialog } from "@/components/NameDialog";
import { Page } from "@/components/Page";
import { Tile, useTileGrid } from "@/components/Tile";
import { t, type TextKey } from "@/strings/text";
import { CreateFlowDialog, type CloudFlowKind } from "@/designer/cloud/CreateFlowDialog";

const useStyles = makeStyles({
  heading: { margin: "12px 0 0", fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
});

type Kind = "desktop" | CloudFlowKind;

const KINDS: readonly (readonly [Kind, FluentIcon, TextKey, TextKey])[] = [
  ["desktop", Desktop24Regular, "create.desktop", "create.desktopText"],
  ["automated", FlashFlow24Regular, "create.automated", "create.automatedText"],
  ["instant", CursorClick24Regular, "create.instant", "create.instantText"],
  ["scheduled", CalendarClock24Regular, "create.scheduled", "create.scheduledText"],
];

/** What can be made: the name comes first, everything else in the designer. */
export function CreatePage() {
  const styles = useStyles();
  const grid = useTileGrid();
  const navigate = useNavigate();
  const { kind: asked } = useSearch({ strict: false }) as { kind?: Kind };
  const [kind, setKind] = useState<Kind | undefined>(asked);
  const chosen = KINDS.find(([one]) => one === kind);
  const go = (to: string) => void navigate(toPage(to));
  return (
    <Page title={t("create.title")}>
      <p className={styles.quiet}>{t("create.text")}</p>
      <h2 className={styles.heading}>{t("create.fromNothing")}</h2>
      <div className={grid.grid}>
        {KINDS.map(([one, icon, name, text]) => (
          <Tile key={one} icon={icon} name={t(name)} text={t(text)} onClick={() => setKind(one)} />
        ))}
      </div>
      <h2 className={styles.heading}>{t("create.fromFile")}</h2>
      <div className={grid.grid}>
        <Tile icon={ArrowUpload24Regular} name={t("create.import")} text={t("create.importText")} onClick={() => go(addressOf.importing)} />
        <Tile icon={BookOpen24Regular} name={t("create.sample")} text={t("create.sampleText")} onClick={() => go(`${addressOf.desktopFlows}?whose=all`)} />
      </div>
      {kind !== undefined && kind !== "desktop" && <CreateFlowDialog kind={kind} onClose={() => setKind(undefined)} />}
      {kind === "desktop" && chosen !== undefined && (
        <NameDialog
          title={t("create.nameTitle", { kind: t(chosen[2]) })}
          label={t("create.name")}
          action={t("create.action")}
          onName={async (name) => go(await create(name))}
          onClose={() => setKind(undefined)}
        />
      )}
    </Page>
  );
}

/** Make a desktop flow, and return the address of its designer. */
async function create(name: string): Promise<string> {
  const { id } = await portal("POST /desktopflows", { body: { name } });
  return addressOf.desktopDesigner(id);
}
