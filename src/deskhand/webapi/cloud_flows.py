"""The management API's calls about flows, their triggers and their versions. Source: cloud-flows 7.3."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows import history
from deskhand.cloudflows.called import Called, read_called, read_to_test
from deskhand.cloudflows.declare import NOTHING, TriggerType, kind_of, trigger_type
from deskhand.cloudflows.errors import CloudFlowError, CloudFlowInvalid, CloudFlowNotFound, TriggerNotFound
from deskhand.cloudflows.examining import examine, read_stored
from deskhand.cloudflows.history_errors import TriggerHistoryNotFound, VersionNotFound
from deskhand.cloudflows.history_filters import status_conditions, status_test
from deskhand.cloudflows.manual import button_outputs, start_by_hand
from deskhand.cloudflows.resubmission import resubmit
from deskhand.cloudflows.scope import wire_time
from deskhand.cloudflows.shapes import RunShapes, Shape, fired_history, flow_path, unfired_history
from deskhand.core.ids import parse_id
from deskhand.core.log import MASK
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowtrigger import FlowTrigger, FlowTriggerHistory, FlowVersion
from deskhand.entities.workflow import Category, Workflow, WorkflowState, WorkflowStatus
from deskhand.orchestrator.rows import Row
from deskhand.records import writing
from deskhand.store.database import Transaction
from deskhand.wdl.containers import Container, read_container
from deskhand.wdl.definition import DefinitionUnreadable, Trigger
from deskhand.wdl.values import Value, find_key
from deskhand.webapi.cloud_requests import (
    Answer,
    BodyRefused,
    ManagementCall,
    Query,
    flows_within_reach,
    id_of,
)

_W, _T, _V = Workflow.c, FlowTrigger.c, FlowVersion.c
_STATES = {
    "enabled": {"statecode": WorkflowState.ACTIVATED.value, "statuscode": WorkflowStatus.ACTIVATED.value},
    "disabled": {"statecode": WorkflowState.DRAFT.value, "statuscode": WorkflowStatus.DRAFT.value},
}
_NAMES = {
    WorkflowState.ACTIVATED: "Enabled",
    WorkflowState.DRAFT: "Disabled",
    WorkflowState.SUSPENDED: "Suspended",
}


class TriggerHasNoAddress(CloudFlowError):
    """The trigger starts runs by itself and is not called, so that it has no address."""

    code = "DH6578"
    service_code = "WorkflowTriggerCallbackUrlNotSupported"

    def __init__(self, trigger: str) -> None:
        super().__init__(f"The trigger '{trigger}' is not called by an address.")


# Flows


def list_flows(tx: Transaction, query: Query) -> Answer:
    """Return the flows that the caller may see, by name."""
    rows = flows_within_reach(query.principal).order_by(sa.func.lower(_W.name), _W.workflowid)
    return query.listed([_flow(row) for row in tx.execute(rows).mappings()])


def get_flow(tx: Transaction, query: Query) -> Answer:
    """Return a flow with its definition."""
    return Answer(_whole_flow(query.flow(tx)))


def put_flow(tx: Transaction, query: Query) -> Answer:
    """Create a flow, or give it another definition, another name or another state.

    The body is a workflow: `{"properties": {"definition": …, "displayName": …, "state": "Enabled"}}`.
    """
    container = _given(query)
    if container is None:
        raise BodyRefused("'properties.definition' must be a workflow definition")
    properties = _properties(query)
    wanted = _wanted_state(properties)
    values: dict[str, Any] = {"clientdata": container.text}
    if isinstance(properties.get("displayName"), str):
        values["name"] = properties["displayName"]
    try:
        workflow_id, created = query.own_flow(tx)["workflowid"], False
        writing.update(tx, query.principal, Workflow, workflow_id, {**values, **wanted})
    except CloudFlowNotFound:
        workflow_id, created = _create(tx, query, values), True
        if wanted:
            writing.update(tx, query.principal, Workflow, workflow_id, wanted)
    # It may have another name now than the address has.
    written = replace(query, path={**query.path, "workflow": str(workflow_id)})
    return Answer(_whole_flow(written.flow(tx)), 201 if created else 200)


def _create(tx: Transaction, query: Query, values: dict[str, Any]) -> UUID:
    named = query.path["workflow"]
    workflow_id = parse_id(named)
    given = {"name": named, **values, "category": Category.MODERN_FLOW.value}
    if workflow_id is not None:
        given["workflowid"] = workflow_id
    return writing.create(tx, query.principal, Workflow, given)


def _wanted_state(properties: dict[str, Any]) -> dict[str, int]:
    state = properties.get("state")
    if state is None:
        return {}
    if not isinstance(state, str) or state.casefold() not in _STATES:
        raise BodyRefused("'properties.state' must be 'Enabled' or 'Disabled'")
    return _STATES[state.casefold()]


def delete_flow(tx: Transaction, query: Query) -> Answer:
    """Delete a flow with its history."""
    flow = query.flow(tx, AccessRight.DELETE)
    writing.delete(tx, query.principal, Workflow, flow["workflowid"])
    return Answer()


def enable_flow(tx: Transaction, query: Query) -> Answer:
    """Switch a flow on."""
    return _switch(tx, query, "enabled")


def disable_flow(tx: Transaction, query: Query) -> Answer:
    """Switch a flow off."""
    return _switch(tx, query, "disabled")


def _switch(tx: Transaction, query: Query, state: str) -> Answer:
    flow = query.own_flow(tx)
    writing.update(tx, query.principal, Workflow, flow["workflowid"], _STATES[state])
    return Answer()


def validate_flow(tx: Transaction, query: Query) -> Answer:
    """Check a definition, the one in the body or the flow's own; what only deserves a look is returned."""
    flow = query.flow(tx)
    container = _given(query) or read_stored(flow["clientdata"], flow["metadata"])
    findings = examine(tx, flow["workflowid"], container)
    faults = [one.message for one in findings if one.fatal]
    if faults:
        raise CloudFlowInvalid(flow["name"], faults)
    return query.listed([{"code": one.code, "message": one.message, "name": one.name} for one in findings])


