import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  OverlayDrawer,
  Tooltip,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import {
  Globe20Regular,
  Navigation20Regular,
  QuestionCircle20Regular,
  Search20Regular,
  Settings20Regular,
  SignOut20Regular,
} from "@fluentui/react-icons";
import { Outlet, useMatches, useNavigate, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { signIn } from "@/api/signIn";
import { usePreferences, prefer } from "@/preferences/preferences";
import { useSession } from "@/session/session";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";
import { Bell } from "./Bell";
import { CommandPalette } from "./CommandPalette";
import { Footer, OfflineBanner } from "./Connection";
import { LogoMark } from "./LogoMark";
import { Rail } from "./Rail";
import { ShortcutList } from "./ShortcutList";
import { useShortcuts } from "./shortcuts";

const useStyles = makeStyles({
  frame: {
    height: "100%",
    display: "grid",
    gridTemplateRows: "48px minmax(0, 1fr) auto",
    gridTemplateColumns: "auto minmax(0, 1fr)",
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground1,
  },
  skip: {
    position: "absolute",
    left: "-9999px",
    top: "4px",
    zIndex: 10,
    padding: "8px 12px",
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ":focus": { left: "4px" },
  },
  header: {
    gridColumn: "1 / -1",
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "0 12px",
    backgroundColor: tokens.colorBrandBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  product: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    border: "none",
    background: "none",
    padding: "4px 8px",
    color: "inherit",
    font: "inherit",
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase400,
    textDecorationLine: "none",
    borderRadius: tokens.borderRadiusMedium,
    "@media (max-width: 639px)": { fontSize: 0, gap: 0, padding: "4px" },
  },
  searchPlace: { flex: "1 1 auto", display: "flex", justifyContent: "center", minWidth: 0 },
  search: {
    width: "100%",
    maxWidth: "480px",
    minWidth: 0,
    justifyContent: "flex-start",
    fontWeight: tokens.fontWeightRegular,
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground1,
    "& .keys": { marginLeft: "auto" },
  },
  searchText: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", flex: "1 1 auto", textAlign: "start" },
  environment: {
    display: "flex",
    alignItems: "center",
    gap: "6px",
    maxWidth: "220px",
    whiteSpace: "nowrap",
    "@media (max-width: 1023px)": { display: "none" },
  },
  environmentName: { overflow: "hidden", textOverflow: "ellipsis" },
  quiet: { color: tokens.colorNeutralForeground2 },
  main: { overflow: "auto", outlineStyle: "none", display: "flex", flexDirection: "column", minWidth: 0 },
  whole: { gridColumn: "1 / -1" },
  narrow: { "@media (min-width: 640px)": { display: "none" } },
});

type Layer = "palette" | "shortcuts" | "rail";

/** What stands for a person in a small circle: a letter that their name has, so that whoever says what they see is understood. */
function firstLetter(name: string): string {
  return ([...spoken(name)][0] ?? "").toUpperCase();
}

/** The frame: header, rail, page, footer. */
export function Shell() {
  const styles = useStyles();
  const session = useSession();
  const { railCollapsed } = usePreferences();
  const isDesigner = useMatches({ select: (matches) => matches.some((one) => one.staticData.layout === "designer") });
  const path = useRouterState({ select: (state) => state.location.pathname });
  // A layer belongs to the page that it was opened on; moving on leaves it behind.
  const [opened, setOpened] = useState<{ readonly layer: Layer; readonly path: string }>();
  const layer = opened?.path === path ? opened.layer : undefined;
  const open = (wanted: Layer) => setOpened({ layer: wanted, path });
  const close = () => setOpened(undefined);

  useShortcuts({ palette: () => open("palette"), help: () => open("shortcuts") });

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t("shell.skip")}
      </a>
      <Header onSearch={() => open("palette")} onHelp={() => open("shortcuts")} onRail={() => open("rail")} />
      {!isDesigner && (
        <Rail
          isAdministrator={session.isAdministrator}
          collapsed={railCollapsed}
          onToggle={() => prefer({ railCollapsed: !railCollapsed })}
        />
      )}
      <main id="content" tabIndex={-1} className={mergeClasses(styles.main, isDesigner && styles.whole)}>
        <OfflineBanner />
        <Outlet />
      </main>
      {!isDesigner && <Footer version={session.version} />}
      <OverlayDrawer open={layer === "rail"} onOpenChange={close} className={styles.narrow} aria-label={t("shell.navigation")}>
        <Rail isAdministrator={session.isAdministrator} collapsed={false} inDrawer />
      </OverlayDrawer>
      {layer === "palette" && <CommandPalette onClose={close} />}
      {layer === "shortcuts" && <ShortcutList onClose={close} />}
    </div>
  );
}

interface HeaderProps {
  readonly onSearch: () => void;
  readonly onHelp: () => void;
  readonly onRail: () => void;
}

function Header({ onSearch, onHelp, onRail }: HeaderProps) {
  const styles = useStyles();
  const { organization, user } = useSession();
  const navigate = useNavigate();
  return (
    <header className={styles.header}>
      <Button
        className={styles.narrow}
        appearance="subtle"
        icon={<Navigation20Regular />}
        aria-label={t("shell.openNavigation")}
        onClick={onRail}
      />
      <button type="button" className={styles.product} onClick={() => void navigate({ to: "/e/$env", params: { env: "default" } })}>
        <LogoMark />
        {t("product")}
      </button>
      <div className={styles.searchPlace}>
        <Button className={styles.search} icon={<Search20Regular />} onClick={onSearch} aria-keyshortcuts="Control+K">
          <span className={styles.searchText}>{t("shell.search")}</span>
          <span className={mergeClasses(styles.environment, styles.quiet, "keys")}>{t("shell.searchKeys")}</span>
        </Button>
      </div>
      <Tooltip content={t("shell.environmentIs", { name: organization })} relationship="description">
        <span className={styles.environment} tabIndex={0} role="note" aria-label={t("shell.environmentIs", { name: organization })}>
          <Globe20Regular />
          <UserText className={styles.environmentName}>{organization}</UserText>
        </span>
      </Tooltip>
      <Bell />
      <Tooltip content={t("shell.help")} relationship="label">
        <Button appearance="subtle" icon={<QuestionCircle20Regular />} onClick={onHelp} />
      </Tooltip>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            shape="circular"
            icon={<Avatar name={spoken(user.name)} initials={firstLetter(user.name)} size={28} aria-hidden />}
            aria-label={t("shell.account", { name: user.name })}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<Settings20Regular />} onClick={() => void navigate({ to: "/settings" })}>
              {t("shell.settings")}
            </MenuItem>
            <MenuDivider />
            <MenuItem icon={<SignOut20Regular />} onClick={() => void signIn.out()}>
              {t("shell.signOut")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </header>
  );
}
