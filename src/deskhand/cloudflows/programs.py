"""The versions of flows, and the programs made of them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.program import Program, compile_program
from deskhand.core.ids import new_id
from deskhand.entities.flowtrigger import FlowVersion
from deskhand.store.database import Transaction

_KEPT = 256
_V = FlowVersion.c
_BY_ID = sa.select(_V.workflowid, _V.document, _V.beside).where(
    _V.flowversionid == sa.bindparam("version_id")
)


def keep_version(tx: Transaction, workflow_id: UUID, document: str, beside: str | None) -> UUID:
    """Keep a version of a flow's document, if it is a new one, and return its id.

    Args:
        tx: The open transaction.
        workflow_id: The flow.
        document: The document as it came.
        beside: What stood beside it in its container.
    """
    whole = f"{document}\0{beside or ''}".encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(whole).hexdigest()
    known = sa.select(_V.flowversionid).where(_V.workflowid == workflow_id, _V.hash == digest)
    version_id: UUID | None = tx.execute(known).scalar()
    if version_id is None:
        version_id = new_id()
        row = {
            "flowversionid": version_id,
            "workflowid": workflow_id,
            "hash": digest,
            "document": document,
            "beside": beside,
            "createdon": tx.now,
        }
        tx.execute(sa.insert(FlowVersion.table), row)
    return version_id


class Programs:
    """Makes programs of versions, and keeps those used last. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[UUID, Program] = OrderedDict()

    def find(self, tx: Transaction, version_id: UUID) -> Program | None:
        """Return the program of a version; None if there is no such version."""
        with self._lock:
            known = self._known.get(version_id)
            if known is not None:
                self._known.move_to_end(version_id)
                return known
        row = tx.execute(_BY_ID, {"version_id": version_id}).one_or_none()
        if row is None:
            return None
        made = compile_program(version_id, row.workflowid, row.document, row.beside)
        with self._lock:
            self._known[version_id] = made
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return made
