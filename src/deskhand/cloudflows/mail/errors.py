"""What can go wrong between an action and a mail server."""

from __future__ import annotations

from typing import ClassVar

from deskhand.cloudflows.errors import CloudFlowError


class MailError(CloudFlowError):
    """A mail was not sent, or a mailbox not read.

    Attributes:
        passes: Whether another attempt may help.
    """

    code = "DH6610"
    passes: ClassVar[bool] = False


class MailRefused(MailError):
    """What an action gives does not make a mail that can be sent; the message names the part.

    Addresses are separated by semicolons; ``ContentBytes`` of an attachment are base64 or a file's content.
    """

    code = "DH6611"
    service_code = "ErrorInvalidRequest"

    def __init__(self, part: str, problem: str) -> None:
        super().__init__(f"The mail cannot be sent: ‘{part}’ {problem}.")


class MailServerRefused(MailError):
    """A mail server said no, for good: to the login, the sender, a recipient, or the mail as such.

    The message holds the server's own words.
    """

    code = "DH6612"
    service_code = "MailServerRefused"
    http_status = 400

    def __init__(self, host: str, answer: str) -> None:
        super().__init__(f"The mail server ‘{host}’ refused: {answer}")


class MailServerUnavailable(MailError):
    """A mail server could not be reached, broke off, or asked to come again later."""

    code = "DH6613"
    service_code = "MailServerUnavailable"
    http_status = 502
    passes = True

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"The mail server ‘{host}’ cannot be used now: {problem}.")


class MailSecurityMissing(MailError):
    """A mail server offers no encryption, and the connection asks for it, or a password would go in clear.

    Choose the connection's security by what the server offers: ``starttls`` (mostly port 587) or ``tls``
    (mostly port 465). A password is never sent without.
    """

    code = "DH6614"
    service_code = "MailSecurityMissing"

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"The mail server ‘{host}’ is not used: {problem}.")


class MailNotFound(MailError):
    """There is no such mail, or no such attachment: it was deleted or moved, or the id is of something else.

    A mail that is moved gets a new id, which the action that moves it returns.
    """

    code = "DH6615"
    service_code = "ErrorItemNotFound"
    http_status = 404

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"The mailbox holds no {what} ‘{name[:200]}’.")


class MailboxOutOfReach(MailError):
    """An action names the mailbox of somebody else, and its connection logs in to one mailbox only.

    Make a connection to that mailbox, or leave ``mailboxAddress`` empty.
    """

    code = "DH6616"
    service_code = "ErrorAccessDenied"
    http_status = 403

    def __init__(self, address: str) -> None:
        super().__init__(f"The connection does not reach the mailbox ‘{address[:200]}’.")


class MailFilterRefused(MailError):
    """Which mails are asked for cannot be told from what was given; the message names the parameter."""

    code = "DH6617"
    service_code = "ErrorInvalidRequest"

    def __init__(self, parameter: str, problem: str) -> None:
        super().__init__(f"‘{parameter}’ {problem}.")


class MailTooLarge(MailError):
    """The mail that an attachment belongs to is larger than actions may read.

    The setting ``http_body_max_bytes`` says how large mails may be.
    """

    code = "DH6618"
    service_code = "ErrorMessageSizeExceeded"
    http_status = 413

    def __init__(self, name: str) -> None:
        super().__init__(f"The mail ‘{name[:200]}’ is too large to be read.")
