"""File System: a file was added to a folder of the server's machine, or changed there.

Source: cloud-flows 2.5 (polling connectors); the folders are those of the setting ``watched_folders``.
"""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from deskhand.cloudflows.declare import (
    AUTOMATED,
    Field,
    Firing,
    Look,
    Seen,
    TriggerType,
    TriggerView,
    connector,
    declare_trigger,
)
from deskhand.cloudflows.file_sightings import Sightings
from deskhand.cloudflows.folders import Folder, Sight, allowed_folders, opened_folder
from deskhand.cloudflows.http.bodies import decode_body
from deskhand.cloudflows.triggers.errors import TriggerInputsInvalid
from deskhand.cloudflows.triggers.recurrence import begin_by_schedule, next_slot
from deskhand.core.clock import to_wire
from deskhand.wdl.definition import member
from deskhand.wdl.values import BINARY, Value, utf8

FILE_SYSTEM = connector(
    "shared_filesystem",
    title="File System",
    doc="Watches folders of the server's machine, as far as its administrator allows.",
)

_SETTLES = timedelta(seconds=5)
_FILES_AT_ONCE = 10
_MOST_FILES_AT_ONCE = 100


def _parameters(view: TriggerView) -> Mapping[str, Value]:
    inputs = view.trigger.inputs
    found = view.evaluate(member(inputs, "parameters")) if isinstance(inputs, Mapping) else None
    parameters = found if isinstance(found, Mapping) else {}
    if not isinstance(_folder(parameters), str):
        raise TriggerInputsInvalid(view.trigger.name, "‘folderId’ must be the path of a folder")
    return parameters


def _folder(parameters: Mapping[str, Value]) -> Value:
    found = member(parameters, "folderId")
    return member(parameters, "folderPath") if found is None else found


def _begin(view: TriggerView) -> datetime | None:
    _parameters(view)
    return begin_by_schedule(view)


@dataclass(frozen=True, slots=True)
class _Told:
    """The runs that a look starts.

    Attributes:
        names: The files that they are for.
    """

    names: Sequence[str]
    firings: Sequence[Firing]


_Tell = Callable[[Look, Folder, Sequence[str], Mapping[str, Sight]], _Told]


def _look(look: Look, *, counts_changes: bool, tell: _Tell) -> Seen:
    """Look through the folder; files that have just changed are looked at once more soon."""
    path = str(_folder(_parameters(look)))
    with opened_folder(path, allowed_folders(look.settings.watched_folders)) as folder:
        present = folder.files()
        known = look.cursor
        before = Sightings.at_first(present, look.activated) if known is None else Sightings.read(known)
        now = before.seen(present, counts_changes=counts_changes)
        settled = now.settled(before)
        told = tell(look, folder, settled, present)
    after = now.told(told.names)
    soon = look.now if len(told.names) < len(settled) else look.now + _SETTLES
    slot = next_slot(look)
    is_soon = after.is_waiting and (slot is None or soon < slot)
    return Seen(soon if is_soon else slot, after.as_value(), told.firings)


def _contents(look: Look, folder: Folder, names: Sequence[str], present: Mapping[str, Sight]) -> _Told:
    """Return a run for each file with its content, as many as fit into memory at a time."""
    infers = str(member(_parameters(look), "inferContentType")).casefold() != "false"
    left = look.settings.http_body_max_bytes
    told: list[str] = []
    firings: list[Firing] = []
    for name in names[:_FILES_AT_ONCE]:
        sight = present[name]
        if told and sight.size > left:
            break
        left -= sight.size
        is_small = sight.size <= look.settings.http_body_max_bytes
        content = folder.read(name, sight) if is_small else b""
        if content is not None:
            told.append(name)
            firings.append(Firing(_content_outputs(folder, name, sight, content, infers=infers)))
    return _Told(told, firings)


