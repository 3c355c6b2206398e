"""The management API's calls about runs. Source: cloud-flows 7.3."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from uuid import UUID

from deskhand.cloudflows import history
from deskhand.cloudflows.contents import Part, read_content, read_trigger, visible_value
from deskhand.cloudflows.declare import NOTHING, Status
from deskhand.cloudflows.errors import CloudFlowError, RunNotFound
from deskhand.cloudflows.history_errors import (
    ContentNotFound,
    ContentSecured,
    HistoryNotResubmittable,
    NoExpressionTraces,
    RepetitionNotFound,
    RunActionNotFound,
    TriggerHistoryNotFound,
)
from deskhand.cloudflows.history_filters import run_conditions, status_conditions, status_test
from deskhand.cloudflows.program import Node
from deskhand.cloudflows.resubmission import cancel, resubmit, resume
from deskhand.cloudflows.runstate import RunState
from deskhand.cloudflows.shapes import RunShapes, Shape
from deskhand.cloudflows.waiting import Waiting, what_a_run_waits_for
from deskhand.core.ids import parse_id
from deskhand.entities.flowrun import FlowRunAction
from deskhand.orchestrator.rows import Row
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value
from deskhand.webapi.cloud_requests import Answer, BodyRefused, ManagementCall, Query, id_of

_EXPAND_ACTIONS = "properties/actions"
_EXPAND_DEFINITION = "workflow/properties"


def list_runs(tx: Transaction, query: Query) -> Answer:
    """Return runs of a flow, the newest first."""
    flow = query.flow(tx)
    conditions = [*query.reach(tx, flow), *run_conditions(query.options.get("$filter"))]
    page = history.list_runs(tx, flow["workflowid"], conditions=conditions, top=query.top, after=query.after)
    links = query.links(tx)
    return query.listed([RunShapes(row, links).resource() for row in page.rows], page.after)


def get_run(tx: Transaction, query: Query) -> Answer:
    """Return a run.

    `$expand=properties/actions,workflow/properties` adds its actions and the definition that it has.
    """
    shapes = _shapes(tx, query)
    run, asked = shapes.run, query.options.get("$expand", "").casefold()
    waiting = _waiting(tx, shapes)
    expanded: Shape = {
        "trigger": shapes.trigger(read_trigger(tx, id_of(run), query.flows.seals, query.flows.programs))
    }
    if waiting:
        expanded["waiting"] = [one.as_value() for one in waiting]
    if _EXPAND_ACTIONS in asked:
        expanded["actions"] = _actions(tx, shapes, waiting)
    whole = shapes.resource(**expanded)
    if _EXPAND_DEFINITION in asked and shapes.program is not None:
        whole["properties"]["workflow"]["properties"] = {"definition": shapes.program.definition.source}
    return Answer(whole)


def _shapes(tx: Transaction, query: Query) -> RunShapes:
    run = query.run(tx, query.flow(tx))
    program = query.flows.programs.find(tx, run["flowversionid"])
    return RunShapes(run, query.links(tx), program, history.may_resume(tx, id_of(run)))


def _waiting(tx: Transaction, shapes: RunShapes) -> list[Waiting]:
    ended = Status(shapes.run["status"]).is_final
    return [] if ended else what_a_run_waits_for(tx, shapes.run, shapes.program)


def _actions(tx: Transaction, shapes: RunShapes, waiting: Sequence[Waiting]) -> dict[str, Shape]:
    run_id = id_of(shapes.run)
    single = history.single_actions(tx, run_id)
    return shapes.actions(single, history.repeated_actions(tx, run_id), history.links_of(tx, single), waiting)


def list_actions(tx: Transaction, query: Query) -> Answer:
    """Return the actions of a run, those in loops each as a whole."""
    shapes = _shapes(tx, query)
    wanted = status_test(query.options.get("$filter"))
    found = _actions(tx, shapes, _waiting(tx, shapes))
    return query.listed(
        [shapes.action_resource(name, one) for name, one in found.items() if wanted(one["status"])]
    )


def get_action(tx: Transaction, query: Query) -> Answer:
    """Return an action of a run."""
    shapes = _shapes(tx, query)
    name = _node(query, shapes).name
    found = _actions(tx, shapes, _waiting(tx, shapes)).get(name)
    if found is None:
        raise RunActionNotFound(shapes.run["name"], name)
    return Answer(shapes.action_resource(name, found))


def _node(query: Query, shapes: RunShapes) -> Node:
    name = query.path["action"]
    node = None if shapes.program is None else shapes.program.node(name)
    if node is None:
        raise RunActionNotFound(shapes.run["name"], name)
    return node


# Repetitions


def list_repetitions(tx: Transaction, query: Query) -> Answer:
    """Return the repetitions of an action in a loop."""
    shapes = _shapes(tx, query)
    return _repetitions(tx, query, shapes, _node(query, shapes))


def list_scope_repetitions(tx: Transaction, query: Query) -> Answer:
    """Return the iterations of a loop, or the repetitions of another scope in a loop."""
    shapes = _shapes(tx, query)
    node = _node(query, shapes)
    if not node.repeats:
        return _repetitions(tx, query, shapes, node)
    wanted = status_test(query.options.get("$filter"))
    found: list[Shape] = []
    for iteration in history.iterations(tx, id_of(shapes.run), node, after=query.after or ""):
        shape = shapes.iteration(node, iteration)
        if wanted(shape["properties"]["status"]):
            if len(found) == query.top:
                return query.listed(found, found[-1]["name"])
            found.append(shape)
    return query.listed(found)


def _repetitions(tx: Transaction, query: Query, shapes: RunShapes, node: Node) -> Answer:
    conditions = status_conditions(query.options.get("$filter"), FlowRunAction.c.status)
    page = history.list_repetitions(
        tx, id_of(shapes.run), node.name, conditions=conditions, top=query.top, after=query.after
    )
    started = history.links_of(tx, page.rows)
    return query.listed([shapes.repetition(row, started) for row in page.rows], page.after)


def get_repetition(tx: Transaction, query: Query) -> Answer:
    """Return one repetition of an action in a loop."""
    shapes = _shapes(tx, query)
    row = _record(tx, query, shapes, _node(query, shapes))
    return Answer(shapes.repetition(row, history.links_of(tx, [row])))


def get_scope_repetition(tx: Transaction, query: Query) -> Answer:
    """Return one iteration of a loop, or one repetition of another scope in a loop."""
    shapes = _shapes(tx, query)
    node, wanted = _node(query, shapes), query.path["repetition"]
    if not node.repeats:
        return get_repetition(tx, query)
    iteration = history.find_iteration(tx, id_of(shapes.run), node, wanted)
    if iteration is None:
        raise RepetitionNotFound(node.name, wanted)
    return Answer(shapes.iteration(node, iteration))


def _record(tx: Transaction, query: Query, shapes: RunShapes, node: Node) -> Row:
    """Return the record that a call is about: the action's only one, or the repetition that is named."""
    wanted = query.path.get("repetition")
    if wanted is None:
        return history.find_action(tx, shapes.run, node.name)
    page = history.list_repetitions(tx, id_of(shapes.run), node.name, only=wanted)
    if not page.rows:
        raise RepetitionNotFound(node.name, wanted)
    return page.rows[0]


