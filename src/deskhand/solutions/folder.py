"""A flow folder: ``flow.toml`` and one ``.robin`` file for each subflow.

Source: experience 8, *Flows on disk*.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deskhand.core.ids import parse_id
from deskhand.solutions.content import Content, DesktopFlow
from deskhand.solutions.errors import BrokenContent, NothingToImport
from deskhand.solutions.text import as_function, decode_text

FLOW_FILE = "flow.toml"
MAIN = "Main"
_KEYS = {"id", "name", "description"}
_FUNCTION = re.compile(r"\s*FUNCTION\b", re.IGNORECASE)


def is_flow_folder(path: Path) -> bool:
    """Return whether a folder holds a flow."""
    return (path / FLOW_FILE).is_file()


def read_folder(path: Path) -> Content:
    """Read a flow folder.

    ``Main.robin`` holds the headers and the body of Main; every other file one subflow, with or
    without its ``FUNCTION`` line.

    Raises:
        NothingToImport: There is no ``flow.toml`` or no ``Main.robin``.
        BrokenContent: One of the files does not hold what it should.
    """
    source = path.resolve().name
    if not is_flow_folder(path):
        raise NothingToImport(source, f"the folder has no {FLOW_FILE}")
    settings = _settings(source, path / FLOW_FILE)
    main, *subflows = read_subflows(path)
    parts = [
        main.text,
        *(one.text if one.is_function else as_function(one.name, one.text.rstrip()) for one in subflows),
    ]
    flow = DesktopFlow(
        workflow_id=parse_id(settings.get("id", "")),
        name=settings.get("name") or path.resolve().name,
        description=settings.get("description", ""),
        definition="\n".join(part.rstrip() + "\n" for part in parts),
    )
    return Content(source, desktop_flows=(flow,))


@dataclass(frozen=True, slots=True)
class SubflowFile:
    """One ``.robin`` file of a flow folder.

    Attributes:
        name: The subflow: the file's name without its ending.
        file: The file's name.
        text: What stands in it.
    """

    name: str
    file: str
    text: str

    @property
    def is_function(self) -> bool:
        """Return whether the text has its ``FUNCTION`` line, and is not the body alone."""
        return _FUNCTION.match(self.text) is not None


def read_subflows(path: Path) -> list[SubflowFile]:
    """Read the texts of a flow folder, Main first.

    Raises:
        NothingToImport: There is no ``Main.robin``, or one of the files is no text.
    """
    files = sorted(
        path.glob("*.robin"), key=lambda file: (file.stem.casefold() != MAIN.casefold(), file.name)
    )
    if not files or files[0].stem.casefold() != MAIN.casefold():
        raise NothingToImport(path.resolve().name, f"the folder has no {MAIN}.robin")
    return [SubflowFile(file.stem, file.name, decode_text(file.name, file.read_bytes())) for file in files]


def _settings(source: str, path: Path) -> Mapping[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenContent(source, FLOW_FILE, f"is no TOML ({error})") from error
    for key, value in content.items():
        if key not in _KEYS:
            raise BrokenContent(
                source, FLOW_FILE, f"has the key ‘{key}’; it takes {', '.join(sorted(_KEYS))}"
            )
        if not isinstance(value, str):
            raise BrokenContent(source, FLOW_FILE, f"gives {key} no text")
    if "id" in content and parse_id(content["id"]) is None:
        raise BrokenContent(source, FLOW_FILE, f"has the id ‘{content['id']}’, which is no GUID")
    return content


def write_folder(path: Path, flow: DesktopFlow, subflows: Mapping[str, str]) -> None:
    """Write a flow folder.

    Args:
        path: The folder; made where it does not exist.
        flow: Whose id, name and description to keep.
        subflows: The text of each subflow by name; ``Main`` with the headers.
    """
    path.mkdir(parents=True, exist_ok=True)
    lines = [f"id = {_toml(str(flow.workflow_id))}"] if flow.workflow_id else []
    lines += [f"name = {_toml(flow.name)}", f"description = {_toml(flow.description)}"]
    (path / FLOW_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    taken: set[str] = set()
    for name, text in subflows.items():
        file_name = _free_name(_file_name(name), taken)
        (path / f"{file_name}.robin").write_text(text, encoding="utf-8", newline="")


def _free_name(name: str, taken: set[str]) -> str:
    """Return a file name, numbered if another subflow's file has it in some case; remember it."""
    found = next(
        numbered
        for count in itertools.count(1)
        if (numbered := name if count == 1 else f"{name}_{count}").casefold() not in taken
    )
    taken.add(found.casefold())
    return found


def _toml(text: str) -> str:
    """Return a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in escaped) + '"'


def _file_name(subflow: str) -> str:
    """Return a name that is one plain file name on every system."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*.]', "_", subflow).strip() or "_"
