"""The tables of flows."""

from __future__ import annotations

from enum import IntEnum

from deskhand.entities.declare import (
    ALL_WRITES,
    Boolean,
    Choice,
    DateTime,
    Entity,
    EntityName,
    Guid,
    Integer,
    Lookup,
    Memo,
    PrimaryKey,
    State,
    Status,
    String,
)


class Category(IntEnum):
    """What kind of process a workflow row is."""

    WORKFLOW = 0
    DIALOG = 1
    BUSINESS_RULE = 2
    ACTION = 3
    BUSINESS_PROCESS_FLOW = 4
    MODERN_FLOW = 5
    DESKTOP_FLOW = 6
    AI_FLOW = 7


class WorkflowType(IntEnum):
    """Whether a row is the flow itself."""

    DEFINITION = 1
    ACTIVATION = 2
    TEMPLATE = 3


class UiFlowType(IntEnum):
    """Which recorder or designer made a desktop flow."""

    WINDOWS_RECORDER = 0
    SELENIUM_IDE = 1
    POWER_AUTOMATE_DESKTOP = 2
    TEST = 3
    RECORDING = 101


class WorkflowState(IntEnum):
    """Whether a flow may run."""

    DRAFT = 0
    ACTIVATED = 1
    SUSPENDED = 2


class WorkflowStatus(IntEnum):
    """Why it may or may not."""

    DRAFT = 1
    ACTIVATED = 2
    COMPANY_DLP_VIOLATION = 3


class WorkflowScope(IntEnum):
    """Whose rows a classic process touches."""

    USER = 1
    BUSINESS_UNIT = 2
    PARENT_CHILD = 3
    ORGANIZATION = 4


class WorkflowMode(IntEnum):
    """When a classic process runs."""

    BACKGROUND = 0
    REAL_TIME = 1


class WorkflowRunAs(IntEnum):
    """As whom a process runs."""

    OWNER = 0
    CALLING_USER = 1


class ComponentState(IntEnum):
    """Which version of a flow a row is."""

    PUBLISHED = 0
    UNPUBLISHED = 1
    DELETED = 2
    DELETED_UNPUBLISHED = 3


class Workflow(
    Entity,
    set_name="workflows",
    schema_name="workflow",
    type_code=4703,
    primary_key="workflowid",
    indexes=(("unique", "workflowid", "componentstate"), ("category", "name"), ("versionnumber",)),
    client_writes=ALL_WRITES,
):
    """A flow. Category 6 is a desktop flow; a draft is a second row with the same ``workflowid``.

    Source: dataverse-api 9.9 and 11.1.
    """

    workflowidunique = PrimaryKey("The id of this version of the flow.", writable=False)
    workflowid = Guid("The flow's id.", required=True)
    name = String("The flow's name.", required=True)
    category = Choice(
        "What kind of process it is.",
        options=Category,
        default=Category.DESKTOP_FLOW,
        labels={
            Category.BUSINESS_RULE: "Business Rule",
            Category.BUSINESS_PROCESS_FLOW: "Business Process Flow",
            Category.MODERN_FLOW: "Modern Flow",
            Category.DESKTOP_FLOW: "Desktop Flow",
            Category.AI_FLOW: "AI Flow",
        },
    )
    type = Choice(
        "Definition, activation or template.", options=WorkflowType, default=WorkflowType.DEFINITION
    )
    uiflowtype = Choice("Which designer made it.", options=UiFlowType)
    statecode = State("Whether it may run.", options=WorkflowState, default=WorkflowState.ACTIVATED)
    statuscode = Status(
        "Why it may or may not run.",
        options=WorkflowStatus,
        default=WorkflowStatus.ACTIVATED,
        states={
            WorkflowStatus.DRAFT: WorkflowState.DRAFT,
            WorkflowStatus.ACTIVATED: WorkflowState.ACTIVATED,
            WorkflowStatus.COMPANY_DLP_VIOLATION: WorkflowState.SUSPENDED,
        },
    )
    componentstate = Choice(
        "Published or draft.", options=ComponentState, default=ComponentState.PUBLISHED, writable=False
    )
    clientdata = Memo("A cloud flow's definition and connections, as JSON.", max_length=1_073_741_823)
    definition = Memo("A desktop flow's Robin text.", max_length=16_777_216)
    inputs = Memo("The schema of its inputs, as JSON.")
    outputs = Memo("The schema of its outputs, as JSON.")
    schemaversion = String("The version of the definition's schema.")
    connectionreferences = Memo("The connection references it uses, as JSON.", max_length=100_000)
    credentials = Memo("The credentials it uses, as JSON.", max_length=100_000)
    dependencies = Memo("The flows and queues it needs, as JSON.", max_length=100_000)
    desktopflowmodules = Memo("The custom modules it uses, as JSON.", max_length=100_000)
    metadata = Memo("What its designer noted of it, as JSON.", max_length=100_000)
    claims = Memo("Claims of its maker, as JSON.", max_length=100_000)
    description = Memo("What it is for.", max_length=100_000)
    uniquename = String("Its name in a solution.", max_length=256)
    primaryentity = EntityName("The table a classic process belongs to.", default="none")
    scope = Choice("Whose rows it touches.", options=WorkflowScope, default=WorkflowScope.ORGANIZATION)
    mode = Choice("When it runs.", options=WorkflowMode, default=WorkflowMode.BACKGROUND)
    runas = Choice("As whom it runs.", options=WorkflowRunAs, default=WorkflowRunAs.CALLING_USER)
    ondemand = Boolean("Whether a classic process can be started by hand.", default=False)
    subprocess = Boolean("Whether a classic process is a child.", default=False)
    istransacted = Boolean("Whether a classic process runs in a transaction.", default=True)
    ismanaged = Boolean("Whether it came with a managed solution.", default=False, writable=False)
    solutionid = Guid("The solution it came with.", writable=False)
    introducedversion = String("The solution version that brought it.", max_length=48)
    addresskey = String("What makes a cloud flow's addresses differ from those before.", internal=True)
    flowversionid = Guid("The version of the flow that is in force.", internal=True)


class WorkflowVersion(Entity, indexes=(("unique", "workflowid", "number"),)):
    """What a desktop flow was published with, or a cloud flow saved with; one row for each time."""

    workflowversionid = PrimaryKey("The version's id.")
    workflowid = Guid("The flow.")
    number = Integer("Counts the flow's versions, from 1.")
    createdon = DateTime("When it was made.")
    createdby = Guid("Who made it.")
    note = String("What they said of it.", max_length=500)
    definition = Memo("The Robin text, or the cloud flow's document.", max_length=1_073_741_823)
    beside = Memo("What stood beside the document in its container, as JSON.", max_length=1_073_741_823)


class DesktopFlowBinary(
    Entity,
    set_name="desktopflowbinaries",
    type_code=10_010,
    indexes=(("process",),),
):
    """A file that belongs to a desktop flow: manifest, UI elements, images. Source: dataverse-api 11.8."""

    desktopflowbinaryid = PrimaryKey("The file's id.")
    name = String("Its file name.", max_length=256)
    mimetype = String("What it holds.")
    type = String("Its role in the flow.")
    data = Guid("The id of its content.", internal=True)
    process = Lookup("The flow it belongs to.", target="workflow", cascade=True)
