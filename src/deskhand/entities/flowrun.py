"""The tables of cloud flow runs: what clients see of a run, and the journal that it goes on from."""

from __future__ import annotations

from deskhand.entities.declare import (
    BigInt,
    Blob,
    Boolean,
    DateTime,
    Entity,
    Guid,
    Integer,
    Lookup,
    Memo,
    PrimaryKey,
    String,
)


class FlowRun(
    Entity,
    set_name="flowruns",
    type_code=10_007,
    indexes=(
        ("unique", "name"),
        ("dueon",),
        ("workflow", "name"),
        ("workflow", "status", "name"),
        ("parentflowrunid",),
        ("clienttrackingid",),
        ("starttime",),
        ("ownerid", "starttime"),
        ("status", "starttime"),
        ("versionnumber",),
        ("unique", "resumedrunid"),
    ),
    co_owned_by="workflow",
):
    """A cloud flow run: what clients see of it and, in internal columns, what it goes on from.

    Source: cloud-flows 7.1 and 7.4.
    """

    flowrunid = PrimaryKey("The run's own id.")
    name = String("The run's name: sorts newest first.", writable=False)
    workflow = Lookup("The cloud flow that ran.", target="workflow", cascade=True, writable=False)
    starttime = DateTime("When it began.", writable=False)
    endtime = DateTime("When it ended.", writable=False)
    duration = BigInt("Milliseconds from begin to end.", writable=False)
    status = String(
        "Where it stands: Running, Waiting, Succeeded, Failed, Cancelled, TimedOut.", writable=False
    )
    triggertype = String("What kind of trigger started it: Automated, Scheduled, Instant.", writable=False)
    errorcode = String("Why it failed, as a code.", max_length=1000, writable=False)
    errormessage = Memo("Why it failed, for people.", max_length=262_144, writable=False)
    parentrunid = String("The name of the run that called it.", writable=False)
    modernflowtype = String("What kind of flow it is.", writable=False)
    partitionid = String("The partition that an elastic table keeps it in.", writable=False)
    ttlinseconds = Integer("Seconds that it is kept.", writable=False)

    flowversionid = Guid("The version of the definition it began with.", internal=True)
    code = String("Its end as a code.", internal=True)
    triggername = String("The trigger that started it.", max_length=256, internal=True)
    trigger = Memo("That trigger's record, as JSON.", internal=True)
    sealedtrigger = Blob("The trigger's record, where it is secret.")
    clienttrackingid = String("The caller's tracking id.", max_length=255, internal=True)
    originhistoryname = String("The run that it repeats, or itself.", internal=True)
    parameters = Memo("The parameters' values, as JSON.", internal=True)
    sealedparameters = Blob("The parameters' values, where one is secret.")
    variables = Memo("The variables, as JSON.", internal=True)
    sealedvariables = Blob("The variables, where the flow handles secrets.")
    outputs = Memo("What the flow returned, as JSON.", internal=True)
    responseactionid = Guid("The Response action that has answered the caller.", internal=True)
    resumedrunid = Guid("The earlier run that it goes on from; each goes on once.", internal=True)
    repeatedactions = Memo("The actions of that run that it does again, as JSON.", internal=True)
    parentflowrunid = Guid("The run that called it.", internal=True)
    parentactionid = Guid("The action that waits for it.", internal=True)
    startedby = Guid("Who started it.", internal=True)
    waitendtime = DateTime("When its turn came, where runs wait for each other.", internal=True)
    awaitsanswer = Boolean("Whether its caller can get an answer.", internal=True, default=False)
    istest = Boolean("Whether it was started to try the flow out.", internal=True, default=False)

    dueon = DateTime("When the engine must look at it next.", internal=True)
    leaseowner = Guid("The server process that drives it.", internal=True)
    fencingtoken = Integer("Counts the processes that drove it.", internal=True, default=0)
    signalcount = Integer("Counts the signals it ever got.", internal=True, default=0)


class FlowRunAction(Entity, indexes=(("unique", "flowrunid", "repetition", "name"),)):
    """One action of a run, or one repetition of it: history and checkpoint at once.

    The columns that hold values are JSON. ``outputs`` may be ``=``: the same as ``inputs``.

    Source: cloud-flows 3.1 and 7.1.
    """

    flowrunactionid = PrimaryKey("Its tracking id.")
    flowrunid = Guid("The run.")
    name = String("The action's name.", max_length=256)
    repetition = String(
        "The indexes of the loops around it, six digits each, outermost first.", max_length=200
    )
    status = String("Where it stands.")
    code = String("Its end as a code.")
    error = Memo("Why it failed.")
    inputs = Memo("What it was given.")
    outputs = Memo("What it returned.")
    sealedinputs = Blob("What it was given, where that is secret.")
    sealedoutputs = Blob("What it returned, where that is secret.")
    starttime = DateTime("When it began.")
    endtime = DateTime("When it ended.")
    state = Memo("What the engine notes of it while it runs, as JSON.")
    sealedstate = Blob("The same, where it holds secrets.")
    dueon = DateTime("When it has to go on by itself.")
    retryhistory = Memo("The attempts before the last one.")
    trackedproperties = Memo("Its tracked properties.")
    linkedid = Guid("The flow session or the child's run that it started.")


class FlowRunSignal(Entity, indexes=(("flowrunid",),)):
    """Something that happened to a run from outside and that the engine has not seen yet."""

    flowrunsignalid = PrimaryKey("The signal's id.")
    flowrunid = Guid("The run.")
    flowrunactionid = Guid("The action that waits for it; none for the run itself.")
    kind = String("What happened.")
    payload = Memo("What it brings, as JSON.")
    sealedpayload = Blob("The same, where it is secret.")
    createdon = DateTime("When it happened.")


class FlowRunProperty(Entity, indexes=(("flowrunid",), ("name", "value"))):
    """A tracked property, by which a run can be found. Source: cloud-flows 3.13."""

    flowrunpropertyid = PrimaryKey("The row's id.")
    flowrunid = Guid("The run.")
    name = String("The property's name.", max_length=256)
    value = String("Its value, as text.", max_length=512)
