"""Dataverse: a row of this server's own tables was added, modified or deleted. Source: cloud-flows 2.6.

Switching on subscribes to the table's changes; :mod:`deskhand.cloudflows.row_changes` starts the runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeVar
from uuid import UUID

from deskhand.cloudflows.declare import AUTOMATED, Field, TriggerType, TriggerView, declare_trigger
from deskhand.cloudflows.triggers.errors import RunAsRefused, TriggerInputsInvalid
from deskhand.entities.changes import SubscribedMessage, SubscriptionScope
from deskhand.entities.declare import REGISTRY, AccessRight, Depth, Entity, entity_by_set
from deskhand.entities.security import SystemUser
from deskhand.identity.accounts import load_principal
from deskhand.identity.errors import UserNotMember
from deskhand.records.serialize import lookup_names, row_writer, whole_row
from deskhand.records.subscriptions import Change, check_columns, check_filter, subscribe
from deskhand.store.database import Transaction
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value

_PREFIX = "subscriptionRequest"

N = TypeVar("N", bound=IntEnum)


class RunAs(IntEnum):
    """As whom the runs are started."""

    MODIFYING_USER = 1
    ROW_OWNER = 2
    FLOW_OWNER = 3


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a trigger wants to be told of.

    Attributes:
        attributes: The columns of which a modification has to touch one; empty for any.
        filter: The ``$filter`` that the row has to fit; empty for none.
    """

    entity: type[Entity]
    message: SubscribedMessage
    scope: SubscriptionScope
    attributes: tuple[str, ...]
    filter: str
    run_as: RunAs


def read_subscription(view: TriggerView) -> Subscription:
    """Return what a trigger wants to be told of.

    Raises:
        TriggerInputsInvalid: A parameter is missing, or is none of those that it may be.
    """
    inputs = view.trigger.inputs
    parameters = view.evaluate(member(inputs, "parameters")) if isinstance(inputs, Mapping) else None
    given = parameters if isinstance(parameters, Mapping) else {}
    name = view.trigger.name
    return Subscription(
        entity=_entity(name, _given(given, "entityname")),
        message=_option(name, "message", SubscribedMessage, _given(given, "message")),
        scope=_option(name, "scope", SubscriptionScope, _given(given, "scope")),
        attributes=_attributes(_given(given, "filteringattributes")),
        filter=str(_given(given, "filterexpression") or "").strip(),
        run_as=_option(name, "runas", RunAs, _given(given, "runas") or RunAs.FLOW_OWNER),
    )


def _given(parameters: Mapping[str, Value], name: str) -> Value:
    """Return a parameter, written as one name with a slash or within an object."""
    nested = member(parameters, _PREFIX)
    found = member(parameters, f"{_PREFIX}/{name}")
    return member(nested, name) if found is None and isinstance(nested, Mapping) else found


def _entity(trigger: str, name: Value) -> type[Entity]:
    folded = str(name or "").casefold()
    entity = REGISTRY.get(folded) or entity_by_set(folded)
    if entity is None or entity.set_name is None:
        raise TriggerInputsInvalid(trigger, f"there is no table ‘{name}’")
    return entity


def _option(trigger: str, name: str, options: type[N], value: Value) -> N:
    try:
        return options(int(str(value)))
    except ValueError:
        numbers = f"{min(options)} to {max(options)}"
        raise TriggerInputsInvalid(trigger, f"‘{name}’ is ‘{value}’; it is from {numbers}") from None


def _attributes(value: Value) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in str(value or "").split(","))))


def _begin(view: TriggerView) -> datetime | None:
    subscription = read_subscription(view)
    check_columns(subscription.entity, subscription.attributes)
    if subscription.filter:
        check_filter(subscription.entity, subscription.filter)
    return None


def _subscribe(view: TriggerView, tx: Transaction, workflow_id: UUID, owner_id: UUID) -> Value:
    subscription = read_subscription(view)
    if subscription.run_as is not RunAs.FLOW_OWNER and not _may_act_for_others(tx, owner_id):
        raise RunAsRefused(view.trigger.name)
    made = subscribe(
        tx,
        subscription.entity,
        message=subscription.message,
        scope=subscription.scope,
        filtering_attributes=subscription.attributes,
        workflow_id=workflow_id,
        owner_id=owner_id,
    )
    return {"subscription": str(made)}


def _may_act_for_others(tx: Transaction, user_id: UUID) -> bool:
    """Tell whether somebody may let runs start as others: who may change every user could be any of them."""
    try:
        principal = load_principal(tx, user_id)
    except UserNotMember:
        return False
    return principal.depth(SystemUser.privilege(AccessRight.WRITE).name) == Depth.GLOBAL


def started_by(tx: Transaction, subscription: Subscription, change: Change, owner_id: UUID) -> UUID:
    """Return as whom the run of a change is started.

    Args:
        tx: The open transaction.
        subscription: What the trigger wants.
        change: What happened.
        owner_id: Whose the flow is.
    """
    if subscription.run_as is RunAs.FLOW_OWNER or not _may_act_for_others(tx, owner_id):
        return owner_id
    wanted = change.by if subscription.run_as is RunAs.MODIFYING_USER else change.row.get("ownerid")
    return wanted or owner_id


def outputs_of(tx: Transaction, change: Change) -> dict[str, Value]:
    """Return what a trigger gives: the row as the Web API shows it, and what happened to it."""
    entity = REGISTRY[change.entity]
    shape = whole_row(entity)
    row: dict[str, Any] = {column.name: change.row.get(column.name) for column in shape.columns}
    write = row_writer(shape, lambda _: True, lookup_names(tx, shape, [row]))
    return {"body": {**write(row), "SdkMessage": change.message.value}}


ROW_CHANGED = declare_trigger(
    TriggerType(
        name="shared_commondataserviceforapps/SubscribeWebhookTrigger",
        title="When a row is added, modified or deleted",
        doc="Starts a run when a row of a table changes that the flow's owner may read.",
        kind=AUTOMATED,
        fields=(
            Field(f"inputs/parameters/{_PREFIX}/message", "Change type", type="integer", required=True),
            Field(f"inputs/parameters/{_PREFIX}/entityname", "Table name", type="string", required=True),
            Field(f"inputs/parameters/{_PREFIX}/scope", "Scope", type="integer", required=True),
            Field(f"inputs/parameters/{_PREFIX}/filteringattributes", "Select columns", type="string"),
            Field(f"inputs/parameters/{_PREFIX}/filterexpression", "Filter rows", type="string"),
            Field(f"inputs/parameters/{_PREFIX}/runas", "Run as", type="integer"),
        ),
        begin=_begin,
        subscribe=_subscribe,
        differs="Runs begin at once, whatever ‘Delay until’ says. Only those who may change every user may "
        "let runs start as others.",
    )
)
