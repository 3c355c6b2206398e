import { Link } from "@tanstack/react-router";
import type { ConnectionLink } from "@/api/portal";
import { addressOf, toPage } from "@/components/addresses";
import { usePanelStyles } from "@/components/panelStyles";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

/** The connections that lead to a machine or a group, each leading to its page. */
export function ConnectionLinks({ connections, none }: { readonly connections: readonly ConnectionLink[]; readonly none: string }) {
  const styles = usePanelStyles();
  if (connections.length === 0) return <p className={styles.quiet}>{none}</p>;
  return (
    <ul className={styles.list}>
      {connections.map(({ name, displayName }, index) => (
        <li key={name ?? index} className={styles.item}>
          {name === null ? (
            <span className={styles.quiet}>{t("groups.hiddenConnection")}</span>
          ) : (
            <Link {...toPage(addressOf.connection(name))} className={styles.link}>
              <UserText>{displayName}</UserText>
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
