"""What can go wrong between a caller, a run and a machine."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from deskhand.core.errors import DeskhandError, did_you_mean


class NoCandidateMachine(DeskhandError):
    """A run waited as long as it may (setting ``queue_wait_max``), and no machine of its group took it.

    Nothing of the flow has run, so it can be run anew. The message says what each machine was doing: start
    its agent, end its maintenance, or add a machine.
    """

    code = "DH3101"

    def __init__(self, group: str, patience: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"Not started: no machine of group {group} became free within {patience}. "
            f"{', '.join(reasons)}. Nothing of the flow has run. {self.code}"
        )
        self.group = group
        self.reasons = tuple(reasons)


class RunAlreadyFinished(DeskhandError):
    """A run that has ended was to be cancelled.

    Nothing is left to stop. The setting ``cancel_finished_is_error`` makes this a success instead.
    """

    code = "DH3201"

    def __init__(self, run_id: UUID, status: str) -> None:
        super().__init__(
            f"Run {run_id} is not running any more: it ended as {status}, so there is nothing to cancel."
        )
        self.run_id = run_id
        self.status = status


class InputMismatch(DeskhandError):
    """A value in ``inputs`` cannot become what the flow's input takes. Source: machines-and-runs 6.2."""

    code = "DH3202"

    def __init__(self, name: str, expected: str, given: str) -> None:
        super().__init__(f"Input ‘{name}’ takes {expected}, not {given}.")
        self.name = name


class InputMissing(DeskhandError):
    """The flow requires an input that ``inputs`` does not hold, and that has no default."""

    code = "DH3203"

    def __init__(self, name: str) -> None:
        super().__init__(f"Input ‘{name}’ is required and has no default: add it to inputs.")
        self.name = name


class MachineGroupNotFound(DeskhandError):
    """A connection targets a machine group that was deleted.

    Let the connection target an existing group, or make a new connection.
    """

    code = "DH3301"

    def __init__(self, connection: str) -> None:
        super().__init__(
            f"XrmMachineGroupNotFound: the machine group that connection ‘{connection}’ targets was deleted. "
            "Use a connection to a machine that exists."
        )
        self.connection = connection


class GroupIsEmpty(DeskhandError):
    """A connection targets a machine group without any machine, so no run could ever start."""

    code = "DH3302"

    def __init__(self, group: str) -> None:
        super().__init__(
            f"GroupIsEmpty: machine group ‘{group}’ has no machine. Register one: "
            "deskhand machine run on that machine."
        )
        self.group = group


class BelongsToGroup(DeskhandError):
    """A machine of a group is shared with whom its group is shared. Share the group instead."""

    code = "DH3303"

    def __init__(self, machine: str, group: str) -> None:
        super().__init__(
            f"‘{machine}’ belongs to the group ‘{group}’, and who may run on it is decided there. "
            "Share the group instead."
        )


class MachineRuns(DeskhandError):
    """A machine that has runs stays in its group. Put it into maintenance and wait for their end."""

    code = "DH3304"

    def __init__(self, name: str, runs: int) -> None:
        super().__init__(
            f"‘{name}’ has {runs} run{'s' if runs != 1 else ''}. Put it into maintenance, and move it when "
            "they have ended."
        )


class GroupInUse(DeskhandError):
    """A machine group with machines, or with runs that wait or run, cannot be deleted.

    Move its machines to other groups, and cancel its runs or wait for their end.
    """

    code = "DH3305"

    def __init__(self, name: str, machines: int, runs: int) -> None:
        what = f"{machines} machine{'s' if machines != 1 else ''}" if machines else ""
        queued = f"{runs} run{'s' if runs != 1 else ''} that wait or go on" if runs else ""
        super().__init__(
            f"The machine group ‘{name}’ has {' and '.join(filter(None, (what, queued)))}. Move its machines "
            "to other groups, and wait for the end of its runs or cancel them."
        )


class RegistrationRefused(DeskhandError):
    """A registration token is unknown, was used before, or has expired.

    Each registers one machine, once. Make another with ``deskhand machine token``.
    """

    code = "DH3310"

    def __init__(self) -> None:
        super().__init__(
            "The registration token is unknown, used or expired. Make another: deskhand machine token."
        )


class MachineNameTaken(DeskhandError):
    """Another machine has the name that a machine wants to register under."""

    code = "DH3311"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Another machine is registered as ‘{name}’. Register under another name, or delete that machine "
            "first; its connections and waiting runs go with it."
        )
        self.name = name


