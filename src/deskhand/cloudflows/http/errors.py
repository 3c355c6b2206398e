"""What can go wrong with an HTTP call of a cloud flow before it has an answer.

Source: cloud-flows 3.8, 3.12.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from deskhand.core.errors import DeskhandError


class HttpError(DeskhandError):
    """An HTTP call of a cloud flow ended without an answer.

    Attributes:
        status: The status that the action fails with. It also says whether the call is repeated: 5xx is.
    """

    code = "DH6150"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class RequestRefused(HttpError):
    """The inputs of an HTTP call, or of a response, do not make a message that can be sent.

    The text names the member of ``inputs`` and what is wrong with it.
    """

    code = "DH6151"

    def __init__(self, member: str, problem: str) -> None:
        super().__init__(f"The message cannot be sent: ‘{member}’ {problem}.")
        self.member = member
        self.problem = problem


class BodyRefused(HttpError):
    """A value cannot become a body, or a body is built beyond measure.

    A binary value is ``{"$content-type": …, "$content": base64}``; a message of several parts is
    ``{"$content-type": "multipart/form-data", "$multipart": [{"headers": {…}, "body": …}]}``.
    """

    code = "DH6152"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The body {problem}.")
        self.problem = problem


class AuthenticationRefused(HttpError):
    """The member ``authentication`` of an HTTP call is incomplete, or of a kind that is not known."""

    code = "DH6153"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The authentication of the request cannot be used: {problem}.")
        self.problem = problem


class AddressForbidden(HttpError):
    """A cloud flow calls a host that is not on the public internet.

    So that nobody reaches services behind the server through a flow, such hosts are out of bounds. An
    administrator can allow a host or a network: setting ``http_allowed_hosts``.
    """

    code = "DH6154"
    status = HTTPStatus.FORBIDDEN

    def __init__(self, host: str, address: str) -> None:
        where = "is" if host == address else f"resolves to {address},"
        super().__init__(
            f"‘{host}’ {where} not an address of the public internet. "
            "An administrator can allow it: setting http_allowed_hosts."
        )
        self.host = host
        self.address = address


class HostUnresolved(HttpError):
    """The host that a cloud flow calls has no address, or the name service did not answer."""

    code = "DH6155"
    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"‘{host}’ cannot be called: {problem}.")
        self.host = host


class ConnectionFailed(HttpError):
    """The connection to the host that a cloud flow calls was refused, or broke off."""

    code = "DH6156"
    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"The connection to ‘{host}’ failed: {problem}.")
        self.host = host


class TlsFailed(HttpError):
    """The host that a cloud flow calls is not trusted, or agrees on no encryption.

    Its certificate must be valid, made out to that name, and issued by an authority that the server's
    system trusts.
    """

    code = "DH6157"
    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"No secure connection to ‘{host}’: {problem}.")
        self.host = host


class CallTimedOut(HttpError):
    """The host that a cloud flow calls took longer than a request may.

    An administrator can change the limit: setting ``http_timeout_seconds``. A server that needs longer
    answers 202 with a ``Location`` to ask.
    """

    code = "DH6158"
    status = HTTPStatus.GATEWAY_TIMEOUT

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"‘{host}’ did not answer within {seconds:g} s.")
        self.host = host


class ResponseTooLarge(HttpError):
    """An answer has more bytes than one may have, as sent or unpacked.

    An administrator can change the limit: setting ``http_body_max_bytes``.
    """

    code = "DH6159"

    def __init__(self, host: str, limit: int) -> None:
        super().__init__(f"The answer of ‘{host}’ has more than {limit} bytes, which is as many as may be.")
        self.host = host


class ResponseUnreadable(HttpError):
    """What a host sent is no HTTP, ends too early, or is packed wrongly."""

    code = "DH6160"
    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"The answer of ‘{host}’ cannot be read: {problem}.")
        self.host = host


class TooManyRedirects(HttpError):
    """A host sends the request from one address to the next, perhaps in a circle."""

    code = "DH6161"

    def __init__(self, host: str, limit: int) -> None:
        super().__init__(f"The request to ‘{host}’ was redirected more than {limit} times.")
        self.host = host


class TokenRefused(HttpError):
    """An authority gave no access token for the client that ``authentication`` names.

    The message holds the authority's own words. Check tenant, audience, client id and secret.
    """

    code = "DH6162"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, authority: str, problem: str) -> None:
        super().__init__(f"‘{authority}’ gave no access token: {problem}.")
        self.authority = authority


class ManagedIdentityMissing(HttpError):
    """An HTTP call authenticates as the managed identity of its host, and the server has none.

    An administrator names an application to stand in for it: settings ``managed_identity_tenant``,
    ``managed_identity_client_id`` and ``managed_identity_secret_file``.
    """

    code = "DH6163"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The server has no managed identity: {problem}. An administrator can let an application stand "
            "in: settings managed_identity_tenant, managed_identity_client_id, managed_identity_secret_file."
        )


class CallAborted(HttpError):
    """The server stopped while a request was under way.

    This is no result of the call: whoever waits for one sends the request again after the restart.
    """

    code = "DH6164"
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, host: str) -> None:
        super().__init__(f"The request to ‘{host}’ was broken off: the server is stopping.")
        self.host = host
