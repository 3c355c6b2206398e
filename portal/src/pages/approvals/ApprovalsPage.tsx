import { Button, Field, Tab, TabList, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { answer, approvals, type Approval } from "@/api/people";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { OutsideLink } from "@/components/OutsideLink";
import { Page } from "@/components/Page";
import { PageLoading } from "@/components/PageLoading";
import { Panel } from "@/components/Panel";
import { Time } from "@/components/Time";
import { useSession } from "@/session/session";
import { t } from "@/strings/text";

const EVERY = 15_000;

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", gap: "12px", maxWidth: "760px" },
  details: { margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
  buttons: { display: "flex", flexWrap: "wrap", gap: "8px" },
});

type Shown = "pending" | "all";

/** What cloud flows ask people; a flow goes on when it has its answer. */
export function ApprovalsPage() {
  const styles = useStyles();
  const { tab = "pending" } = useSearch({ strict: false }) as { tab?: Shown };
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["approvals", tab],
    queryFn: ({ signal }) => approvals(tab === "pending" ? "Pending" : "all", signal),
    refetchInterval: EVERY,
    meta: { topics: ["cloudruns"] },
  });
  return (
    <Page title={t("approvals.title")}>
      <TabList
        selectedValue={tab}
        onTabSelect={(_, data) => void navigate({ to: ".", search: { tab: data.value } as never, replace: true })}
      >
        <Tab value="pending">{t("approvals.pending")}</Tab>
        <Tab value="all">{t("approvals.all")}</Tab>
      </TabList>
      {query.error !== null && <ErrorMessage error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <PageLoading />}
      {query.data?.length === 0 && (
        <EmptyState title={t(tab === "pending" ? "approvals.emptyTitle" : "approvals.noneYet")} text={t("approvals.emptyText")} />
      )}
      <div className={styles.list}>
        {query.data?.map((one) => (
          <ApprovalCard key={one.name} approval={one} />
        ))}
      </div>
    </Page>
  );
}

function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const styles = useStyles();
  const queries = useQueryClient();
  const { user } = useSession();
  const [comments, setComments] = useState("");
  const give = useMutation({
    mutationFn: (option: string) => answer(approval.name, option, comments),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["approvals"] }),
  });
  const isMine = approval.assignees.some((one) => one.toLowerCase() === user.signInName.toLowerCase());
  return (
    <Panel title={approval.title} beside={<Time at={approval.createdon} />}>
      {approval.details !== null && approval.details !== "" && (
        <p className={styles.details} dir="auto">
          {approval.details}
        </p>
      )}
      {approval.itemlink !== null && approval.itemlink !== "" && (
        <span>
          <OutsideLink href={approval.itemlink} text={approval.itemlinkdescription || approval.itemlink} />
        </span>
      )}
      <p className={styles.quiet}>{t("approvals.asked", { names: approval.assignees.join(", ") })}</p>
      {approval.status !== "Pending" && <p>{t("approvals.result", { status: approval.status, result: approval.result ?? "" })}</p>}
      {approval.status === "Pending" && isMine && (
        <>
          <Field label={t("approvals.comments")}>
            <Textarea value={comments} onChange={(_, data) => setComments(data.value)} />
          </Field>
          <div className={styles.buttons}>
            {approval.options.map((option, index) => (
              <Button
                key={option}
                appearance={index === 0 ? "primary" : "secondary"}
                disabledFocusable={give.isPending}
                aria-label={t("approvals.answerWith", { option, title: approval.title })}
                onClick={() => give.mutate(option)}
              >
                {option}
              </Button>
            ))}
          </div>
        </>
      )}
      {give.error !== null && <ErrorMessage error={give.error} />}
    </Panel>
  );
}
