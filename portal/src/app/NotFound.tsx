import { Button } from "@fluentui/react-components";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { EmptyState } from "@/components/EmptyState";
import { t } from "@/strings/text";

export function NotFound() {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <EmptyState title={t("notFound.title")} text={t("notFound.body", { path })}>
      <Button appearance="primary" onClick={() => void navigate({ to: "/" })}>
        {t("notFound.action")}
      </Button>
    </EmptyState>
  );
}
