"""What a run answers to whoever called it. Source: cloud-flows 2.2, 3.9 and 3.10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.declare import NOTHING, Sealing, Status
from deskhand.cloudflows.journal import SAME, read_value
from deskhand.cloudflows.runstate import RunState
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.store.database import Transaction
from deskhand.wdl.values import Value

_R, _A = FlowRun.c, FlowRunAction.c
_RUN = sa.select(_R.status, _R.responseactionid, _R.name).where(_R.flowrunid == sa.bindparam("run_id"))
_ANSWERED = sa.select(_R.flowrunid, _R.status, _R.responseactionid, _R.name).where(
    _R.flowrunid.in_(sa.bindparam("run_ids", expanding=True)),
    sa.or_(_R.responseactionid.is_not(None), _R.endtime.is_not(None)),
)
_OUTPUTS = sa.select(_A.outputs, _A.sealedoutputs, _A.inputs).where(
    _A.flowrunactionid == sa.bindparam("action_id")
)


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """What is known of a run's answer.

    Attributes:
        outputs: Status code, headers and body, once the run has answered; None before.
        is_over: Whether the run has ended.
    """

    run_name: str
    outputs: Mapping[str, Value] | None
    is_over: bool


def answer_of(run: RunState) -> RunAnswer:
    """Return the answer of a run that is still in memory, as far as it is durable."""
    answered = run.journaled.get("responseactionid")
    records = list(run.records.get((), {}).values())
    found = next((one.outputs for one in records if one.id == answered), None)
    return RunAnswer(run.name, found, run.journaled.get("endtime") is not None)


def read_answer(tx: Transaction, run_id: UUID, seals: Sealing) -> RunAnswer | None:
    """Return the answer of a run; None if there is no such run."""
    row = tx.execute(_RUN, {"run_id": run_id}).one_or_none()
    if row is None:
        return None
    outputs = None if row.responseactionid is None else _outputs(tx, row.responseactionid, seals)
    return RunAnswer(row.name, outputs, Status(row.status).is_final)


def read_answers(tx: Transaction, run_ids: Sequence[UUID], seals: Sealing) -> dict[UUID, RunAnswer]:
    """Return the answers of those runs that have answered or ended."""
    found: dict[UUID, RunAnswer] = {}
    for row in tx.execute(_ANSWERED, {"run_ids": run_ids}).all():
        outputs = None if row.responseactionid is None else _outputs(tx, row.responseactionid, seals)
        found[row.flowrunid] = RunAnswer(row.name, outputs, Status(row.status).is_final)
    return found


def _outputs(tx: Transaction, action_id: UUID, seals: Sealing) -> Mapping[str, Value] | None:
    row: Any = tx.execute(_OUTPUTS, {"action_id": action_id}).one_or_none()
    if row is None:
        return None
    if row.sealedoutputs is not None:
        found = seals.open(row.sealedoutputs, action_id, "outputs")
    else:
        found = read_value(row.inputs if row.outputs == SAME else row.outputs)
    return None if found is NOTHING else found
