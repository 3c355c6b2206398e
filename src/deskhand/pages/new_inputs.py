"""Inputs that desktop flows gained since the cloud flow that runs them was saved. Source: experience 4.2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.examining import read_stored
from deskhand.cloudflows.usage import usage_of
from deskhand.editor.outline import outline
from deskhand.entities.declare import AccessRight
from deskhand.entities.workflow import Category, ComponentState, Workflow, WorkflowVersion
from deskhand.pages.cloud_designer import cloud_flow_row
from deskhand.pages.declare import PageContext, endpoint
from deskhand.records.security import has_access
from deskhand.robin.parameters import flow_inputs

_W, _V = Workflow.c, WorkflowVersion.c


@dataclass(frozen=True, slots=True)
class NewInputs:
    """What a step could not give yet when it was saved.

    Attributes:
        step: The step that runs a desktop flow.
        flow_id: The desktop flow.
        names: The inputs that it gained since, in its order.
    """

    step: str
    flow_id: UUID
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepsWithNewInputs:
    """The steps of a cloud flow whose desktop flows gained inputs.

    Attributes:
        items: The steps, in the definition's order.
    """

    items: tuple[NewInputs, ...]


@endpoint("GET", "/cloudflows/{flow_id}/newinputs")
def steps_with_new_inputs(context: PageContext, *, flow_id: UUID) -> StepsWithNewInputs:
    """Return which inputs the desktop flows of a cloud flow gained since it was saved last.

    A desktop flow that the caller may not read is left out.

    Args:
        flow_id: The cloud flow.
    """
    row = cloud_flow_row(context, flow_id)
    newest = sa.select(_V.createdon).where(_V.workflowid == flow_id).order_by(_V.number.desc())
    saved: datetime | None = context.tx.execute(newest.limit(1)).scalar()
    if saved is None:
        return StepsWithNewInputs(())
    used = usage_of(read_stored(row["clientdata"], row["metadata"])).desktop_flows
    flow_ids = {one.flow_id for one in used if one.flow_id is not None}
    gained = {one: _gained(context, one, saved) for one in flow_ids}
    found = ((use.action, use.flow_id, gained[use.flow_id]) for use in used if use.flow_id is not None)
    return StepsWithNewInputs(tuple(NewInputs(*one) for one in found if one[2]))


def _gained(context: PageContext, flow_id: UUID, since: datetime) -> tuple[str, ...]:
    """Return the inputs of what is published of a desktop flow that were not in it at a moment."""
    published = sa.select(Workflow.table).where(
        _W.workflowid == flow_id,
        _W.category == Category.DESKTOP_FLOW.value,
        _W.componentstate == ComponentState.PUBLISHED.value,
    )
    row = context.tx.execute(published).mappings().first()
    if row is None or not has_access(context.tx, context.principal, Workflow, row, AccessRight.READ):
        return ()
    versions = sa.select(_V.definition).where(_V.workflowid == flow_id, _V.createdon <= since)
    former: str | None = context.tx.execute(versions.order_by(_V.number.desc()).limit(1)).scalar()
    if former is None or former == row["definition"]:
        return ()
    before = set(_inputs(former))
    return tuple(one for one in _inputs(row["definition"] or "") if one not in before)


def _inputs(text: str) -> tuple[str, ...]:
    script = outline(text).script
    return () if script is None else tuple(one.name for one in flow_inputs(script))
