"""The tables of row-change events: who wants to know of which rows, and what is still to be told."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from deskhand.entities.declare import (
    BigInt,
    DateTime,
    Entity,
    EntityName,
    Guid,
    Integer,
    Memo,
    PrimaryKey,
    String,
)


class ChangeMessage(StrEnum):
    """What happened to a row; the value is the trigger's ``SdkMessage``."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


class SubscribedMessage(IntEnum):
    """Of what a subscription is told. Source: cloud-flows 2.6."""

    ADDED = 1
    DELETED = 2
    MODIFIED = 3
    ADDED_OR_MODIFIED = 4
    ADDED_OR_DELETED = 5
    MODIFIED_OR_DELETED = 6
    ADDED_OR_MODIFIED_OR_DELETED = 7


class SubscriptionScope(IntEnum):
    """Whose rows a subscription is for, counted from its owner. Source: cloud-flows 2.6."""

    USER = 1
    BUSINESS_UNIT = 2
    PARENT_CHILD_BUSINESS_UNITS = 3
    ORGANIZATION = 4


class RowSubscription(Entity, indexes=(("entity", "message"), ("workflowid",))):
    """A cloud flow wants to know when rows of a table change. Source: cloud-flows 2.6."""

    rowsubscriptionid = PrimaryKey("The subscription's id.")
    entity = EntityName("The table's logical name.")
    message = Integer("Of what it is told, a SubscribedMessage.")
    scope = Integer("Whose rows it is for, a SubscriptionScope.")
    filteringattributes = Memo("The columns of which one has to change, as a JSON list; null for any.")
    workflowid = Guid("The flow.")
    ownerid = Guid("As whom it looks: what they may not read is not told.")
    createdon = DateTime("When it was made.")


class RowChange(Entity, indexes=(("position",), ("rowsubscriptionid",))):
    """A change that a subscription has not been told of yet; the row goes when it has."""

    rowchangeid = PrimaryKey("The change's id.")
    rowsubscriptionid = Guid("Who is told.")
    position = BigInt("Grows with every change, so that they are told in order.")
    entity = EntityName("The changed row's table.")
    rowid = Guid("The changed row.")
    message = String("What happened to it, a ChangeMessage.")
    modifiedby = Guid("Who did it; null for the server itself.")
    createdon = DateTime("When.")
    snapshot = Memo("The row as the change left it, or took it away, as JSON by logical column name.")
