import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from "@fluentui/react-components";
import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { changes } from "@/api/changes";
import { signIn } from "@/api/signIn";
import { EmptyState } from "@/components/EmptyState";
import { t } from "@/strings/text";
import { queryClient } from "./queries";

interface SignInGateProps {
  /** Makes everything ready that the portal shows first, once somebody is signed in. */
  readonly prepare: () => Promise<unknown>;
  readonly children: ReactNode;
}

/** Shows the portal to people who are signed in. Who is signed out meanwhile keeps the page as it is. */
export function SignInGate({ prepare, children }: SignInGateProps) {
  const state = useSyncExternalStore(signIn.subscribe, signIn.current);
  const [isReady, setReady] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const begin = async () => {
      const target = await signIn.begin();
      if (target !== undefined) history.replaceState(null, "", target);
      changes.start();
      await prepare();
      setReady(true);
    };
    begin().catch((error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))));
  }, [attempt, prepare]);

  if (failure !== undefined) {
    const again = () => {
      setFailure(undefined);
      setAttempt(attempt + 1);
    };
    return (
      <EmptyState title={t("shell.startFailed")} text={failure.message}>
        <Button appearance="primary" onClick={again}>
          {t("shell.tryAgain")}
        </Button>
      </EmptyState>
    );
  }
  if (!isReady) return <Spinner style={{ height: "100%" }} label={t("shell.starting")} />;
  return (
    <>
      {children}
      {state === "signedOut" && <SignedOut />}
    </>
  );
}

function SignedOut() {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => () => void queryClient.invalidateQueries(), []);
  const again = async () => setBlocked(!(await signIn.again()));
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("signedOut.title")}</DialogTitle>
          <DialogContent>{blocked ? t("signedOut.blocked") : t("signedOut.body")}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => void again()}>
              {t("signedOut.action")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
