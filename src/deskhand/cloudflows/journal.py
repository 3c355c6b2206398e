"""A run's rows: what a turn changed goes in with one transaction, and a run comes back as it was left.

Values are JSON. What nobody may see is sealed, and absent from the readable columns. Source: cloud-flows 7.1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import simplejson
import sqlalchemy as sa

from deskhand.cloudflows.declare import NOTHING, Problem, Status, Variable
from deskhand.cloudflows.program import Plan, Program
from deskhand.cloudflows.runstate import (
    Level,
    Record,
    Repetition,
    RunState,
    level_key,
    repetition_of,
    repetition_text,
)
from deskhand.core.ids import new_id
from deskhand.entities.flowrun import FlowRun, FlowRunAction, FlowRunProperty
from deskhand.identity.vault import Vault
from deskhand.orchestrator.rows import Owner, Row, new_row
from deskhand.store.database import Transaction
from deskhand.store.statements import Statement
from deskhand.wdl.values import Value

SAME = "="
"""In the column of outputs: they are the inputs."""

_A = FlowRunAction.c
_DYNAMIC = (
    "status", "code", "error", "outputs", "sealedoutputs", "endtime", "state", "sealedstate", "dueon",
    "retryhistory", "trackedproperties", "linkedid",
)  # fmt: skip
_INPUTS = ("inputs", "sealedinputs")
_INSERT_ACTION = Statement(sa.insert(FlowRunAction.table))
_INSERT_PROPERTY = Statement(sa.insert(FlowRunProperty.table))
_INSERT_RUN = Statement(sa.insert(FlowRun.table))
_OUTSIDE_LOOPS = Statement(
    sa.select(FlowRunAction.table).where(_A.flowrunid == sa.bindparam("run_id"), _A.repetition == "")
)
_BY_REPETITION = sa.select(FlowRunAction.table).where(
    _A.flowrunid == sa.bindparam("run_id"), _A.repetition.in_(sa.bindparam("repetitions", expanding=True))
)
_BY_NAME = sa.select(FlowRunAction.table).where(
    _A.flowrunid == sa.bindparam("run_id"), _A.name.in_(sa.bindparam("names", expanding=True))
)


def _update_action(names: Iterable[str]) -> Statement:
    values = {name: sa.bindparam(f"new_{name}", type_=_A[name].type) for name in names}
    mine = _A.flowrunactionid == sa.bindparam("record_id")
    return Statement(sa.update(FlowRunAction.table).where(mine).values(values))


_UPDATE_ACTION = _update_action(_DYNAMIC)
_UPDATE_ACTION_WITH_INPUTS = _update_action((*_DYNAMIC, *_INPUTS))


# Values


def write_value(value: Value) -> str:
    """Return a value as the journal's JSON: ASCII, every digit of its numbers kept."""
    try:
        return json.dumps(value, separators=(",", ":"))
    except TypeError:  # a Decimal
        text: str = simplejson.dumps(value, separators=(",", ":"), use_decimal=True)
        return text


def read_value(text: str | None) -> Value:
    """Return what :func:`write_value` wrote; NOTHING where nothing was written."""
    return NOTHING if text is None else json.loads(text)


def _column(value: Value) -> str | None:
    return None if value is NOTHING else write_value(value)


class Seals:
    """Seals and opens the values of runs.

    Args:
        vault: Holds the keys.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, value: Value, row_id: UUID, what: str) -> bytes | None:
        """Return a value sealed for one column of one row; None for no value."""
        if value is NOTHING:
            return None
        return self._vault.seal(write_value(value).encode("ascii"), f"flowrun:{row_id}:{what}")

    def open(self, sealed: bytes | None, row_id: UUID, what: str) -> Value:
        """Return what :meth:`seal` sealed; NOTHING where nothing was."""
        if sealed is None:
            return NOTHING
        return json.loads(self._vault.open(sealed, f"flowrun:{row_id}:{what}"))


# Records


def record_row(record: Record, run_id: UUID, seals: Seals) -> dict[str, Any]:
    """Return a record's whole row."""
    return {
        "flowrunactionid": record.id,
        "flowrunid": run_id,
        "name": record.name,
        "repetition": repetition_text(record.repetition),
        "starttime": record.started,
        **_input_columns(record, seals),
        **_dynamic_columns(record, seals),
    }


