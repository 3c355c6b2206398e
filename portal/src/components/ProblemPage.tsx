import { Button } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import { t } from "@/strings/text";
import { visible } from "@/strings/visible";
import { toPage } from "./addresses";
import { EmptyState } from "./EmptyState";
import { ErrorMessage } from "./ErrorMessage";
import { Page, type Crumb } from "./Page";

interface ProblemPageProps {
  /** What the page would have shown: a desktop flow, a machine. */
  readonly title: string;
  /** The pages that lead here; the last of them is offered where there is nothing to see. */
  readonly crumbs: readonly Crumb[];
  readonly error: Error;
  readonly onRetry: () => void;
}

/** The page of something that could not be read: gone, or not to be seen by this person; or that the server failed to give. */
export function ProblemPage({ title, crumbs, error, onRetry }: ProblemPageProps) {
  const navigate = useNavigate();
  const list = crumbs.findLast((crumb) => crumb.to !== undefined);
  const status = error instanceof Problem ? error.status : undefined;
  const isDenied = status === 403;
  return (
    <Page title={title} crumbs={crumbs}>
      {status === 404 || isDenied ? (
        <EmptyState title={t(isDenied ? "problem.deniedTitle" : "problem.goneTitle")} text={isDenied ? visible(error.message) : t("problem.goneText")}>
          {list?.to !== undefined && (
            <Button appearance="primary" onClick={() => void navigate(toPage(list.to ?? ""))}>
              {t("problem.goTo", { page: list.text })}
            </Button>
          )}
          <Button onClick={onRetry}>{t("common.tryAgain")}</Button>
        </EmptyState>
      ) : (
        <ErrorMessage error={error} onRetry={onRetry} />
      )}
    </Page>
  );
}
