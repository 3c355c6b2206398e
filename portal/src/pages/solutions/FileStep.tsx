import { Button, Spinner, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowUploadRegular } from "@fluentui/react-icons";
import { useRef, useState, type DragEvent } from "react";
import { ErrorMessage } from "@/components/ErrorMessage";
import { size } from "@/format/quantity";
import { useSession } from "@/session/session";
import { t } from "@/strings/text";
import { toBase64 } from "./base64";
import type { UploadedFile } from "./ImportPage";

const useStyles = makeStyles({
  place: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: "8px",
    padding: "48px 24px",
    textAlign: "center",
    borderRadius: "8px",
    border: `2px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  over: { border: `2px dashed ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, color: tokens.colorNeutralForeground2, maxWidth: "520px" },
});

interface FileStepProps {
  /** The name of the file that is being read. */
  readonly reading: string | undefined;
  readonly error: Error | null;
  readonly onFile: (file: UploadedFile) => void;
}

/** Takes the file, by a button or dropped. */
export function FileStep({ reading, error, onFile }: FileStepProps) {
  const styles = useStyles();
  const { settings } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<Error>();
  const most = settings.uploadMaxBytes;
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > most) {
      setRefused(new Error(t("import.tooLarge", { name: file.name, size: size(file.size), most: size(most) })));
      return;
    }
    setRefused(undefined);
    onFile({ fileName: file.name, content: toBase64(new Uint8Array(await file.arrayBuffer())) });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const problem = refused ?? error;
  return (
    <>
      <div
        className={mergeClasses(styles.place, over && styles.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <ArrowUploadRegular fontSize={48} aria-hidden />
        {reading === undefined ? (
          <>
            <p className={styles.title}>{t("import.drop")}</p>
            <p className={styles.text}>{t("import.dropText", { size: size(most) })}</p>
            <Button appearance="primary" autoFocus onClick={() => input.current?.click()}>
              {t("import.choose")}
            </Button>
          </>
        ) : (
          <Spinner label={t("import.reading", { name: reading })} />
        )}
        <input
          ref={input}
          type="file"
          hidden
          accept=".zip,.json,.robin,.txt"
          aria-label={t("import.choose")}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {problem !== null && <ErrorMessage error={problem} />}
    </>
  );
}
