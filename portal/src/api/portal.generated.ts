/** The portal's endpoints. Generated from their declarations in `deskhand.pages`; never edited. */

/** Who may do what with something. */
export interface Access {
  /** Its name. */
  name: string;
  /** Whose it is. */
  owner: PersonRow | null;
  /** With whom it is shared, by name. */
  shares: ShareRow[];
  /** Who reaches it by a role. */
  inherited: InheritedRow[];
  /** As what it can be shared. */
  levels: SharingLevel[];
  /** Whether the caller may share it. */
  canShare: boolean;
  /** The machine group whose shares count in its place. */
  groupId: string | null;
  /** That group's name. */
  group: string | null;
}

/** What the rows of an action log can be filtered by. */
export interface ActionFilters {
  /** The subflows. */
  subflows: Counted[];
  /** The actions. */
  actions: Counted[];
  /** How they ended. */
  statuses: Counted[];
  /** Levels of messages that the flow logged. */
  levels: Counted[];
}

/** Where an action may stand. */
export type ActionKind = "action" | "condition" | "wait";

/** An action type. */
export interface ActionOffer {
  /** As definitions spell it. */
  type: string;
  /** Its name for people. */
  title: string;
  /** What it does. */
  doc: string;
  /** Its heading. */
  group: string;
  /** Its card. */
  fields: CardField[];
  /** Whether its retry policy counts. */
  retried: boolean;
  /** Whether its time limit counts. */
  limited: boolean;
}

/** A part of a run's action log, in order. */
export interface ActionPage {
  /** The rows, by index. */
  items: ActionRow[];
  /** The least index there is beyond this part, in the direction asked for; null at the end. */
  first: number | null;
  /** The greatest index of the log; -1 where there is none. */
  last: number;
  /** What became of the search for a text, in this part and outside; null where none is sought. */
  found: LogMatches | null;
}

/** What the designer offers. */
export interface ActionPalette {
  /** The groups, in the original's order. */
  groups: PaletteGroup[];
}

/** A row of a run's action log. */
export interface ActionRow {
  /** Its place in the log, from 0. */
  index: number;
  /** ``action``, ``log`` for a message that the flow logged, ``loop`` where a loop begins, ``loopEnd`` where it ends, ``omitted`` where rows were left out. */
  kind: string;
  /** When the action began. */
  startedAt: string;
  /** Milliseconds that it took. */
  durationMs: number;
  /** The subflow that it stands in. */
  subflow: string;
  /** Its number there. */
  line: number;
  /** Its name. */
  action: string;
  /** One line for people; secrets masked. */
  summary: string;
  /** How it ended. */
  status: string;
  /** Of a logged message: Info, Warning or Error. */
  level: string | null;
  /** Why it failed. */
  error: string | null;
  /** How many loops it stands in. */
  depth: number;
  /** Which round of each of them, from 1, the outermost first; 0 before a loop's first round. Empty in logs of earlier versions. */
  inRounds: number[];
  /** What became of the loop that begins here, where loops are asked for; null for other rows. */
  loop: LoopRounds | null;
}

/** What an application signs in with; the secret is shown this once. */
export interface ApplicationCredentials {
  /** Its ``systemuserid``. */
  userId: string;
  /** Its client id. */
  clientId: string;
  /** The secret. */
  clientSecret: string;
  /** The tenant. */
  tenantId: string;
  /** Where it asks for tokens. */
  tokenUrl: string;
}

/** Applications. */
export interface ApplicationList {
  /** The applications, by name. */
  items: ApplicationRow[];
  /** The tenant that they name. */
  tenantId: string;
  /** Where they ask for tokens. */
  tokenUrl: string;
}

/** An application. */
export interface ApplicationRow {
  /** Its ``systemuserid``. */
  userId: string;
  /** Its client id. */
  clientId: string;
  /** Its name. */
  name: string;
  /** The names of its roles. */
  roles: string[];
  /** Whether it may not ask for tokens. */
  disabled: boolean;
  /** Its client secrets. */
  secrets: SecretRow[];
}

/** Something that needs attention. */
export interface Attention {
  /** Why. */
  kind: AttentionKind;
  /** The flow, the machine, the run, the credential or the approval. */
  id: string;
  /** Its name; of an approval what is asked. */
  name: string;
  /** What kind of flow; null for others. */
  flowKind: FlowKind | null;
  /** Since when, when it failed last, or when a credential expires. */
  since: string | null;
  /** How many runs failed in 24 h, or wait for it; 1 for a credential that has expired, 0 for one that will. */
  count: number;
  /** What went wrong the last time. */
  message: string | null;
}

/** Why something needs attention. */
export type AttentionKind = "failingFlow" | "machineOffline" | "longWait" | "credentialExpires" | "approvalWaits";

/** What needs attention. */
export interface AttentionList {
  /** The most pressing first; a few of each kind. */
  items: Attention[];
}

/** A page of the audit log. */
export interface AuditPage {
  /** The lines, the newest first. */
  items: AuditRow[];
  /** The ``after`` of the next page; null on the last one. */
  next: string | null;
}

/** A line of the audit log. */
export interface AuditRow {
  /** The line. */
  id: string;
  /** When. */
  at: string;
  /** Who; null for the command line, and for somebody who could not sign in. */
  userId: string | null;
  /** Their name at that time. */
  user: string | null;
  /** What they did. */
  action: string;
  /** The table of what it was done to. */
  objectType: string | null;
  /** What it was done to. */
  objectId: string | null;
  /** Its name at that time. */
  objectName: string | null;
  /** What else is known of it. */
  details: Record<string, unknown>;
  /** The network address that the request came from. */
  address: string | null;
}

/** What a connection reference is bound to. */
export interface Binding {
  /** The connection's name; null for none. */
  connection: string | null;
}

/** Where a run pauses from now on. */
export interface BreakpointsToSet {
  /** All of them. */
  breakpoints: FlowBreakpoint[];
}

/** A flow of an upload. */
export interface BroughtFlow {
  /** Its id; None where the file names none. */
  id: string | null;
  /** Its name. */
  name: string;
  /** ``desktop`` or ``cloud``. */
  kind: string;
  /** Whether a flow of the installation is replaced by it. */
  replaces: boolean;
  /** Whether it would run here. */
  readiness: Readiness;
  /** Why it cannot run here, one sentence each. */
  problems: string[];
  /** What else a person should know before it runs. */
  warnings: string[];
  /** Whether it is a cloud flow that is on. */
  isOn?: boolean;
}

/** A connection reference that flows of an upload use. */
export interface BroughtReference {
  /** Its name. */
  logicalName: string;
  /** Its name for people. */
  displayName: string;
  /** The connector's id. */
  connector: string;
  /** The connection that it is bound to here; None if it is not. */
  connection: string | null;
}

/** An environment variable of an upload. */
export interface BroughtVariable {
  /** Its name in flows. */
  schemaName: string;
  /** Its name for people. */
  displayName: string;
  /** Its value where no other is set. */
  default: string | null;
  /** The value that it has here, or that the upload brings. */
  value: string | null;
  /** Whether it has a value here already, which an import leaves alone. */
  isSet: boolean;
}

/** A field of an action's or a trigger's card. */
export interface CardField {
  /** Where its value stands in the action, such as ``inputs/from``. */
  path: string;
  /** Its label. */
  title: string;
  /** ``any``, ``string``, ``integer``, ``boolean``, ``array``, ``object``, ``expression`` or ``duration``. */
  type: string;
  /** Whether it must be filled. */
  required: boolean;
  /** The values it takes, where they are few. */
  options: string[];
  /** What it means. */
  doc: string;
}

/** How to export a cloud flow. */
export interface CloudExport {
  /** As the file that it came as, or as a solution for Power Automate. */
  form: CloudExportForm;
  /** The solution's unique name. */
  solution?: string | null;
}

/** In what form a cloud flow is exported. */
export type CloudExportForm = "file" | "solution";

/** A cloud flow that was made. */
export interface CloudFlowMade {
  /** The flow. */
  id: string;
}

/** A page of cloud flows. */
export interface CloudFlowPage {
  /** The flows. */
  items: CloudFlowRow[];
  /** The ``after`` of the next page; null on the last one. */
  next: string | null;
}

/** One cloud flow in a list. */
export interface CloudFlowRow {
  /** The flow. */
  id: string;
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string | null;
  /** Whether it is on. */
  state: FlowState;
  /** Whose it is. */
  ownerId: string | null;
  /** Their name. */
  owner: string | null;
  /** When it was last changed. */
  modifiedOn: string;
  /** What starts it: Instant, Scheduled or Automated, as its runs are called; null while it is off. */
  trigger: string | null;
  /** When it starts next, if a time decides that. */
  nextRunOn: string | null;
  /** Its newest run that the caller may see. */
  lastRun: RunRow | null;
}

/** A row of either text. */
export interface ComparedRow {
  /** What became of it. */
  difference: Difference;
  /** Its number in the former text; null for one that is new there. */
  before: number | null;
  /** Its number in the later text; null for one that is gone. */
  after: number | null;
  /** How many blocks it stands in. */
  depth: number;
  /** The form's name; of an action that cannot run here its own. */
  name: string;
  /** The card's title. */
  title: string;
  /** The card's line. */
  summary: SummaryPiece[];
  /** The card's line in the former text, of a row that was changed. */
  former: SummaryPiece[];
  /** The subflow that it stood in, of a row that was moved from another one. */
  other: string;
  /** Its own lines; of one that is gone the former ones. */
  text: string;
  /** Its lines in the former text, of a row that was changed. */
  formerText: string;
}

/** A subflow of either text. */
export interface ComparedSubflow {
  /** Its name. */
  name: string;
  /** same, added, removed, or changed where one of its rows is. */
  difference: Difference;
  /** Its rows, in the later text's order with those that are gone where they stood. */
  rows: ComparedRow[];
}

/** An input, an output, another line of the header, a UI element or an image. */
export interface ComparedThing {
  /** What became of it. */
  difference: Difference;
  /** What it is called, or the line. */
  name: string;
}

/** Two texts of a flow side by side. */
export interface Comparison {
  /** Whether both can be read; otherwise their rows cannot be compared. */
  readable: boolean;
  /** The subflows. */
  subflows: ComparedSubflow[];
  /** Lines before Main that differ. */
  header: ComparedThing[];
  /** UI elements and images that differ. */
  elements: ComparedThing[];
  /** How many rows are added, removed, changed and moved. */
  counts: Record<string, number>;
}

/** What shall be different about a connection. */
export interface ConnectionChange {
  /** Its name for people. */
  displayName?: string | null;
  /** What it holds; what is left out stays, null goes. */
  parameters: Record<string, unknown>;
}

/** One connection. */
export interface ConnectionDetails {
  /** The connection as lists show it. */
  connection: ConnectionRow;
  /** What it holds; secrets are hidden, and a credential stands by its id. */
  parameters: Record<string, unknown>;
  /** The sign-in names of those who may run with it, beside its owner. */
  sharedWith: string[];
  /** The names of the credentials that it signs in with, by id, as far as the caller may see. */
  credentials: Record<string, string>;
  /** Whether the caller may change it. */
  canWrite: boolean;
}

/** A connection that leads to a machine group, or that signs in with a credential. */
export interface ConnectionLink {
  /** The connection's name; null for one that the caller may not see. */
  name: string | null;
  /** Its name for people; null for one that the caller may not see. */
  displayName: string | null;
}

/** Connections. */
export interface ConnectionList {
  /** The connections, the oldest first. */
  items: ConnectionRow[];
}

/** A connection that the caller may use. */
export interface ConnectionRow {
  /** The connection's own id. */
  id: string;
  /** The name that requests and references give. */
  name: string;
  /** Its name for people. */
  displayName: string;
  /** The connector's name. */
  connector: string;
  /** The machine group that it leads to, for desktop flows. */
  targetId: string | null;
  /** That group's name. */
  target: string | null;
  /** The sign-in name of whose it is. */
  owner: string | null;
  /** ``Connected``, or ``Error`` where it did not work when it was last tried out. */
  status: string;
  /** When it was made. */
  createdOn: string;
  /** The connection references that are bound to it. */
  references: string[];
  /** When it was last tried out; null for never. */
  testedOn: string | null;
  /** Why it did not work then. */
  problem: string | null;
}

/** A connection to make. */
export interface ConnectionToMake {
  /** The connector's name. */
  connector: string;
  /** Its name for people; the connector's where it is left out. */
  displayName?: string | null;
  /** What it holds, secrets included. */
  parameters: Record<string, unknown>;
}