def _input_columns(record: Record, seals: Seals) -> dict[str, Any]:
    hidden = record.node.hides_inputs
    shown = NOTHING if hidden else record.inputs if record.shown_inputs is NOTHING else record.shown_inputs
    is_secret = hidden or record.shown_inputs is not NOTHING
    return {
        "inputs": _column(shown),
        "sealedinputs": seals.seal(record.inputs, record.id, "inputs") if is_secret else None,
    }


def _dynamic_columns(record: Record, seals: Seals) -> dict[str, Any]:
    node = record.node
    state = {"state": record.state, "notes": record.notes} if record.state or record.notes else NOTHING
    seals_state = (node.hides_inputs or node.hides_outputs) and bool(record.state)
    return {
        "status": str(record.status),
        "code": record.code or None,
        "error": None if record.problem is None else write_value(record.problem.as_value()),
        **_output_columns(record, seals),
        "endtime": record.ended,
        "state": None if seals_state else _column(state),
        "sealedstate": seals.seal(state, record.id, "state") if seals_state else None,
        "dueon": record.due,
        "retryhistory": write_value(record.attempts) if record.attempts else None,
        "trackedproperties": _column(record.tracked),
        "linkedid": record.linked_id,
    }


def _output_columns(record: Record, seals: Seals) -> dict[str, Any]:
    if record.outputs is NOTHING:
        return {"outputs": None, "sealedoutputs": None}
    if record.node.hides_outputs:
        return {"outputs": None, "sealedoutputs": seals.seal(record.outputs, record.id, "outputs")}
    if record.shown_outputs is not NOTHING:
        sealed = seals.seal(record.outputs, record.id, "outputs")
        return {"outputs": write_value(record.shown_outputs), "sealedoutputs": sealed}
    is_same = (
        record.outputs is record.inputs and record.shown_inputs is NOTHING and not record.node.hides_inputs
    )
    return {"outputs": SAME if is_same else write_value(record.outputs), "sealedoutputs": None}


def read_record(row: Row, program: Program, seals: Seals) -> Record | None:
    """Return a row as a record; None if the definition has no such action."""
    node = program.node(row["name"])
    if node is None:
        return None
    error = read_value(row["error"])
    record = Record(
        node=node,
        repetition=repetition_of(row["repetition"]),
        started=row["starttime"],
        id=row["flowrunactionid"],
        status=Status(row["status"]),
        code=row["code"] or "",
        problem=None if error is NOTHING else Problem(error["code"], error["message"]),
        ended=row["endtime"],
        due=row["dueon"],
        linked_id=row["linkedid"],
        attempts=[] if row["retryhistory"] is None else json.loads(row["retryhistory"]),
        tracked=read_value(row["trackedproperties"]),
        is_stored=True,
        has_new_inputs=False,
    )
    _read_values(record, row, seals)
    return record


def _read_values(record: Record, row: Row, seals: Seals) -> None:
    record.inputs, record.shown_inputs = _opened(row, "inputs", record, seals)
    if row["outputs"] == SAME:
        record.outputs = record.inputs
    else:
        record.outputs, record.shown_outputs = _opened(row, "outputs", record, seals)
    sealed = row["sealedstate"]
    noted = read_value(row["state"]) if sealed is None else seals.open(sealed, record.id, "state")
    if noted is not NOTHING:
        record.state, record.notes = noted["state"], noted["notes"]


def _opened(row: Row, what: str, record: Record, seals: Seals) -> tuple[Value, Value]:
    """Return a value and what people see of it instead, if they do not see it."""
    sealed = row[f"sealed{what}"]
    shown = read_value(row[what])
    return (shown, NOTHING) if sealed is None else (seals.open(sealed, record.id, what), shown)


# Turns


