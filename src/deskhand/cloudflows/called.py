"""A flow whose trigger is called. Source: cloud-flows 2.2."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from deskhand.cloudflows.activation import current_version
from deskhand.cloudflows.errors import CloudFlowNotFound, TriggerNotEnabled, TriggerNotFound
from deskhand.cloudflows.flows import Flow, find_flow
from deskhand.cloudflows.parameters import parameter_values
from deskhand.cloudflows.program import Program
from deskhand.cloudflows.programs import Programs
from deskhand.store.database import Transaction
from deskhand.wdl.definition import Trigger, walk
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class Called:
    """A flow whose trigger is called, read at one moment.

    Attributes:
        trigger: The trigger; None for a flow that has none.
    """

    flow: Flow
    program: Program
    trigger: Trigger | None
    parameters: dict[str, Value]


def read_called(tx: Transaction, programs: Programs, workflow_id: UUID, trigger_name: str | None) -> Called:
    """Read a flow whose trigger is called.

    Args:
        tx: The open transaction.
        programs: The programs of flows.
        workflow_id: The flow.
        trigger_name: The trigger; None for the flow's first.

    Raises:
        CloudFlowNotFound: There is no such flow.
        TriggerNotFound: It has no such trigger.
        TriggerNotEnabled: It is switched off.
    """
    flow = _find(tx, workflow_id)
    program = programs.find(tx, flow.version_id) if flow.version_id and flow.is_on else None
    if program is None:
        raise TriggerNotEnabled(flow.name, trigger_name or "manual")
    return _called(tx, flow, program, trigger_name)


def read_to_test(tx: Transaction, programs: Programs, workflow_id: UUID, trigger_name: str | None) -> Called:
    """Read a flow as its definition stands, to try it out whether or not it is on.

    Args:
        tx: The open transaction.
        programs: The programs of flows.
        workflow_id: The flow.
        trigger_name: The trigger; None for the flow's first.

    Raises:
        CloudFlowNotFound: There is no such flow.
        CloudFlowInvalid: Its definition has faults.
        TriggerNotFound: It has no such trigger.
    """
    program = programs.find(tx, current_version(tx, workflow_id))
    assert program is not None, "the version was kept just now"
    return _called(tx, _find(tx, workflow_id), program, trigger_name)


def _find(tx: Transaction, workflow_id: UUID) -> Flow:
    flow = find_flow(tx, workflow_id)
    if flow is None:
        raise CloudFlowNotFound(workflow_id)
    return flow


def _called(tx: Transaction, flow: Flow, program: Program, trigger_name: str | None) -> Called:
    trigger = program.trigger if trigger_name is None else program.trigger_named(trigger_name)
    if trigger is None and trigger_name is not None:
        raise TriggerNotFound(flow.name, trigger_name)
    return Called(flow, program, trigger, parameter_values(tx, program))


def answers(program: Program) -> bool:
    """Tell whether a flow can answer its caller: it has a Response."""
    return any(one.type.casefold() == "response" for one in walk(program.definition.actions))
