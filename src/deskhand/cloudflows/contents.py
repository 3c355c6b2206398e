"""The contents of a run's history: links to them, and what they hold. Source: cloud-flows 7.2 and 3.13.

A link is signed and good for a short time; it is only given to those who may read the run. Whoever has it
needs nothing else, as with the service.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.addresses import ROOT
from deskhand.cloudflows.declare import NOTHING, Sealing
from deskhand.cloudflows.history_errors import ContentLinkRefused, ContentNotFound, ContentSecured
from deskhand.cloudflows.journal import SAME, read_value, write_value
from deskhand.cloudflows.programs import Programs
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.identity.addresses import AddressSigner
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

GOOD_FOR = timedelta(minutes=30)

_R, _A = FlowRun.c, FlowRunAction.c
_TRIGGER = sa.select(_R.trigger, _R.sealedtrigger, _R.flowversionid).where(
    _R.flowrunid == sa.bindparam("run_id")
)
_ACTION = sa.select(_A.inputs, _A.outputs, _A.sealedinputs, _A.sealedoutputs).where(
    _A.flowrunactionid == sa.bindparam("action_id"), _A.flowrunid == sa.bindparam("run_id")
)


class Part(StrEnum):
    """What of a run or an action a content is."""

    TRIGGER_INPUTS = "TriggerInputs"
    TRIGGER_OUTPUTS = "TriggerOutputs"
    ACTION_INPUTS = "ActionInputs"
    ACTION_OUTPUTS = "ActionOutputs"

    @property
    def side(self) -> str:
        """Return ``inputs`` or ``outputs``."""
        return "inputs" if self in (Part.TRIGGER_INPUTS, Part.ACTION_INPUTS) else "outputs"


@dataclass(frozen=True, slots=True)
class ContentLinks:
    """Makes and checks links to contents.

    Attributes:
        signer: Signs them.
        base_url: The server's address as the one who asks sees it.
        now: The present instant.
    """

    signer: AddressSigner
    base_url: str
    now: datetime

    def link(
        self, run_id: UUID, part: Part, size: int | None = None, action_id: UUID | None = None
    ) -> dict[str, Value]:
        """Return a link as history shows it.

        Args:
            run_id: The run.
            part: What of it.
            size: How many bytes it has, if that is known.
            action_id: The action's record, for its inputs or outputs.
        """
        expires = int((self.now + GOOD_FOR).timestamp())
        path = f"{ROOT}/runs/{run_id}/contents/{part}" + (f"/{action_id}" if action_id else "")
        signature = self._sign(run_id, part, action_id, expires)
        uri = f"{self.base_url}{path}?{urlencode({'se': expires, 'sig': signature})}"
        return {"uri": uri} if size is None else {"uri": uri, "contentSize": size}

    def check(self, run_id: UUID, part: Part, action_id: UUID | None, expires: str, signature: str) -> None:
        """Make sure that a link was made here and is still good.

        Raises:
            ContentLinkRefused: It was not, or its time is up.
        """
        until = int(expires) if expires.isdecimal() and len(expires) < 15 else 0
        is_ours = self.signer.accepts(signature, *_parts(run_id, part, action_id, until))
        if not is_ours or until < self.now.astimezone(UTC).timestamp():
            raise ContentLinkRefused

    def _sign(self, run_id: UUID, part: Part, action_id: UUID | None, expires: int) -> str:
        return self.signer.sign(*_parts(run_id, part, action_id, expires))


def _parts(run_id: UUID, part: Part, action_id: UUID | None, expires: int) -> tuple[str, ...]:
    return "content", str(run_id), str(part), str(action_id or ""), str(expires)


def secured(side: str) -> dict[str, Value]:
    """Return what stands in place of a link to what nobody may see."""
    return {"secureData": {"properties": [side]}}


@dataclass(frozen=True, slots=True)
class TriggerRecord:
    """What a run keeps of its trigger.

    Attributes:
        values: Its record, without what nobody may see.
        hidden: The sides that nobody may see.
    """

    values: dict[str, Value]
    hidden: frozenset[str]


def read_trigger(tx: Transaction, run_id: UUID, seals: Sealing, programs: Programs) -> TriggerRecord:
    """Return what a run keeps of its trigger.

    Raises:
        ContentNotFound: The run is gone.
    """
    row: Any = tx.execute(_TRIGGER, {"run_id": run_id}).one_or_none()
    if row is None:
        raise ContentNotFound
    if row.sealedtrigger is None:
        return TriggerRecord(_object(read_value(row.trigger)), frozenset())
    program = programs.find(tx, row.flowversionid)
    hidden = frozenset(("inputs", "outputs")) if program is None else program.secrecy.trigger
    values = _object(seals.open(row.sealedtrigger, run_id, "trigger"))
    return TriggerRecord({name: one for name, one in values.items() if name not in hidden}, hidden)


def _object(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def read_content(
    tx: Transaction, run_id: UUID, part: Part, action_id: UUID | None, seals: Sealing, programs: Programs
) -> str:
    """Return a content as JSON text.

    Raises:
        ContentNotFound: There is none.
        ContentSecured: Nobody may see it.
    """
    if part in (Part.TRIGGER_INPUTS, Part.TRIGGER_OUTPUTS):
        trigger = read_trigger(tx, run_id, seals, programs)
        if part.side in trigger.hidden:
            raise ContentSecured
        if part.side not in trigger.values:
            raise ContentNotFound
        return write_value(trigger.values[part.side])
    return _action_content(tx, run_id, part, action_id)


def _action_content(tx: Transaction, run_id: UUID, part: Part, action_id: UUID | None) -> str:
    row = tx.execute(_ACTION, {"action_id": action_id, "run_id": run_id}).mappings().one_or_none()
    if row is None:
        raise ContentNotFound
    same = part is Part.ACTION_OUTPUTS and row["outputs"] == SAME
    text: str | None = row["inputs"] if same else row[part.side]
    if text is None:
        raise ContentNotFound if row[f"sealed{part.side}"] is None else ContentSecured
    return text


def visible_value(tx: Transaction, run_id: UUID, part: Part, action_id: UUID) -> Value:
    """Return what people see of an action's inputs or outputs; NOTHING where there is nothing to see."""
    try:
        return json.loads(_action_content(tx, run_id, part, action_id))
    except (ContentNotFound, ContentSecured):
        return NOTHING
