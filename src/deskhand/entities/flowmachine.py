"""The tables of machines, machine groups and connections."""

from __future__ import annotations

from enum import IntEnum

from deskhand.entities.declare import (
    ALL_WRITES,
    AccessRight,
    Blob,
    Boolean,
    Choice,
    DateTime,
    Entity,
    Guid,
    Integer,
    Lookup,
    Memo,
    PrimaryKey,
    State,
    Status,
    String,
)


class MachineState(IntEnum):
    """Whether a machine or group takes runs."""

    ACTIVE = 0
    INACTIVE = 1
    MAINTENANCE = 2


class MachineStatus(IntEnum):
    """Why a machine does or does not take runs."""

    ACTIVE = 1
    INACTIVE = 2
    REQUIRES_RECONNECTION = 3
    MANUAL_MAINTENANCE = 4
    DRAIN_MODE = 5
    TO_DELETE = 6
    TEMPORARY = 7
    ERROR = 8
    DISABLED = 9
    PROVISIONING = 10
    REQUIRES_GROUP_KEY = 11
    PROVISIONED_WITH_ERROR = 12
    HOSTED_MACHINE_OVERCAPACITY = 13
    HOSTED_MACHINE_OVERCAPACITY_DELETED = 14
    HOSTED_MACHINE_OVERCAPACITY_DISABLED = 15


class HostingType(IntEnum):
    """Who hosts a machine."""

    CUSTOMER = 0
    HOSTED = 1
    CLOUD_PC = 2


class GroupStatus(IntEnum):
    """Why a group does or does not take runs."""

    ACTIVE = 1
    INACTIVE = 2
    MANUAL_MAINTENANCE = 3
    KEY_EXPIRED = 4
    HMG_ISLAND_MOVE = 5
    QUARANTINED = 6
    HMG_CMK_OPERATION = 7


class GroupType(IntEnum):
    """How a group's key is kept."""

    KEYLESS = 545_940_000
    STANDARD = 545_940_001
    DEFAULT = 545_940_002


class QueuingType(IntEnum):
    """Whether a run that cannot start lets the ones behind it pass."""

    FIFO = 0
    EXTENDED_QUEUE_PRIORITIZATION = 1


_MACHINE_STATES: dict[int, int] = {
    MachineStatus.INACTIVE: MachineState.INACTIVE,
    MachineStatus.MANUAL_MAINTENANCE: MachineState.MAINTENANCE,
    MachineStatus.DRAIN_MODE: MachineState.MAINTENANCE,
}


class FlowMachine(
    Entity,
    set_name="flowmachines",
    type_code=10_003,
    indexes=(("unique", "name"), ("flowmachinegroupid",)),
    client_writes=(AccessRight.WRITE,),
):
    """A machine that runs desktop flows. Source: dataverse-api 11.5, machines-and-runs 1.1."""

    flowmachineid = PrimaryKey("The machine's id.")
    name = String("Its name, unique.", required=True)
    description = String("What it is for.", max_length=2000)
    agentversion = String("The version of its agent.", writable=False)
    flowmachinegroupid = Lookup("The group it belongs to.", target="flowmachinegroup", writable=False)
    hostingtype = Choice("Who hosts it.", options=HostingType, default=HostingType.CUSTOMER)
    lastheartbeatdate = DateTime("Its last sign of life.", writable=False)
    sessioncapacity = Integer("Runs it takes at the same time.", least=1, default=1, required=True)
    machinemetadata = Memo("What its agent told of it, as JSON.", writable=False)
    statecode = State("Whether it takes runs.", options=MachineState, default=0)
    statuscode = Status(
        "Why it does or does not.",
        options=MachineStatus,
        default=MachineStatus.ACTIVE,
        states=_MACHINE_STATES,
    )

    keyhash = String("The hash of its key.", max_length=200, internal=True)
    sessionuser = String("The account its agent runs under.", internal=True)


class FlowMachineGroup(
    Entity,
    set_name="flowmachinegroups",
    type_code=10_004,
    indexes=(("unique", "name"),),
    client_writes=(AccessRight.WRITE,),
):
    """Machines that take runs from one queue; a machine alone has a group of its own.

    Source: dataverse-api 11.6, machines-and-runs 1.1.
    """

    flowmachinegroupid = PrimaryKey("The group's id.")
    name = String("Its name, unique.", required=True)
    description = String("What it is for.", max_length=2000)
    flowgrouptype = Choice("How its key is kept.", options=GroupType, default=GroupType.KEYLESS)
    preferredqueuingtype = Choice(
        "Whether runs may pass one that cannot start.",
        options=QueuingType,
        default=QueuingType.EXTENDED_QUEUE_PRIORITIZATION,
    )
    trytoreusewindowssession = Boolean("Whether sessions are kept between runs.", default=False)
    lastrundate = DateTime("When it last took a run.", writable=False)
    statecode = State("Whether it takes runs.", options=MachineState, default=0)
    statuscode = Status(
        "Why it does or does not.",
        options=GroupStatus,
        default=GroupStatus.ACTIVE,
        states={GroupStatus.INACTIVE: 1, GroupStatus.MANUAL_MAINTENANCE: 2},
    )

    standalone = Boolean("Whether it exists only for one machine.", internal=True, default=False)


class PromptingBehavior(IntEnum):
    """Whether an import asks for the connection."""

    PROMPT = 0
    SKIP = 1


class ConnectionReference(
    Entity,
    set_name="connectionreferences",
    type_code=10_005,
    primary_name="connectionreferencedisplayname",
    alternate_keys=(("connectionreferencelogicalname",),),
    client_writes=ALL_WRITES,
):
    """A solution's name for a connection, bound to one in each installation. Source: dataverse-api 11.7."""

    connectionreferenceid = PrimaryKey("The reference's id.")
    connectionreferencelogicalname = String("The name that callers use.", max_length=200, required=True)
    connectionreferencedisplayname = String("Its name for people.", max_length=200)
    connectorid = String("The connector it is for.", max_length=1000)
    connectionid = String("The name of the connection it is bound to.", max_length=1000)
    description = String("What it is for.", max_length=2000)
    promptingbehavior = Choice("Whether an import asks.", options=PromptingBehavior, default=0)


class Connection(Entity, indexes=(("unique", "name"),)):
    """A connection: what a connector needs to act, and whose it is.

    A desktop-flow connection targets a machine group; others hold parameters such as a server's address.
    The product keeps connections outside Dataverse, so no client lists them there.
    Source: machines-and-runs 2, cloud-flows 3.11.
    """

    connectionid = PrimaryKey("The connection's own id.")
    name = String("The connection name that callers give, 32 hex digits.", required=True)
    displayname = String("Its name for people.", max_length=200)
    connectorid = String("The connector it is for.", max_length=1000)
    targetid = Guid("The machine group it targets.")
    parameters = Memo("What its connector needs, as JSON; secrets are kept apart.")
    sealedparameters = Blob("The secrets among them, encrypted.")
    ownerid = Guid("Whose it is.")
    statuscode = Integer("1 connected, 0 in error.", default=1)
    createdon = DateTime("When it was created.")
    testedon = DateTime("When it was last tried out.")
    testmessage = Memo("Why it did not work then.")
