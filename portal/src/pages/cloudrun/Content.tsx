import { makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { readContent, type ContentLink } from "@/api/management";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Json } from "@/components/Json";
import { t } from "@/strings/text";
import { spoken } from "@/strings/visible";

const useStyles = makeStyles({
  title: { margin: "0 0 4px", fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  quiet: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** Inputs or outputs, read when they are looked at. */
export function Content({ title, link }: { readonly title: string; readonly link: ContentLink | undefined }) {
  const styles = useStyles();
  const uri = link?.uri;
  const content = useQuery({
    // A link carries a signature that ends; the content itself does not change.
    queryKey: ["content", uri?.split("?")[0]],
    queryFn: ({ signal }) => readContent(uri ?? "", signal),
    enabled: uri !== undefined,
    staleTime: Infinity,
  });
  return (
    <div role="group" aria-label={spoken(title)}>
      <h3 className={styles.title}>{title}</h3>
      {link === undefined && <p className={styles.quiet}>{t("cloudRun.noContent")}</p>}
      {link !== undefined && uri === undefined && <p className={styles.quiet}>{t("cloudRun.secured")}</p>}
      {content.error !== null && <ErrorMessage error={content.error} />}
      {content.isSuccess && <Json value={content.data} label={title} />}
    </div>
  );
}
