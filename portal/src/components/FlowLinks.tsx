import { makeStyles, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import type { FlowLink } from "@/api/portal";
import { t } from "@/strings/text";
import { UserText } from "./UserText";
import { addressOf, toPage } from "./addresses";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  link: { color: tokens.colorBrandForegroundLink, overflowWrap: "anywhere" },
});

/** Flows that are tied to something, each leading to its page. */
export function FlowLinks({ links, none }: { readonly links: readonly FlowLink[]; readonly none: string }) {
  const styles = useStyles();
  if (links.length === 0) return <p className={styles.quiet}>{none}</p>;
  return (
    <ul className={styles.list}>
      {links.map((link) => (
        <li key={link.id}>
          {link.name === null ? (
            <span className={styles.quiet}>{t("flows.unknownFlow")}</span>
          ) : (
            <Link {...toPage(link.kind === "desktop" ? addressOf.desktopFlow(link.id) : addressOf.cloudFlow(link.id))} className={styles.link}>
              <UserText>{link.name}</UserText>
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
