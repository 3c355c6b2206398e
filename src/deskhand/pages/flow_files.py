"""UI elements and images that came with a solution, as files beside the flow. Source: robin 14.2."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from deskhand.editor.repository import section_of_files
from deskhand.entities.storage import FileContent
from deskhand.entities.workflow import DesktopFlowBinary
from deskhand.store.database import Transaction

_CONTROLS, _IMAGES = "ControlRepository", "ImageRepository"
_B, _F = DesktopFlowBinary.c, FileContent.c
_MARK = "[ControlRepository]"


def with_files(tx: Transaction, flow_id: UUID, text: str) -> str:
    """Return a flow's text with the UI elements and images of its files below it, unless it has its own."""
    if _MARK in text:
        return text
    repositories = _contents(tx, flow_id, _B.type.in_((_CONTROLS, _IMAGES)))
    if not repositories:
        return text
    pictures = _contents(tx, flow_id, _B.mimetype == "image/png")
    section = section_of_files(
        [content for (kind, _), content in repositories.items() if kind == _CONTROLS],
        next((content for (kind, _), content in repositories.items() if kind == _IMAGES), None),
        {name.casefold(): content for (_, name), content in pictures.items()},
    )
    if section is None:
        return text
    return f"{text.rstrip()}\n\n{section}\n"


def _contents(
    tx: Transaction, flow_id: UUID, which: sa.ColumnElement[bool]
) -> Mapping[tuple[str, str], bytes]:
    """Return the contents of some of a flow's files, by their role and file name."""
    query = (
        sa.select(_B.type, _F.filename, _F.content)
        .join(FileContent.table, _F.filecontentid == _B.data)
        .where(_B.process == flow_id, which)
        .order_by(_F.filename)
    )
    return {(row.type or "", row.filename or ""): row.content for row in tx.execute(query)}
