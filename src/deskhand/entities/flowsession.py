"""The tables of desktop flow runs."""

from __future__ import annotations

from enum import IntEnum

from deskhand.entities.declare import (
    AccessRight,
    BigInt,
    Blob,
    Boolean,
    Choice,
    DateTime,
    Double,
    Entity,
    File,
    Guid,
    Integer,
    Lookup,
    Memo,
    PrimaryKey,
    State,
    Status,
    String,
)


class FlowSessionState(IntEnum):
    """Active for every ordinary status, finished ones included."""

    ACTIVE = 0
    INACTIVE = 1


class FlowSessionStatus(IntEnum):
    """Where a run stands."""

    NOT_SPECIFIED = 0
    PAUSED = 1
    RUNNING = 2
    WAITING = 3
    SUCCEEDED = 4
    SKIPPED = 5
    SUSPENDED = 6
    CANCELLED = 7
    FAILED = 8
    FAULTED = 9
    TIMED_OUT = 10
    ABORTED = 11
    IGNORED = 12
    DELETED = 13
    TERMINATED = 14


class FlowSessionRunMode(IntEnum):
    """How a run uses its machine."""

    LOCAL = 0
    ATTENDED = 1
    UNATTENDED = 2


class RunSessionMode(IntEnum):
    """In what kind of session it runs."""

    UNAPPLICABLE = 0
    DEFAULT = 1
    PICTURE_IN_PICTURE = 2


class TriggerType(IntEnum):
    """What started a run."""

    API_FLOW = 0
    DESKTOP_FLOW = 1
    LOCAL = 2
    RUN_DESKTOP_FLOW_DATAVERSE_API = 3
    CUA = 4


class Subcategory(IntEnum):
    """Whether a run is a test."""

    DEFAULT = 0
    TEST = 1


class FlowSession(
    Entity,
    set_name="flowsessions",
    type_code=10_001,
    indexes=(
        ("statuscode", "machinegroupid", "queuepriority", "createdon"),
        ("connectionid", "createdon"),
        ("regardingobjectid", "createdon"),
        ("parentdesktopflowrunid",),
        ("leaseexpireson",),
        ("parentflowrunid",),
        ("createdon",),
        ("ownerid", "createdon"),
        ("statuscode", "completedon"),
        ("versionnumber",),
    ),
    client_writes=(AccessRight.DELETE,),
    co_owned_by="regardingobjectid",
):
    """A desktop flow run: what clients see of it and, in internal columns, its place in the queue.

    Source: dataverse-api 10 and 11.2.
    """

    flowsessionid = PrimaryKey("The run's id.")
    name = String("The flow's name when the run was requested.")
    statecode = State(
        "Active for every ordinary status.", options=FlowSessionState, default=0, writable=False
    )
    statuscode = Status(
        "Where the run stands.",
        options=FlowSessionStatus,
        states={
            FlowSessionStatus.NOT_SPECIFIED: 1,
            FlowSessionStatus.DELETED: 1,
            FlowSessionStatus.TERMINATED: 1,
        },
        default=FlowSessionStatus.WAITING,
        writable=False,
    )
    startedon = DateTime("When the flow began.", writable=False)
    completedon = DateTime("When the run ended.", writable=False)
    regardingobjectid = Lookup(
        "The desktop flow that ran.",
        target="workflow",
        navigation="regardingobjectid_process",
        cascade=True,
        writable=False,
    )
    machineid = Lookup(
        "The machine that ran it.", target="flowmachine", navigation="MachineId", writable=False
    )
    machinegroupid = Lookup(
        "The group it was sent to.", target="flowmachinegroup", navigation="MachineGroupId", writable=False
    )
    parentdesktopflowrunid = Lookup(
        "The run that called this one.",
        target="flowsession",
        navigation="ParentDesktopFlowRunId",
        writable=False,
    )
    parentworkflowid = String("The cloud flow that asked for it.", writable=False)
    parentcloudflowrunsequenceid = String("That cloud flow's run.", max_length=1000, writable=False)
    connectionid = String("The connection it was sent through.", writable=False)
    callbackurl = String("Who is told when it ends.", max_length=2000, writable=False)
    context = Memo("The caller's own words.", max_length=10_000, writable=False)
    correlationid = String("Ties it to the caller's request.", writable=False)
    clienttrackingid = String("The caller's tracking id.", max_length=255, writable=False)
    errorcode = String("Why it failed, as a code.", max_length=1000, writable=False)
    errormessage = Memo("Why it failed, for people.", max_length=10_000, writable=False)
    errordetails = Memo("Where in the flow it failed, as JSON.", max_length=10_000, writable=False)
    errorinnererror = Memo("The action's own words.", max_length=100_000, writable=False)
    processversion = String("The agent's version.", max_length=4000, writable=False)
    rundetails = Memo("What else is known of it, as JSON.", max_length=10_000, writable=False)
    runduration = BigInt("Milliseconds from request to end.", writable=False)
    runexecutionduration = BigInt("Milliseconds from begin to end.", writable=False)
    runwaitduration = BigInt("Milliseconds from request to begin.", writable=False)
    runmode = Choice("How it uses the machine.", options=FlowSessionRunMode, writable=False)
    runsessionmode = Choice(
        "In what kind of session it runs.",
        options=RunSessionMode,
        default=RunSessionMode.DEFAULT,
        writable=False,
    )
    triggertype = Choice("What started it.", options=TriggerType, writable=False)
    subcategory = Choice("Whether it is a test.", options=Subcategory, default=0, writable=False)
    sessionusername = String("The account in whose session it ran.", writable=False)
    machinepercentcpuusage = Double("Processor use of the machine, 0 to 100.", writable=False)
    machinepercentramusage = Double("Memory use of the machine, 0 to 100.", writable=False)
    machineramusage = Integer("Memory use of the machine in megabytes.", writable=False)
    inputs = File("What it was given; sensitive values are null.", writable=False)
    outputs = File("What it returned; sensitive values are null.", writable=False)
    additionalcontext = File("Its action log in the older form.", writable=False)

    parentflowrunid = Guid("The cloud flow run that waits for it.", internal=True)
    parentactionid = Guid("That run's action.", internal=True)
    sealedinputs = Blob("Every input, encrypted.")
    sealedoutputs = Blob("Every output, encrypted.")
    queuepriority = Integer("0 high, 1 normal.", internal=True, default=1)
    requesttimeout = Integer("Seconds the run may take.", internal=True)
    cancelrequestedon = DateTime("When somebody cancelled it while it ran.", internal=True)
    fencingtoken = Integer("Counts its assignments.", internal=True, default=0)
    leaseexpireson = DateTime("Until when its agent may stay silent.", internal=True)
    begunbyclaim = String(
        "The agent and the number of its claim, where the run was confirmed with its order.",
        max_length=60,
        internal=True,
    )
    requestedby = Guid("Who asked for it.", internal=True)
    flowversionid = Guid("The version of the flow that it takes.", internal=True)
    logdeletedon = DateTime("When its action log was deleted by rule.", internal=True)
    isdebugged = Boolean("Whether it was started by the designer, to be debugged.", internal=True)


