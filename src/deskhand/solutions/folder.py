"""A flow folder: ``flow.toml``, one ``.robin`` file for each subflow, ``elements.json``.

Source: experience 8, *Flows on disk*.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deskhand.core.ids import parse_id
from deskhand.solutions.content import Content, DesktopFlow
from deskhand.solutions.errors import BrokenContent, NothingToImport
from deskhand.solutions.text import as_function, decode_text

FLOW_FILE = "flow.toml"
ELEMENTS_FILE = "elements.json"
"""UI elements and images, as they stand at the end of a flow's text."""
MAIN = "Main"
_KEYS = {"id", "name", "description"}
_SECTION = "# [ControlRepository][PowerAutomateDesktop]"
_FUNCTION = re.compile(r"\s*FUNCTION\b", re.IGNORECASE)


def is_flow_folder(path: Path) -> bool:
    """Return whether a folder holds a flow."""
    return (path / FLOW_FILE).is_file()


def read_folder(path: Path) -> Content:
    """Read a flow folder.

    ``Main.robin`` holds the headers and the body of Main; every other file one subflow, with or
    without its ``FUNCTION`` line; ``elements.json`` the UI elements and images.

    Raises:
        NothingToImport: There is no ``flow.toml`` or no ``Main.robin``.
        BrokenContent: One of the files does not hold what it should.
    """
    source = path.resolve().name
    if not is_flow_folder(path):
        raise NothingToImport(source, f"the folder has no {FLOW_FILE}")
    return Content(source, desktop_flows=(_flow(source, source, _files(path)),))


def holds_flow_folders(names: Iterable[str]) -> bool:
    """Return whether files of these names, as a zip holds them, are flow folders."""
    return any(name == FLOW_FILE or name.endswith(f"/{FLOW_FILE}") for name in names)


def read_flow_folders(source: str, files: Mapping[str, bytes]) -> Content:
    """Read every flow folder among the files of a zip.

    Raises:
        NothingToImport: One has no ``Main.robin``.
        BrokenContent: One of the files does not hold what it should.
    """
    folders = [name.removesuffix(FLOW_FILE) for name in files if holds_flow_folders([name])]
    flows = []
    for folder in sorted(folders):
        below = {name.removeprefix(folder): data for name, data in files.items() if name.startswith(folder)}
        inside = {name: data for name, data in below.items() if "/" not in name}
        flows.append(_flow(source, folder.rstrip("/").rpartition("/")[2] or source, inside))
    return Content(source, desktop_flows=tuple(flows))


def _files(path: Path) -> Mapping[str, bytes]:
    found = [path / FLOW_FILE, path / ELEMENTS_FILE, *sorted(path.glob("*.robin"))]
    return {file.name: file.read_bytes() for file in found if file.is_file()}


def _flow(source: str, name: str, files: Mapping[str, bytes]) -> DesktopFlow:
    settings = _settings(source, files[FLOW_FILE])
    main, *subflows = _subflows(source, files)
    parts = [
        main.text,
        *(one.text if one.is_function else as_function(one.name, one.text.rstrip()) for one in subflows),
    ]
    return DesktopFlow(
        workflow_id=parse_id(settings.get("id", "")),
        name=settings.get("name") or name,
        description=settings.get("description", ""),
        definition="\n".join(part.rstrip() + "\n" for part in parts) + _elements(files),
    )


def _elements(files: Mapping[str, bytes]) -> str:
    if ELEMENTS_FILE not in files:
        return ""
    return f"\n{_SECTION}\n{decode_text(ELEMENTS_FILE, files[ELEMENTS_FILE])}"


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
    return _subflows(path.resolve().name, _files(path))


def _subflows(source: str, files: Mapping[str, bytes]) -> list[SubflowFile]:
    texts = [Path(name) for name in files if name.endswith(".robin")]
    ordered = sorted(texts, key=lambda file: (file.stem.casefold() != MAIN.casefold(), file.name))
    if not ordered or ordered[0].stem.casefold() != MAIN.casefold():
        raise NothingToImport(source, f"the folder has no {MAIN}.robin")
    return [SubflowFile(file.stem, file.name, decode_text(file.name, files[file.name])) for file in ordered]


def _settings(source: str, data: bytes) -> Mapping[str, str]:
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
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


def write_folder(
    path: Path, flow: DesktopFlow, subflows: Mapping[str, str], elements: str | None = None
) -> None:
    """Write a flow folder.

    Args:
        path: The folder; made where it does not exist.
        flow: Whose id, name and description to keep.
        subflows: The text of each subflow by name; ``Main`` with the headers.
        elements: What follows the line of the UI elements and images in a flow's text.
    """
    path.mkdir(parents=True, exist_ok=True)
    for name, content in folder_files(flow, subflows, elements).items():
        (path / name).write_bytes(content)


def folder_files(
    flow: DesktopFlow, subflows: Mapping[str, str], elements: str | None = None
) -> Mapping[str, bytes]:
    """Return the files of a flow folder by name; see :func:`write_folder`."""
    lines = [f"id = {_toml(str(flow.workflow_id))}"] if flow.workflow_id else []
    lines += [f"name = {_toml(flow.name)}", f"description = {_toml(flow.description)}"]
    texts = {FLOW_FILE: "\n".join(lines) + "\n"}
    taken: set[str] = set()
    for name, text in subflows.items():
        texts[f"{_free_name(file_name(name), taken)}.robin"] = text
    if elements is not None:
        texts[ELEMENTS_FILE] = elements
    return {name: text.encode() for name, text in texts.items()}


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


def file_name(name: str) -> str:
    """Return a name as one plain file name on every system."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*.]', "_", name).strip() or "_"