/** A connection to try out. */
export interface ConnectionToTest {
  /** Its name. */
  name: string;
}

/** Whether a connection works. */
export interface ConnectionTrial {
  /** Whether it does. */
  works: boolean;
  /** Why not. */
  message: string | null;
}

/** Connectors. */
export interface ConnectorList {
  /** The connectors, those that are built in first. */
  items: ConnectorRow[];
}

/** A connector with its operations. */
export interface ConnectorOffer {
  /** As flows name it. */
  name: string;
  /** Its name for people. */
  title: string;
  /** What it is for. */
  doc: string;
  /** Whether its operations need a connection. */
  asks: boolean;
  /** What it can do. */
  operations: OperationOffer[];
}

/** A connector that connections can be made to. */
export interface ConnectorRow {
  /** Its name, as flows give it. */
  name: string;
  /** Its name for people. */
  title: string;
  /** What it is for. */
  description: string;
  /** What a connection to it holds, as a JSON schema; ``format: password`` marks secrets. */
  parameters: Record<string, unknown>;
  /** Whether this installation added it. */
  custom: boolean;
}

/** Where the flow goes on after an error. */
export type Continuation = "next" | "repeat" | "label" | "fail";

/** What a copy of a flow shall be called. */
export interface CopyName {
  /** Its name. */
  name: string;
}

/** A value, and how many rows have it. */
export interface Counted {
  /** The value. */
  value: string;
  /** How many rows. */
  count: number;
}

/** A connection that was made. */
export interface CreatedConnection {
  /** The name that requests and references give. */
  name: string;
}

/** A credential that was made. */
export interface CreatedCredential {
  /** The credential. */
  id: string;
}

/** A machine group that was made. */
export interface CreatedGroup {
  /** The group. */
  id: string;
}

/** A connection reference that was made. */
export interface CreatedReference {
  /** The reference. */
  id: string;
}

/** A bearer token; its text is shown this once. */
export interface CreatedToken {
  /** The text. */
  token: string;
  /** When it stops working. */
  expiresOn: string;
}

/** A person who was added. */
export interface CreatedUser {
  /** Their ``systemuserid``. */
  id: string;
}

/** What shall be different about a credential; what is left out stays. */
export interface CredentialChange {
  /** The user name. */
  account?: string | null;
  /** What it is for. */
  description?: string | null;
}

/** Credentials. */
export interface CredentialList {
  /** The credentials, by name. */
  items: CredentialRow[];
}

/** A credential that the caller may use. */
export interface CredentialRow {
  /** The credential. */
  id: string;
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string;
  /** The user name. */
  account: string;
  /** Whose it is. */
  owner: PersonRow | null;
  /** When it was made. */
  createdOn: string;
  /** When its password was last changed. */
  secretChangedOn: string | null;
  /** When its password stops working, as far as people know. */
  expiresOn: string | null;
  /** When something signed in with it last, to the minute; null if nothing ever did. */
  lastUsedOn: string | null;
  /** The connections that sign in with it. */
  usedBy: ConnectionLink[];
  /** Whether the caller may change it. */
  canWrite: boolean;
  /** Whether the caller may delete it. */
  canDelete: boolean;
}

/** A credential to make. */
export interface CredentialToMake {
  /** Its name. */
  name: string;
  /** The user name. */
  account: string;
  /** The password. */
  secret: string;
  /** What it is for. */
  description?: string;
  /** When the password stops working. */
  expiresOn?: string | null;
}

/** The runs of one day, by UTC. */
export interface DayOfRuns {
  /** The day, ``2026-03-01``. */
  day: string;
  /** How many succeeded. */
  succeeded: number;
  /** How many failed or timed out. */
  failed: number;
  /** How many others were asked for. */
  other: number;
}

/** A debugged run. */
export interface DebugInfo {
  /** Where it stands. */
  state: DebugStanding;
  /** Why it paused; null unless it is paused. */
  reason: DebugReason | null;
  /** The row before which it paused, or that runs now; null before the first one. */
  place: RowPlace | null;
  /** Where it stands in each subflow, the innermost first; empty unless it is paused. */
  stack: RowPlace[];
  /** Those that the innermost subflow sees; empty unless it is paused. */
  variables: LiveVariable[];
  /** The error at which it paused. */
  error: FailedRow | null;
  /** What it could not do. */
  notice: DebugNotice | null;
  /** Where it pauses. */
  breakpoints: FlowBreakpoint[];
  /** Milliseconds of rest before each row. */
  delayMs: number;
  /** The number of what it was told last. */
  sequence: number;
  /** The number of what it has obeyed last. */
  obeyed: number;
}

/** Something that a run could not do as it was told. */
export interface DebugNotice {
  /** The number of what it was told; 0 for the condition of a breakpoint. */
  sequence: number;
  /** What, and why. */
  message: string;
}

/** How the designer runs a flow. */
export interface DebugOrder {
  /** The text to run, saved or not. */
  text: string;
  /** The inputs by name. */
  inputs?: Record<string, unknown> | null;
  /** The connection's name; null for that of the flow's last run. */
  connection?: string | null;
  /** How it uses its machine; unattended where it is left out. */
  mode?: Mode | null;
  /** Where it pauses. */
  breakpoints?: FlowBreakpoint[];
  /** Whether it pauses before its first row. */
  stopOnEntry?: boolean;
  /** The row at which it begins, outside of blocks; null for the first one. */
  startAt?: RowPlace | null;
  /** Milliseconds of rest before each row. */
  delayMs?: number;
}

/** What a debugged run is told. */
export interface DebugOrderToRun {
  /** What to do. */
  command: DebugVerb;
  /** For ``runTo``, the row's subflow. */
  subflow?: string | null;
  /** For ``runTo``, the row's number there. */
  row?: number | null;
}

/** Why a debugged run paused. */
export type DebugReason = "breakpoint" | "step" | "pause" | "entry" | "error" | "runTo";

/** Where a debugged run stands. */
export type DebugStanding = "waiting" | "running" | "pausing" | "paused" | "ended";

/** What a debugged run can be told. */
export type DebugVerb = "resume" | "pause" | "stepOver" | "stepInto" | "stepOut" | "runTo" | "retry" | "skip";

/** How long a run rests before each row from now on. */
export interface DelayToSet {
  /** Milliseconds. */
  delayMs: number;
}

/** Everything about a desktop flow but its text. */
export interface DesktopFlowDetails {
  /** The flow as lists show it. */
  flow: DesktopFlowRow;
  /** When it was made. */
  createdOn: string;
  /** What it takes. */
  inputs: FlowParameter[];
  /** What it returns. */
  outputs: FlowParameter[];
  /** What the checker found. */
  findings: Finding[];
  /** The modules whose actions it uses. */
  modules: string[];
  /** The flows that it calls. */
  uses: FlowLink[];
  /** The flows that call it, the first ones. */
  usedBy: FlowLink[];
  /** Its runs by day, the last 28 days; days without any are left out. */
  days: DayOfRuns[];
  /** Its newest runs. */
  runs: RunRow[];
  /** Whether the caller may run it now. */
  canRun: boolean;
  /** Whether the caller may change it. */
  canWrite: boolean;
  /** Whether the caller may delete it. */
  canDelete: boolean;
  /** Whether the caller may share it. */
  canShare: boolean;
  /** The version of its row, which a change may name. */
  version: number;
  /** The address of its row in the Web API. */
  webApi: string;
}

/** A desktop flow that was made. */
export interface DesktopFlowMade {
  /** The flow. */
  id: string;
}

/** A page of desktop flows. */
export interface DesktopFlowPage {
  /** The flows. */
  items: DesktopFlowRow[];
  /** The ``after`` of the next page; null on the last one. */
  next: string | null;
}

/** One desktop flow in a list. */
export interface DesktopFlowRow {
  /** The flow. */
  id: string;
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string | null;
  /** Whether it has a version that runs. */
  published: boolean;
  /** Whether it has a draft that differs from it, or is one. */
  hasDraft: boolean;
  /** Whose it is. */
  ownerId: string | null;
  /** Their name. */
  owner: string | null;
  /** When it was last changed. */
  modifiedOn: string;
  /** By whom. */
  modifiedBy: string | null;
  /** Whether the checker has looked at this version; it does so now, and until then the next four are not known. */
  checked: boolean;
  /** How many rows with actions it has; null where its text cannot be read. */
  actions: number | null;
  /** How many subflows, Main included. */
  subflows: number | null;
  /** How many things keep it from running. */
  errors: number;
  /** What else the checker found. */
  warnings: number;
  /** Its newest run that the caller may see. */
  lastRun: RunRow | null;
}

/** A desktop flow as the designer works on it. */
export interface DesktopFlowText {
  /** The flow. */
  id: string;
  /** Its name. */
  name: string;
  /** Its text. */
  text: string;
  /** Whether there is a version that runs. */
  published: boolean;
  /** Whether this is a draft, so that runs use something else or nothing. */
  isDraft: boolean;
  /** The row's version, which saving names. */
  version: number;
  /** When it was last changed. */
  modifiedOn: string;
  /** By whom. */
  modifiedBy: string | null;
  /** Whether the caller may change it. */
  mayChange: boolean;
}

/** What became of something. */
export type Difference = "same" | "added" | "removed" | "changed" | "moved";

/** A document to check. */
export interface DocumentToCheck {
  /** The document, as JSON text. */
  document: string;
  /** The flow that it is for; a new one where it is left out. */
  flowId?: string | null;
}

/** An attribute that a selector compares. */
export interface ElementAttribute {
  /** Its name. */
  name: string;
  /** How it is compared: EqualTo, Contains … */
  operator: string;
  /** With what. */
  value: string;
  /** Whether it is compared at all. */
  enabled: boolean;
}

/** Which screen or element is meant. */
export interface ElementPlace {
  /** What its repository is called in the flow. */
  repository: string;
  /** The screen's name. */
  screen: string;
  /** The element's name; null for the screen itself. */
  element?: string | null;
}

/** A screen, UI element or image to rename. */
export interface ElementRenaming {
  /** The flow's text. */
  text: string;
  /** The name that it shall have. */
  name: string;
  /** The screen or element; null for an image. */
  element?: ElementPlace | null;
  /** The path of the image; null for an element. */
  image?: string[] | null;
}

/** One way to find an element; the first that finds it counts. */
export interface ElementSelector {
  /** Its name. */
  name: string;
  /** Whether it is tried. */
  enabled: boolean;
  /** Whether its text counts, and not its parts. */
  custom: boolean;
  /** Its text; of one with parts what they come to. */
  text: string;
  /** Its parts. */
  parts: SelectorPart[];
  /** Which selector it was, from 0; null for a new one. */
  source: number | null;
}

/** Screens, UI elements and images to remove. */
export interface ElementsToRemove {
  /** The flow's text. */
  text: string;
  /** The screens, which go with their elements, and elements. */
  elements?: ElementPlace[];
  /** The paths of images. */
  images?: string[][];
}

/** What happens when a row fails. */
export interface ErrorHandling {
  /** How often it is tried again, as a field shows it; empty for never. */
  times: string;
  /** How many seconds lie between, as a field shows it. */
  seconds: string;
  /** What happens if it fails still; without one the flow fails. */
  rules: ErrorRule[];
}

/** What happens on an error. */
export interface ErrorRule {
  /** The error's name; null for all that have no rule of their own. */
  error: string | null;
  /** What is done first. */
  steps: ErrorStep[];
  /** Where the flow goes on. */
  then: Continuation;
  /** The label that it goes on at. */
  label: string;
}

/** Something that is done when a row fails. */
export interface ErrorStep {
  /** What is done. */
  kind: StepKind;
  /** The variable that is set, or the subflow that runs. */
  name: string;
  /** What the variable gets, as a field shows it. */
  value: string;
}

/** In what form desktop flows are exported. */
export type ExportForm = "text" | "folder" | "solution";

/** Which desktop flows to export, and how. */
export interface ExportOrder {
  /** The flows, at least one. */
  flows: string[];
  /** One text for each, a folder of texts for each, or one solution with all of them. */
  form: ExportForm;
  /** The solution's unique name; made from the first flow's name unless given. */
  solution?: string | null;
}

/** An expression to evaluate. */
export interface ExpressionToTry {
  /** The expression, without its ``@``. */
  expression: string;
  /** What it sees: ``trigger``, ``outputs`` by action, ``variables``, ``parameters``, ``items``. */
  context: Record<string, unknown>;
}

