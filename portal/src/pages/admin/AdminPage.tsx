import { Button, Tab, TabList } from "@fluentui/react-components";
import { Add20Regular, PersonAdd20Regular } from "@fluentui/react-icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { useSession } from "@/session/session";
import { t, type TextKey } from "@/strings/text";
import type { AdminPartProps } from "./adminPart";
import { Applications } from "./Applications";
import { Audit } from "./Audit";
import { Retention } from "./Retention";
import { Roles } from "./Roles";
import { SettingsInForce } from "./SettingsInForce";
import { System } from "./System";
import { Users } from "./Users";

interface Part {
  readonly text: TextKey;
  readonly Part: (props: AdminPartProps) => React.JSX.Element;
  /** What can be added here. */
  readonly add?: { readonly text: TextKey; readonly icon: React.JSX.Element };
}

const PARTS = {
  users: { text: "admin.tab.users", Part: Users, add: { text: "users.add", icon: <PersonAdd20Regular /> } },
  roles: { text: "admin.tab.roles", Part: Roles },
  applications: { text: "admin.tab.applications", Part: Applications, add: { text: "apps.add", icon: <Add20Regular /> } },
  settings: { text: "admin.tab.settings", Part: SettingsInForce },
  retention: { text: "retention.title", Part: Retention },
  audit: { text: "admin.tab.audit", Part: Audit },
  system: { text: "admin.tab.system", Part: System },
} satisfies Record<string, Part>;

type PartName = keyof typeof PARTS;

/** The installation, for those who look after it. */
export function AdminPage() {
  const { tab = "users" } = useSearch({ strict: false }) as { tab?: PartName };
  const { isAdministrator } = useSession();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const { Part, add }: Part = PARTS[tab] ?? PARTS.users;
  if (!isAdministrator) {
    return (
      <Page title={t("admin.title")}>
        <EmptyState title={t("admin.noRight")} text={t("admin.noRightText")} />
      </Page>
    );
  }
  return (
    <Page
      title={t("admin.title")}
      filled
      commands={
        add && (
          <Button appearance="subtle" icon={add.icon} onClick={() => setAdding(true)}>
            {t(add.text)}
          </Button>
        )
      }
    >
      <TabList selectedValue={tab} onTabSelect={(_, data) => void navigate({ to: "/admin", search: { tab: data.value } as never })}>
        {(Object.keys(PARTS) as PartName[]).map((name) => (
          <Tab key={name} value={name}>
            {t(PARTS[name].text)}
          </Tab>
        ))}
      </TabList>
      <Part key={tab} adding={adding} onAdding={setAdding} />
    </Page>
  );
}