class Changes:
    """The rows of a turn, made before its transaction so that they do not hold it up.

    Args:
        run: The run.
        later: Records that are still to change in the transaction itself.
        seals: Seals what nobody may see.

    Attributes:
        run_columns: The columns of the run's own row that are out of date.
    """

    def __init__(self, run: RunState, later: Iterable[Record], seals: Seals) -> None:
        self._run = run
        self._seals = seals
        self._later = set(later)
        self._inserts: list[dict[str, Any]] = []
        self._updates: list[dict[str, Any]] = []
        self._long_updates: list[dict[str, Any]] = []
        self._records = [record for record in run.changed if record not in self._later]
        for record in self._records:
            self._add(record, self._inserts, self._updates, self._long_updates)
        self._own = {
            name: value
            for name, value in own_columns(run).items()
            if name not in run.journaled or run.journaled[name] != value
        }
        self.run_columns = sealed_columns(self._own, run, seals)

    def write(self, tx: Transaction) -> None:
        """Write the rows, and those of the records that the transaction itself has changed."""
        inserts, updates, long_updates = list(self._inserts), list(self._updates), list(self._long_updates)
        for record in self._later:
            self._add(record, inserts, updates, long_updates)
        for statement, rows in (
            (_INSERT_ACTION, inserts),
            (_UPDATE_ACTION, updates),
            (_UPDATE_ACTION_WITH_INPUTS, long_updates),
            (_INSERT_PROPERTY, _found_rows(self._run)),
        ):
            if rows:
                tx.run(statement, *rows)

    def written(self) -> None:
        """Note that the rows are durable."""
        for record in (*self._records, *self._later):
            record.is_stored, record.has_new_inputs = True, False
            self._run.changed.pop(record, None)
        self._run.found.clear()
        self._run.journaled |= self._own

    def _add(
        self,
        record: Record,
        inserts: list[dict[str, Any]],
        updates: list[dict[str, Any]],
        long_updates: list[dict[str, Any]],
    ) -> None:
        if not record.is_stored:
            inserts.append(record_row(record, self._run.id, self._seals))
            return
        columns = _dynamic_columns(record, self._seals)
        if record.has_new_inputs:
            columns |= _input_columns(record, self._seals)
        row = {"record_id": record.id, **{f"new_{name}": value for name, value in columns.items()}}
        (long_updates if record.has_new_inputs else updates).append(row)


def _found_rows(run: RunState) -> list[dict[str, Any]]:
    return [
        {"flowrunpropertyid": new_id(), "flowrunid": run.id, "name": name[:256], "value": value[:512]}
        for name, value in run.found
    ]


# Runs


def run_row(tx: Transaction, run: RunState, owner: Owner, kind: str, seals: Seals) -> dict[str, Any]:
    """Return a new run's whole row.

    Args:
        tx: The open transaction.
        run: The run, which may have begun, and ended, already.
        owner: Whose it is.
        kind: What kind of trigger started it: Automated, Scheduled, Instant.
        seals: Seals what nobody may see.
    """
    secrecy = run.program.secrecy
    values = {
        "flowrunid": run.id,
        "name": run.name,
        "workflow": run.workflow_id,
        "starttime": run.started,
        "triggertype": kind,
        "modernflowtype": "PowerAutomateFlow",
        "parentrunid": run.parent_name,
        "flowversionid": run.program.version_id,
        "triggername": run.trigger.get("name"),
        "clienttrackingid": run.client_tracking_id,
        "originhistoryname": run.origin_name or run.name,
        "parentflowrunid": run.parent_id,
        "parentactionid": run.parent_action_id,
        "startedby": run.started_by,
        "awaitsanswer": run.awaits_answer,
        "istest": run.is_test,
        "resumedrunid": run.resumed_id,
        "repeatedactions": None if run.repeated is None else write_value(sorted(run.repeated)),
        **_sealed_or_not("trigger", dict(run.trigger), bool(secrecy.trigger), run, seals),
        **_sealed_or_not("parameters", dict(run.parameters), bool(secrecy.parameters), run, seals),
        **sealed_columns(own_columns(run), run, seals),
    }
    return new_row(tx, FlowRun, owner, values, version=tx.next_version())