/** What an expression comes to. */
export interface ExpressionValue {
  /** The value as JSON text, cut off where it is long; null where it cannot be evaluated. */
  value: string | null;
  /** Why it cannot. */
  problem: string | null;
}

/** The error at which a run paused. */
export interface FailedRow {
  /** Its name in flow text, such as ``FileNotFound``. */
  name: string;
  /** What happened. */
  message: string;
  /** The row that failed. */
  place: RowPlace;
}

/** Something that the flow checker found. */
export interface Fault {
  /** Its code. */
  code: string;
  /** What is wrong. */
  message: string;
  /** The action, trigger or connection reference concerned; empty for the flow as a whole. */
  name: string;
  /** Whether it keeps the flow from being switched on. */
  fatal: boolean;
}

/** What the flow checker found. */
export interface FaultList {
  /** The faults, in the order of the document. */
  items: Fault[];
}

/** How a field is filled in. */
export type FieldKind = "value" | "choice" | "variable" | "label" | "subflow" | "plain" | "formula";

/** A field that holds no value. */
export interface FieldProblem {
  /** The field's name. */
  field: string;
  /** What is wrong with it. */
  message: string;
}

/** One thing that the checker found in a desktop flow. */
export interface Finding {
  /** ``error`` where the flow cannot run, or ``warning``. */
  severity: string;
  /** The code that ``deskhand help`` explains. */
  code: string;
  /** What is wrong, and what would be right. */
  message: string;
  /** The line in the flow's text. */
  line: number;
  /** The column there. */
  column: number;
}

/** Where a run pauses. */
export interface FlowBreakpoint {
  /** The row's subflow. */
  subflow: string;
  /** Its number there, from 1. */
  row: number;
  /** The expression that must be true, such as ``Count > 3``; null for always. */
  condition?: string | null;
  /** At which time that the row is met, and the condition is true, it begins to count; null for the first one. */
  hits?: number | null;
  /** A text for the run's log instead of a pause, as in an action's field: ``Now %Name%``. */
  log?: string | null;
}

/** A cloud flow as the designer works on it. */
export interface FlowDocument {
  /** The flow. */
  id: string;
  /** Its name. */
  name: string;
  /** Whether it is on. */
  state: FlowState;
  /** The document, as JSON text. */
  document: string;
  /** Where in the document the definition stands; numbers are places in arrays. */
  path: string[];
  /** The row's version, which saving names. */
  version: number;
  /** When it was last changed. */
  modifiedOn: string;
  /** By whom. */
  modifiedBy: string | null;
  /** Whether the caller may change it. */
  mayChange: boolean;
}

/** The UI elements and images of a flow. */
export interface FlowElements {
  /** Windows and web pages. */
  screens: UiScreen[];
  /** Images. */
  images: FlowImage[];
  /** What rows use and the flow does not have. */
  missing: MissingElement[];
}

/** A file with what was exported. */
export interface FlowFile {
  /** What it is called. */
  fileName: string;
  /** What it holds. */
  mediaType: string;
  /** Its bytes, in base64. */
  content: string;
}

/** An image that actions look for on the screen. */
export interface FlowImage {
  /** The folder that it stands in, if any, and its name. */
  path: string[];
  /** Its file in base64; empty where the flow came without it. */
  png: string;
  /** How a row names it. */
  reference: string;
  /** The rows that use it. */
  uses: UseOfElement[];
}

/** What kind of flow. */
export type FlowKind = "desktop" | "cloud";

/** Another flow that is tied to one. */
export interface FlowLink {
  /** What kind of flow it is. */
  kind: FlowKind;
  /** The flow. */
  id: string;
  /** Its name; null for one that is not there, or that the caller may not see. */
  name: string | null;
}

/** A flow's text, taken apart and checked. */
export interface FlowOutline {
  /** Whether it can be read; otherwise only the findings count. */
  readable: boolean;
  /** The lines before Main. */
  header: string;
  /** Main and the others. */
  subflows: Subflow[];
  /** What follows them: UI elements and images, as they were copied. */
  repository: string;
  /** What the checker found. */
  findings: RowFinding[];
  /** Its variables. */
  variables: FlowVariable[];
  /** What a run of it asks for. */
  inputs: FlowParameter[];
}

/** An input or output of a flow. */
export interface FlowParameter {
  /** Its external name. */
  name: string;
  /** Its JSON type. */
  type: string;
  /** What it is. */
  description: string;
  /** Whether a run cannot begin without it. */
  required: boolean;
  /** Whether its value is shown to nobody. */
  sensitive: boolean;
  /** What it is where nobody gives it; null for sensitive ones. */
  default: unknown;
}

/** What shall be different about a desktop flow; what is left out stays. */
export interface FlowProperties {
  /** Its name. */
  name?: string | null;
  /** What it is for. */
  description?: string | null;
}

/** Whether a cloud flow is on. */
export type FlowState = "On" | "Off" | "Suspended";

/** Whether a cloud flow shall be on. */
export interface FlowSwitch {
  /** True to switch it on. */
  on: boolean;
}

/** A flow's text. */
export interface FlowText {
  /** The text. */
  text: string;
}

/** A cloud flow to save. */
export interface FlowToSave {
  /** Its document, as JSON text. */
  document: string;
  /** The version that it was made from. */
  version: number;
  /** Its name, where that changes. */
  name?: string | null;
  /** What is said of the version that saving makes. */
  note?: string;
}

/** One variable. */
export interface FlowVariable {
  /** Its name. */
  name: string;
  /** What it is to callers. */
  role: VariableRole;
  /** What it holds, where that is known. */
  type: string;
  /** The name that callers know; empty for the flow's own. */
  externalName: string;
  /** What it is for. */
  description: string;
  /** Whether its value is shown to nobody. */
  sensitive: boolean;
  /** How often it is named in rows. */
  uses: number;
}

/** A version of a flow. */
export interface FlowVersion {
  /** Its number, from 1. */
  number: number;
  /** When it was published or saved. */
  madeOn: string;
  /** By whom. */
  madeBy: string | null;
  /** What they said of it. */
  note: string;
  /** Whether it is what is published or saved now. */
  inForce: boolean;
}

/** The versions of a flow. */
export interface FlowVersions {
  /** The versions, the newest first. */
  items: FlowVersion[];
  /** Whether there is a draft beside them; cloud flows have none. */
  hasDraft: boolean;
  /** The version of the row that is worked on, which restoring names. */
  version: number;
  /** When the flow was last changed. */
  modifiedOn: string;
  /** By whom. */
  modifiedBy: string | null;
  /** Whether the caller may restore one. */
  mayRestore: boolean;
}

/** A function of expressions. */
export interface FunctionOffer {
  /** Its name. */
  name: string;
  /** Its name with its parameters. */
  signature: string;
  /** What it gives. */
  doc: string;
}

/** What shall be different about a machine group; what is left out stays. */
export interface GroupChange {
  /** Its name. */
  name?: string | null;
  /** What it is for. */
  description?: string | null;
  /** Whether a run that cannot start lets the ones behind it pass. */
  mayPass?: boolean | null;
}

/** One machine group. */
export interface GroupDetails {
  /** The group as lists show it. */
  group: GroupRow;
  /** Its machines that the caller may see, by name. */
  machines: MachineRow[];
  /** The connections that lead to it, the first ones. */
  connections: ConnectionLink[];
  /** Whether the caller may change it, and let machines join. */
  canWrite: boolean;
  /** Whether the caller may delete it. */
  canDelete: boolean;
}

/** Machine groups. */
export interface GroupList {
  /** The groups, by name. */
  items: GroupRow[];
  /** Whether these are all. */
  complete: boolean;
}

/** One machine group in a list. */
export interface GroupRow {
  /** The group. */
  id: string;
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string | null;
  /** Whether it exists for one machine alone. */
  standalone: boolean;
  /** How many machines it has. */
  machines: number;
  /** How many of them are connected. */
  connected: number;
  /** How many runs its machines have. */
  running: number;
  /** How many they take at the same time. */
  capacity: number;
  /** How many runs wait for it. */
  queued: number;
  /** Whether it takes no new runs. */
  maintenance: boolean;
  /** Whether a run that cannot start lets the ones behind it pass. */
  mayPass: boolean;
  /** Whose it is. */
  owner: string | null;
}

/** An action that is known and cannot run here. */
export interface HiddenAction {
  /** Its name in flow text. */
  name: string;
  /** Its title. */
  title: string;
  /** Why it cannot run. */
  why: string;
}

/** Something that was found. */
export interface Hit {
  /** What. */
  kind: HitKind;
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** The flow, where it is a run. */
  flowId?: string | null;
  /** The run's name, where it is a cloud flow's. */
  runName?: string | null;
}

/** What was found. */
export type HitKind = "desktopFlow" | "cloudFlow" | "desktopRun" | "cloudRun" | "machine" | "group";

/** What was found. */
export interface Hits {
  /** The hits, a few of each kind; those whose name begins so come first. */
  items: Hit[];
}

/** Whether all is well, and where the caller was. Counts end at 10,000. */
export interface Home {
  /** How many machines there are. */
  machines: number;
  /** How many of them are connected. */
  connected: number;
  /** How many runs run now, of both kinds of flows. */
  running: number;
  /** How many desktop-flow runs wait. */
  queued: number;
  /** How many runs failed within 24 hours, of both kinds of flows. */
  failures: number;
  /** What needs attention, the most pressing first. */
  attention: Attention[];
  /** The flows that the caller changed last. */
  recentFlows: RecentFlow[];
  /** The newest runs that the caller asked for. */
  myRuns: RunRow[];
  /** Whether anything ever ran that the caller may see. */
  anythingRan: boolean;
  /** The sample to begin with; null where it is gone. */
  sampleFlow: string | null;
}

/** An image to import. */
export interface ImageToImport {
  /** The flow's text. */
  text: string;
  /** The image's name. */
  name: string;
  /** A PNG file in base64. */
  png: string;
}

/** A file to import. */
export interface ImportOrder {
  /** Its name, whose ending tells how it is read. */
  fileName: string;
  /** Its bytes, as base64. */
  content: string;
  /** The connection that each connection reference shall use, by the reference's name. */
  bindings: Record<string, string>;
  /** Values of environment variables, by their schema names. */
  variables: Record<string, string>;
}

/** Somebody who reaches something without a share. */
export interface InheritedRow {
  /** Who. */
  person: PersonRow;
  /** The role that lets them. */
  role: string;
  /** Whether they may change it, too. */
  mayWrite: boolean;
}

/** What is in an upload. */
export interface Inspection {
  /** The solution's name; None for anything else. */
  solution: string | null;
  /** Its version. */
  version: string | null;
  /** Its flows. */
  flows: BroughtFlow[];
  /** The connection references that its flows use. */
  references: BroughtReference[];
  /** Its environment variables. */
  variables: BroughtVariable[];
}

/** Everything that is kept for a while. */
export interface Kept {
  /** The kinds. */
  items: KeptRows[];
}

/** What is kept for a while. */
export type KeptKind = "desktopRuns" | "actionLogs" | "cloudRuns" | "flowVersions" | "files" | "audit";

/** One kind of what is kept. */
export interface KeptRows {
  /** What. */
  kind: KeptKind;
  /** The setting that says how long; null where it goes with what it belongs to. */
  setting: string | null;
  /** How many days, or of versions how many; null where it is kept. */
  kept: number | null;
  /** How many rows there are, one million at most. */
  rows: number;
  /** About how many bytes they take. */
  bytes: number;
  /** When the oldest of it ended or was made. */
  oldest: string | null;
  /** How many the rule would delete now: runs, runs with an action log, lines. */
  due: number;
}

/** A variable of a paused run. */
export interface LiveVariable {
  /** Its name. */
  name: string;
  /** The kind of its value, such as ``number``; empty where it has none. */
  type: string;
  /** A short text. */
  text: string;
  /** Its value, bounded; null where it is sensitive or left out. */
  value: unknown;
  /** Whether nobody may see it. */
  sensitive: boolean;
  /** Whether the value is only the beginning. */
  truncated: boolean;
  /** Whether it can be given another value. */
  editable: boolean;
}

/** How much a message matters that a flow logged. */
export type LogLevel = "Info" | "Warning" | "Error";

/** In how many rows of a log a text stands. */
export interface LogMatches {
  /** In how many of those that the other filters let through. */
  matches: number;
  /** How many rows the log has. */
  of: number;
}

