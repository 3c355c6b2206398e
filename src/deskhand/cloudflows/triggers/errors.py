"""What keeps triggers from looking. Source: cloud-flows 2.5 and 2.6."""

from __future__ import annotations

from deskhand.cloudflows.errors import CloudFlowError


class TriggerInputsInvalid(CloudFlowError):
    """The inputs of a trigger lack something, or hold what the trigger cannot use; the message says what.

    Correct the definition, and switch the flow on again.
    """

    code = "DH6530"
    service_code = "InvalidTemplate"

    def __init__(self, trigger: str, problem: str) -> None:
        super().__init__(f"The inputs of the trigger '{trigger}' cannot be used: {problem}.")


class SubscriptionRefused(CloudFlowError):
    """The address that an HTTP webhook trigger subscribes at, or unsubscribes, answered with an error.

    The server tries again, later and later. See to it that the address takes the request as the trigger's
    ``subscribe`` and ``unsubscribe`` describe it; what it answered stands in the message.
    """

    code = "DH6531"
    service_code = "WebhookSubscriptionFailed"

    def __init__(self, host: str, status: int, answer: str) -> None:
        said = f": {answer}" if answer else "."
        super().__init__(f"‘{host}’ answered with status code '{status}'{said}")


class RunAsRefused(CloudFlowError):
    """The flow's runs are to start as whoever changed a row, or as the row's owner; the flow's owner may not.

    Whoever lets runs start as others can act as them. It takes the right to change every user, which the role
    System Administrator has. Let an administrator own the flow, or let it run as the flow's owner.
    """

    code = "DH6532"
    service_code = "Forbidden"
    http_status = 403

    def __init__(self, trigger: str) -> None:
        super().__init__(f"The owner of the flow may not let the trigger '{trigger}' start runs as others.")
