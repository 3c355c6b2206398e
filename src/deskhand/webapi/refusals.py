"""What the web room itself refuses, before or beside any message or record."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.core.errors import DeskhandError, did_you_mean


class BadHost(DeskhandError):
    """The ``Host`` header, or the proxy's forwarding header, is no host name or address."""

    code = "DH1501"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The request's host ‘{host[:100]}’ is no host name. Call the server by its name or address."
        )


class UnknownSegment(DeskhandError):
    """A part of the address names no table, row, column, function or action.

    The service document at the root lists the tables, ``$metadata`` everything. Source: dataverse-api 7.
    """

    code = "DH1502"

    def __init__(self, segment: str, known: Iterable[str] = (), *, meant: str | None = None) -> None:
        suggestion = f"; did you mean ‘{meant}’?" if meant else did_you_mean(segment, known)
        super().__init__(f"Resource not found for the segment '{segment}'.{_sentence(suggestion)}")
        self.segment = segment


class MethodNotSupported(DeskhandError):
    """The resource exists, but not for this HTTP method."""

    code = "DH1503"

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"The http method '{method}' is not supported. Use {' or '.join(allowed)}.")
        self.allowed = allowed


class UnsupportedMediaType(DeskhandError):
    """The body is not declared as JSON."""

    code = "DH1504"

    def __init__(self, content_type: str) -> None:
        super().__init__(f"The body is declared as ‘{content_type[:100]}’. Send it as application/json.")


class BodyTooLarge(DeskhandError):
    """The body is larger than the server accepts (setting ``request_body_max_bytes``)."""

    code = "DH1505"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than the {limit} bytes that the server accepts. Send less.")
        self.limit = limit


class MalformedBody(DeskhandError):
    """The body is no JSON object."""

    code = "DH1506"

    def __init__(self, entity_set: str, what: str) -> None:
        super().__init__(
            f"Error identified in Payload provided by the user for Entity :'{entity_set}', For more "
            "information on this error please follow this help link "
            f"https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : {what}"
        )


class UnknownProperty(DeskhandError):
    """A query names a property that its type does not have. Source: dataverse-api 7.

    ``$metadata`` lists the properties of every type.
    """

    code = "DH1515"

    def __init__(self, name: str, type_name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{type_name}'."
            f"{_sentence(did_you_mean(name, known))}"
        )
        self.name = name
        self.type_name = type_name


class UnsupportedQueryOption(DeskhandError):
    """A query option does not exist, or cannot be used on this resource."""

    code = "DH1507"

    def __init__(self, option: str, where: str) -> None:
        super().__init__(f"The query parameter {option} is not supported on {where}. Leave it out.")
        self.option = option


class NotBuiltYet(DeskhandError):
    """The operation is known from the original, and this version of Deskhand does not have it.

    The compatibility page lists what is not built yet.
    """

    code = "DH1508"

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} is not built yet in this version of Deskhand.")
        self.operation = operation


class ImpersonationNotSupported(DeskhandError):
    """The request asks to act as somebody else.

    Desktop-flow actions refuse this in the original, and Deskhand refuses it everywhere: call with a
    token of the user or application that is to act. Source: dataverse-api 2.1 and 9.2.
    """

    code = "DH1509"

    def __init__(self, header: str) -> None:
        super().__init__(
            f"Impersonation isn't supported: the request carries the header {header}. "
            "Leave it out, and call with the token of the user who is to act."
        )
        self.header = header


class TokenMissing(DeskhandError):
    """The request carries no bearer token. Source: dataverse-api 13.1."""

    code = "DH1510"

    def __init__(self) -> None:
        super().__init__(
            "The request carries no bearer token. Send the header Authorization: Bearer with a token of the "
            "token endpoint, or of ‘deskhand token new’."
        )


class NoValue(DeskhandError):
    """A property that holds bytes or a text was asked for in a form that it does not have."""

    code = "DH1511"

    def __init__(self, segment: str) -> None:
        super().__init__(f"‘{segment}’ has no raw value. Leave out /$value.")


class TooManyRequests(DeskhandError):
    """One user sends more requests than the server serves one user in five minutes.

    Source: dataverse-api 7 and 8. The settings ``requests_per_user`` and ``execution_seconds_per_user``
    hold
    the limits.
    """

    code = "DH1512"

    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(f"Number of requests exceeded the limit of {limit} over time window of 300 seconds.")
        self.retry_after = retry_after


class TooMuchExecution(DeskhandError):
    """The requests of one user took longer than the server works for one user in five minutes.

    The setting ``execution_seconds_per_user`` holds the limit. Source: dataverse-api 7 and 8.
    """

    code = "DH1514"

    def __init__(self, milliseconds: int, retry_after: int) -> None:
        super().__init__(
            f"Combined execution time of incoming requests exceeded limit of {milliseconds:,} milliseconds "
            "over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration "
            "of requests and try again later."
        )
        self.retry_after = retry_after


class MalformedPath(DeskhandError):
    """A row is addressed by something that is no id."""

    code = "DH1513"

    def __init__(self, segment: str) -> None:
        super().__init__(f"‘{segment[:100]}’ is no id. Write the row's GUID in the parentheses.")


class NoSuchKey(DeskhandError):
    """A row is addressed by columns that are no alternate key of its table. Source: dataverse-api 4.9."""

    code = "DH6305"

    def __init__(self, entity_set: str, names: Iterable[str], keys: Iterable[Iterable[str]]) -> None:
        known = " or ".join(f"({','.join(key)})" for key in keys) or "its id only"
        super().__init__(
            f"({','.join(names)}) is no alternate key of {entity_set}. Address a row by {known}."
        )


class BindingUnreadable(DeskhandError):
    """The value of ``…@odata.bind`` or ``@odata.id`` is no address of a row of the right table.

    Write it like ``/workqueues(0a1b2c3d-0000-4000-8000-000000000001)``. Source: dataverse-api 4.1.
    """

    code = "DH6306"

    def __init__(self, entity_set: str, name: str, target_set: str) -> None:
        super().__init__(
            f"Error identified in Payload provided by the user for Entity :'{entity_set}', For more "
            "information on this error please follow this help link "
            "https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : The value of "
            f"'{name}' is no row of {target_set}; write it like '/{target_set}(<id>)'."
        )


class TooManyTargets(DeskhandError):
    """One request is to write more rows than it may; send several requests. Source: dataverse-api 4.10."""

    code = "DH6307"

    def __init__(self, message: str, limit: int) -> None:
        super().__init__(f"{message} writes at most {limit} rows at once. Send several requests.")


def _sentence(suggestion: str) -> str:
    """Turn ``; did you mean ‘x’?`` into a sentence of its own."""
    return f" {suggestion[2:3].upper()}{suggestion[3:]}" if suggestion else ""
