"""History in the shapes of the management API. Source: cloud-flows 7.2.

Beyond the service's own members there are few: ``waiting`` says why a run or an action waits, ``linked`` what
an action has started, ``resumedRun`` which run another one goes on from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from deskhand.cloudflows.contents import ContentLinks, Part, TriggerRecord, secured
from deskhand.cloudflows.declare import Status
from deskhand.cloudflows.history import Iteration, Link, RepeatedAction, attempts_of, iteration_status
from deskhand.cloudflows.journal import read_value, write_value
from deskhand.cloudflows.program import Node, Program
from deskhand.cloudflows.resuming import FAILED
from deskhand.cloudflows.runstate import repetition_of
from deskhand.cloudflows.scope import wire_time
from deskhand.cloudflows.waiting import Waiting
from deskhand.orchestrator.rows import Row
from deskhand.wdl.values import Value

Shape = dict[str, Value]


@dataclass(frozen=True, slots=True)
class RunShapes:
    """Writes one run and what belongs to it.

    Attributes:
        run: The run's row.
        links: Makes links to contents.
        program: The definition that the run has; None if it is no longer kept.
        may_resume: Whether nobody has gone on from the run yet.
    """

    run: Row
    links: ContentLinks
    program: Program | None = None
    may_resume: bool = True

    @property
    def path(self) -> str:
        """Return the run's id in the management API."""
        return f"{flow_path(self.run['workflow'])}/runs/{self.run['name']}"

    def resource(self, **expanded: Value) -> Shape:
        """Return the run; what was asked for with ``$expand`` is given beside its own properties."""
        return _resource(self.path, self.run["name"], "workflows/runs", {**self._properties(), **expanded})

    def _properties(self) -> Shape:
        run, flow = self.run, flow_path(self.run["workflow"])
        version = str(run["flowversionid"])
        properties: Shape = {
            "waitEndTime": wire_time(run["waitendtime"] or run["starttime"]),
            **_span(run["starttime"], run["endtime"]),
            "status": run["status"],
            **_end(run["code"], _run_error(run)),
            "correlation": {"clientTrackingId": run["clienttrackingid"]},
            "workflow": {"id": f"{flow}/versions/{version}", "name": version, "type": "workflows/versions"},
            "trigger": self.listed_trigger(),
            "outputs": read_value(run["outputs"]) if run.get("outputs") else {},
        }
        if run["responseactionid"] is not None:
            link = self.links.link(run["flowrunid"], Part.ACTION_OUTPUTS, action_id=run["responseactionid"])
            properties["response"] = {"outputsLink": link}
        if run["resumedrunid"] is not None:
            name = run["originhistoryname"]
            properties["resumedRun"] = {"id": f"{flow}/runs/{name}", "name": name}
        if run["istest"]:
            properties["isTest"] = True
        return properties

    def listed_trigger(self) -> Shape:
        """Return the trigger as a list shows it: whether it had inputs or outputs is not looked up there."""
        run = self.run
        return {
            "name": run["triggername"] or "",
            "triggerType": run["triggertype"],
            "outputsLink": self.links.link(run["flowrunid"], Part.TRIGGER_OUTPUTS),
            **_span(run["starttime"], run["starttime"]),
            "originHistoryName": run["originhistoryname"] or run["name"],
            "correlation": {"clientTrackingId": run["clienttrackingid"]},
            "code": "OK",
            "status": "Succeeded",
        }

    def trigger(self, record: TriggerRecord) -> Shape:
        """Return the trigger with what the run keeps of it."""
        shape = self.listed_trigger()
        del shape["outputsLink"]
        for side, part in (("inputs", Part.TRIGGER_INPUTS), ("outputs", Part.TRIGGER_OUTPUTS)):
            if side in record.hidden:
                shape[f"{side}Link"] = secured(side)
            elif side in record.values:
                size = len(write_value(record.values[side]))
                shape[f"{side}Link"] = self.links.link(self.run["flowrunid"], part, size)
        if "scheduledTime" in record.values:
            shape["scheduledTime"] = record.values["scheduledTime"]
        return shape

    # Actions

    def actions(
        self,
        single: Iterable[Row],
        repeated: Sequence[RepeatedAction],
        started: Mapping[UUID, Link],
        waiting: Sequence[Waiting],
    ) -> dict[str, Shape]:
        """Return the properties of every action, by name: those in loops each as a whole."""
        counts = {one.name: one.count for one in repeated}
        found = {row["name"]: self.action(row, started, waiting) for row in single}
        for name, properties in found.items():
            found[name] = properties | self._iteration_count(name, counts)
        for one in repeated:
            found[one.name] = self._whole(one) | self._iteration_count(one.name, counts)
        return found

    def _iteration_count(self, name: str, counts: Mapping[str, int]) -> Shape:
        """Return how often an Until has gone round: as often as what stands directly within it."""
        node = None if self.program is None else self.program.node(name)
        if node is None or node.action.type.casefold() != "until":
            return {}
        inside = [counts.get(one, 0) for plan in node.branches.values() for one in plan.nodes]
        return {"iterationCount": max(inside, default=0)}

    def _whole(self, one: RepeatedAction) -> Shape:
        return {
            "repetitionCount": one.count,
            "canResubmit": False,
            **_span(one.started, one.ended),
            "correlation": {"clientTrackingId": self.run["clienttrackingid"]},
            "status": str(one.status),
            "code": "ActionFailed" if one.status is Status.FAILED else "NotSpecified",
        }

    def action(self, row: Row, started: Mapping[UUID, Link], waiting: Sequence[Waiting] = ()) -> Shape:
        """Return the properties of an action's record."""
        properties: Shape = {}
        for side, part in (("inputs", Part.ACTION_INPUTS), ("outputs", Part.ACTION_OUTPUTS)):
            link = self._link(row, side, part)
            if link is not None:
                properties[f"{side}Link"] = link
        properties |= {
            "canResubmit": self._can_resubmit(row),
            **_span(row["starttime"], row["endtime"]),
            "correlation": {
                "actionTrackingId": str(row["flowrunactionid"]),
                "clientTrackingId": self.run["clienttrackingid"],
            },
            "status": row["status"],
            **_end(row["code"], None if row["error"] is None else json.loads(row["error"])),
        }
        if row["trackedproperties"] is not None and not (row["hasinputs"] or row["hasoutputs"]):
            properties["trackedProperties"] = json.loads(row["trackedproperties"])
        if attempts := attempts_of(row):
            properties["retryHistory"] = attempts
        if row["endtime"] is not None and row["state"] is not None and "mocked" in row["state"]:
            properties["executionMode"] = "StaticResults"
        if (known := started.get(row["linkedid"])) is not None:
            properties["linked"] = linked_value(known)
        mine = [one for one in waiting if (one.action, one.repetition) == (row["name"], row["repetition"])]
        return properties | ({"waiting": mine[0].as_value()} if mine else {})

    def _link(self, row: Row, side: str, part: Part) -> Shape | None:
        size = row[f"{side}size"]
        if size is not None:
            return self.links.link(self.run["flowrunid"], part, size, row["flowrunactionid"])
        return secured(side) if row[f"has{side}"] else None

    def _can_resubmit(self, row: Row) -> bool:
        ended = Status(self.run["status"]).is_final
        return ended and self.may_resume and not row["repetition"] and Status(row["status"]) in FAILED

    def action_resource(self, name: str, properties: Shape) -> Shape:
        """Return an action with its place in the management API."""
        return _resource(f"{self.path}/actions/{name}", name, "workflows/runs/actions", properties)

    # Repetitions

    def repetition(self, row: Row, started: Mapping[UUID, Link]) -> Shape:
        """Return one repetition of an action in a loop."""
        name, action = row["repetition"], row["name"]
        node = None if self.program is None else self.program.node(action)
        properties = {
            **self.action(row, started),
            "repetitionIndexes": _indexes(name, () if node is None else node.loops),
        }
        place = f"{self.path}/actions/{action}/repetitions/{name}"
        return _resource(place, name, "workflows/runs/actions/repetitions", properties)

    def iteration(self, loop: Node, iteration: Iteration) -> Shape:
        """Return one iteration of a loop."""
        plan = next(iter(loop.branches.values()))
        status = iteration_status(plan, iteration)
        name = iteration.repetition
        properties: Shape = {
            **_span(iteration.started, iteration.ended),
            "correlation": {"clientTrackingId": self.run["clienttrackingid"]},
            "status": str(status),
            "code": "ActionFailed" if status is Status.FAILED else "NotSpecified",
            "repetitionIndexes": _indexes(name, (*loop.loops, loop.name)),
        }
        place = f"{self.path}/actions/{loop.name}/scopeRepetitions/{name}"
        return _resource(place, name, "workflows/runs/actions/scopeRepetitions", properties)

    def requests(self, row: Row, inputs: Value, outputs: Value) -> list[Shape]:
        """Return the requests of an action that calls: those that were repeated, and the last one.

        Of the repeated ones only their times and ends are kept. Source: cloud-flows 7.3.
        """
        place = f"{self.path}/actions/{row['name']}/requestHistories"
        attempts = [
            {**{name: one[name] for name in ("startTime", "endTime", "code", "error") if name in one}}
            for one in attempts_of(row)
        ]
        last: Shape = {
            **_span(attempts[-1]["endTime"] if attempts else row["starttime"], row["endtime"]),
            "request": self._request(row, inputs),
        }
        if isinstance(outputs, Mapping) and "statusCode" in outputs:
            last["response"] = self._response(row, outputs)
        return [
            _resource(
                f"{place}/{number:06d}", f"{number:06d}", "workflows/runs/actions/requestHistories", one
            )
            for number, one in enumerate([*attempts, last])
        ]

    def _request(self, row: Row, inputs: Value) -> Shape:
        given = inputs if isinstance(inputs, Mapping) else {}
        request = {name: given[name] for name in ("method", "uri", "headers") if name in given}
        link = self._link(row, "inputs", Part.ACTION_INPUTS)
        return request | ({"bodyLink": link} if link is not None and "body" in given else {})

    def _response(self, row: Row, outputs: Mapping[str, Any]) -> Shape:
        response = {name: outputs[name] for name in ("statusCode", "headers") if name in outputs}
        link = self._link(row, "outputs", Part.ACTION_OUTPUTS)
        return response | ({"bodyLink": link} if link is not None and "body" in outputs else {})


