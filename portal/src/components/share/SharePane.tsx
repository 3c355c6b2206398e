import {
  Button,
  Dropdown,
  Field,
  Link as FluentLink,
  MessageBar,
  MessageBarBody,
  Option,
  OverlayDrawer,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Dismiss20Regular, PersonDelete20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type Access, type PersonRow, type Shared, type SharingLevel } from "@/api/portal";
import { useSession } from "@/session/session";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { addressOf, toPage } from "../addresses";
import { CopyButton } from "../CopyButton";
import { ErrorMessage } from "../ErrorMessage";
import { PersonField } from "./PersonField";

const useStyles = makeStyles({
  pane: { width: "440px", maxWidth: "100%" },
  body: { display: "flex", flexDirection: "column", gap: "16px", paddingBottom: "24px" },
  form: { display: "flex", flexDirection: "column", gap: "12px" },
  section: { display: "flex", flexDirection: "column", gap: "8px" },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", gap: "8px" },
  row: { display: "flex", alignItems: "center", gap: "8px", minHeight: "40px" },
  who: { flex: 1, minWidth: 0, display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, margin: 0 },
  level: { minWidth: "150px", width: "150px" },
});

/** What is shared; a cloud flow is a flow with words of its own. */
export type ShareKind = "desktop" | "cloud" | Exclude<Shared, "flow">;

interface SharePaneProps {
  readonly kind: ShareKind;
  readonly id: string;
  /** The command line that shares it with somebody. */
  readonly command: string;
  readonly onClose: () => void;
}

function shared(kind: ShareKind): Shared {
  return kind === "desktop" || kind === "cloud" ? "flow" : kind;
}

/** A level in the words of what is shared. */
export function levelText(kind: ShareKind, level: SharingLevel | null): string {
  if (level === null) return t("share.level.other");
  return level === "user" && kind === "cloud" ? t("share.level.runOnly") : t(`share.level.${level}`);
}

/** Who may do what with something, and what gives them that. */
export function SharePane({ kind, id, command, onClose }: SharePaneProps) {
  const styles = useStyles();
  const query = useQuery(endpointQuery("GET /access/{kind}/{rowId}", { path: { kind: shared(kind), rowId: id } }));
  return (
    <OverlayDrawer open position="end" className={styles.pane} onOpenChange={(_, data) => !data.open && onClose()} aria-label={t("share.title", { name: query.data?.name ?? "" })}>
      <DrawerHeader>
        <DrawerHeaderTitle action={<Button appearance="subtle" aria-label={t("common.close")} icon={<Dismiss20Regular />} onClick={onClose} />}>
          <UserText>{t("share.title", { name: query.data?.name ?? "" })}</UserText>
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>
          {query.error !== null && <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />}
          {query.data !== undefined && <Contents kind={kind} id={id} access={query.data} command={command} onClose={onClose} />}
        </div>
      </DrawerBody>
    </OverlayDrawer>
  );
}

interface ContentsProps extends SharePaneProps {
  readonly access: Access;
}