/** A round of a loop in which something is logged. */
export interface LoopRound {
  /** The index of its first row. */
  index: number;
  /** Which round it is, from 1; 0 for rows before the first one, and in logs that name no rounds. */
  number: number;
  /** When its first row began. */
  startedAt: string;
  /** How many rows stand directly in it. */
  rows: number;
  /** How many of these are loops. */
  loops: number;
  /** How many actions failed in it, handled or not, also in the loops inside. */
  failed: number;
}

/** What became of a loop. */
export interface LoopRounds {
  /** Whether it has come to its end; one that has not may still go round. */
  ended: boolean;
  /** How often it went round; null while that is not known. */
  rounds: number | null;
  /** In how many rounds something failed, handled or not; as far as it is known. */
  failed: number;
  /** Milliseconds that it took; null while it has not ended. */
  durationMs: number | null;
  /** The index of the row at its end; null while it has not ended. */
  last: number | null;
  /** Whether an error left it. */
  isLeft: boolean;
}

/** What one machine had to do. */
export interface MachineActivity {
  /** The machine as lists show it. */
  machine: MachineRow;
  /** How many desktop-flow runs it was given, of those that the caller sees. */
  runs: number;
  /** How many of these failed or ran out of time. */
  failed: number;
  /** Milliseconds that those of them took together that have ended. */
  runMs: number;
  /** When the newest of them was asked for. */
  lastRunOn: string | null;
}

/** What machines had to do. */
export interface MachineActivityList {
  /** The machines, by name. */
  items: MachineActivity[];
  /** Whether these are all. */
  complete: boolean;
}

/** One machine. */
export interface MachineDetails {
  /** The machine as lists show it. */
  machine: MachineRow;
  /** The runs that it has now. */
  runs: RunRow[];
  /** The connections that lead to it, the first ones. */
  connections: ConnectionLink[];
  /** Whether the caller may change it. */
  canWrite: boolean;
  /** Whether the caller may remove it. */
  canDelete: boolean;
  /** The version of its row, which a change may name. */
  version: number;
}

/** Machines. */
export interface MachineList {
  /** The machines, by name. */
  items: MachineRow[];
  /** Whether these are all. */
  complete: boolean;
}

/** One machine in a list. */
export interface MachineRow {
  /** The machine. */
  id: string;
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string | null;
  /** Its group. */
  groupId: string | null;
  /** That group's name. */
  group: string | null;
  /** Whether that group exists for it alone. */
  standalone: boolean;
  /** Whether its agent gave a sign of life lately. */
  connected: boolean;
  /** Its last sign of life. */
  lastSeen: string | null;
  /** Whether it takes no new runs. */
  maintenance: boolean;
  /** How many runs it has. */
  running: number;
  /** How many it takes at the same time. */
  capacity: number;
  /** How many runs wait for its group. */
  queued: number;
  /** The version of its agent. */
  agentVersion: string | null;
  /** Whether that is another version than the server's. */
  versionDiffers: boolean;
  /** The account that its agent runs under. */
  sessionUser: string | null;
  /** Whose it is. */
  owner: string | null;
  /** When it joined. */
  createdOn: string;
}

/** Whether something takes no new runs. */
export interface Maintenance {
  /** Whether it takes none. */
  on: boolean;
}

/** Something that rows use and that the flow does not have. */
export interface MissingElement {
  /** How rows name it. */
  reference: string;
  /** The rows. */
  uses: UseOfElement[];
}

/** How a desktop-flow run uses its machine. */
export type Mode = "attended" | "unattended" | "local";

/** Where a machine goes. */
export interface Move {
  /** The group that it joins; null for one of its own. */
  groupId?: string | null;
}

/** An input or output of a run. */
export interface NamedValue {
  /** Its name. */
  name: string;
  /** Its value; null where it is sensitive. */
  value: unknown;
  /** Whether nobody may see it. */
  sensitive: boolean;
}

/** An application to register. */
export interface NewApplication {
  /** Its name. */
  name: string;
  /** The names of the roles to give. */
  roles?: string[];
}

/** A cloud flow to make. */
export interface NewCloudFlow {
  /** Its name. */
  name: string;
  /** Its document, as JSON text. */
  document: string;
}

/** A desktop flow to make. */
export interface NewDesktopFlow {
  /** Its name. */
  name: string;
  /** Its text. */
  text?: string;
}

/** A machine group to make. */
export interface NewGroup {
  /** Its name. */
  name: string;
  /** What it is for. */
  description?: string;
}

/** What a step could not give yet when it was saved. */
export interface NewInputs {
  /** The step that runs a desktop flow. */
  step: string;
  /** The desktop flow. */
  flowId: string;
  /** The inputs that it gained since, in its order. */
  names: string[];
}

/** A password to set. */
export interface NewPassword {
  /** The new one. */
  password: string;
  /** The present one; not needed where there is none. */
  current?: string | null;
}

/** A priority to give. */
export interface NewPriority {
  /** The priority. */
  priority: Priority;
}

/** How a machine shall join. */
export interface NewRegistration {
  /** The group that it joins; one of its own where it is left out. */
  groupId?: string | null;
}

/** A further client secret. */
export interface NewSecret {
  /** In how many days it stops working; never where it is left out. */
  days?: number | null;
}

/** Another password for a credential. */
export interface NewSecretOfCredential {
  /** The password. */
  secret: string;
  /** When it stops working. */
  expiresOn?: string | null;
}

/** As what something is shared with somebody. */
export interface NewShare {
  /** As what. */
  level: SharingLevel;
}

/** A bearer token to make for the caller. */
export interface NewToken {
  /** What it is for. */
  name: string;
  /** In how many days it stops working. */
  days?: number;
}

/** A person to add. */
export interface NewUser {
  /** Their sign-in name. */
  signInName: string;
  /** Their name for people; the sign-in name where it is left out. */
  name?: string;
  /** The names of the roles to give. */
  roles?: string[];
}

/** A desktop flow as the designer opens it. */
export interface OpenedDesktopFlow {
  /** The flow. */
  flow: DesktopFlowText;
  /** Its text, taken apart and checked. */
  outline: FlowOutline;
}

/** An operation of a connector. */
export interface OperationOffer {
  /** The operation's id. */
  id: string;
  /** Its name for people. */
  title: string;
  /** What it does. */
  doc: string;
  /** The JSON schema of its parameters. */
  inputs: Record<string, unknown>;
  /** The JSON schema of its body. */
  outputs: Record<string, unknown>;
  /** What supplies the values or the schema of a parameter, by parameter. */
  dynamic: Record<string, string>;
}

/** How an action ended. */
export type Outcome = "Succeeded" | "Failed" | "Handled";

/** One row of a subflow. */
export interface OutlineRow {
  /** Its own lines, with annotations and error handling, not indented. */
  text: string;
  /** Which of these lines, from 0, begin within a text, so that they are never indented. */
  fixed: number[];
  /** How many blocks it stands in. */
  depth: number;
  /** Its number in the subflow. */
  number: number;
  /** The form's name; of an action that cannot run here its own. */
  name: string;
  /** The card's title. */
  title: string;
  /** The card's line. */
  summary: SummaryPiece[];
  /** The variables that it fills. */
  produces: string[];
  /** The names that stand in it, those of variables among them; each once. */
  names: string[];
  /** Whether a block begins with it. */
  opens: boolean;
  /** Whether a block ends with it. */
  closes: boolean;
  /** Whether it is a further branch of its block. */
  branch: boolean;
  /** Whether it is skipped. */
  disabled: boolean;
  /** Whether it says what happens when it fails. */
  handled: boolean;
  /** Whether its action can run here. */
  known: boolean;
}

/** Everything that the designer offers. */
export interface Palette {
  /** The built-in actions. */
  actions: ActionOffer[];
  /** The triggers. */
  triggers: TriggerOffer[];
  /** The connectors, those that are built in first. */
  connectors: ConnectorOffer[];
  /** The functions of expressions, by name. */
  functions: FunctionOffer[];
}

/** One group of the palette. */
export interface PaletteGroup {
  /** Its title. */
  title: string;
  /** What it offers. */
  forms: RowForm[];
  /** What else is known of it. */
  hidden: HiddenAction[];
}

/** One field of a panel. */
export interface PanelField {
  /** Its name, in flow text where that has one. */
  name: string;
  /** Its caption. */
  label: string;
  /** What it means. */
  doc: string;
  /** How it is filled in. */
  kind: FieldKind;
  /** The catalogue's name of the type that is wanted. */
  type: string;
  /** Whether it must be filled in. */
  required: boolean;
  /** What it is where nothing is filled in, as the field shows it. */
  default: string;
  /** What can be chosen. */
  choices: string[];
  /** Whether its value is shown to nobody. */
  secret: boolean;
}

/** What a run was started by and belongs to. */
export interface Parent {
  /** What kind of flow that is. */
  kind: FlowKind;
  /** That run's id. */
  runId: string;
  /** That run's name, where it is a cloud flow's. */
  runName: string | null;
  /** Its flow. */
  flowId: string | null;
  /** That flow's name. */
  flowName: string | null;
}

/** A password that an administrator sets. */
export interface PasswordToSet {
  /** The password. */
  password: string;
}

/** Copied rows that fit a flow. */
export interface PastedText {
  /** The rows; below them stands the flow's section with what is new, or nothing where nothing of the kind was copied. */
  outline: FlowOutline;
  /** How many screens, elements and images are new in the flow. */
  added: number;
  /** How many it had already. */
  reused: number;
  /** What got another name, since the flow has another thing of its name. */
  renamed: RenamedElement[];
}

/** People and applications. */
export interface PersonList {
  /** The first ones, by name. */
  items: PersonRow[];
}

/** Somebody with whom something can be shared. */
export interface PersonRow {
  /** Their ``systemuserid``. */
  id: string;
  /** Their name for people. */
  name: string;
  /** Their sign-in name. */
  signInName: string;
  /** Whether it is an application. */
  isApplication: boolean;
  /** Whether they may not sign in. */
  disabled: boolean;
}

/** The settings that pages need. */
export interface PortalSettings {
  /** The culture in which flows write dates and read text. */
  culture: string;
  /** Seconds a run may take when nobody says otherwise. */
  runTimeoutDefault: number;
  /** The longest timeout in seconds. */
  runTimeoutMax: number;
  /** Seconds a run may wait for a machine. */
  queueWaitMax: number;
  /** Bytes of a run's inputs. */
  inputsMaxBytes: number;
  /** Bytes of an uploaded file. */
  uploadMaxBytes: number;
}

/** A run's priority in the queue. */
export type Priority = "top" | "high" | "normal";

export interface Problem {
  error: { code: string; message: string; };
}

/** A variable that a row fills. */
export interface ProducedVariable {
  /** The output's name in flow text. */
  name: string;
  /** The catalogue's name of its type. */
  type: string;
  /** The variable that is proposed. */
  variable: string;
  /** What it holds. */
  doc: string;
  /** Whether the row cannot do without it. */
  required: boolean;
}

/** Something that happened to a run in the queue. */
export interface QueueEvent {
  /** When. */
  at: string;
  /** What: RunQueued, RunQueueAssigned, RunQueueAssignFailed, RunQueueRunConfirmed or RunQueueRunCompleted. */
  kind: string;
  /** The machine that it is about. */
  machineId: string | null;
  /** That machine's name. */
  machine: string | null;
  /** Why, as a code, where it went wrong. */
  code: string | null;
  /** Why, for people. */
  message: string | null;
}

/** A run in the queue. */
export interface QueueItem {
  /** The run. */
  run: RunRow;
  /** Its priority. */
  priority: Priority;
  /** Why it waits; null for one that runs. */
  waiting: WaitInfo | null;
  /** Whether the caller may cancel it or change its priority. */
  canChange: boolean;
}

/** Whether a flow would run here. */
export type Readiness = "runs" | "withWarnings" | "cannotRun";

/** A flow that was changed lately. */
export interface RecentFlow {
  /** What kind of flow. */
  kind: FlowKind;
  /** The flow. */
  id: string;
  /** Its name. */
  name: string;
  /** When it was changed. */
  modifiedOn: string;
}

/** Connection references. */
export interface ReferenceList {
  /** The references, by name. */
  items: ReferenceRow[];
  /** Whether these are all. */
  complete: boolean;
}

