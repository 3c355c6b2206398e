"""What is wrong with an address or a query. Source: dataverse-api 3 and 7."""

from __future__ import annotations

from collections.abc import Iterable

from deskhand.core.errors import DeskhandError, did_you_mean


class QueryMalformed(DeskhandError):
    """An address or a query option cannot be read.

    The message names the option and the place in its decoded text, counted from 1.
    """

    code = "DH1201"

    def __init__(self, where: str, position: int, problem: str) -> None:
        super().__init__(f"Syntax error at position {position} in {where}: {problem}.")
        self.where = where
        self.position = position
        self.problem = problem


class QueryOptionUnknown(DeskhandError):
    """A query option that begins with ``$`` does not exist, or not in this service (``$skip``)."""

    code = "DH1202"

    def __init__(self, option: str, known: Iterable[str]) -> None:
        super().__init__(f"The query parameter {option} is not supported{did_you_mean(option, known)}")
        self.option = option


class QueryOptionRepeated(DeskhandError):
    """A query option stands in the address twice."""

    code = "DH1203"

    def __init__(self, option: str) -> None:
        super().__init__(f"The query parameter {option} was given more than once; give it once.")
        self.option = option


class QueryNotSupported(DeskhandError):
    """A part of the query language that this version does not answer.

    The compatibility page lists them.
    """

    code = "DH1204"

    def __init__(self, what: str, where: str, position: int = 1) -> None:
        super().__init__(f"{what} at position {position} in {where} is not supported by this version.")
        self.what = what
        self.where = where
        self.position = position


class QueryTooLarge(DeskhandError):
    """An address or a query option exceeds what the server reads."""

    code = "DH1205"

    def __init__(self, where: str, what: str, limit: int) -> None:
        super().__init__(f"{where} has too many {what}: at most {limit} are read; send a smaller query.")
        self.where = where
        self.limit = limit
