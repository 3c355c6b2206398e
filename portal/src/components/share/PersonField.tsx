import { Combobox, Field, Option } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endpointQuery } from "@/api/endpointQuery";
import type { PersonRow } from "@/api/portal";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";

interface PersonFieldProps {
  readonly label: string;
  /** The ids of those who are not offered. */
  readonly without?: readonly (string | undefined)[];
  readonly onPerson: (person: PersonRow | undefined) => void;
}

/** Finds a person or an application by what is typed of their name. */
export function PersonField({ label, without = [], onPerson }: PersonFieldProps) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const found = useQuery({ ...endpointQuery("GET /people", { query: { search: typed.trim() } }), placeholderData: keepPreviousData });
  const offered = found.data?.items.filter((one) => !without.includes(one.id)) ?? [];
  return (
    <Field label={label}>
      <Combobox
        freeform
        autoComplete="off"
        open={open}
        onOpenChange={(_, data) => setOpen(data.open)}
        value={typed}
        selectedOptions={[]}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true); // what is pasted opens no list by itself
          onPerson(undefined);
        }}
        onOptionSelect={(_, data) => {
          setTyped(data.optionText ?? "");
          onPerson(offered.find((one) => one.id === data.optionValue));
        }}
      >
        {offered.map((one) => (
          <Option key={one.id} value={one.id} text={one.signInName}>
            <UserText>{one.name === one.signInName ? one.name : `${one.name} (${one.signInName})`}</UserText>
          </Option>
        ))}
        {offered.length === 0 && !found.isPending && (
          <Option key="none" disabled text="">
            {t("share.nobody")}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