/** A connection reference. */
export interface ReferenceRow {
  /** The reference. */
  id: string;
  /** The name that flows and requests use. */
  logicalName: string;
  /** Its name for people. */
  displayName: string;
  /** The connector's name. */
  connector: string;
  /** The name of the connection that it is bound to; null for none. */
  connection: string | null;
  /** That connection's name for people; null where it is not there any more. */
  connectionName: string | null;
  /** Whose it is. */
  owner: PersonRow | null;
  /** Whether the caller may bind it. */
  canWrite: boolean;
  /** Whether the caller may delete it. */
  canDelete: boolean;
}

/** A connection reference to make. */
export interface ReferenceToMake {
  /** The name that flows use. */
  logicalName: string;
  /** The connector's name. */
  connector: string;
  /** Its name for people; the connector's where it is left out. */
  displayName?: string | null;
  /** The connection that it is bound to. */
  connection?: string | null;
}

/** Where a connection reference, or a connection by its references, is used. */
export interface ReferenceUses {
  /** The flows that the caller may see, by name, the first ones. */
  flows: FlowLink[];
}

/** How another machine joins, once. */
export interface Registration {
  /** The token; it is shown this once. */
  token: string;
  /** The command line for that machine. */
  command: string;
  /** Until when the token works. */
  expiresOn: string;
}

/** Something that got another name, since the flow has another thing of its name. */
export interface RenamedElement {
  /** How the copied rows named it. */
  old: string;
  /** How they name it now. */
  new: string;
}

/** A variable to rename. */
export interface Renaming {
  /** The flow's text. */
  text: string;
  /** The name that it has. */
  old: string;
  /** The name that it shall have. */
  new: string;
}

/** What was bound to another connection. */
export interface Replaced {
  /** The logical names of the references that were bound anew. */
  references: string[];
  /** Those that the caller may not bind. */
  kept: string[];
}

/** What became of a row. */
export interface ReplacedRow {
  /** How often something was found in its fields. */
  count: number;
  /** The row with the replacement; null where nothing was found or it would not hold a value. */
  row?: OutlineRow | null;
  /** Why it was left as it was. */
  problems?: FieldProblem[];
}

/** Rows in which something was replaced. */
export interface ReplacedRows {
  /** What became of each, in the order in which they came. */
  rows: ReplacedRow[];
}

/** The connection that takes another one's place. */
export interface Replacement {
  /** Its name. */
  by: string;
}

/** Who holds a role. */
export interface RoleHolders {
  /** The people and applications, by name, the first ones. */
  items: PersonRow[];
  /** Whether these are all. */
  complete: boolean;
}

/** Security roles. */
export interface RoleList {
  /** The roles, by name. */
  items: RoleRow[];
}

/** A security role. */
export interface RoleRow {
  /** The role. */
  id: string;
  /** Its name. */
  name: string;
  /** What its holders may do. */
  description: string;
  /** How many users and applications hold it. */
  users: number;
  /** How far each of its privileges reaches, by name. */
  privileges: Record<string, number>;
}

/** A part of the rounds of a loop, in order. */
export interface RoundPage {
  /** The rounds. */
  items: LoopRound[];
  /** The index of the nearest round beyond this part, in the direction asked for; null at the end. */
  first: number | null;
}

/** Something that the checker found. */
export interface RowFinding {
  /** Its code. */
  code: string;
  /** error, or warning. */
  severity: string;
  /** What is wrong, and what would be right. */
  message: string;
  /** The subflow; empty for what stands before all of them, and where the text cannot be read. */
  subflow: string;
  /** The place among the subflow's rows, from 0; -1 outside of rows. */
  row: number;
  /** The line in the whole text, from 1. */
  line: number;
  /** The column there. */
  column: number;
  /** The line of its end. */
  endLine: number;
  /** The column of its end. */
  endColumn: number;
}

/** One kind of row. */
export interface RowForm {
  /** A statement's words, or an action's full name. */
  name: string;
  /** The card's title. */
  title: string;
  /** The palette's group. */
  group: string;
  /** The card's line, with ``{PanelField}`` places. */
  summary: string;
  /** What it does. */
  help: string;
  /** What is filled in. */
  fields: PanelField[];
  /** What it fills. */
  produced: ProducedVariable[];
  /** The errors that it documents, by name. */
  errors: string[];
  /** Where an action may stand; a statement is an action, too. */
  kind: ActionKind;
  /** Whether an END belongs to it. */
  closes: boolean;
  /** Whether the palette offers it. */
  offered: boolean;
}

/** What a panel shows of a row. */
export interface RowPanel {
  /** The form's name. */
  name: string;
  /** The form; null for what cannot run here. */
  form: RowForm | null;
  /** What its fields show, by name. */
  values: Record<string, string>;
  /** The variables that it fills, by the output's name. */
  targets: Record<string, string>;
  /** What happens when it fails; null for rows that cannot, and for what no panel can show. */
  handling: ErrorHandling | null;
}

/** A row of a flow. */
export interface RowPlace {
  /** Its subflow. */
  subflow: string;
  /** Its number there, from 1. */
  row: number;
}

/** A row to show in a panel. */
export interface RowToRead {
  /** Its own lines. */
  text: string;
}

/** A row to write. */
export interface RowToWrite {
  /** The form's name. */
  name: string;
  /** What its fields show, by name; those left out stay as they were. */
  values: Record<string, string>;
  /** The variables that it fills; an empty one is not wanted. */
  targets: Record<string, string>;
  /** The row's lines before; null for a new one. */
  former?: string | null;
  /** What happens when it fails; null where that stays as it was. */
  handling?: ErrorHandling | null;
}

/** Rows for the clipboard. */
export interface RowsToCopy {
  /** Their text. */
  rows: string;
  /** What stands below the rows of their flow. */
  repository: string;
}

/** Something to replace in rows. */
export interface RowsToReplaceIn {
  /** The rows' own lines. */
  rows: string[];
  /** What is looked for in what their fields show. */
  search: string;
  /** What replaces it. */
  by: string;
  /** Whether capitals and small letters are told apart. */
  matchCase?: boolean;
  /** Whether letters, digits and _ beside it make it something else. */
  wholeName?: boolean;
}

/** Everything that is to be known of a desktop-flow run, but for its actions. */
export interface RunDetails {
  /** The run as lists show it. */
  run: RunRow;
  /** What it was given. */
  inputs: NamedValue[];
  /** What it returned; null where it has not returned anything. */
  outputs: NamedValue[] | null;
  /** Why it failed. */
  error: RunError | null;
  /** Why it waits; null where it does not. */
  waiting: WaitInfo | null;
  /** What happened to it in the queue, in order. */
  queue: QueueEvent[];
  /** The runs that it called, the first ones. */
  children: RunRow[];
  /** The name of the connection that it went through. */
  connection: string | null;
  /** That connection's name for people. */
  connectionName: string | null;
  /** The account in whose session it ran. */
  sessionUser: string | null;
  /** The agent's version. */
  agentVersion: string | null;
  /** Seconds it may take. */
  timeout: number | null;
  /** Whether it passes waiting runs. */
  highPriority: boolean;
  /** Whose it is. */
  ownerId: string | null;
  /** Ties it to the caller's request. */
  correlationId: string | null;
  /** When somebody cancelled it. */
  cancelRequestedOn: string | null;
  /** Whether the flow was changed since the run was asked for. */
  flowChanged: boolean;
  /** The number of the version that it takes; null where that is not known any more. */
  flowVersion: number | null;
  /** The greatest index of its action log; -1 where there is none. */
  lastAction: number;
  /** Whether the action log left rows out. */
  logOmits: boolean;
  /** When its action log was deleted by rule; null where it was not. */
  logDeletedOn: string | null;
  /** Whether the caller may cancel it now. */
  canCancel: boolean;
  /** Whether the caller may repeat it now. */
  canRerun: boolean;
}

/** Why a run failed. */
export interface RunError {
  /** As a code. */
  code: string | null;
  /** For people. */
  message: string | null;
  /** The action's own words. */
  details: string | null;
  /** The subflow it failed in. */
  subflow: string | null;
  /** The action's number there. */
  line: number | null;
  /** The action by its title; by its Robin name where this release does not know it. */
  action: string | null;
}

/** What is asked before a desktop flow runs. */
export interface RunForm {
  /** The flow. */
  flowId: string;
  /** Its name. */
  flowName: string;
  /** Its inputs. */
  inputs: FlowParameter[];
  /** Whether the flow says which inputs it has; otherwise any may be given. */
  knowsInputs: boolean;
  /** The connections that the caller may use. */
  connections: UsableConnection[];
  /** The connection that the flow's last run went through, or the only one. */
  connection: string | null;
  /** Seconds a run may take when nobody says otherwise. */
  timeoutDefault: number;
  /** The longest timeout in seconds. */
  timeoutMax: number;
}

/** How a desktop flow shall run. */
export interface RunOrder {
  /** The connection's name; a repeated run's own where it is left out. */
  connection?: string | null;
  /** How it uses its machine. */
  mode?: Mode | null;
  /** Whether it passes waiting runs. */
  highPriority?: boolean | null;
  /** Seconds it may take. */
  timeout?: number | null;
  /** The inputs by name. */
  inputs?: Record<string, unknown> | null;
}

/** A page of runs. */
export interface RunPage {
  /** The runs. */
  items: RunRow[];
  /** The ``after`` of the next page; null on the last one. */
  next: string | null;
}

/** The queue of one machine group, or of all. */
export interface RunQueue {
  /** The runs that run, the longest first, then those that wait, in the order in which they begin. */
  items: QueueItem[];
  /** How many run. */
  running: number;
  /** How many wait. */
  queued: number;
  /** Whether these are all. */
  complete: boolean;
}

/** One run in a list. */
export interface RunRow {
  /** What kind of flow ran. */
  kind: FlowKind;
  /** The run's id: the flow session's, or the cloud-flow run's. */
  id: string;
  /** The run's name, by which the API of cloud flows knows it; None for desktop flows. */
  name: string | null;
  /** The flow. */
  flowId: string | null;
  /** Its name. */
  flowName: string;
  /** Where the run stands. */
  status: RunStatus;
  /** When it was asked for, or began in a cloud flow. */
  requestedOn: string;
  /** When the flow began. */
  startedOn: string | null;
  /** When it ended. */
  completedOn: string | null;
  /** Milliseconds from request to begin. */
  waitMs: number | null;
  /** Milliseconds from begin to end. */
  runMs: number | null;
  /** How it uses its machine. */
  mode: Mode | null;
  /** The machine that ran it. */
  machineId: string | null;
  /** That machine's name. */
  machine: string | null;
  /** The group it was sent to. */
  groupId: string | null;
  /** That group's name. */
  group: string | null;
  /** What started it, where that is a run. */
  parent: Parent | null;
  /** What started it; for a cloud flow the kind of its trigger. */
  startedBy: string | null;
  /** Who asked for it. */
  requestedBy: string | null;
  /** Why it failed, as a code. */
  errorCode: string | null;
  /** Why it failed. */
  errorMessage: string | null;
  /** Whether it was started to try the flow out. */
  isTest: boolean;
}

/** Where a run stands, in the word that people read. */
export type RunStatus = "Queued" | "Next to run" | "Running" | "Canceling" | "Succeeded" | "Failed" | "Timed out" | "Canceled" | "Skipped" | "Paused";

/** A client secret; its text is not kept. */
export interface SecretRow {
  /** The secret. */
  id: string;
  /** When it was made. */
  createdOn: string;
  /** When it stops working; null never. */
  expiresOn: string | null;
}

/** One level of a selector; the outermost comes first. */
export interface SelectorPart {
  /** Its name for people. */
  name: string;
  /** What kind of element it is. */
  tag: string;
  /** Whether it counts. */
  enabled: boolean;
  /** Its attributes. */
  attributes: ElementAttribute[];
}

/** The selectors of a screen or UI element. */
export interface SelectorsToWrite {
  /** The flow's text. */
  text: string;
  /** The screen or element. */
  place: ElementPlace;
  /** Its selectors, in order. */
  selectors: ElementSelector[];
}

/** Who is signed in, and what they may do. */
export interface SessionInfo {
  /** The caller. */
  user: SignedIn;
  /** The installation's id, the tenant. */
  organizationId: string;
  /** Its name; it labels the environment. */
  organization: string;
  /** The names of the caller's roles. */
  roles: string[];
  /** Whether the caller looks after the installation. */
  isAdministrator: boolean;
  /** How far each of the caller's privileges reaches, by its name in lower case: 1 own rows, 2 the unit's, 3 those of units below, 4 everybody's. */
  privileges: Record<string, number>;
  /** The settings that pages need. */
  settings: PortalSettings;
  /** The server's version. */
  version: string;
  /** The server's time. */
  now: string;
}