# What an action did


def list_request_histories(tx: Transaction, query: Query) -> Answer:
    """Return the requests that an action sent, as far as they are kept."""
    return query.listed(_requests(tx, query))


def get_request_history(tx: Transaction, query: Query) -> Answer:
    """Return one request that an action sent."""
    wanted = query.path["request"]
    found = next((one for one in _requests(tx, query) if one["name"] == wanted), None)
    if found is None:
        raise RepetitionNotFound(query.path["action"], wanted)
    return Answer(found)


def _requests(tx: Transaction, query: Query) -> list[Shape]:
    shapes = _shapes(tx, query)
    node = _node(query, shapes)
    if node.type is None or not node.type.retried:
        return []
    row = _record(tx, query, shapes, node)
    inputs, outputs = (
        visible_value(tx, id_of(shapes.run), part, row["flowrunactionid"])
        for part in (Part.ACTION_INPUTS, Part.ACTION_OUTPUTS)
    )
    return shapes.requests(row, inputs, outputs)


def list_expression_traces(tx: Transaction, query: Query) -> Answer:
    """Return what the expression of a condition or a loop gave."""
    shapes = _shapes(tx, query)
    node = _node(query, shapes)
    row = _record(tx, query, shapes, node)
    kind = node.action.type.casefold()
    if kind not in _TRACED:
        raise NoExpressionTraces(node.name)
    if node.hides_inputs:
        raise ContentSecured
    path, kept = _TRACED[kind]
    given = visible_value(tx, id_of(shapes.run), Part.ACTION_INPUTS, row["flowrunactionid"])
    trace: Shape = {"path": path, "text": _written(node.action.member(path))}
    if given is not NOTHING:
        trace["value"] = member(given, kept) if kept and isinstance(given, dict) else given
    elif row["error"] is not None:
        trace["error"] = json.loads(row["error"])
    return Answer({"inputs": [trace]})


