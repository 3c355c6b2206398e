"""What copies of desktop and cloud flows have in common: a name, and a file that an import reads again."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from deskhand.pages.errors import BadParameter
from deskhand.solutions.solution_writer import UNIQUE_NAME


@dataclass(frozen=True, slots=True)
class CopyName:
    """What a copy of a flow shall be called.

    Attributes:
        name: Its name.
    """

    name: str


@dataclass(frozen=True, slots=True)
class FlowFile:
    """A file with what was exported.

    Attributes:
        file_name: What it is called.
        media_type: What it holds.
        content: Its bytes, in base64.
    """

    file_name: str
    media_type: str
    content: str


def name_of_copy(body: CopyName, longest: int) -> str:
    """Return what a copy is called.

    Args:
        body: What the caller wants it to be called.
        longest: How many characters a flow's name has at most.

    Raises:
        BadParameter: The name is empty or too long.
    """
    name = body.name.strip()
    if not name or len(name) > longest:
        raise BadParameter("body.name", f"takes 1 to {longest} characters.")
    return name


def require_solution_name(name: str) -> None:
    """Make sure that a solution can be called so.

    Raises:
        BadParameter: It cannot.
    """
    if not UNIQUE_NAME.match(name):
        problem = f"is ‘{name[:40]}’; it takes a letter, then letters, digits and underscores."
        raise BadParameter("body.solution", problem)


def flow_file(name: str, media_type: str, content: bytes) -> FlowFile:
    """Return a file as the portal hands it to the browser."""
    return FlowFile(name, media_type, base64.b64encode(content).decode("ascii"))