/** The settings. */
export interface SettingList {
  /** The settings, in the order of their declaration. */
  items: SettingRow[];
  /** The file that sets them. */
  file: string;
}

/** A setting. */
export interface SettingRow {
  /** Its name. */
  name: string;
  /** What it means. */
  doc: string;
  /** What is in force; passwords in addresses are hidden. */
  value: unknown;
  /** What it is where nobody sets it. */
  default: unknown;
  /** Whether somebody set it. */
  changed: boolean;
  /** Where it was set: a file, or a variable of the environment. */
  source: string | null;
  /** The variable of the environment that sets it. */
  variable: string;
}

/** Somebody with whom something is shared. */
export interface ShareRow {
  /** Who. */
  person: PersonRow;
  /** As what; null for a choice of rights that is none of the levels. */
  level: SharingLevel | null;
}

/** What can be shared. */
export type Shared = "flow" | "machine" | "group" | "reference" | "credential" | "connection";

/** With whom a connection is shared. */
export interface Sharing {
  /** Their sign-in name. */
  user: string;
  /** Whether they may run with it. */
  mayUse?: boolean;
}

/** As what something is shared. */
export type SharingLevel = "coOwner" | "canShare" | "user";

/** A link that signs a person in, once. */
export interface SignInLinkMade {
  /** The link; it is shown this once. */
  address: string;
  /** Until when it works. */
  expiresOn: string;
}

/** The caller. */
export interface SignedIn {
  /** Their ``systemuserid``. */
  id: string;
  /** Their name for people. */
  name: string;
  /** Their sign-in name. */
  signInName: string;
  /** Their mail address. */
  mail: string | null;
  /** Whether they have set a password; somebody without one should. */
  hasPassword: boolean;
}

/** Solutions. */
export interface SolutionList {
  /** The solutions, by name. */
  items: SolutionRow[];
}

/** A solution that was imported. */
export interface SolutionRow {
  /** The solution. */
  id: string;
  /** Its name for people. */
  name: string;
  /** Its unique name. */
  uniqueName: string;
  /** Its version. */
  version: string | null;
  /** Whether it was exported as managed. */
  managed: boolean;
  /** When it was imported last. */
  importedOn: string;
  /** How many flows of it the caller may see. */
  flows: number;
}

/** A run that was queued. */
export interface StartedRun {
  /** The run. */
  runId: string;
}

/** What can be done before the flow goes on. */
export type StepKind = "set" | "call";

/** The steps of a cloud flow whose desktop flows gained inputs. */
export interface StepsWithNewInputs {
  /** The steps, in the definition's order. */
  items: NewInputs[];
}

/** One subflow. */
export interface Subflow {
  /** Its name; Main for the first. */
  name: string;
  /** The lines before its rows, FUNCTION among them; empty for Main. */
  opening: string;
  /** Its rows. */
  rows: OutlineRow[];
}

/** A piece of a card's line. */
export interface SummaryPiece {
  /** The letters. */
  text: string;
  /** Whether they are a value with variables in it. */
  variable: boolean;
}

/** The installation and its health. */
export interface SystemInfo {
  /** The server's version. */
  version: string;
  /** The version of Python. */
  python: string;
  /** The operating system. */
  system: string;
  /** ``sqlite`` or ``postgresql``. */
  database: string;
  /** The revision that the database is at. */
  revision: string;
  /** The revision that this server needs. */
  newestRevision: string;
  /** The size of the database. */
  databaseBytes: number | null;
  /** When this server process began. */
  startedOn: string;
  /** The server's time. */
  now: string;
  /** The data directory. */
  data: string;
  /** The server's address as the caller sees it. */
  address: string;
  /** How many rows the large tables have, by table; counting ends at 1,000,000. */
  rows: Record<string, number>;
}

/** What shall be pasted into a flow. */
export interface TextToPaste {
  /** The flow's text. */
  text: string;
  /** What was copied, here or in Power Automate for desktop. */
  copied: string;
}

/** A desktop flow's text to save. */
export interface TextToSave {
  /** The text. */
  text: string;
  /** The version that it was made from. */
  version: number;
  /** Whether runs shall use it from now on; otherwise it becomes a draft. */
  publish?: boolean;
  /** What is new, for the list of versions; only with ``publish``. */
  note?: string;
}

/** Two texts of a flow. */
export interface TextsToCompare {
  /** The former one. */
  before: string;
  /** The later one. */
  after: string;
}

/** A flow's text without the variables that nothing uses. */
export interface Tidied {
  /** The text. */
  text: string;
  /** The variables that are gone. */
  variables: string[];
  /** How many rows went with them, since they did nothing else. */
  rows: number;
}

/** Bearer tokens. */
export interface TokenList {
  /** The tokens, the newest first. */
  items: TokenRow[];
}

/** A bearer token that works; its text is not kept. */
export interface TokenRow {
  /** The token. */
  id: string;
  /** What it is for. */
  name: string;
  /** The sign-in name of the user that it acts as. */
  user: string | null;
  /** When it was made. */
  createdOn: string;
  /** When it stops working. */
  expiresOn: string;
}

/** A run that was told something. */
export interface ToldRun {
  /** The number of what it was told. */
  sequence: number;
}

/** A trigger type. */
export interface TriggerOffer {
  /** As definitions spell it; for a connector's, ``connector/operation``. */
  name: string;
  /** Its name for people. */
  title: string;
  /** When it starts a run. */
  doc: string;
  /** ``Instant``, ``Scheduled`` or ``Automated``. */
  kind: string;
  /** Its card. */
  fields: CardField[];
}

/** A UI element. */
export interface UiElement {
  /** Its name. */
  name: string;
  /** What it is for people: Button, Edit … */
  type: string;
  /** What kind of element it is. */
  tag: string;
  /** How it was captured; empty where that is not said. */
  protocol: string;
  /** How it is found, the first that finds it counts. */
  selectors: ElementSelector[];
  /** How a row names it. */
  reference: string;
  /** The rows that use it. */
  uses: UseOfElement[];
}

/** A window or web page with its UI elements. */
export interface UiScreen {
  /** What its repository is called in the flow. */
  repository: string;
  /** Its name. */
  name: string;
  /** What it is for people. */
  type: string;
  /** Whether it is a web page. */
  web: boolean;
  /** How it is found. */
  selectors: ElementSelector[];
  /** Its elements. */
  elements: UiElement[];
  /** How a row names it. */
  reference: string;
  /** The rows that use it or one of its elements. */
  uses: UseOfElement[];
}

/** A file to look into. */
export interface Upload {
  /** Its name, whose ending tells how it is read. */
  fileName: string;
  /** Its bytes, as base64. */
  content: string;
}

/** A connection that the caller may run a flow with. */
export interface UsableConnection {
  /** The name that requests give. */
  name: string;
  /** Its name for people. */
  displayName: string;
  /** The machine group it leads to. */
  groupId: string;
  /** That group's name. */
  group: string | null;
  /** How many machines that group has. */
  machines: number;
  /** How many of them are connected. */
  connected: number;
}

/** Where a flow can be tried. */
export interface UsableMachines {
  /** The connections that the caller may use. */
  connections: UsableConnection[];
  /** The connection that the flow's last run went through, or the only one. */
  connection: string | null;
}

/** A row that uses a UI element or image. */
export interface UseOfElement {
  /** The subflow. */
  subflow: string;
  /** The place among its rows, from 0. */
  row: number;
}

/** What shall be different about a person; what is left out stays. */
export interface UserChange {
  /** Their name for people. */
  name?: string | null;
  /** Whether they may not sign in. */
  disabled?: boolean | null;
}

/** People. */
export interface UserList {
  /** The people, by sign-in name. */
  items: UserRow[];
  /** Whether these are all. */
  complete: boolean;
}

/** A person. */
export interface UserRow {
  /** Their ``systemuserid``. */
  id: string;
  /** Their name for people. */
  name: string;
  /** Their sign-in name. */
  signInName: string;
  /** The names of their roles. */
  roles: string[];
  /** Whether they may not sign in. */
  disabled: boolean;
  /** Whether they have a password; others sign in by link. */
  hasPassword: boolean;
  /** When a browser of theirs that is signed in was last used. */
  lastSeen: string | null;
  /** When they were added. */
  createdOn: string;
}

/** How long an action usually takes. */
export interface UsualTime {
  /** The subflow that it stands in. */
  subflow: string;
  /** Its number there. */
  line: number;
  /** Its name. */
  action: string;
  /** The median of the runs before, in milliseconds. */
  medianMs: number;
}

/** How long the actions of a flow usually take. */
export interface UsualTimes {
  /** How many runs before this one that is known from, at most 20. */
  runs: number;
  /** The actions. */
  items: UsualTime[];
}

/** A variable's new value. */
export interface ValueToSet {
  /** As in an action's field, ``Hello %Name%``; JSON for lists, objects and tables. */
  value: string;
}

/** What an environment variable shall be. A secret one keeps its default and its value. */
export interface VariableDetails {
  /** Its name for people. */
  displayName: string;
  /** What it is for. */
  description: string;
  /** Its value where no other is set. */
  default: string | null;
  /** The value that is set here; null takes it away, so that the default counts. */
  value: string | null;
}

/** Environment variables. */
export interface VariableList {
  /** The variables, by name. */
  items: VariableRow[];
  /** Whether these are all. */
  complete: boolean;
}

/** An environment variable that was made. */
export interface VariableMade {
  /** The variable. */
  id: string;
  /** Its name in flows. */
  schemaName: string;
}

/** What a variable is to callers of the flow. */
export type VariableRole = "input" | "output" | "flow";

/** An environment variable. */
export interface VariableRow {
  /** The variable. */
  id: string;
  /** Its name in flows. */
  schemaName: string;
  /** Its name for people. */
  displayName: string;
  /** What it is for. */
  description: string | null;
  /** What kind of value it has. */
  type: VariableType;
  /** Its value where no other is set. */
  default: string | null;
  /** The value that is set here; null where none is. */
  value: string | null;
  /** When it was last changed. */
  modifiedOn: string;
  /** Whether the caller may change it. */
  canWrite: boolean;
  /** Whether the caller may delete it. */
  canDelete: boolean;
}

/** An environment variable to make. */
export interface VariableToMake {
  /** Its name for people. */
  displayName: string;
  /** What kind of value it has: text, number, boolean or JSON. */
  type: VariableType;
  /** Its name in flows; made from the one for people where it is null. */
  schemaName?: string | null;
  /** What it is for. */
  description?: string;
  /** Its value where no other is set. */
  default?: string | null;
  /** The value that is set here. */
  value?: string | null;
}

/** What kind of value a variable has. */
export type VariableType = "text" | "number" | "boolean" | "json" | "dataSource" | "secret";

/** A value to set. */
export interface VariableValue {
  /** The value; null takes it away, so that the default counts. */
  value: string | null;
}

/** What a version of a cloud flow holds. */
export interface VersionDocument {
  /** Its number. */
  number: number;
  /** The document, as JSON text. */
  document: string;
  /** Where in the document the definition stands. */
  path: string[];
}

/** The text of a version. */
export interface VersionText {
  /** Its number. */
  number: number;
  /** The text. */
  text: string;
}

/** A version that becomes the draft. */
export interface VersionToRestore {
  /** The row's version that it was chosen by. */
  version: number;
}

/** Why a run waits, by the dispatcher's own decision. */
export interface WaitInfo {
  /** Why. */
  reason: WaitReason;
  /** Its place in the queue, from 1; 0 for one that a machine has already. */
  position: number;
  /** Since when that is so, where it is known. */
  since: string | null;
  /** Sessions in use. */
  used: number;
  /** Sessions there are. */
  capacity: number;
  /** The machines that it concerns, at most five. */
  machines: string[];
  /** When it fails if nothing changes. */
  failsOn: string | null;
}

/** Why a run waits. */
export type WaitReason = "starting" | "next" | "noMachine" | "groupInactive" | "disconnected" | "maintenance" | "sessionsBusy" | "personBusy" | "behind";

/** Whose flows. */
export type Whose = "all" | "mine" | "shared";

/** What a rule would delete. */
export interface WouldGo {
  /** How many: runs, runs with an action log, lines; one million at most. */
  count: number;
}

