import { Dropdown, Field, Input, Option, Radio, RadioGroup, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import { portal, type TriggerOffer } from "@/api/portal";
import { addressOf } from "@/components/addresses";
import { ConnectorTitle } from "@/components/ConnectorTitle";
import { ErrorMessage } from "@/components/ErrorMessage";
import { FormDialog } from "@/components/FormDialog";
import { HTTP_TRIGGER, MANUAL_TRIGGER, newDocument, recurrenceTrigger, stepName, triggerOf } from "@/designer/model/cloud/making";
import type { JsonObject } from "@/designer/model/cloud/json";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  every: { display: "grid", gridTemplateColumns: "120px minmax(0, 1fr)", gap: "12px", alignItems: "end" },
});

export type CloudFlowKind = "instant" | "automated" | "scheduled";

const TITLES = { instant: "cloud.new.buildInstant", automated: "cloud.new.buildAutomated", scheduled: "cloud.new.buildScheduled" } as const;
const FREQUENCIES = ["Second", "Minute", "Hour", "Day", "Week", "Month"];
const MANUAL = "manual";
const HTTP = "http";

interface CreateFlowDialogProps {
  readonly kind: CloudFlowKind;
  readonly onClose: () => void;
}

/** *Build an instant cloud flow* and its like: a name, what starts it, and then the designer. */
export function CreateFlowDialog({ kind, onClose }: CreateFlowDialogProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const palette = useQuery(endpointQuery("GET /cloudflows/palette"));
  const [name, setName] = useState("");
  const [trigger, setTrigger] = useState(kind === "instant" ? MANUAL : "");
  const [every, setEvery] = useState({ interval: "1", frequency: "Day", startTime: "" });
  const offers = (palette.data?.triggers ?? []).filter((one) => one.kind === "Automated");
  const isReady = name.trim() !== "" && (kind === "scheduled" ? Number(every.interval) >= 1 : trigger !== "");
  const make = async () => {
    const [triggerName, body] = chosenTrigger(kind, trigger, every, offers);
    const { id } = await portal("POST /cloudflows", { body: { name: name.trim(), document: JSON.stringify(newDocument(triggerName, body), null, 2) } });
    await navigate({ to: addressOf.cloudDesigner(id) });
  };
  return (
    <FormDialog title={t(TITLES[kind])} action={t("cloud.new.create")} isComplete={isReady} onSubmit={make} onClose={onClose}>
      <Field label={t("cloud.new.flowName")} required>
        <Input autoFocus value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
      </Field>
      {kind === "instant" && (
        <Field label={t("cloud.new.chooseTrigger")} required>
          <RadioGroup value={trigger} onChange={(_, data) => setTrigger(data.value)}>
            <Radio value={MANUAL} label={t("cloud.new.manualTrigger")} />
            <Radio value={HTTP} label={palette.data?.triggers.find((one) => one.name === "Request")?.title ?? HTTP} />
          </RadioGroup>
        </Field>
      )}
      {kind === "automated" && (
        <Field label={t("cloud.new.chooseEvent")} required>
          <RadioGroup value={trigger} onChange={(_, data) => setTrigger(data.value)}>
            {offers.map((one) => (
              <Radio key={one.name} value={one.name} label={<TriggerTitle offer={one} />} />
            ))}
          </RadioGroup>
        </Field>
      )}
      {kind === "scheduled" && (
        <>
          <Field label={t("cloud.new.startsOn")}>
            <Input type="datetime-local" value={every.startTime} onChange={(_, data) => setEvery({ ...every, startTime: data.value })} />
          </Field>
          <div className={styles.every}>
            <Field label={t("cloud.new.repeat")} required>
              <Input type="number" min={1} value={every.interval} onChange={(_, data) => setEvery({ ...every, interval: data.value })} />
            </Field>
            <Field label={t("cloud.new.frequency")}>
              <Dropdown value={every.frequency} selectedOptions={[every.frequency]} onOptionSelect={(_, data) => setEvery({ ...every, frequency: data.optionValue ?? "Day" })}>
                {FREQUENCIES.map((one) => (
                  <Option key={one}>{one}</Option>
                ))}
              </Dropdown>
            </Field>
          </div>
        </>
      )}
      {palette.error !== null && <ErrorMessage error={palette.error} />}
    </FormDialog>
  );
}

/** What starts a flow, and whose trigger it is: several connectors call theirs the same. */
function TriggerTitle({ offer }: { readonly offer: TriggerOffer }) {
  const [connector, operation] = offer.name.split("/");
  if (connector === undefined || operation === undefined) return offer.title;
  return (
    <>
      {offer.title} · <ConnectorTitle name={connector} />
    </>
  );
}

interface Every {
  readonly interval: string;
  readonly frequency: string;
  readonly startTime: string;
}

function chosenTrigger(kind: CloudFlowKind, trigger: string, every: Every, offers: readonly TriggerOffer[]): readonly [string, JsonObject] {
  if (kind === "scheduled") {
    const startTime = every.startTime === "" ? "" : new Date(every.startTime).toISOString();
    return ["Recurrence", recurrenceTrigger({ ...every, interval: Number(every.interval), startTime, timeZone: "" })];
  }
  const offer = offers.find((one) => one.name === trigger);
  if (offer !== undefined) return [stepName(offer.title), triggerOf(offer)];
  return ["manual", trigger === HTTP ? HTTP_TRIGGER : MANUAL_TRIGGER];
}
