"""The contents of file columns, kept beside their rows. Source: dataverse-api 4.6."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.entities.declare import Entity
from deskhand.entities.storage import FileContent
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement

_INSERT = Statement(sa.insert(FileContent.table))
_SELECT = sa.select(FileContent.table).where(FileContent.c.filecontentid == sa.bindparam("file_id"))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was written."""

    file_id: UUID
    filename: str
    mimetype: str
    content: bytes


def write_file(
    tx: Transaction,
    entity: type[Entity],
    row_id: UUID,
    attribute: str,
    filename: str,
    mimetype: str,
    content: bytes,
) -> UUID:
    """Keep a file and return its id, which the caller writes into the row's column.

    Args:
        tx: The open transaction.
        entity: The table of the row that it belongs to.
        row_id: That row.
        attribute: The file column.
        filename: The file's name for downloads.
        mimetype: What it holds.
        content: The bytes.
    """
    file_id = new_id()
    row = {
        "filecontentid": file_id,
        "objectid": row_id,
        "objecttype": entity.logical_name,
        "attribute": attribute,
        "filename": filename,
        "mimetype": mimetype,
        "content": content,
    }
    tx.run(_INSERT, row)
    return file_id


def read_file(tx: Transaction, file_id: UUID) -> StoredFile | None:
    """Return a file, or None if it is not there."""
    row = tx.execute(_SELECT, {"file_id": file_id}).one_or_none()
    if row is None:
        return None
    return StoredFile(row.filecontentid, row.filename, row.mimetype, row.content)
