"""What is refused about the history of runs, and about doing runs again. Source: cloud-flows 7.3."""

from __future__ import annotations

from deskhand.cloudflows.errors import CloudFlowError


class TriggerHistoryNotFound(CloudFlowError):
    """There is no trigger history of that name, or it is no longer kept."""

    code = "DH6560"
    exit_code = 3
    service_code = "WorkflowTriggerHistoryNotFound"
    http_status = 404

    def __init__(self, history: str) -> None:
        super().__init__(f"The trigger history '{history}' could not be found.")


class HistoryNotResubmittable(CloudFlowError):
    """What the trigger saw then cannot start a run now.

    Either nothing of it was kept, as for a trigger that was skipped, or the flow's present definition has no
    such trigger any more.
    """

    code = "DH6561"
    service_code = "WorkflowTriggerHistoryCannotBeResubmitted"

    def __init__(self, history: str, why: str) -> None:
        super().__init__(f"The trigger history '{history}' cannot be resubmitted: {why}.")


class RunNotEnded(CloudFlowError):
    """The run has not ended, so that it cannot be gone on from. Wait for its end, or cancel it first."""

    code = "DH6562"
    exit_code = 6
    service_code = "WorkflowRunNotCompleted"
    http_status = 409

    def __init__(self, run: str, status: str) -> None:
        super().__init__(f"The workflow run '{run}' cannot be resumed: its status is '{status}'.")


class NothingToResume(CloudFlowError):
    """No action of the run has failed, so nothing is to be done again. Resubmit it to repeat it whole."""

    code = "DH6563"
    service_code = "WorkflowRunCannotBeResubmitted"

    def __init__(self, run: str) -> None:
        super().__init__(f"The workflow run '{run}' cannot be resumed: no action of it has failed.")


class ActionNotResubmittable(CloudFlowError):
    """The action did not fail in that run, so that it is not done again.

    Only actions can be named that failed, timed out or were cancelled; what was skipped after them follows by
    itself. An action that had succeeded never runs twice.
    """

    code = "DH6564"
    service_code = "WorkflowRunActionCannotBeResubmitted"

    def __init__(self, run: str, action: str) -> None:
        super().__init__(
            f"The action '{action}' of workflow run '{run}' cannot be resubmitted: it has not failed there."
        )


class RunResumedBefore(CloudFlowError):
    """Another run goes on from this one already. Look at that one, and resume it if it has failed as well."""

    code = "DH6565"
    exit_code = 6
    service_code = "WorkflowRunAlreadyResubmitted"
    http_status = 409

    def __init__(self, run: str, later: str) -> None:
        super().__init__(
            f"The workflow run '{run}' cannot be resumed again: the run '{later}' goes on from it."
        )


class RunTooLarge(CloudFlowError):
    """The run has more history than a resumed run can take over. Resubmit it instead."""

    code = "DH6566"
    service_code = "WorkflowRunCannotBeResubmitted"

    def __init__(self, run: str, most: int) -> None:
        super().__init__(
            f"The workflow run '{run}' cannot be resumed: its history has more than {most:,} entries."
        )


class DefinitionDiffers(CloudFlowError):
    """An action of the run is another one in the flow's present definition.

    Resume the run with the definition that it had, or resubmit it, which repeats it whole.
    """

    code = "DH6567"
    service_code = "WorkflowRunCannotBeResubmitted"

    def __init__(self, run: str, action: str) -> None:
        super().__init__(
            f"The workflow run '{run}' cannot be resumed with the present definition: the action '{action}' "
            "has another type or stands elsewhere now."
        )


class RunActionNotFound(CloudFlowError):
    """The run has no such action, or has not come to it."""

    code = "DH6568"
    exit_code = 3
    service_code = "WorkflowRunActionNotFound"
    http_status = 404

    def __init__(self, run: str, action: str) -> None:
        super().__init__(f"The action '{action}' of workflow run '{run}' could not be found.")


class RepetitionNotFound(CloudFlowError):
    """The action of the run has no such repetition."""

    code = "DH6569"
    service_code = "WorkflowRunActionRepetitionNotFound"
    http_status = 404

    def __init__(self, action: str, repetition: str) -> None:
        super().__init__(f"The repetition '{repetition}' of action '{action}' could not be found.")


class FilterRefused(CloudFlowError):
    """The filter asks for what a list of runs cannot be searched by.

    Runs are found by ``status``, ``startTime``, ``clientTrackingId`` and ``trackedProperties/NAME``;
    repetitions and trigger histories by ``status``.
    """

    code = "DH6570"
    service_code = "InvalidRequestParameter"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The filter is not supported: {problem}")


class ContentSecured(CloudFlowError):
    """The flow keeps this content secret: nobody can look at it. Source: cloud-flows 3.13."""

    code = "DH6571"
    service_code = "ContentSecured"
    http_status = 403

    def __init__(self) -> None:
        super().__init__("The content is secured by the workflow and cannot be shown.")


class ContentLinkRefused(CloudFlowError):
    """The link to a content is not whole, or its time is up. Read the run again for a new one."""

    code = "DH6572"
    service_code = "AuthorizationFailed"
    http_status = 401

    def __init__(self) -> None:
        super().__init__("The content link is not complete, or it has expired. Read the run again.")


class NoExpressionTraces(CloudFlowError):
    """No values of expressions are kept of this action; those of conditions and loops are."""

    code = "DH6573"
    service_code = "ExpressionTraceNotSupported"

    def __init__(self, action: str) -> None:
        super().__init__(f"The action '{action}' has no expression traces.")


class VersionNotFound(CloudFlowError):
    """The flow has no such version, or it is no longer kept."""

    code = "DH6574"
    service_code = "WorkflowVersionNotFound"
    http_status = 404

    def __init__(self, version: str) -> None:
        super().__init__(f"The workflow version '{version}' could not be found.")


class ContentNotFound(CloudFlowError):
    """There is no such content: the action has no inputs or outputs, or its run is no longer kept."""

    code = "DH6575"
    service_code = "ContentNotFound"
    http_status = 404

    def __init__(self) -> None:
        super().__init__("The content could not be found.")
