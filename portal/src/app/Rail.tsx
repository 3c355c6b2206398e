import { Button, Tooltip, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { PanelLeftContract20Regular, PanelLeftExpand20Regular } from "@fluentui/react-icons";
import { Link, useRouterState } from "@tanstack/react-router";
import { toPage } from "@/components/addresses";
import type { ReactElement } from "react";
import { t } from "@/strings/text";
import { SECTIONS, type Place, type Section } from "./navigation";

const useStyles = makeStyles({
  rail: {
    width: "220px",
    overflowY: "auto",
    overflowX: "hidden",
    padding: "8px",
    display: "flex",
    flexDirection: "column",
    gap: "2px",
    boxSizing: "border-box",
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    "@media (max-width: 1023px)": { width: "52px", "& .text": { display: "none" }, "& .below": { display: "none" } },
    "@media (max-width: 639px)": { display: "none" },
  },
  collapsed: { width: "52px", "& .text": { display: "none" }, "& .below": { display: "none" } },
  drawer: {
    width: "100%",
    borderRight: "none",
    "@media (max-width: 1023px)": { display: "flex", width: "100%", "& .text": { display: "inline" }, "& .below": { display: "block" } },
  },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "2px" },
  link: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    gap: "10px",
    minHeight: "32px",
    padding: "2px 8px",
    boxSizing: "border-box",
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    whiteSpace: "nowrap",
    "@media (pointer: coarse)": { minHeight: "40px" },
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
    "& svg": { flexShrink: 0 },
  },
  inner: { paddingLeft: "38px" },
  active: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    "::before": {
      content: '""',
      position: "absolute",
      left: 0,
      top: "8px",
      bottom: "8px",
      width: "3px",
      borderRadius: "2px",
      backgroundColor: tokens.colorCompoundBrandStroke,
    },
  },
  toggle: { marginTop: "auto", alignSelf: "flex-start", "@media (max-width: 1023px)": { display: "none" } },
});

interface RailProps {
  readonly isAdministrator: boolean;
  readonly collapsed: boolean;
  readonly inDrawer?: boolean;
  readonly onToggle?: () => void;
}

export function Rail({ isAdministrator, collapsed, inDrawer = false, onToggle }: RailProps) {
  const styles = useStyles();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const shown = SECTIONS.filter((one) => isAdministrator || one.forAdministrators !== true);
  return (
    <nav
      aria-label={t("shell.navigation")}
      className={mergeClasses(styles.rail, collapsed && styles.collapsed, inDrawer && styles.drawer)}
    >
      <ul className={styles.list}>
        {shown.map((section) => (
          <SectionItem key={section.text} section={section} path={path} short={collapsed} />
        ))}
      </ul>
      {onToggle && (
        <Tooltip content={t(collapsed ? "shell.expand" : "shell.collapse")} relationship="label">
          <Button
            className={styles.toggle}
            appearance="subtle"
            icon={collapsed ? <PanelLeftExpand20Regular /> : <PanelLeftContract20Regular />}
            onClick={onToggle}
          />
        </Tooltip>
      )}
    </nav>
  );
}

function SectionItem({ section, path, short }: { readonly section: Section; readonly path: string; readonly short: boolean }) {
  const styles = useStyles();
  const Icon = section.icon;
  const inside = section.places?.some((place) => isAt(place, path)) ?? isAt(section, path);
  return (
    <li>
      <Named name={t(section.text)} when={short}>
        <Link
          {...toPage(section.to)}
          className={mergeClasses(styles.link, inside && (section.places === undefined || short) && styles.active)}
          aria-label={t(section.text)}
          aria-current={section.places === undefined && inside ? "page" : undefined}
        >
          <Icon />
          <span className="text">{t(section.text)}</span>
        </Link>
      </Named>
      {section.places && (
        <ul className={mergeClasses(styles.list, "below")}>
          {section.places.map((place) => (
            <li key={place.text}>
              <Link
                {...toPage(place.to)}
                className={mergeClasses(styles.link, styles.inner, isAt(place, path) && styles.active)}
                aria-current={isAt(place, path) ? "page" : undefined}
              >
                {t(place.text)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** A link that shows an icon alone says its name in a tooltip. */
function Named({ name, when, children }: { readonly name: string; readonly when: boolean; readonly children: ReactElement }) {
  if (!when) return children;
  return (
    <Tooltip content={name} relationship="inaccessible" positioning="after">
      {children}
    </Tooltip>
  );
}

function isAt(place: Place, path: string): boolean {
  if (/^\/e\/[^/]+$/.test(place.to)) return path === place.to || path === "/";
  return path === place.to || path.startsWith(`${place.to}/`);
}