def flow_path(workflow_id: object) -> str:
    """Return a flow's id in the management API."""
    return f"/workflows/{workflow_id}"


def linked_value(link: Link) -> Shape:
    """Return what an action has started."""
    return {"type": link.kind, "id": str(link.id), "name": link.name, "status": link.status}


def fired_history(shapes: RunShapes) -> Shape:
    """Return the trigger history that tells of a run."""
    run = shapes.run
    properties = {
        **shapes.listed_trigger(),
        "fired": True,
        "run": {"id": shapes.path, "name": run["name"], "type": "workflows/runs"},
    }
    return _history(run["workflow"], run["triggername"] or "", run["name"], properties)


def unfired_history(workflow_id: UUID, trigger_name: str, row: Row) -> Shape:
    """Return a look of a trigger that started no run."""
    properties: Shape = {
        **_span(row["starttime"], row["endtime"]),
        "status": row["status"],
        "fired": False,
        **_end(row["code"], None if row["error"] is None else json.loads(row["error"])),
    }
    if row["scheduledtime"] is not None:
        properties["scheduledTime"] = wire_time(row["scheduledtime"])
    return _history(workflow_id, trigger_name, row["name"], properties)


def _history(workflow_id: UUID, trigger_name: str, name: str, properties: Shape) -> Shape:
    place = f"{flow_path(workflow_id)}/triggers/{trigger_name}/histories/{name}"
    return _resource(place, name, "workflows/triggers/histories", properties)


def _resource(place: str, name: str, kind: str, properties: Shape) -> Shape:
    return {"id": place, "name": name, "type": kind, "properties": properties}


def _span(started: Any, ended: datetime | None) -> Shape:
    begin = started if isinstance(started, str) else wire_time(started)
    return {"startTime": begin} | ({} if ended is None else {"endTime": wire_time(ended)})


def _end(code: str | None, error: Value) -> Shape:
    ended: Shape = {"code": code} if code else {}
    return ended if error is None else {**ended, "error": error}


def _run_error(run: Row) -> Value:
    if run["errorcode"] is None:
        return None
    return {"code": run["errorcode"], "message": run["errormessage"] or ""}


def _indexes(name: str, loops: Sequence[str]) -> list[Value]:
    return [
        {"scopeName": loop, "itemIndex": index}
        for loop, index in zip(loops, repetition_of(name), strict=False)
    ]
