import { Button, CounterBadge, Popover, PopoverSurface, PopoverTrigger, Tooltip, makeStyles, tokens } from "@fluentui/react-components";
import { Alert20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { markRead, notices, type Notice } from "@/api/people";
import { AttentionItem } from "@/components/AttentionItem";
import { OutsideLink } from "@/components/OutsideLink";
import { Time } from "@/components/Time";
import { UserText } from "@/components/UserText";
import { remember, remembered } from "@/preferences/remembered";
import { t } from "@/strings/text";
import { occasion, unseenOf } from "./unseen";

const EVERY = 30_000;
const SEEN = "bell.seen";

const useStyles = makeStyles({
  place: { position: "relative" },
  count: { position: "absolute", top: "2px", right: "0", pointerEvents: "none" },
  surface: { width: "360px", maxWidth: "90vw", maxHeight: "60vh", overflowY: "auto" },
  head: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: "8px", marginBottom: "8px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase300 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "12px" },
  item: { display: "flex", flexDirection: "column", gap: "2px", overflowWrap: "anywhere" },
  unread: { fontWeight: tokens.fontWeightSemibold },
  part: { margin: "12px 0 8px", fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** What needs the person's attention, and what cloud flows have told them. */
export function Bell() {
  const styles = useStyles();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["notices"],
    queryFn: ({ signal }) => notices(signal),
    refetchInterval: EVERY,
    meta: { topics: ["cloudruns"] },
  });
  const mine = useQuery({ ...endpointQuery("GET /attention", {}, { topics: ["runs", "cloudruns", "machines", "queue"] }), refetchInterval: EVERY });
  const [seen, setSeen] = useState<readonly string[]>(() => remembered(SEEN, []));
  const [isOpen, setIsOpen] = useState(false);
  const attention = mine.data?.items ?? [];
  const all = query.data ?? [];
  const unread = all.filter((one) => one.readon === null);
  const news = unread.length + unseenOf(attention, seen).length;
  const read = useMutation({
    mutationFn: () => {
      const known = attention.map(occasion);
      setSeen(known);
      remember(SEEN, known);
      return Promise.all(unread.map((one) => markRead(one.notificationid)));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["notices"] }),
  });
  return (
    <Popover positioning="below-end" trapFocus open={isOpen} onOpenChange={(_, data) => setIsOpen(data.open)}>
      <PopoverTrigger disableButtonEnhancement>
        <Tooltip content={t("bell.unread", { count: news })} relationship="label">
          <Button
            appearance="subtle"
            className={styles.place}
            icon={
              <>
                <Alert20Regular />
                {news > 0 && <CounterBadge className={styles.count} size="small" color="danger" count={news} aria-hidden />}
              </>
            }
          />
        </Tooltip>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={t("bell.title")}>
        <div className={styles.head}>
          <h2 className={styles.title}>{t("bell.title")}</h2>
          <Button size="small" disabledFocusable={news === 0 || read.isPending} onClick={() => read.mutate()}>
            {t("bell.readAll")}
          </Button>
        </div>
        {attention.length > 0 && (
          <>
            <h3 className={styles.part}>{t("attention.mine")}</h3>
            <ul className={styles.list}>
              {attention.map((one) => (
                <AttentionItem key={`${one.kind} ${one.id}`} attention={one} onFollow={() => setIsOpen(false)} />
              ))}
            </ul>
            <h3 className={styles.part}>{t("attention.told")}</h3>
          </>
        )}
        {all.length === 0 && <span className={styles.quiet}>{t("bell.none")}</span>}
        <ul className={styles.list}>
          {all.map((one) => (
            <li key={one.notificationid} className={styles.item}>
              <span className={one.readon === null ? styles.unread : undefined}>
                <OutsideLink href={one.link} text={one.title ?? one.text ?? ""} />
              </span>
              <Text notice={one} />
              <span className={styles.quiet}>
                <Time at={one.createdon} />
              </span>
            </li>
          ))}
        </ul>
      </PopoverSurface>
    </Popover>
  );
}

function Text({ notice: { title, text } }: { readonly notice: Notice }) {
  if (title === null || text === null || text === "" || text === title) return null;
  return <UserText>{text}</UserText>;
}
