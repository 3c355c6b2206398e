import { SearchBox, makeStyles } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import { spoken } from "@/strings/visible";

const TYPING_PAUSE = 250;

const useStyles = makeStyles({ search: { width: "240px", maxWidth: "100%" } });

interface ListSearchProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A box to type in; what is typed counts when the typing pauses. */
export function ListSearch({ label, value, onChange }: ListSearchProps) {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== told) {
    setTold(value);
    // Back, forward and kept views change what stands here; the echo of what was typed does not.
    if (value !== sent) setText(value);
  }
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => {
      setSent(text);
      latest.current(text);
    }, TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <SearchBox
      className={styles.search}
      placeholder={spoken(label)}
      aria-label={spoken(label)}
      value={text}
      onChange={(_, data) => setText(data.value)}
    />
  );
}