class MachineKeyRefused(DeskhandError):
    """An agent shows a key that belongs to no machine: its machine was deleted, or the key is damaged."""

    code = "DH3312"

    def __init__(self) -> None:
        super().__init__("The machine key belongs to no registered machine. Register the machine again.")


class AgentVersionRefused(DeskhandError):
    """An agent speaks another version of the protocol than the server."""

    code = "DH3313"

    def __init__(self, agent: int, server: int) -> None:
        super().__init__(
            f"The agent speaks protocol {agent} and this server {server}. "
            "Install the same version of Deskhand on both."
        )


class RunRateExceeded(DeskhandError):
    """A connection started as many runs within a minute as it may.

    Wait as long as ``Retry-After`` says, or spread the load over several connections.

    Attributes:
        retry_after: Seconds until the next run may start.
    """

    code = "DH3404"

    def __init__(self, connection: str, limit: int, retry_after: int) -> None:
        super().__init__(
            f"DesktopFlowsActionThrottled: connection ‘{connection}’ reached {limit} runs a minute. "
            f"Next slot in {retry_after} s (Retry-After: {retry_after}). "
            "An administrator can change the limit: setting runs_per_minute."
        )
        self.retry_after = retry_after


class QueueFull(DeskhandError):
    """As many runs wait for a machine group as may.

    Attributes:
        retry_after: Seconds after which to ask again.
    """

    code = "DH3405"
    retry_after = 60

    def __init__(self, group: str, limit: int) -> None:
        super().__init__(
            f"{limit} runs wait for machine group ‘{group}’ already, which is as many as may. "
            "Send the request again when some have run, or add a machine. "
            "An administrator can change the limit: setting queue_length_max."
        )


class ConnectionNotFound(DeskhandError):
    """No connection has the name that a request gives."""

    code = "DH3501"

    def __init__(self, name: str, *, is_reference: bool = False) -> None:
        hint = (
            'A connection reference has that name: add "connectionType": 2.'
            if is_reference
            else "List the ones there are: deskhand connection list."
        )
        super().__init__(f"There is no connection ‘{name}’. {hint}")
        self.name = name


class ConnectionNotUsable(DeskhandError):
    """A connection belongs to somebody else, who has not shared it: ``deskhand connection share``."""

    code = "DH3502"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Connection ‘{name}’ belongs to somebody else. Use one of your own, or have it shared with you: "
            "deskhand connection list."
        )
        self.name = name


class ConnectionReferenceNotFound(DeskhandError):
    """No connection reference has the logical name that a request gives."""

    code = "DH3503"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no connection reference ‘{name}’{did_you_mean(name, known)}")
        self.name = name


class ConnectionReferenceUnbound(DeskhandError):
    """A connection reference is not bound to a connection, so nothing can run through it."""

    code = "DH3504"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Connection reference ‘{name}’ has no connection. Bind one: set its connectionid to the name of "
            "a connection."
        )
        self.name = name


class CallbackUrlRefused(DeskhandError):
    """A ``callbackUrl`` breaks the documented rules. Source: dataverse-api 14.

    It must be an ``https`` address with a DNS name, at most 2000 characters long, and not this computer.
    """

    code = "DH3601"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"callbackUrl {problem}. It must be an https address with a DNS name, "
            "such as https://example.org/done."
        )
        self.problem = problem


class CallbackAddressForbidden(DeskhandError):
    """A callback's host name resolves to an address that callbacks may not reach.

    Loopback, private, link-local and reserved networks are out of bounds, so that nobody can reach
    services behind the server through it.
    """

    code = "DH3602"

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"‘{host}’ resolves to {address}, which callbacks may not reach.")
        self.host = host
        self.address = address


class NotDebugged(DeskhandError):
    """Only a run that the designer started can be paused and stepped through, and only until it ends.

    Start it anew from the designer.
    """

    code = "DH3620"

    def __init__(self, run_id: UUID) -> None:
        super().__init__(f"The run {run_id} is not debugged, or has ended. Start it anew from the designer.")


class TooManyCommands(DeskhandError):
    """A debugged run was told more than it can obey: its machine does not answer, or an action takes long.

    Wait until it answers, or stop it.
    """

    code = "DH3621"

    def __init__(self) -> None:
        super().__init__("The run has not obeyed what it was told before. Wait until it answers, or stop it.")


class RunNotPaused(DeskhandError):
    """A variable's value can be changed while the run is paused."""

    code = "DH3622"

    def __init__(self) -> None:
        super().__init__("The run is not paused now, so its variables cannot be changed. Pause it first.")
