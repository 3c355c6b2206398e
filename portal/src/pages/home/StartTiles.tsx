import { AddSquare24Regular, ArrowUpload24Regular, Desktop24Regular, Play24Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import type { Home } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { Panel } from "@/components/Panel";
import { Tile, useTileGrid } from "@/components/Tile";
import { prefer, usePreferences } from "@/preferences/preferences";
import { t } from "@/strings/text";

export const TILES = ["sample", "import", "create", "machine"] as const;

interface StartTilesProps {
  readonly home: Home;
  readonly onRunSample: () => void;
  readonly isStarting: boolean;
}

/** What to begin with. A tile goes when it has served its purpose; Home can bring them all back. */
export function StartTiles({ home, onRunSample, isStarting }: StartTilesProps) {
  const grid = useTileGrid();
  const navigate = useNavigate();
  const { usedTiles } = usePreferences();
  const use = (tile: (typeof TILES)[number], act: () => void) => () => {
    prefer({ usedTiles: [...new Set([...usedTiles, tile])] });
    act();
  };
  const tiles = [
    {
      id: "sample" as const,
      icon: Play24Regular,
      name: t("home.sample"),
      text: t("home.sampleText"),
      act: () => {
        if (!isStarting) onRunSample();
      },
    },
    {
      id: "import" as const,
      icon: ArrowUpload24Regular,
      name: t("home.import"),
      text: t("home.importText"),
      act: () => void navigate(toPage(addressOf.importing)),
    },
    { id: "create" as const, icon: AddSquare24Regular, name: t("home.create"), text: t("home.createText"), act: () => void navigate(toPage(addressOf.create)) },
    {
      id: "machine" as const,
      icon: Desktop24Regular,
      name: t("home.addMachine"),
      text: t("home.addMachineText"),
      act: () => void navigate({ to: addressOf.machines, search: { register: "1" } as never }),
    },
  ].filter((tile) => !usedTiles.includes(tile.id) && (tile.id !== "sample" || home.sampleFlow !== null));
  if (tiles.length === 0) return null;
  return (
    <Panel title={t(home.anythingRan ? "home.startTitle" : "home.startNothingRan")}>
      <div className={grid.grid}>
        {tiles.map((tile) => (
          <Tile
            key={tile.id}
            icon={tile.icon}
            name={tile.name}
            text={tile.text}
            autoFocus={tile.id === "sample" && !home.anythingRan}
            onClick={use(tile.id, tile.act)}
          />
        ))}
      </div>
    </Panel>
  );
}