def insert_run(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Write a new run's row."""
    tx.run(_INSERT_RUN, row)


def own_columns(run: RunState) -> dict[str, Any]:
    """Return the columns of a run's row that any turn can change, its lease apart; none is sealed yet."""
    problem = run.problem
    duration = None if run.ended is None else (run.ended - run.started) // timedelta(milliseconds=1)
    return {
        "status": str(run.status),
        "code": run.code or None,
        "errorcode": problem.code[:1000] if problem else None,
        "errormessage": problem.message if problem else None,
        "endtime": run.ended,
        "duration": None if duration is None else max(0, duration),
        "outputs": _column(run.outputs),
        "responseactionid": run.response_id,
        "variables": _column(_variables(run)),
    }


def sealed_columns(columns: Mapping[str, Any], run: RunState, seals: Seals) -> dict[str, Any]:
    """Return columns of a run's row with the variables sealed, where nobody may see them."""
    if "variables" not in columns:
        return dict(columns)
    is_secret = bool(run.program.secrecy.variables)
    return {**columns, **_sealed_or_not("variables", _variables(run), is_secret, run, seals)}


def _variables(run: RunState) -> Value:
    return {name: [one.type, one.value] for name, one in run.variables.items()} if run.variables else NOTHING


def _sealed_or_not(what: str, value: Value, is_secret: bool, run: RunState, seals: Seals) -> dict[str, Any]:
    if is_secret:
        return {what: None, f"sealed{what}": seals.seal(value, run.id, what)}
    return {what: _column(value), f"sealed{what}": None}


def read_run(row: Row, flow_name: str, program: Program, seals: Seals) -> RunState:
    """Return a run's row as a run without its records."""

    def value(what: str) -> Any:
        sealed = row[f"sealed{what}"]
        found = read_value(row[what]) if sealed is None else seals.open(sealed, row["flowrunid"], what)
        return {} if found is NOTHING else found

    run = RunState(
        id=row["flowrunid"],
        name=row["name"],
        flow_name=flow_name,
        program=program,
        started=row["starttime"],
        owner_id=row["ownerid"],
        started_by=row["startedby"] or row["ownerid"],
        trigger=value("trigger"),
        parameters=value("parameters"),
        client_tracking_id=row["clienttrackingid"] or row["name"],
        awaits_answer=bool(row["awaitsanswer"]),
        status=Status(row["status"]),
        response_id=row["responseactionid"],
        has_told=row["responseactionid"] is not None,
        variables={name: Variable(*one) for name, one in value("variables").items()},
        parent_id=row["parentflowrunid"],
        parent_action_id=row["parentactionid"],
        parent_name=row["parentrunid"],
        origin_name=row["originhistoryname"],
        is_test=bool(row["istest"]),
        resumed_id=row["resumedrunid"],
        repeated=_names(row["repeatedactions"]),
    )
    run.journaled = own_columns(run)
    return run


def _names(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


def load_records(tx: Transaction, run: RunState, seals: Seals) -> None:
    """Load what a run goes on from: the records of levels that have not ended, and of those around them."""
    rows: Iterable[Row] = tx.rows(_OUTSIDE_LOOPS, {"run_id": run.id})
    while True:
        records = [one for row in rows if (one := read_record(row, run.program, seals)) is not None]
        for record in records:
            run.place(record)
        texts = [repetition_text(one) for record in records for one in _open_iterations(record)]
        if not texts:
            break
        rows = tx.execute(_BY_REPETITION, {"run_id": run.id, "repetitions": texts}).mappings()
    run.has_entered = bool(run.records)
    _rebuild_levels(run)


def _open_iterations(record: Record) -> Iterator[Repetition]:
    if not record.status.is_final and record.node.repeats:
        for _, index in record.notes.get("levels", ()):
            yield (*record.repetition, index)


def _rebuild_levels(run: RunState) -> None:
    if run.has_entered:
        _rebuild(run, run.program.root, None, None, ())
    for record in run.open_records():
        for branch, index in record.notes.get("levels", ()):
            plan = record.node.branches.get(branch) or Plan(branch, record.node)
            inside = record.repetition if index is None else (*record.repetition, index)
            _rebuild(run, plan, record, index, inside)


def _rebuild(
    run: RunState, plan: Plan, owner: Record | None, index: int | None, repetition: Repetition
) -> None:
    known = run.records.get(repetition, {})
    left = sum(1 for name in plan.nodes if name not in known or not known[name].status.is_final)
    run.levels[level_key(plan, repetition)] = Level(plan, owner, index, repetition, left)


def load_named(tx: Transaction, run: RunState, names: Sequence[str], seals: Seals) -> list[Record]:
    """Return all journaled repetitions of actions, by their names."""
    rows = tx.execute(_BY_NAME, {"run_id": run.id, "names": list(names)}).mappings()
    return [one for row in rows if (one := read_record(row, run.program, seals)) is not None]
