/** Addresses and the pages at them. Each page is loaded when somebody goes there. */
import { Outlet, createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { PageLoading } from "@/components/PageLoading";
import { NotFound } from "./NotFound";
import { PageCrash } from "./PageCrash";
import { readSearch, writeSearch } from "./searchText";
import { Shell } from "./Shell";

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** Designers have the whole width, without the rail. */
    readonly layout?: "designer";
  }
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const environment = createRoute({ getParentRoute: () => root, path: "/e/$env", component: Outlet });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/e/$env", params: { env: "default" }, replace: true });
  },
});
/** Addresses that people know from Power Automate. */
const known = [
  createRoute({
    getParentRoute: () => root,
    path: "/manage/environments/$env/uiflows/$flowId/details",
    beforeLoad: ({ params }) => {
      throw redirect({ to: "/e/$env/desktopflows/$flowId", params: { env: "default", flowId: params.flowId }, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/manage/environments/$env/flows/$flowId/details",
    beforeLoad: ({ params }) => {
      throw redirect({ to: "/e/$env/cloudflows/$flowId", params: { env: "default", flowId: params.flowId }, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/manage/environments/$env/connections",
    beforeLoad: () => {
      throw redirect({ to: "/e/$env/connections", params: { env: "default" }, replace: true });
    },
  }),
];
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/pages/settings/SettingsPage"), "SettingsPage"),
});
const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  component: lazyRouteComponent(() => import("@/pages/admin/AdminPage"), "AdminPage"),
});

const pages = [
  createRoute({
    getParentRoute: () => environment,
    path: "/approvals",
    component: lazyRouteComponent(() => import("@/pages/approvals/ApprovalsPage"), "ApprovalsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/",
    component: lazyRouteComponent(() => import("@/pages/home/HomePage"), "HomePage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/runs",
    component: lazyRouteComponent(() => import("@/pages/runs/RunLists"), "DesktopRunsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/runs/$runId",
    component: lazyRouteComponent(() => import("@/pages/runs/details/RunDetailsPage"), "RunDetailsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/cloudruns",
    component: lazyRouteComponent(() => import("@/pages/runs/RunLists"), "CloudRunsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/queue",
    component: lazyRouteComponent(() => import("@/pages/queue/QueuePage"), "QueuePage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/machines",
    component: lazyRouteComponent(() => import("@/pages/machines/MachinesPage"), "MachinesPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/machines/$machineId",
    component: lazyRouteComponent(() => import("@/pages/machines/MachinePage"), "MachinePage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/desktopflows",
    component: lazyRouteComponent(() => import("@/pages/flows/DesktopFlowsPage"), "DesktopFlowsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/desktopflows/$flowId/edit",
    component: lazyRouteComponent(() => import("@/pages/designer/DesktopDesignerPage"), "DesktopDesignerPage"),
    loader: ({ params, cause }) => {
      if (cause === "enter") void import("@/pages/designer/DesktopDesignerPage").then((page) => page.openAhead(params.flowId));
    },
    staticData: { layout: "designer" },
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/desktopflows/$flowId",
    component: lazyRouteComponent(() => import("@/pages/flows/DesktopFlowPage"), "DesktopFlowPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/cloudflows",
    component: lazyRouteComponent(() => import("@/pages/flows/CloudFlowsPage"), "CloudFlowsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/cloudflows/$flowId",
    component: lazyRouteComponent(() => import("@/pages/flows/CloudFlowPage"), "CloudFlowPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/cloudflows/$flowId/edit",
    component: lazyRouteComponent(() => import("@/pages/cloudflow/DesignerPage"), "DesignerPage"),
    staticData: { layout: "designer" },
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/cloudflows/$flowId/runs/$runName",
    component: lazyRouteComponent(() => import("@/pages/cloudrun/CloudRunPage"), "CloudRunPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/create",
    component: lazyRouteComponent(() => import("@/pages/create/CreatePage"), "CreatePage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/activity",
    component: lazyRouteComponent(() => import("@/pages/activity/ActivityPage"), "ActivityPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/connections",
    component: lazyRouteComponent(() => import("@/pages/connections/ConnectionsPage"), "ConnectionsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/groups/$groupId",
    component: lazyRouteComponent(() => import("@/pages/machines/GroupPage"), "GroupPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/connections/$name",
    component: lazyRouteComponent(() => import("@/pages/connections/ConnectionPage"), "ConnectionPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/credentials",
    component: lazyRouteComponent(() => import("@/pages/credentials/CredentialsPage"), "CredentialsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/variables",
    component: lazyRouteComponent(() => import("@/pages/variables/VariablesPage"), "VariablesPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/solutions",
    component: lazyRouteComponent(() => import("@/pages/solutions/SolutionsPage"), "SolutionsPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/solutions/import",
    component: lazyRouteComponent(() => import("@/pages/solutions/ImportPage"), "ImportPage"),
  }),
];

const routes = root.addChildren([start, ...known, settings, admin, environment.addChildren(pages)]);

/** Fetches the scripts of the page at a path, without going there. */
export function preloadPage(path: string): void {
  const [routes] = router.getMatchedRoutes(path);
  for (const { options } of routes) void options.component?.preload?.();
}

export const router = createRouter({
  routeTree: routes,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 150,
  defaultErrorComponent: PageCrash,
  defaultNotFoundComponent: NotFound,
  defaultPreload: "intent",
  scrollRestoration: true,
});
