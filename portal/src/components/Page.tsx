import { Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, useEffect, useRef, type ReactNode } from "react";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { UserText } from "./UserText";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: "12px",
    padding: "16px 24px 24px",
    minHeight: "100%",
    flexShrink: 0,
    boxSizing: "border-box",
    "@media (max-width: 639px)": { padding: "12px 12px 24px" },
  },
  /** The page is as high as the window, and what it shows scrolls within. */
  filled: { flex: "1 1 0", minHeight: "320px", paddingBottom: "12px" },
  head: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: "4px 16px", flexShrink: 0 },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    outlineStyle: "none",
    overflowWrap: "anywhere",
    borderRadius: tokens.borderRadiusSmall,
    // It has the focus after each move; only who works by keyboard needs to see it there.
    "&[data-fui-focus-visible]": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  /** The last place is a name that people gave: it gives way where there is no room, the pages before it stay whole. */
  crumbs: {
    flexShrink: 0,
    minWidth: 0,
    marginLeft: "-8px",
    marginBottom: "-8px",
    "& > ol": { minWidth: 0 },
    "& > ol > li": { flexShrink: 0 },
    "& > ol > li:last-child": { flexShrink: 1, minWidth: 0 },
  },
  crumb: { minWidth: 0, maxWidth: "100%" },
  crumbText: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  place: { padding: "0 6px", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  beside: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: "8px" },
  commands: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: "4px",
    flexShrink: 0,
    padding: "2px",
    minHeight: "36px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    "& .fui-Button": { minWidth: 0 },
    // Between the rail and the edge of such a window, the commands of a flow just fit one line.
    "@media (max-width: 1100px)": { gap: 0, "& .fui-Button": { paddingInline: "8px" } },
    "@media (forced-colors: active)": { border: "1px solid" },
  },
});

export interface Crumb {
  readonly text: string;
  readonly to?: string;
}

interface PageProps {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  /** What stands beside the title: a status. */
  readonly beside?: ReactNode;
  /** The command bar's content. */
  readonly commands?: ReactNode;
  /** Whether the page is as high as the window, and scrolls within. */
  readonly filled?: boolean;
  readonly children: ReactNode;
}

/** A page: where it is, what it is called, what can be done, what it shows. */
export function Page({ title, crumbs = [], beside, commands, filled = false, children }: PageProps) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${visible(title)} · ${t("product")}`;
  }, [title]);
  useEffect(() => {
    // After moving here the focus begins at the title, as it does when a page is loaded.
    if (document.activeElement === document.body || document.activeElement?.closest("nav, header") !== null) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <div className={mergeClasses(styles.page, filled && styles.filled)}>
      {crumbs.length > 0 && <Crumbs crumbs={crumbs} />}
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1} className={styles.title} dir="auto">
          {visible(title)}
        </h1>
        {beside !== undefined && <div className={styles.beside}>{beside}</div>}
      </div>
      {commands !== undefined && (
        <div role="toolbar" aria-label={t("common.commands")} className={styles.commands}>
          {commands}
        </div>
      )}
      {children}
    </div>
  );
}

function Crumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  const styles = useStyles();
  const navigate = useNavigate();
  return (
    <Breadcrumb aria-label={t("common.breadcrumbs")} size="small" className={styles.crumbs}>
      {crumbs.map(({ text, to }, index) => (
        <Fragment key={index}>
          {index > 0 && <BreadcrumbDivider />}
          <BreadcrumbItem>
            {to === undefined ? (
              <UserText className={styles.place}>{text}</UserText>
            ) : (
              <BreadcrumbButton
                as="a"
                href={to}
                title={visible(text)}
                className={styles.crumb}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  void navigate({ to });
                }}
              >
                <UserText className={styles.crumbText}>{text}</UserText>
              </BreadcrumbButton>
            )}
          </BreadcrumbItem>
        </Fragment>
      ))}
    </Breadcrumb>
  );
}
