"""What is refused about the questions that cloud flows ask people. Source: cloud-flows 3.11."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.cloudflows.errors import CloudFlowError


class ApprovalNotFound(CloudFlowError):
    """There is no approval of that id, or it is nobody's business who asks for it."""

    code = "DH6620"
    exit_code = 3
    service_code = "ApprovalNotFound"
    http_status = 404

    def __init__(self, name: object) -> None:
        super().__init__(f"There is no approval ‘{name}’ that you are asked for.")


class ApprovalClosed(CloudFlowError):
    """The approval is answered for good, withdrawn, or answered by this person before."""

    code = "DH6621"
    exit_code = 2
    service_code = "ApprovalAlreadyResponded"
    http_status = 409

    def __init__(self, name: object, why: str) -> None:
        super().__init__(f"The approval ‘{name}’ takes no answer any more: {why}.")


class ApprovalAnswerRefused(CloudFlowError):
    """The answer is none of those that the approval offers."""

    code = "DH6622"
    exit_code = 2
    service_code = "InvalidApprovalResponse"

    def __init__(self, response: str, options: Iterable[str]) -> None:
        super().__init__(f"‘{response[:80]}’ is no answer to it; the answers are: {', '.join(options)}.")


class ApprovalRefused(CloudFlowError):
    """A flow's question cannot be asked: nobody is asked, somebody is unknown, or there is nothing to answer.

    People are named by their sign-in name, their mail address or their id; ``deskhand user list`` shows them.
    """

    code = "DH6623"
    service_code = "InvalidApprovalCreateRequest"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The approval cannot be asked for: {problem}.")


class NotificationNotFound(CloudFlowError):
    """There is no notification of that id for the one who asks."""

    code = "DH6630"
    exit_code = 3
    service_code = "NotificationNotFound"
    http_status = 404

    def __init__(self, name: object) -> None:
        super().__init__(f"There is no notification ‘{name}’ for you.")
