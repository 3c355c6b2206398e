import { Button } from "@fluentui/react-components";
import { EmptyState } from "@/components/EmptyState";
import { t } from "@/strings/text";

/** What stands in the place of a page whose code failed; the shell around it goes on. */
export function PageCrash({ error }: { readonly error: unknown }) {
  return (
    <EmptyState title={t("crash.title")} text={t("crash.body", { message: error instanceof Error ? error.message : String(error) })}>
      <Button appearance="primary" onClick={() => location.reload()}>
        {t("crash.action")}
      </Button>
    </EmptyState>
  );
}