/** A row that was written. */
export interface WrittenRow {
  /** Its lines; of a block with its END. Empty where a field holds no value. */
  text: string;
  /** The same as rows: one, or a block's first and last. */
  rows: OutlineRow[];
  /** The fields that hold none. */
  problems: FieldProblem[];
}

export interface Endpoints {
  /** Tell who may do what with something that the caller sees. */
  "GET /access/{kind}/{rowId}": {
    path: { kind: Shared; rowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: Access;
  };
  /** Share something with somebody, in place of what they could do with it before. */
  "PUT /access/{kind}/{rowId}/{userId}": {
    path: { kind: Shared; rowId: string; userId: string };
    query: Record<never, never>;
    body: NewShare;
    answer: undefined;
  };
  /** Share something with somebody no longer; one may always give up what one was given. */
  "DELETE /access/{kind}/{rowId}/{userId}": {
    path: { kind: Shared; rowId: string; userId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** List machines by name with what they had to do. */
  "GET /activity/machines": {
    path: Record<never, never>;
    query: { since?: string };
    body: undefined;
    answer: MachineActivityList;
  };
  /** List applications by name. */
  "GET /applications": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: ApplicationList;
  };
  /** Register an application. */
  "POST /applications": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewApplication;
    answer: ApplicationCredentials;
  };
  /** Give an application one more secret, so that the old one can be replaced without a gap. */
  "POST /applications/{userId}/secrets": {
    path: { userId: string };
    query: Record<never, never>;
    body: NewSecret;
    answer: ApplicationCredentials;
  };
  /** Delete a client secret; tokens that were issued for it work until they expire. */
  "DELETE /applications/{userId}/secrets/{secretId}": {
    path: { userId: string; secretId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Tell what of the caller's own needs attention, and what others ask the caller for. */
  "GET /attention": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: AttentionList;
  };
  /** List who did what, the newest first. */
  "GET /audit": {
    path: Record<never, never>;
    query: { search?: string; user?: string; action?: string; since?: string; until?: string; after?: string; limit?: number };
    body: undefined;
    answer: AuditPage;
  };
  /** List cloud flows. */
  "GET /cloudflows": {
    path: Record<never, never>;
    query: { search?: string; state?: FlowState[]; whose?: Whose; sort?: string; after?: string; limit?: number };
    body: undefined;
    answer: CloudFlowPage;
  };
  /** Create a cloud flow; it is off until somebody switches it on. */
  "POST /cloudflows": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewCloudFlow;
    answer: CloudFlowMade;
  };
  /** Return what is wrong or odd with a document as a cloud flow of this installation. */
  "POST /cloudflows/check": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: DocumentToCheck;
    answer: FaultList;
  };
  /** Return what an expression comes to with given data. */
  "POST /cloudflows/evaluate": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ExpressionToTry;
    answer: ExpressionValue;
  };
  /** Return what cloud flows can be made of here. */
  "GET /cloudflows/palette": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Palette;
  };
  /** Save a cloud flow as another one, the caller's own; it is off until somebody switches it on. */
  "POST /cloudflows/{flowId}/copy": {
    path: { flowId: string };
    query: Record<never, never>;
    body: CopyName;
    answer: CloudFlowMade;
  };
  /** Return a cloud flow with its document. */
  "GET /cloudflows/{flowId}/document": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: FlowDocument;
  };
  /** Save a cloud flow, unless somebody else has done so since it was read. */
  "PUT /cloudflows/{flowId}/document": {
    path: { flowId: string };
    query: Record<never, never>;
    body: FlowToSave;
    answer: FlowDocument;
  };
  /** Return a cloud flow as a file that an import reads again. */
  "POST /cloudflows/{flowId}/export": {
    path: { flowId: string };
    query: Record<never, never>;
    body: CloudExport;
    answer: FlowFile;
  };
  /** Return which inputs the desktop flows of a cloud flow gained since it was saved last. */
  "GET /cloudflows/{flowId}/newinputs": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: StepsWithNewInputs;
  };
  /** Switch a cloud flow on or off. */
  "PUT /cloudflows/{flowId}/state": {
    path: { flowId: string };
    query: Record<never, never>;
    body: FlowSwitch;
    answer: FlowDocument;
  };
  /** List the versions of a cloud flow, the newest first: each time it was saved. */
  "GET /cloudflows/{flowId}/versions": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: FlowVersions;
  };
  /** Return the document of a version of a cloud flow. */
  "GET /cloudflows/{flowId}/versions/{number}": {
    path: { flowId: string; number: number };
    query: Record<never, never>;
    body: undefined;
    answer: VersionDocument;
  };
  /** Save a version of a cloud flow again, as its newest; one that is on goes on with it. */
  "POST /cloudflows/{flowId}/versions/{number}/restore": {
    path: { flowId: string; number: number };
    query: Record<never, never>;
    body: VersionToRestore;
    answer: FlowDocument;
  };
  /** List cloud-flow runs. */
  "GET /cloudruns": {
    path: Record<never, never>;
    query: { search?: string; status?: RunStatus[]; flow?: string; parentRun?: string; since?: string; until?: string; sort?: string; after?: string; limit?: number };
    body: undefined;
    answer: RunPage;
  };
  /** List the connections that the caller may use; one who administers sees everybody's. */
  "GET /connections": {
    path: Record<never, never>;
    query: { connector?: string };
    body: undefined;
    answer: ConnectionList;
  };
  /** Make a connection of the caller's own. */
  "POST /connections": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ConnectionToMake;
    answer: CreatedConnection;
  };
  /** Try a connection out. */
  "POST /connections/test": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ConnectionToTest;
    answer: ConnectionTrial;
  };
  /** Return one connection; its secrets stay hidden. */
  "GET /connections/{name}": {
    path: { name: string };
    query: Record<never, never>;
    body: undefined;
    answer: ConnectionDetails;
  };
  /** Change a connection. */
  "PATCH /connections/{name}": {
    path: { name: string };
    query: Record<never, never>;
    body: ConnectionChange;
    answer: undefined;
  };
  /** Delete a connection; references to it stay and name nothing. */
  "DELETE /connections/{name}": {
    path: { name: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Bind what is bound to a connection to another one of the same connector. */
  "POST /connections/{name}/replace": {
    path: { name: string };
    query: Record<never, never>;
    body: Replacement;
    answer: Replaced;
  };
  /** Let somebody run with a connection, or no longer; they never see its secrets, nor change it. */
  "PUT /connections/{name}/sharing": {
    path: { name: string };
    query: Record<never, never>;
    body: Sharing;
    answer: undefined;
  };
  /** Tell which flows use a connection by the references that are bound to it. */
  "GET /connections/{name}/uses": {
    path: { name: string };
    query: Record<never, never>;
    body: undefined;
    answer: ReferenceUses;
  };
  /** List the connectors that connections can be made to. */
  "GET /connectors": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: ConnectorList;
  };
  /** List the credentials that the caller may use, by name; passwords stay hidden. */
  "GET /credentials": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: CredentialList;
  };
  /** Make a credential of the caller's own. */
  "POST /credentials": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: CredentialToMake;
    answer: CreatedCredential;
  };
  /** Change a credential's user name or description. */
  "PATCH /credentials/{credentialId}": {
    path: { credentialId: string };
    query: Record<never, never>;
    body: CredentialChange;
    answer: undefined;
  };
  /** Delete a credential; connections that sign in with it work no more. */
  "DELETE /credentials/{credentialId}": {
    path: { credentialId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Give a credential another password; connections that name it sign in with it from now on. */
  "PUT /credentials/{credentialId}/secret": {
    path: { credentialId: string };
    query: Record<never, never>;
    body: NewSecretOfCredential;
    answer: undefined;
  };
  /** List desktop flows. */
  "GET /desktopflows": {
    path: Record<never, never>;
    query: { search?: string; whose?: Whose; published?: boolean; sort?: string; after?: string; limit?: number };
    body: undefined;
    answer: DesktopFlowPage;
  };
  /** Create a desktop flow; it is a draft until somebody publishes it. */
  "POST /desktopflows": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewDesktopFlow;
    answer: DesktopFlowMade;
  };
  /** Return desktop flows as one file that an import reads again: what is published, else the draft. */
  "POST /desktopflows/export": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ExportOrder;
    answer: FlowFile;
  };
  /** Return everything about a desktop flow but its text. */
  "GET /desktopflows/{flowId}": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: DesktopFlowDetails;
  };
  /** Change a desktop flow's name or description, of what is published and of its draft alike. */
  "PATCH /desktopflows/{flowId}": {
    path: { flowId: string };
    query: Record<never, never>;
    body: FlowProperties;
    answer: undefined;
  };
  /** Save a desktop flow as another one, the caller's own: its text, elements and images, its draft too. */
  "POST /desktopflows/{flowId}/copy": {
    path: { flowId: string };
    query: Record<never, never>;
    body: CopyName;
    answer: DesktopFlowMade;
  };
  /** Queue a run of a text of the designer's, saved or not, to be followed step by step. */
  "POST /desktopflows/{flowId}/debug": {
    path: { flowId: string };
    query: Record<never, never>;
    body: DebugOrder;
    answer: StartedRun;
  };
  /** Return a desktop flow as its designer opens it: its text, and the same taken apart and checked. */
  "GET /desktopflows/{flowId}/designer": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: OpenedDesktopFlow;
  };
  /** Return what is asked before a flow runs. */
  "GET /desktopflows/{flowId}/form": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: RunForm;
  };
  /** Return where a desktop flow can be tried, whether it is published or not. */
  "GET /desktopflows/{flowId}/machines": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: UsableMachines;
  };
  /** Queue a run of a flow; never waits for it. */
  "POST /desktopflows/{flowId}/run": {
    path: { flowId: string };
    query: Record<never, never>;
    body: RunOrder;
    answer: StartedRun;
  };
  /** Return a desktop flow with its text: its draft where it has one. */
  "GET /desktopflows/{flowId}/text": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: DesktopFlowText;
  };
  /** Save a desktop flow's text, unless somebody else has done so since it was read. */
  "PUT /desktopflows/{flowId}/text": {
    path: { flowId: string };
    query: Record<never, never>;
    body: TextToSave;
    answer: DesktopFlowText;
  };
  /** List the versions of a desktop flow, the newest first. */
  "GET /desktopflows/{flowId}/versions": {
    path: { flowId: string };
    query: Record<never, never>;
    body: undefined;
    answer: FlowVersions;
  };
  /** Return the text of a version of a desktop flow. */
  "GET /desktopflows/{flowId}/versions/{number}": {
    path: { flowId: string; number: number };
    query: Record<never, never>;
    body: undefined;
    answer: VersionText;
  };
  /** Make a version of a desktop flow its draft; runs go on with what is published. */
  "POST /desktopflows/{flowId}/versions/{number}/restore": {
    path: { flowId: string; number: number };
    query: Record<never, never>;
    body: VersionToRestore;
    answer: DesktopFlowText;
  };
  /** List desktop-flow runs, whatever started them. */
  "GET /desktopruns": {
    path: Record<never, never>;
    query: { search?: string; status?: RunStatus[]; flow?: string; machine?: string; group?: string; parentRun?: string; mode?: Mode; since?: string; until?: string; sort?: string; after?: string; limit?: number };
    body: undefined;
    answer: RunPage;
  };
  /** Return everything of a run but its actions. */
  "GET /desktopruns/{runId}": {
    path: { runId: string };
    query: Record<never, never>;
    body: undefined;
    answer: RunDetails;
  };
  /** Return a part of a run's action log: the first rows, those after an index, or those before one. */
  "GET /desktopruns/{runId}/actions": {
    path: { runId: string };
    query: { after?: number; before?: number; loop?: number; inRound?: number; closed?: boolean; problems?: boolean; subflow?: string[]; action?: string[]; status?: Outcome[]; level?: LogLevel[]; search?: string; limit?: number };
    body: undefined;
    answer: ActionPage;
  };
  /** Return what the rows of a run's action log can be filtered by, with how many there are of each. */
  "GET /desktopruns/{runId}/actions/filters": {
    path: { runId: string };
    query: Record<never, never>;
    body: undefined;
    answer: ActionFilters;
  };
  /** Return a part of the rounds of a loop: the first ones, those after a round, or those before one. */
  "GET /desktopruns/{runId}/actions/rounds": {
    path: { runId: string };
    query: { loop: number; after?: number; before?: number; failed?: boolean; limit?: number };
    body: undefined;
    answer: RoundPage;
  };
  /** Cancel a run: at once while it waits; a running one ends when its agent has stopped it. */
  "POST /desktopruns/{runId}/cancel": {
    path: { runId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Return where a debugged run stands. */
  "GET /desktopruns/{runId}/debug": {
    path: { runId: string };
    query: Record<never, never>;
    body: undefined;
    answer: DebugInfo;
  };
  /** Pause a debugged run at other rows from now on, also while it runs. */
  "PUT /desktopruns/{runId}/debug/breakpoints": {
    path: { runId: string };
    query: Record<never, never>;
    body: BreakpointsToSet;
    answer: ToldRun;
  };
  /** Tell a debugged run to go on, to pause, or what becomes of a row that failed. It is obeyed once. */
  "POST /desktopruns/{runId}/debug/command": {
    path: { runId: string };
    query: Record<never, never>;
    body: DebugOrderToRun;
    answer: ToldRun;
  };
  /** Have a debugged run rest for another time before each row. */
  "PUT /desktopruns/{runId}/debug/delay": {
    path: { runId: string };
    query: Record<never, never>;
    body: DelayToSet;
    answer: ToldRun;
  };
  /** Give a variable of a paused run another value of its type. */
  "PUT /desktopruns/{runId}/debug/variables/{name}": {
    path: { runId: string; name: string };
    query: Record<never, never>;
    body: ValueToSet;
    answer: ToldRun;
  };
  /** Note that somebody looks at a debugged run; a paused one at which nobody looks for long is ended. */
  "POST /desktopruns/{runId}/debug/watch": {
    path: { runId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Change a waiting run's priority; ``top`` moves it before all others. */
  "PUT /desktopruns/{runId}/priority": {
    path: { runId: string };
    query: Record<never, never>;
    body: NewPriority;
    answer: undefined;
  };
  /** Queue a run of the same flow, as it is published now, with the same inputs or with other ones. */
  "POST /desktopruns/{runId}/rerun": {
    path: { runId: string };
    query: Record<never, never>;
    body: RunOrder;
    answer: StartedRun;
  };
  /** Return how long the flow's actions took in the last runs before this one, as medians. */
  "GET /desktopruns/{runId}/usual": {
    path: { runId: string };
    query: Record<never, never>;
    body: undefined;
    answer: UsualTimes;
  };
  /** List machine groups by name. */
  "GET /groups": {
    path: Record<never, never>;
    query: { search?: string };
    body: undefined;
    answer: GroupList;
  };
  /** Make a machine group, which machines then join. */
  "POST /groups": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewGroup;
    answer: CreatedGroup;
  };
  /** Return one machine group with its members. */
  "GET /groups/{groupId}": {
    path: { groupId: string };
    query: Record<never, never>;
    body: undefined;
    answer: GroupDetails;
  };
  /** Change a machine group's name, description or order of runs. */
  "PATCH /groups/{groupId}": {
    path: { groupId: string };
    query: Record<never, never>;
    body: GroupChange;
    answer: undefined;
  };
  /** Delete a machine group that has no machines and for which no run waits. */
  "DELETE /groups/{groupId}": {
    path: { groupId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Let a group take no new runs, or take them again; those that run go on. */
  "PUT /groups/{groupId}/maintenance": {
    path: { groupId: string };
    query: Record<never, never>;
    body: Maintenance;
    answer: undefined;
  };
  /** Tell whether all is well, and where the caller was. */
  "GET /home": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Home;
  };
  /** List machines by name. */
  "GET /machines": {
    path: Record<never, never>;
    query: { search?: string; group?: string };
    body: undefined;
    answer: MachineList;
  };
  /** Make a one-time token with which another machine joins, and the command line for it. */
  "POST /machines/registration": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewRegistration;
    answer: Registration;
  };
  /** Return one machine. */
  "GET /machines/{machineId}": {
    path: { machineId: string };
    query: Record<never, never>;
    body: undefined;
    answer: MachineDetails;
  };
  /** Remove a machine: its agent is refused from now on. What ran on it stays in the lists of runs. */
  "DELETE /machines/{machineId}": {
    path: { machineId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Let a machine join another group, or leave its group for one of its own. */
  "PUT /machines/{machineId}/group": {
    path: { machineId: string };
    query: Record<never, never>;
    body: Move;
    answer: undefined;
  };
  /** Let a machine take no new runs, or take them again; those that run go on. */
  "PUT /machines/{machineId}/maintenance": {
    path: { machineId: string };
    query: Record<never, never>;
    body: Maintenance;
    answer: undefined;
  };
  /** Find people and applications to share something with. */
  "GET /people": {
    path: Record<never, never>;
    query: { search?: string };
    body: undefined;
    answer: PersonList;
  };
  /** Return what runs, what waits, and why. */
  "GET /queue": {
    path: Record<never, never>;
    query: { group?: string; limit?: number };
    body: undefined;
    answer: RunQueue;
  };
  /** List the connection references that the caller may read, by name. */
  "GET /references": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: ReferenceList;
  };
  /** Make a connection reference of the caller's own. */
  "POST /references": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ReferenceToMake;
    answer: CreatedReference;
  };
  /** Delete a connection reference; flows that name it reach no connection by it. */
  "DELETE /references/{referenceId}": {
    path: { referenceId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Bind a connection reference to a connection of its connector that the caller may use. */
  "PUT /references/{referenceId}/connection": {
    path: { referenceId: string };
    query: Record<never, never>;
    body: Binding;
    answer: undefined;
  };
  /** Tell which flows use a connection reference, as far as the caller may see them. */
  "GET /references/{referenceId}/uses": {
    path: { referenceId: string };
    query: Record<never, never>;
    body: undefined;
    answer: ReferenceUses;
  };
  /** Tell what is kept how long, how much there is of it, and what would go now. */
  "GET /retention": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Kept;
  };
  /** Tell what a rule would delete if it kept for so many days. Nothing is deleted. */
  "GET /retention/{kind}/due": {
    path: { kind: KeptKind };
    query: { days: number };
    body: undefined;
    answer: WouldGo;
  };
  /** Return a breakpoint as a run takes it; a condition or text that nothing can read is refused. */
  "POST /robin/breakpoint": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: FlowBreakpoint;
    answer: FlowBreakpoint;
  };
  /** Return what differs between two texts of a flow, row by row. */
  "POST /robin/compare": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: TextsToCompare;
    answer: Comparison;
  };
  /** Return rows for the clipboard, with the UI elements and images that they use. */
  "POST /robin/copy": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: RowsToCopy;
    answer: FlowText;
  };
  /** Return the UI elements and images of a flow's text with their uses. */
  "POST /robin/elements": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: FlowText;
    answer: FlowElements;
  };
  /** Return a flow's text without some UI elements and images; refused for what rows use. */
  "POST /robin/elements/remove": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ElementsToRemove;
    answer: FlowText;
  };
  /** Return a flow's text with another name for a screen, UI element or image, wherever rows use it. */
  "POST /robin/elements/rename": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ElementRenaming;
    answer: FlowText;
  };
  /** Return a flow's text with other selectors of a screen or UI element. */
  "POST /robin/elements/selectors": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: SelectorsToWrite;
    answer: FlowText;
  };
  /** Return a flow's text with one more image. */
  "POST /robin/images": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ImageToImport;
    answer: FlowText;
  };
  /** Return every action and statement that a desktop flow may hold, and those that cannot run here. */
  "GET /robin/palette": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: ActionPalette;
  };
  /** Return copied rows as a flow takes them: what it has is reused, what clashes gets another name. */
  "POST /robin/paste": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: TextToPaste;
    answer: PastedText;
  };
  /** Take a flow's text apart and check it. */
  "POST /robin/read": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: FlowText;
    answer: FlowOutline;
  };
  /** Return a flow's text with another name for a variable, wherever it stands. */
  "POST /robin/rename": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Renaming;
    answer: FlowText;
  };
  /** Return rows with something else in the place of what their fields show. */
  "POST /robin/replace": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: RowsToReplaceIn;
    answer: ReplacedRows;
  };
  /** Return what a panel shows of a row. */
  "POST /robin/row": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: RowToRead;
    answer: RowPanel;
  };
  /** Return a flow's text without the variables that it fills and never looks at. */
  "POST /robin/unused": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: FlowText;
    answer: Tidied;
  };
  /** Return the text of a row with the values of its panel. */
  "POST /robin/write": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: RowToWrite;
    answer: WrittenRow;
  };
  /** List the security roles by name. */
  "GET /roles": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: RoleList;
  };
  /** List who holds a role, by name. */
  "GET /roles/{roleId}/holders": {
    path: { roleId: string };
    query: Record<never, never>;
    body: undefined;
    answer: RoleHolders;
  };
  /** List the newest runs of both kinds of flows; the next page is asked for by ``until``. */
  "GET /runs": {
    path: Record<never, never>;
    query: { search?: string; status?: RunStatus[]; since?: string; until?: string; mine?: boolean; limit?: number };
    body: undefined;
    answer: RunPage;
  };
  /** Find flows and machines by a part of their name, and anything by its id. */
  "GET /search": {
    path: Record<never, never>;
    query: { q: string };
    body: undefined;
    answer: Hits;
  };
  /** Tell who is signed in, and what they may do. */
  "GET /session": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: SessionInfo;
  };
  /** Sign out: the browser's session ends, and so does every token that came from it. */
  "DELETE /session": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Set the caller's own password; every other browser of theirs is signed out. */
  "PUT /session/password": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewPassword;
    answer: undefined;
  };
  /** List the settings that are in force, and where each was changed. */
  "GET /settings": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: SettingList;
  };
  /** List the solutions that were imported, by name. */
  "GET /solutions": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: SolutionList;
  };
  /** Import a file, all of it or nothing. Cloud flows come switched off; those that are on stay on. */
  "POST /solutions/import": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ImportOrder;
    answer: Inspection;
  };
  /** Look into a file: what is in it, and what of it would run here. Nothing is stored. */
  "POST /solutions/inspect": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Upload;
    answer: Inspection;
  };
  /** Tell what the installation is, and how it is. */
  "GET /system": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: SystemInfo;
  };
  /** List the bearer tokens that work: the caller's own, for an administrator everybody's. */
  "GET /tokens": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: TokenList;
  };
  /** Make a bearer token with which a program acts as the caller. */
  "POST /tokens": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewToken;
    answer: CreatedToken;
  };
  /** Make a bearer token useless: one of the caller's own, for an administrator anybody's. */
  "DELETE /tokens/{tokenId}": {
    path: { tokenId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** List people by sign-in name. */
  "GET /users": {
    path: Record<never, never>;
    query: { search?: string };
    body: undefined;
    answer: UserList;
  };
  /** Add a person. They sign in by a link, and then set a password. */
  "POST /users": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewUser;
    answer: CreatedUser;
  };
  /** Change a person's name, or whether they may sign in; one who is disabled is signed out everywhere. */
  "PATCH /users/{userId}": {
    path: { userId: string };
    query: Record<never, never>;
    body: UserChange;
    answer: undefined;
  };
  /** Make a link that signs a person in, once and within 10 minutes. */
  "POST /users/{userId}/link": {
    path: { userId: string };
    query: Record<never, never>;
    body: undefined;
    answer: SignInLinkMade;
  };
  /** Set a person's password; every browser of theirs is signed out. */
  "PUT /users/{userId}/password": {
    path: { userId: string };
    query: Record<never, never>;
    body: PasswordToSet;
    answer: undefined;
  };
  /** Give a user or an application a role. */
  "PUT /users/{userId}/roles/{role}": {
    path: { userId: string; role: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Take a role from a user or an application. */
  "DELETE /users/{userId}/roles/{role}": {
    path: { userId: string; role: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** List environment variables by name. */
  "GET /variables": {
    path: Record<never, never>;
    query: { search?: string };
    body: undefined;
    answer: VariableList;
  };
  /** Make an environment variable. */
  "POST /variables": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: VariableToMake;
    answer: VariableMade;
  };
  /** Change an environment variable; its type and its name in flows stay. */
  "PUT /variables/{variableId}": {
    path: { variableId: string };
    query: Record<never, never>;
    body: VariableDetails;
    answer: undefined;
  };
  /** Delete an environment variable with its value; flows that read it fail where they have no default. */
  "DELETE /variables/{variableId}": {
    path: { variableId: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  /** Set the value that a variable has here, or take it away. */
  "PUT /variables/{variableId}/value": {
    path: { variableId: string };
    query: Record<never, never>;
    body: VariableValue;
    answer: undefined;
  };
}