_TRACED = {
    "if": ("expression", "expressionResult"),
    "switch": ("expression", "expression"),
    "foreach": ("foreach", ""),
}
"""The types that keep what an expression of theirs gave: where it stands, and as which member it is kept."""


def _written(expression: Value) -> str:
    return expression if isinstance(expression, str) else json.dumps(expression)


def read_content_of(tx: Transaction, query: Query) -> Answer:
    """Return a content, to whoever has a good link to it."""
    run_id, action_id = (parse_id(query.path.get(name, "")) for name in ("run", "action"))
    part = next((one for one in Part if one == query.path["part"]), None)
    if run_id is None or part is None:
        raise ContentNotFound
    query.links(tx).check(run_id, part, action_id, query.options.get("se", ""), query.options.get("sig", ""))
    flows = query.flows
    return Answer(text=read_content(tx, run_id, part, action_id, flows.seals, flows.programs))


# Cancelling and doing again


def cancel_run(tx: Transaction, query: Query) -> Answer:
    """Cancel a run."""
    cancel(tx, id_of(query.run(tx, query.own_flow(tx))))
    return Answer(status=202)


def resubmit_history(tx: Transaction, query: Query) -> Answer:
    """Repeat a run whole: what its trigger saw starts a run of the flow's present definition."""
    flow = query.own_flow(tx)
    name = query.path["history"]
    try:
        run = history.find_run(tx, flow["workflowid"], name)
    except RunNotFound as error:
        if history.find_history(tx, flow["workflowid"], name) is None:
            raise TriggerHistoryNotFound(name) from error
        raise HistoryNotResubmittable(name, "it started no run, and what it saw is not kept") from error
    if (run["triggername"] or "").casefold() != query.path["trigger"].casefold():
        raise TriggerHistoryNotFound(name)
    return _started(flow, _resubmit(tx, query, id_of(run)))


def _resubmit(tx: Transaction, query: Query, run_id: UUID) -> RunState:
    flows = query.flows
    return resubmit(tx, flows.programs, flows.seals, run_id, by=query.principal.user_id)