def _content_outputs(
    folder: Folder, name: str, sight: Sight, content: bytes, *, infers: bool
) -> dict[str, Value]:
    """Return headers that tell of a file and its content; one that is too large has none."""
    path = f"{folder.path}/{name}"
    media_type = _media_type(name) if infers else BINARY
    headers: dict[str, Value] = {
        "x-ms-file-name": name,
        "x-ms-file-name-encoded": _encoded(name),
        "x-ms-file-path": path,
        "x-ms-file-path-encoded": _encoded(path),
        "x-ms-file-id": path,
        "x-ms-file-etag": _tag(sight),
        "x-ms-file-size": str(sight.size),
        "x-ms-file-last-modified": _moment(sight),
        "Content-Type": media_type,
    }
    if len(content) < sight.size:
        return {"headers": headers}
    return {"headers": headers, "body": decode_body(content, media_type)}


def _properties(look: Look, folder: Folder, names: Sequence[str], present: Mapping[str, Sight]) -> _Told:
    """Return one run for several files, with what is known of them but no content."""
    asked = member(_parameters(look), "maxFileCount")
    most = int(asked) if isinstance(asked, int) or (isinstance(asked, str) and asked.isdecimal()) else 0
    some = names[: min(most, _MOST_FILES_AT_ONCE) if most > 0 else _FILES_AT_ONCE]
    if not some:
        return _Told((), ())
    return _Told(some, (Firing({"body": [_metadata(folder, name, present[name]) for name in some]}),))


def _metadata(folder: Folder, name: str, sight: Sight) -> dict[str, Value]:
    path = f"{folder.path}/{name}"
    return {
        "Id": path,
        "Name": name,
        "DisplayName": name,
        "Path": path,
        "LastModified": _moment(sight),
        "Size": sight.size,
        "MediaType": _media_type(name),
        "IsFolder": False,
        "ETag": _tag(sight),
        "FileLocator": path,
    }


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or BINARY


def _encoded(text: str) -> str:
    return base64.b64encode(utf8(text)).decode("ascii")


def _tag(sight: Sight) -> str:
    return f'"{sight.size:x}-{sight.modified:x}"'


def _moment(sight: Sight) -> str:
    return to_wire(datetime.fromtimestamp(sight.modified / 1e9, UTC))


def _declare(operation: str, title: str, doc: str, *, counts_changes: bool, tell: _Tell) -> TriggerType:
    content = Field("inputs/parameters/inferContentType", "Infer content type", type="boolean")
    number = Field("inputs/parameters/maxFileCount", "Number of files", type="integer")
    return declare_trigger(
        TriggerType(
            name=f"{FILE_SYSTEM.name}/{operation}",
            title=title,
            doc=doc,
            kind=AUTOMATED,
            fields=(
                Field(
                    "inputs/parameters/folderId",
                    "Folder",
                    type="string",
                    required=True,
                    alternatives=("inputs/parameters/folderPath",),
                ),
                content if tell is _contents else number,
            ),
            begin=_begin,
            look=partial(_look, counts_changes=counts_changes, tell=tell),
            differs="The folder is one of the server's own machine, given by its path, without a connection. "
            "A file counts once it has not changed for five seconds.",
        )
    )


NEW_FILE = _declare(
    "OnNewFile",
    "When a file is created",
    "Starts a run for each file that is added to a folder, with its content.",
    counts_changes=False,
    tell=_contents,
)
UPDATED_FILE = _declare(
    "OnUpdatedFile",
    "When a file is added or modified",
    "Starts a run for each file that is added to a folder or changes there, with its content.",
    counts_changes=True,
    tell=_contents,
)
NEW_FILES = _declare(
    "OnNewFiles",
    "When a file is created (properties only)",
    "Starts a run when files are added to a folder, with their properties as a list.",
    counts_changes=False,
    tell=_properties,
)
UPDATED_FILES = _declare(
    "OnUpdatedFiles",
    "When a file is added or modified (properties only)",
    "Starts a run when files are added to a folder or change there, with their properties as a list.",
    counts_changes=True,
    tell=_properties,
)
