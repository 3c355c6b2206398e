import { Tab, TabList } from "@fluentui/react-components";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { useSession } from "@/session/session";
import { t, type TextKey } from "@/strings/text";
import { Applications } from "./Applications";
import { Audit } from "./Audit";
import { Retention } from "./Retention";
import { Roles } from "./Roles";
import { SettingsInForce } from "./SettingsInForce";
import { System } from "./System";
import { Users } from "./Users";

const PARTS = {
  users: { text: "admin.tab.users", Part: Users },
  roles: { text: "admin.tab.roles", Part: Roles },
  applications: { text: "admin.tab.applications", Part: Applications },
  settings: { text: "admin.tab.settings", Part: SettingsInForce },
  retention: { text: "retention.title", Part: Retention },
  audit: { text: "admin.tab.audit", Part: Audit },
  system: { text: "admin.tab.system", Part: System },
} satisfies Record<string, { text: TextKey; Part: () => React.JSX.Element }>;

type PartName = keyof typeof PARTS;

/** The installation, for those who look after it. */
export function AdminPage() {
  const { tab = "users" } = useSearch({ strict: false }) as { tab?: PartName };
  const { isAdministrator } = useSession();
  const navigate = useNavigate();
  const { Part } = PARTS[tab] ?? PARTS.users;
  if (!isAdministrator) {
    return (
      <Page title={t("admin.title")}>
        <EmptyState title={t("admin.noRight")} text={t("admin.noRightText")} />
      </Page>
    );
  }
  return (
    <Page title={t("admin.title")} filled>
      <TabList selectedValue={tab} onTabSelect={(_, data) => void navigate({ to: "/admin", search: { tab: data.value } as never })}>
        {(Object.keys(PARTS) as PartName[]).map((name) => (
          <Tab key={name} value={name}>
            {t(PARTS[name].text)}
          </Tab>
        ))}
      </TabList>
      <Part key={tab} />
    </Page>
  );
}
