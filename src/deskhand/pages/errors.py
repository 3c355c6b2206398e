"""What a page's request can get wrong, beside what the rooms below refuse."""

from __future__ import annotations

from datetime import datetime

from deskhand.core.errors import DeskhandError


class BadParameter(DeskhandError):
    """A parameter of an address, or a member of a body, is missing or has an impossible value.

    ``/api/portal/openapi.json`` describes what every endpoint takes.
    """

    code = "DH1560"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"‘{name}’ {problem}")
        self.name = name


class NotFound(DeskhandError):
    """What an address names is not there, or the caller may not see it."""

    code = "DH1561"

    def __init__(self, kind: str, named: object) -> None:
        super().__init__(f"There is no {kind} ‘{named}’, or you may not see it.")


class PageExpired(DeskhandError):
    """The ``after`` of a list was not made for this list with this order. Begin at the first page."""

    code = "DH1562"

    def __init__(self) -> None:
        super().__init__("This page of the list is not there any more. Begin at the first one.")


class NotAdministrator(DeskhandError):
    """Only a System Administrator sees and changes users, roles, applications, settings and the log.

    ``deskhand user grant NAME "System Administrator"`` makes one.
    """

    code = "DH1563"

    def __init__(self) -> None:
        super().__init__("Only a System Administrator may do this. Ask one, or have the role given to you.")


class NothingToRun(DeskhandError):
    """A flow has no published version, so it cannot run. Publish it first."""

    code = "DH1564"

    def __init__(self, name: str) -> None:
        super().__init__(f"‘{name}’ is a draft and cannot run. Publish it first.")


class RunStillOpen(DeskhandError):
    """A run can be repeated once it has ended."""

    code = "DH1565"

    def __init__(self) -> None:
        super().__init__("The run has not ended yet. Wait for its end, or cancel it, then run it again.")


class RunNotWaiting(DeskhandError):
    """Only a run that waits in the queue, and that no machine has yet, has a place that can be changed."""

    code = "DH1566"

    def __init__(self) -> None:
        super().__init__("The run does not wait any more, so its place in the queue cannot be changed.")


class MachineBusy(DeskhandError):
    """A machine that runs flows cannot be removed. Put it into maintenance and wait for their end."""

    code = "DH1567"

    def __init__(self, name: str, runs: int) -> None:
        super().__init__(
            f"‘{name}’ runs {runs} flow{'s' if runs != 1 else ''}. Put it into maintenance, and remove it "
            "when they have ended."
        )


class UploadUnreadable(DeskhandError):
    """The uploaded file is no base64 text, or too large."""

    code = "DH1568"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The file was not taken: {problem}.")


class FlowChangedMeanwhile(DeskhandError):
    """Somebody else saved a flow after the designer had read it, so that saving would lose their changes.

    Nothing was written. The designer keeps what you did, shows both, and lets you choose.
    """

    code = "DH6650"

    def __init__(self, name: str, by: str | None, moment: datetime) -> None:
        super().__init__(
            f"{by or 'Somebody'} saved ‘{name}’ at {moment:%H:%M:%S} UTC, after you had opened it. "
            "Your changes are kept here; nothing was overwritten."
        )


class FlowCannotRun(DeskhandError):
    """A desktop flow's text has errors, so that a run would fail before its first action.

    Mend what the list of problems names, and start it then; it need not be saved.
    """

    code = "DH2612"

    def __init__(self, name: str, errors: int, first: str) -> None:
        count = "1 error keeps" if errors == 1 else f"{errors} errors keep"
        super().__init__(f"{count} ‘{name}’ from running. The first: {first}")


class FlowNotReady(DeskhandError):
    """A desktop flow with errors cannot be published: a run would fail before its first action.

    Save it as a draft, mend what the list of problems names, and publish then.
    """

    code = "DH2605"

    def __init__(self, name: str, errors: int) -> None:
        count = "1 error keeps" if errors == 1 else f"{errors} errors keep"
        super().__init__(f"{count} ‘{name}’ from being published. Save it as a draft, or mend them first.")