function Contents({ kind, id, access, command, onClose }: ContentsProps) {
  const styles = useStyles();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { user } = useSession();
  const [told, setTold] = useState("");
  const again = () => queries.invalidateQueries({ queryKey: ["GET /access/{kind}/{rowId}"] });
  const give = useMutation({
    mutationFn: ({ person, level }: { person: PersonRow; level: SharingLevel }) =>
      portal("PUT /access/{kind}/{rowId}/{userId}", { path: { kind: shared(kind), rowId: id, userId: person.id }, body: { level } }),
    onSuccess: (_, { person }) => setTold(t("share.done", { name: person.name })),
    onSettled: again,
  });
  const take = useMutation({
    mutationFn: (person: PersonRow) => portal("DELETE /access/{kind}/{rowId}/{userId}", { path: { kind: shared(kind), rowId: id, userId: person.id } }),
    onSuccess: (_, person) => setTold(t("share.stopped", { name: person.name })),
    onSettled: again,
  });
  const failure = give.error ?? take.error;
  const { group, groupId } = access;
  return (
    <>
      {group !== null && groupId !== null ? (
        <MessageBar layout="multiline">
          <MessageBarBody>
            {t("share.followsGroup")}{" "}
            <FluentLink
              onClick={() => {
                onClose();
                void navigate(toPage(addressOf.group(groupId)));
              }}
            >
              {t("share.openGroup", { name: group })}
            </FluentLink>
          </MessageBarBody>
        </MessageBar>
      ) : (
        !access.canShare && <p className={styles.quiet}>{t("share.noRight")}</p>
      )}
      {access.canShare && <ShareForm kind={kind} access={access} isBusy={give.isPending} onShare={(person, level) => give.mutateAsync({ person, level })} />}
      {failure !== null && <ErrorMessage error={failure} />}
      <div role="status" className={styles.quiet}>
        {told}
      </div>
      <section className={styles.section} aria-label={t("share.shared")}>
        <h3 className={styles.title}>{t("share.shared")}</h3>
        <ul className={styles.list}>
          {access.owner !== null && (
            <li className={styles.row}>
              <Who person={access.owner} />
              <span>{t("share.level.owner")}</span>
            </li>
          )}
          {access.shares.map(({ person, level }) => (
            <li key={person.id} className={styles.row}>
              <Who person={person} />
              {access.canShare && access.levels.length > 1 ? (
                <Dropdown
                  className={styles.level}
                  aria-label={t("share.levelOf", { name: person.name })}
                  value={levelText(kind, level)}
                  selectedOptions={level === null ? [] : [level]}
                  onOptionSelect={(_, data) => give.mutate({ person, level: data.optionValue as SharingLevel })}
                >
                  {access.levels.map((one) => (
                    <Option key={one} value={one}>
                      {levelText(kind, one)}
                    </Option>
                  ))}
                </Dropdown>
              ) : (
                <span>{levelText(kind, level)}</span>
              )}
              {(access.canShare || (person.id === user.id && group === null && kind !== "connection")) && (
                <Button
                  appearance="subtle"
                  icon={<PersonDelete20Regular />}
                  aria-label={t("share.stop", { name: person.name })}
                  disabledFocusable={take.isPending}
                  onClick={() => take.mutate(person)}
                />
              )}
            </li>
          ))}
        </ul>
        {access.shares.length === 0 && <p className={styles.quiet}>{t("share.sharedWithNobody")}</p>}
      </section>
      {access.inherited.length > 0 && (
        <section className={styles.section} aria-label={t("share.byRole")}>
          <h3 className={styles.title}>{t("share.byRole")}</h3>
          <ul className={styles.list}>
            {access.inherited.map(({ person, role, mayWrite }) => (
              <li key={person.id} className={styles.who}>
                <Who person={person} />
                <span className={styles.quiet}>{t("share.roleReason", { role, may: t(mayWrite ? "share.roleWrites" : "share.roleReads") })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {(kind === "desktop" || kind === "cloud") && <p className={styles.quiet}>{t(`share.note.${kind}`)}</p>}
      <div>
        <CopyButton text={command} label={t("common.copyAsCommand")} />
      </div>
    </>
  );
}

interface ShareFormProps {
  readonly kind: ShareKind;
  readonly access: Access;
  readonly isBusy: boolean;
  readonly onShare: (person: PersonRow, level: SharingLevel) => Promise<unknown>;
}

function ShareForm({ kind, access, isBusy, onShare }: ShareFormProps) {
  const styles = useStyles();
  const [person, setPerson] = useState<PersonRow>();
  const [round, setRound] = useState(0);
  const [level, setLevel] = useState<SharingLevel>(access.levels.at(-1) ?? "user");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (person === undefined || isBusy) return;
    void onShare(person, level).then(() => {
      setPerson(undefined);
      setRound((one) => one + 1);
    }, () => undefined);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <PersonField key={round} label={t("share.with")} without={[access.owner?.id, ...access.shares.map((one) => one.person.id)]} onPerson={setPerson} />
      {access.levels.length > 1 && (
        <Field label={t("share.as")} hint={t(`share.may.${kind}.${level}`)}>
          <Dropdown value={levelText(kind, level)} selectedOptions={[level]} onOptionSelect={(_, data) => setLevel(data.optionValue as SharingLevel)}>
            {access.levels.map((one) => (
              <Option key={one} value={one}>
                {levelText(kind, one)}
              </Option>
            ))}
          </Dropdown>
        </Field>
      )}
      {access.levels.length === 1 && <p className={styles.quiet}>{t(`share.may.${kind}.${level}`)}</p>}
      <div>
        <Button type="submit" appearance="primary" disabledFocusable={person === undefined || isBusy}>
          {t("share.action")}
        </Button>
      </div>
    </form>
  );
}

function Who({ person }: { readonly person: PersonRow }) {
  const styles = useStyles();
  const about = [person.signInName !== person.name && person.signInName, person.isApplication && t("share.application"), person.disabled && t("share.disabled")];
  const shown = about.filter(Boolean).join(" · ");
  return (
    <span className={styles.who}>
      <UserText>{person.name}</UserText>
      {shown !== "" && <UserText className={styles.quiet}>{shown}</UserText>}
    </span>
  );
}