def regenerate_key(tx: Transaction, query: Query) -> Answer:
    """Give a flow other addresses: whoever knows one of those before cannot call it any more."""
    flow = query.own_flow(tx)
    key = secrets.token_urlsafe(16)
    mine = sa.update(Workflow.table).where(_W.workflowidunique == flow["workflowidunique"])
    tx.execute(mine.values(addresskey=key, versionnumber=tx.next_version()))
    return Answer()


def _given(query: Query) -> Container | None:
    """Return the definition in the body; None if there is no body."""
    if not query.body:
        return None
    try:
        return read_container(query.text)
    except DefinitionUnreadable as error:
        raise BodyRefused(error.message.rstrip(".")) from error


def _properties(query: Query) -> dict[str, Any]:
    found = query.body.get("properties")
    return found if isinstance(found, dict) else {}


def _flow(row: Row) -> Shape:
    properties: Shape = {
        "displayName": row["name"],
        "state": _NAMES[WorkflowState(row["statecode"])],
        "createdTime": wire_time(row["createdon"]),
        "changedTime": wire_time(row["modifiedon"]),
    }
    if row["flowversionid"] is not None:
        properties["version"] = str(row["flowversionid"])
    name = str(row["workflowid"])
    return {"id": flow_path(name), "name": name, "type": "workflows", "properties": properties}


def _whole_flow(row: Row) -> Shape:
    container = read_stored(row["clientdata"], row["metadata"])
    shape = _flow(row)
    shape["properties"] |= {
        "definition": container.definition.source,
        "parameters": {name: {"value": _shown(container, name)} for name in container.parameters},
        "connectionReferences": dict(container.connections),
    }
    return shape


def _shown(container: Container, name: str) -> Value:
    declared = container.definition.parameters.get(name)
    is_secret = declared is not None and "secure" in declared.type.casefold()
    return MASK if is_secret else container.parameters[name]


# Versions


def list_versions(tx: Transaction, query: Query) -> Answer:
    """Return the versions of a flow that are kept, the newest first."""
    flow = query.flow(tx)
    rows = sa.select(_V.flowversionid, _V.createdon).where(_V.workflowid == flow["workflowid"])
    found = tx.execute(rows.order_by(_V.createdon.desc(), _V.flowversionid)).mappings()
    return query.listed([_version(flow, row) for row in found])


def get_version(tx: Transaction, query: Query) -> Answer:
    """Return a version of a flow with its definition."""
    flow, name = query.flow(tx), query.path["version"]
    mine = sa.and_(_V.flowversionid == parse_id(name), _V.workflowid == flow["workflowid"])
    row = tx.execute(sa.select(FlowVersion.table).where(mine)).mappings().one_or_none()
    if row is None:
        raise VersionNotFound(name)
    shape = _version(flow, row)
    shape["properties"]["definition"] = read_container(row["document"], row["beside"]).definition.source
    return Answer(shape)


