"""What is refused about cloud flows and their runs. Source: cloud-flows 1.8, 2.1, 2.2 and 7.3."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from deskhand.core.errors import DeskhandError


class CloudFlowError(DeskhandError):
    """Something about a cloud flow or its run was refused.

    Attributes:
        service_code: The code that the management API and callers see.
        http_status: The HTTP status that goes with it.
    """

    code = "DH6500"
    service_code: ClassVar[str] = "BadRequest"
    http_status: ClassVar[int] = 400


class CloudFlowNotFound(CloudFlowError):
    """There is no cloud flow of that id or name. ``deskhand cloudflow list`` shows those that there are."""

    code = "DH6501"
    exit_code = 3
    service_code = "WorkflowNotFound"
    http_status = 404

    def __init__(self, name: object) -> None:
        super().__init__(f"The workflow '{name}' could not be found.")


class CloudFlowInvalid(CloudFlowError):
    """The flow's definition has faults that keep it from being switched on; each is listed.

    ``deskhand cloudflow check`` lists them again, with what only deserves a look.
    """

    code = "DH6502"
    service_code = "InvalidTemplate"

    def __init__(self, name: str, findings: Iterable[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"The workflow '{name}' cannot be switched on: {' '.join(self.findings)}")


class TriggerNotFound(CloudFlowError):
    """The flow has no trigger of that name."""

    code = "DH6503"
    exit_code = 3
    service_code = "WorkflowTriggerNotFound"
    http_status = 404

    def __init__(self, flow: str, trigger: str) -> None:
        super().__init__(f"The workflow '{flow}' trigger '{trigger}' could not be found.")


class TriggerNotEnabled(CloudFlowError):
    """The flow is switched off, so its trigger starts no run. Switch it on: ``deskhand cloudflow on``."""

    code = "DH6504"
    exit_code = 2
    service_code = "WorkflowTriggerIsNotEnabled"

    def __init__(self, flow: str, trigger: str) -> None:
        super().__init__(
            f"Could not execute workflow '{flow}' trigger '{trigger}' with state 'Disabled': trigger is not "
            "enabled. Switch the flow on first."
        )


class ParameterRefused(CloudFlowError):
    """A parameter's value is not of its type, or none of those that its definition allows.

    The value comes from an environment variable, from beside the definition, or from its default.
    """

    code = "DH6505"
    service_code = "InvalidTemplate"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The value of the workflow parameter '{name}' is not valid: {problem}")


class TooManyWaitingRuns(CloudFlowError):
    """As many runs of the flow wait for their turn as its concurrency control allows. Try again later."""

    code = "DH6506"
    service_code = "WorkflowMaximumWaitingRunCountExceeded"
    http_status = 429

    def __init__(self, flow: str, most: int) -> None:
        super().__init__(
            f"The workflow '{flow}' has {most} waiting runs, which is the maximum that its trigger's "
            "concurrency control allows."
        )


class TriggerConditionFailed(CloudFlowError):
    """An expression of the trigger cannot be evaluated, so nobody knows whether a run should start."""

    code = "DH6507"
    service_code = "InvalidTemplate"

    def __init__(self, trigger: str, part: str, problem: str) -> None:
        super().__init__(
            f"Unable to process template language expressions for trigger '{trigger}' at line '0' and "
            f"column '0': '{part}': '{problem}'."
        )


class RunNotFound(CloudFlowError):
    """There is no run of that name, or its history is no longer kept."""

    code = "DH6508"
    exit_code = 3
    service_code = "WorkflowRunNotFound"
    http_status = 404

    def __init__(self, run: object) -> None:
        super().__init__(f"The workflow run '{run}' could not be found.")


class RunNotCancellable(CloudFlowError):
    """The run has ended, so it cannot be cancelled."""

    code = "DH6509"
    exit_code = 2
    service_code = "WorkflowRunCanNotBeCancelled"

    def __init__(self, run: str, status: str) -> None:
        super().__init__(f"The workflow run '{run}' cannot be cancelled: its status is '{status}'.")