def resubmit_run(tx: Transaction, query: Query) -> Answer:
    """Go on from a run that has failed; nothing that had succeeded is done again.

    The body may name failed actions, `{"actionsToResubmit": [{"name": "Book"}]}`; all of them are done again
    if it does not. With `"useCurrentDefinition": true` the flow's present definition counts.
    """
    flow = query.own_flow(tx)
    run = query.run(tx, flow)
    named = query.names("actionsToResubmit") if "actionsToResubmit" in query.body else []
    current = query.body.get("useCurrentDefinition", False)
    if not isinstance(current, bool):
        raise BodyRefused("'useCurrentDefinition' must be true or false")
    flows = query.flows
    made = resume(
        tx,
        flows.programs,
        flows.seals,
        id_of(run),
        by=query.principal.user_id,
        actions=named,
        current=current,
    )
    return _started(flow, made)


def _started(flow: Row, run: RunState) -> Answer:
    place = f"/workflows/{flow['workflowid']}/runs/{run.name}"
    value = {"id": place, "name": run.name, "type": "workflows/runs"}
    return Answer(value, 202, {"x-ms-workflow-run-id": run.name})


def cancel_runs(tx: Transaction, query: Query) -> Answer:
    """Cancel several runs of a flow, `{"runs": ["NAME"]}`; each is told of by itself."""

    def act(run: Row) -> Shape:
        cancel(tx, id_of(run))
        return {}

    return _each(tx, query, act)


def resubmit_runs(tx: Transaction, query: Query) -> Answer:
    """Repeat several runs of a flow whole, `{"runs": ["NAME"]}`; each is told of by itself."""
    return _each(tx, query, lambda run: {"run": {"name": _resubmit(tx, query, id_of(run)).name}})


def _each(tx: Transaction, query: Query, act: Callable[[Row], Shape]) -> Answer:
    flow = query.own_flow(tx)
    told: list[Value] = []
    for name in query.names("runs"):
        try:
            told.append({"name": name, "status": 202, **act(history.find_run(tx, flow["workflowid"], name))})
        except CloudFlowError as error:
            problem = {"code": error.service_code, "message": error.message}
            told.append({"name": name, "status": error.http_status, "error": problem})
    return Answer({"value": told})


_RUN = "/{workflow}/runs/{run}"
_ACTION = f"{_RUN}/actions/{{action}}"
_REPETITION = f"{_ACTION}/repetitions/{{repetition}}"
CONTENT_CALLS = tuple(
    ManagementCall("GET", f"/{{run}}/contents/{{part}}{action}", read_content_of, asks_who=False)
    for action in ("", "/{action}")
)
"""The calls of links to contents, below the address of all runs."""
RUN_CALLS = (
    ManagementCall("GET", "/{workflow}/runs", list_runs),
    ManagementCall("GET", _RUN, get_run),
    ManagementCall("POST", f"{_RUN}/cancel", cancel_run, writes=True),
    ManagementCall("POST", f"{_RUN}/resubmit", resubmit_run, writes=True),
    ManagementCall("POST", "/{workflow}/cancelRuns", cancel_runs, writes=True),
    ManagementCall("POST", "/{workflow}/resubmitRuns", resubmit_runs, writes=True),
    ManagementCall(
        "POST", "/{workflow}/triggers/{trigger}/histories/{history}/resubmit", resubmit_history, writes=True
    ),
    ManagementCall("GET", f"{_RUN}/actions", list_actions),
    ManagementCall("GET", _ACTION, get_action),
    ManagementCall("GET", f"{_ACTION}/repetitions", list_repetitions),
    ManagementCall("GET", _REPETITION, get_repetition),
    ManagementCall("GET", f"{_ACTION}/scopeRepetitions", list_scope_repetitions),
    ManagementCall("GET", f"{_ACTION}/scopeRepetitions/{{repetition}}", get_scope_repetition),
    *(
        call
        for place in (_ACTION, _REPETITION)
        for call in (
            ManagementCall("GET", f"{place}/requestHistories", list_request_histories),
            ManagementCall("GET", f"{place}/requestHistories/{{request}}", get_request_history),
            ManagementCall("POST", f"{place}/listExpressionTraces", list_expression_traces),
        )
    ),
)
"""The calls about runs, by method and address."""