def _version(flow: Row, row: Row) -> Shape:
    name, made = str(row["flowversionid"]), wire_time(row["createdon"])
    properties: Shape = {
        "createdTime": made,
        "changedTime": made,
        "version": name,
        "state": "Enabled" if row["flowversionid"] == flow["flowversionid"] else "Disabled",
    }
    place = f"{flow_path(flow['workflowid'])}/versions/{name}"
    return {"id": place, "name": name, "type": "workflows/versions", "properties": properties}


# Triggers


def list_triggers(tx: Transaction, query: Query) -> Answer:
    """Return the triggers of a flow, and where they stand."""
    flow = query.flow(tx)
    return query.listed([_trigger(tx, flow, one) for one in _triggers(flow)])


def get_trigger(tx: Transaction, query: Query) -> Answer:
    """Return a trigger of a flow, and where it stands."""
    flow = query.flow(tx)
    return Answer(_trigger(tx, flow, _named(query, flow)))


def _triggers(flow: Row) -> list[Trigger]:
    return list(read_stored(flow["clientdata"], flow["metadata"]).definition.triggers.values())


def _named(query: Query, flow: Row) -> Trigger:
    triggers = {one.name: one for one in _triggers(flow)}
    key = find_key(triggers, query.path["trigger"])
    if key is None:
        raise TriggerNotFound(flow["name"], query.path["trigger"])
    return triggers[key]


def _trigger(tx: Transaction, flow: Row, trigger: Trigger) -> Shape:
    mine = sa.and_(_T.workflowid == flow["workflowid"], _T.name == trigger.name, _T.phase != "Ending")
    query = sa.select(_T.status, _T.dueon, _T.lastlookon, _T.lastfiredon, _T.startedon).where(mine)
    row = tx.execute(query).mappings().first()
    properties: Shape = {
        "provisioningState": "Succeeded",
        "state": _NAMES[WorkflowState(flow["statecode"])],
        "createdTime": wire_time(flow["createdon"]),
        "changedTime": wire_time(flow["modifiedon"]),
        "workflow": {"id": flow_path(flow["workflowid"]), "name": str(flow["workflowid"])},
        "triggerType": kind_of(trigger),
    }
    if row is not None:
        times = {"lastExecutionTime": row["lastlookon"], "nextExecutionTime": row["dueon"]}
        properties |= {name: wire_time(moment) for name, moment in times.items() if moment is not None}
        properties["status"] = row["status"] or "Waiting"
    if isinstance(trigger.recurrence, dict):
        properties["recurrence"] = trigger.recurrence
    place = f"{flow_path(flow['workflowid'])}/triggers/{trigger.name}"
    return {"id": place, "name": trigger.name, "type": "workflows/triggers", "properties": properties}


def run_trigger(tx: Transaction, query: Query) -> Answer:
    """Start a run now; the body is what the trigger gets."""
    flow = query.flow(tx)
    trigger = _named(query, flow)
    declared = trigger_type(trigger)
    if declared is None or not declared.is_called:
        query.own_flow(tx)
    called = read_called(tx, query.flows.programs, flow["workflowid"], trigger.name)
    return _started_by_hand(tx, query, called, declared)


def test_flow(tx: Transaction, query: Query) -> Answer:
    """Try a flow out as its definition stands, whether or not it is on; the body is what its trigger gets.

    With `?run=NAME` the trigger gets what it saw in that earlier run.
    """
    flow = query.own_flow(tx)
    earlier = query.options.get("run")
    if earlier is not None:
        run_id = id_of(history.find_run(tx, flow["workflowid"], earlier))
        flows = query.flows
        made = resubmit(tx, flows.programs, flows.seals, run_id, by=query.principal.user_id, is_test=True)
        return Answer(status=202, headers={"x-ms-workflow-run-id": made.name})
    called = read_to_test(tx, query.flows.programs, flow["workflowid"], None)
    declared = None if called.trigger is None else trigger_type(called.trigger)
    return _started_by_hand(tx, query, called, declared, is_test=True)


def _started_by_hand(
    tx: Transaction, query: Query, called: Called, declared: TriggerType | None, *, is_test: bool = False
) -> Answer:
    user_id = query.principal.user_id
    is_called = declared is not None and declared.is_called
    outputs = button_outputs(tx, user_id, dict(query.body), tx.now) if is_called or query.body else NOTHING
    runs = start_by_hand(tx, called, user_id, outputs, query.flows.seals, is_test=is_test)
    headers = {"x-ms-workflow-run-id": runs[0].name} if runs else {}
    return Answer(status=202, headers=headers)


