import { Dialog, DialogSurface, Input, Spinner, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Search20Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { toPage } from "@/components/addresses";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useCommands, type Command } from "@/components/commands";
import { useSession } from "@/session/session";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { places } from "./navigation";
import { useFound } from "./search";

const useStyles = makeStyles({
  surface: { padding: "8px", maxWidth: "600px", marginTop: "10vh", alignSelf: "start" },
  input: { width: "100%" },
  list: { listStyleType: "none", margin: "8px 0 0", padding: 0, maxHeight: "50vh", overflowY: "auto" },
  group: {
    padding: "8px 12px 4px",
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground3,
  },
  option: {
    display: "flex",
    alignItems: "baseline",
    gap: "12px",
    padding: "6px 12px",
    borderRadius: tokens.borderRadiusMedium,
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  chosen: {
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    outline: `2px solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: "-2px",
  },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  note: { marginLeft: "auto", color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, flexShrink: 0 },
  none: { padding: "12px", color: tokens.colorNeutralForeground2 },
});

/** Search and commands in one box: pages, objects by name or id, and what the page in view can do. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { isAdministrator } = useSession();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const registered = useCommands();
  const { found, searching } = useFound(text);

  const pages = useMemo(
    () =>
      places(isAdministrator).map((place): Command => ({
        id: place.to,
        group: t("palette.pages"),
        name: t(place.text),
        ...(place.key === undefined ? {} : { note: `g ${place.key}` }),
        run: () => void navigate(toPage(place.to)),
      })),
    [isAdministrator, navigate],
  );
  const options = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const fits = (command: Command) => command.name.toLowerCase().includes(wanted);
    return [...registered.filter(fits), ...found, ...pages.filter(fits)];
  }, [text, registered, found, pages]);
  const current = Math.min(chosen, options.length - 1);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      setChosen((current + step + options.length) % options.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      run(options[current]);
    }
  };

  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface className={styles.surface} aria-label={t("palette.title")}>
        <Input
          className={styles.input}
          size="large"
          autoFocus
          contentBefore={<Search20Regular />}
          {...(searching ? { contentAfter: <Spinner size="tiny" aria-label={t("palette.searching")} /> } : {})}
          placeholder={t("palette.input")}
          value={text}
          onChange={(_, data) => {
            setText(data.value);
            setChosen(0);
          }}
          onKeyDown={press}
          input={{
            role: "combobox",
            "aria-label": t("palette.input"),
            "aria-expanded": true,
            "aria-controls": listId,
            "aria-autocomplete": "list",
            ...(options[current] === undefined ? {} : { "aria-activedescendant": `${listId}-${current}` }),
          }}
        />
        <ul ref={list} id={listId} role="listbox" aria-label={t("palette.title")} className={styles.list}>
          {options.map((option, index) => (
            <Option
              key={option.id}
              id={`${listId}-${index}`}
              option={option}
              heading={options[index - 1]?.group === option.group ? undefined : option.group}
              chosen={index === current}
              onRun={() => run(option)}
            />
          ))}
        </ul>
        <div aria-live="polite" className={options.length === 0 ? styles.none : undefined}>
          {options.length === 0 && !searching && t("palette.none", { text })}
        </div>
      </DialogSurface>
    </Dialog>
  );
}

interface OptionProps {
  readonly id: string;
  readonly option: Command;
  readonly heading: string | undefined;
  readonly chosen: boolean;
  readonly onRun: () => void;
}

function Option({ id, option, heading, chosen, onRun }: OptionProps) {
  const styles = useStyles();
  return (
    <>
      {heading !== undefined && (
        <li role="presentation" className={styles.group}>
          {heading}
        </li>
      )}
      <li id={id} role="option" aria-selected={chosen} className={mergeClasses(styles.option, chosen && styles.chosen)} onClick={onRun}>
        <UserText className={styles.name}>{option.name}</UserText>
        {option.note !== undefined && <span className={styles.note}>{option.note}</span>}
      </li>
    </>
  );
}