class DebugSession(Entity, indexes=(("versionnumber",), ("phase", "watchedon"))):
    """What a debugged run is made of, was told, and where it stands; one row for each."""

    flowsessionid = PrimaryKey("The run.")
    workflowid = Guid("The flow.")
    definition = Memo("The Robin text that runs: the designer's own.", max_length=16_777_216)
    inputs = Memo("What that text declares of its inputs, as JSON.")
    outputs = Memo("What it declares of its outputs, as JSON.")
    sealedpart = Blob("Breakpoints, where it begins and its delay, encrypted.")
    sealedcommands = Blob("What it was told and has not obeyed yet, encrypted.")
    sealedstate = Blob("Where it stood last, with its variables, encrypted.")
    phase = String("waiting, running, paused, ended or forgotten.", max_length=10)
    stateindex = Integer("The index of that state.", default=0)
    sequence = Integer("Counts what it was told.", default=0)
    watchedon = DateTime("When somebody last looked at it.")
    versionnumber = BigInt("Grows with every change.")


class FlowLogLevel(IntEnum):
    """How much a log row matters."""

    VERBOSE = 100_000_000
    DEBUG = 100_000_001
    INFO = 100_000_002
    WARNING = 100_000_003
    ERROR = 100_000_004


class FlowLogType(IntEnum):
    """What a log row tells. Source: machines-and-runs 5.6."""

    CUSTOM_LOG = 100_000_000
    DESKTOP_FLOW_RUN_ACTION = 100_000_001
    RUN_QUEUE_PRIORITY_CHANGED = 100_000_002
    RUN_QUEUED = 100_000_003
    RUN_QUEUE_ASSIGNED = 100_000_004
    RUN_QUEUE_ASSIGN_FAILED = 100_000_005
    RUN_QUEUE_RUN_CONFIRMED = 100_000_006
    RUN_QUEUE_RUN_COMPLETED = 100_000_007


class FlowLog(
    Entity,
    set_name="flowlogs",
    type_code=10_002,
    indexes=(("unique", "flowsessionid", "type", "logindex"), ("flowsessionid", "depth", "logindex")),
    co_owned_by="desktopflowid",
):
    """One row of a run's log: an action that ran, or something that happened to the run in the queue.

    Source: dataverse-api 11.3 and machines-and-runs 5.4 to 5.6. ``data`` is JSON.
    """

    flowlogid = PrimaryKey("The row's id.")
    name = String("The action or event.", max_length=200)
    level = Choice("How much it matters.", options=FlowLogLevel, default=FlowLogLevel.INFO)
    type = Choice("What it tells.", options=FlowLogType)
    data = Memo("The row's content, as JSON.", max_length=100_000)
    logindex = Integer("Its place among the run's rows of this type, from 0.")
    duration = Integer("Milliseconds.")
    flowsessionid = Lookup("The run.", target="flowsession", cascade=True)
    desktopflowid = Lookup("The flow.", target="workflow")
    flowmachineid = Lookup("The machine.", target="flowmachine")

    subflow = String("The subflow that an action stands in.", max_length=200, internal=True)
    actionindex = Integer("The action's number there.", internal=True)
    outcome = String("How an action ended.", max_length=20, internal=True)
    depth = Integer("How many loops of the log it stands in.", internal=True)
    loopround = Integer("Which round of the innermost of these, from 1; 0 before the first.", internal=True)
    loopindex = Integer("Where a loop ends: the index of the row where it began.", internal=True)