def list_callback_url(tx: Transaction, query: Query) -> Answer:
    """Return the address at which a trigger is called; whoever knows it may call the flow."""
    flow = query.own_flow(tx)
    trigger = _named(query, flow)
    declared = trigger_type(trigger)
    if declared is None or not declared.is_called:
        raise TriggerHasNoAddress(trigger.name)
    addresses, workflow_id, key = query.flows.addresses, flow["workflowid"], flow["addresskey"]
    url = addresses.of_trigger(workflow_id, trigger.name, key, query.base_url)
    inputs = trigger.inputs if isinstance(trigger.inputs, dict) else {}
    method = inputs.get("method")
    answer: Shape = {
        "value": url,
        "method": method.upper() if isinstance(method, str) and method else "POST",
        "basePath": query.base_url + urlsplit(url).path,
        "queries": addresses.queries(workflow_id, trigger.name, key),
    }
    if isinstance(inputs.get("relativePath"), str):
        answer["relativePath"] = inputs["relativePath"]
    return Answer(answer)


def list_histories(tx: Transaction, query: Query) -> Answer:
    """Return what a trigger saw, the newest first."""
    flow = query.flow(tx)
    trigger = _named(query, flow)
    text = query.options.get("$filter")
    page = history.list_histories(
        tx,
        flow["workflowid"],
        trigger.name,
        status=status_conditions(text, FlowTriggerHistory.c.status),
        fired=status_test(text)("Succeeded"),
        reach=query.reach(tx, flow),
        top=query.top,
        after=query.after,
    )
    return query.listed([_history(tx, query, flow, trigger.name, row) for row in page.rows], page.after)


def get_history(tx: Transaction, query: Query) -> Answer:
    """Return one look of a trigger: that of a run, or one that started none."""
    flow = query.flow(tx)
    trigger, name = _named(query, flow), query.path["history"]
    row = history.find_history(tx, flow["workflowid"], name)
    if row is not None and row["triggername"] == trigger.name:
        return Answer(unfired_history(flow["workflowid"], trigger.name, row))
    runs = history.list_runs(
        tx, flow["workflowid"], conditions=[*query.reach(tx, flow), history.named(name)], top=1
    )
    if not runs.rows or runs.rows[0]["triggername"] != trigger.name:
        raise TriggerHistoryNotFound(name)
    return Answer(_history(tx, query, flow, trigger.name, runs.rows[0]))


def _history(tx: Transaction, query: Query, flow: Row, trigger_name: str, row: Row) -> Shape:
    if "flowrunid" in row:
        return fired_history(RunShapes(row, query.links(tx)))
    return unfired_history(flow["workflowid"], trigger_name, row)


_TRIGGER = "/{workflow}/triggers/{trigger}"
FLOW_CALLS = (
    ManagementCall("GET", "", list_flows),
    ManagementCall("GET", "/{workflow}", get_flow),
    ManagementCall("PUT", "/{workflow}", put_flow, writes=True),
    ManagementCall("DELETE", "/{workflow}", delete_flow, writes=True),
    *(
        ManagementCall("POST", f"/{{workflow}}/{word}", answer, writes=True)
        for word, answer in (
            ("enable", enable_flow),
            ("start", enable_flow),
            ("disable", disable_flow),
            ("stop", disable_flow),
            ("regenerateAccessKey", regenerate_key),
        )
    ),
    ManagementCall("POST", "/{workflow}/validate", validate_flow),
    ManagementCall("POST", "/{workflow}/test", test_flow, writes=True),
    ManagementCall("GET", "/{workflow}/versions", list_versions),
    ManagementCall("GET", "/{workflow}/versions/{version}", get_version),
    ManagementCall("GET", "/{workflow}/triggers", list_triggers),
    ManagementCall("GET", _TRIGGER, get_trigger),
    ManagementCall("POST", f"{_TRIGGER}/run", run_trigger, writes=True),
    ManagementCall("POST", f"{_TRIGGER}/listCallbackUrl", list_callback_url),
    ManagementCall("GET", f"{_TRIGGER}/histories", list_histories),
    ManagementCall("GET", f"{_TRIGGER}/histories/{{history}}", get_history),
)
"""The calls about flows, by method and address."""
