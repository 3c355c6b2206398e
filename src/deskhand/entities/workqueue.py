"""The tables of work queues."""

from __future__ import annotations

from enum import IntEnum

from deskhand.entities.declare import (
    ALL_WRITES,
    ActiveState,
    BigInt,
    Choice,
    DateTime,
    Entity,
    Integer,
    Lookup,
    Memo,
    PrimaryKey,
    State,
    Status,
    String,
)


class QueueStatus(IntEnum):
    """Why a work queue does or does not give out items."""

    ACTIVE = 1
    INACTIVE = 2
    PAUSED = 3


class InputSchemaType(IntEnum):
    """How the schema of items' input is written."""

    NO_SCHEMA = 0
    JSON = 1
    XML = 2


class PriorityType(IntEnum):
    """In which order items are given out."""

    FIFO = 0


class QueueType(IntEnum):
    """What a queue holds."""

    WORK_QUEUE = 0
    RUN_QUEUE = 1


class QueueOption(IntEnum):
    """A yes or no that may be left open."""

    NOT_SET = 0
    NO = 1
    YES = 2


class WorkQueue(
    Entity,
    set_name="workqueues",
    type_code=10_011,
    alternate_keys=(("workqueuekey",),),
    client_writes=ALL_WRITES,
):
    """A list of items that flows work off. Source: dataverse-api 11.9, machines-and-runs 8.1."""

    workqueueid = PrimaryKey("The queue's id.")
    name = String("Its name.", required=True)
    description = String("What it is for.", max_length=2000)
    workqueuekey = String("A name that is the same in every environment.")
    inputschema = Memo("The schema of its items' input; stays once it is set.")
    inputschematype = Choice(
        "How that is written.",
        options=InputSchemaType,
        default=InputSchemaType.NO_SCHEMA,
        labels={InputSchemaType.NO_SCHEMA: "No Schema"},
    )
    itemmaxretrycount = Integer(
        "How often an item is tried again after an IT exception.", least=0, default=0, required=True
    )
    itemmaxrequeuecount = Integer(
        "How often flows should put an item back at most; for them to read.",
        least=0,
        default=0,
        required=True,
    )
    defaultitemtimetoliveinminutes = Integer(
        "How long an item lives that names no expiry date; 0 for ever.", least=0, default=0, required=True
    )
    prioritytype = Choice("In which order items are given out.", options=PriorityType, default=0)
    workqueuetype = Choice(
        "What it holds.",
        options=QueueType,
        default=QueueType.WORK_QUEUE,
        labels={QueueType.WORK_QUEUE: "Work Queue", QueueType.RUN_QUEUE: "Run Queue"},
    )
    allowupdateinputwhileprocessing = Choice(
        "Whether an item's input may change while it is processed.", options=QueueOption, default=0
    )
    continueprocessingifslaviolated = Choice(
        "Whether items are processed that are late.", options=QueueOption, default=0
    )
    statecode = State("Whether it gives out items.", options=ActiveState, default=ActiveState.ACTIVE)
    statuscode = Status(
        "Why it does or does not.",
        options=QueueStatus,
        default=QueueStatus.ACTIVE,
        states={QueueStatus.INACTIVE: ActiveState.INACTIVE, QueueStatus.PAUSED: ActiveState.INACTIVE},
    )


class ItemState(IntEnum):
    """Where a work queue item stands."""

    QUEUED = 0
    PROCESSING = 1
    PROCESSED = 2
    ON_HOLD = 3
    ERROR = 4


class ItemStatus(IntEnum):
    """Where a work queue item stands, and why."""

    QUEUED = 0
    PROCESSING = 1
    PROCESSED = 2
    PAUSED = 3
    GENERIC_EXCEPTION = 4
    IT_EXCEPTION = 5
    BUSINESS_EXCEPTION = 6
    DEAD_LETTER = 7
    PROCESSING_TIMEOUT = 8


class ProcessorType(IntEnum):
    """What processes an item."""

    NONE = 0
    CLOUD_FLOW = 1
    FLOW_MACHINE = 2


class SlaStatus(IntEnum):
    """Whether an item is in time."""

    NOT_SET = 0
    IN_SLA = 1
    AT_RISK = 2
    OUT_OF_SLA = 3


ITEM_STATES: dict[int, int] = {
    ItemStatus.QUEUED: ItemState.QUEUED,
    ItemStatus.PROCESSING: ItemState.PROCESSING,
    ItemStatus.PROCESSED: ItemState.PROCESSED,
    ItemStatus.PAUSED: ItemState.ON_HOLD,
    ItemStatus.GENERIC_EXCEPTION: ItemState.ERROR,
    ItemStatus.IT_EXCEPTION: ItemState.ERROR,
    ItemStatus.BUSINESS_EXCEPTION: ItemState.ERROR,
    ItemStatus.DEAD_LETTER: ItemState.ERROR,
    ItemStatus.PROCESSING_TIMEOUT: ItemState.ERROR,
}


class WorkQueueItem(
    Entity,
    set_name="workqueueitems",
    type_code=10_012,
    alternate_keys=(("workqueueid", "uniqueidbyqueue"),),
    client_writes=ALL_WRITES,
    indexes=(("workqueueid", "statuscode", "priority", "queueposition"),),
):
    """One piece of work in a queue. Source: dataverse-api 11.10, machines-and-runs 8."""

    workqueueitemid = PrimaryKey("The item's id.")
    name = String("Its name; numbered where none is given.")
    input = Memo("What there is to do, as text or JSON.")
    uniqueidbyqueue = String("Its name within the queue, which no other item of it has.")
    priority = Integer("How urgent it is, lower before higher: 100, 200 or 300.", default=200, required=True)
    workqueueid = Lookup("The queue.", target="workqueue", cascade=True, required=True)
    expirydate = DateTime("When it is given out no more.")
    delayuntil = DateTime("From when on it is given out.")
    processingresult = Memo("What its processor noted.")
    executioncontext = Memo("What its processor needs to know, as JSON.")
    processorid = String("The run or the machine that processes it.")
    processortype = Choice(
        "What processes it.",
        options=ProcessorType,
        default=ProcessorType.NONE,
        labels={ProcessorType.CLOUD_FLOW: "Cloud Flow", ProcessorType.FLOW_MACHINE: "Flow Machine"},
    )
    machineuser = String("The account in whose session it is processed.")
    processinguser = Lookup("As whom it is processed.", target="systemuser", writable=False)
    processingstarttime = DateTime("When it was given out.", writable=False)
    processingduration = Integer("Seconds its processing took.", writable=False)
    completedon = DateTime("When its processing ended.", writable=False)
    retrycount = Integer("How often it was tried again.", default=0, writable=False)
    requeuecount = Integer("How often it was put back.", default=0, writable=False)
    slastatus = Choice("Whether it is in time.", options=SlaStatus, default=0, writable=False)
    slathresholddate = DateTime("When it is late.")
    statecode = State("Where it stands.", options=ItemState, default=ItemState.QUEUED)
    statuscode = Status(
        "Where it stands, and why.",
        options=ItemStatus,
        states=ITEM_STATES,
        default=ItemStatus.QUEUED,
        labels={
            ItemStatus.GENERIC_EXCEPTION: "GenericException",
            ItemStatus.IT_EXCEPTION: "ITException",
            ItemStatus.BUSINESS_EXCEPTION: "BusinessException",
        },
    )

    queueposition = BigInt("Grows with every item that joins a queue.", internal=True)
