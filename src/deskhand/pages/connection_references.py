"""Connection references: flows' names for connections, what each is bound to, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.connection_references import bind_reference, create_reference
from deskhand.cloudflows.usage import api_name
from deskhand.entities.declare import AccessRight
from deskhand.entities.flowmachine import Connection, ConnectionReference
from deskhand.entities.workflow import Category, ComponentState, Workflow
from deskhand.identity.audit import Thing, note
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.desktop_flows import FlowLink
from deskhand.pages.errors import BadParameter
from deskhand.pages.lists import contains, reach
from deskhand.pages.runs import FlowKind
from deskhand.pages.sharing import PersonRow, people_by_id
from deskhand.records import writing
from deskhand.records.security import has_access, visible
from deskhand.records.service import retrieve

_R, _W = ConnectionReference.c, Workflow.c
_MOST = 2_000
_MOST_USES = 100


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A connection reference.

    Attributes:
        id: The reference.
        logical_name: The name that flows and requests use.
        display_name: Its name for people.
        connector: The connector's name.
        connection: The name of the connection that it is bound to; null for none.
        connection_name: That connection's name for people; null where it is not there any more.
        owner: Whose it is.
        can_write: Whether the caller may bind it.
        can_delete: Whether the caller may delete it.
    """

    id: UUID
    logical_name: str
    display_name: str
    connector: str
    connection: str | None
    connection_name: str | None
    owner: PersonRow | None
    can_write: bool
    can_delete: bool


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """Connection references.

    Attributes:
        items: The references, by name.
        complete: Whether these are all.
    """

    items: tuple[ReferenceRow, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ReferenceUses:
    """Where a connection reference, or a connection by its references, is used.

    Attributes:
        flows: The flows that the caller may see, by name, the first ones.
    """

    flows: tuple[FlowLink, ...]


@dataclass(frozen=True, slots=True)
class ReferenceToMake:
    """A connection reference to make.

    Attributes:
        logical_name: The name that flows use.
        connector: The connector's name.
        display_name: Its name for people; the connector's where it is left out.
        connection: The connection that it is bound to.
    """

    logical_name: str
    connector: str
    display_name: str | None = None
    connection: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedReference:
    """A connection reference that was made.

    Attributes:
        id: The reference.
    """

    id: UUID


@dataclass(frozen=True, slots=True)
class Binding:
    """What a connection reference is bound to.

    Attributes:
        connection: The connection's name; null for none.
    """

    connection: str | None


@dataclass(frozen=True, slots=True)
class Replacement:
    """The connection that takes another one's place.

    Attributes:
        by: Its name.
    """

    by: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was bound to another connection.

    Attributes:
        references: The logical names of the references that were bound anew.
        kept: Those that the caller may not bind.
    """

    references: tuple[str, ...]
    kept: tuple[str, ...]


@endpoint("GET", "/references")
def references(context: PageContext) -> ReferenceList:
    """List the connection references that the caller may read, by name."""
    query = (
        sa.select(
            ConnectionReference.table,
            Connection.c.name.label("bound"),
            Connection.c.displayname.label("bound_name"),
        )
        .outerjoin(Connection.table, Connection.c.name == sa.func.lower(_R.connectionid))
        .where(reach(visible(context.principal, ConnectionReference)))
        .order_by(sa.func.lower(_R.connectionreferencelogicalname))
        .limit(_MOST + 1)
    )
    rows = context.tx.execute(query).mappings().all()
    owners = people_by_id(context, [row["ownerid"] for row in rows])
    items = tuple(_row(context, row, owners) for row in rows[:_MOST])
    return ReferenceList(items, len(rows) <= _MOST)


@endpoint("POST", "/references")
def make_reference(context: PageContext, *, body: ReferenceToMake) -> CreatedReference:
    """Make a connection reference of the caller's own.

    Args:
        body: What it is.
    """
    name = body.logical_name.strip()
    if not 1 <= len(name) <= 100:
        raise BadParameter("body.logicalName", "takes 1 to 100 characters.")
    made = create_reference(
        context.tx, context.principal, name, body.connector, display_name=body.display_name
    )
    if body.connection is not None:
        bind_reference(context.tx, context.principal, name, body.connection)
    note(context.tx, context.actor, "made a connection reference", _thing(made, name))
    return CreatedReference(made)


@endpoint("PUT", "/references/{reference_id}/connection")
def bind(context: PageContext, *, reference_id: UUID, body: Binding) -> None:
    """Bind a connection reference to a connection of its connector that the caller may use.

    Args:
        reference_id: The reference.
        body: The connection.
    """
    row = retrieve(context.tx, context.principal, ConnectionReference, reference_id)
    name = row["connectionreferencelogicalname"]
    bind_reference(context.tx, context.principal, name, body.connection)
    act = "unbound a connection reference" if body.connection is None else "bound a connection reference"
    note(context.tx, context.actor, act, _thing(reference_id, name), connection=body.connection)


@endpoint("DELETE", "/references/{reference_id}")
def remove_reference(context: PageContext, *, reference_id: UUID) -> None:
    """Delete a connection reference; flows that name it reach no connection by it.

    Args:
        reference_id: The reference.
    """
    row = retrieve(context.tx, context.principal, ConnectionReference, reference_id)
    writing.delete(context.tx, context.principal, ConnectionReference, reference_id)
    thing = _thing(reference_id, row["connectionreferencelogicalname"])
    note(context.tx, context.actor, "deleted a connection reference", thing)


@endpoint("GET", "/references/{reference_id}/uses")
def reference_uses(context: PageContext, *, reference_id: UUID) -> ReferenceUses:
    """Tell which flows use a connection reference, as far as the caller may see them.

    Args:
        reference_id: The reference.
    """
    row = retrieve(context.tx, context.principal, ConnectionReference, reference_id)
    return ReferenceUses(tuple(_flows_naming(context, [row["connectionreferencelogicalname"]])))


@endpoint("GET", "/connections/{name}/uses")
def connection_uses(context: PageContext, *, name: str) -> ReferenceUses:
    """Tell which flows use a connection by the references that are bound to it.

    Args:
        name: The connection's name.
    """
    bound = sa.select(_R.connectionreferencelogicalname).where(
        sa.func.lower(_R.connectionid) == name.lower(), reach(visible(context.principal, ConnectionReference))
    )
    return ReferenceUses(tuple(_flows_naming(context, list(context.tx.execute(bound).scalars()))))


@endpoint("POST", "/connections/{name}/replace")
def replace_connection(context: PageContext, *, name: str, body: Replacement) -> Replaced:
    """Bind what is bound to a connection to another one of the same connector.

    Args:
        name: The connection that is replaced.
        body: The one that takes its place.
    """
    query = sa.select(ConnectionReference.table).where(
        sa.func.lower(_R.connectionid) == name.lower(), reach(visible(context.principal, ConnectionReference))
    )
    done, kept = [], []
    for row in context.tx.execute(query.order_by(_R.connectionreferencelogicalname)).mappings().all():
        reference = row["connectionreferencelogicalname"]
        if not has_access(context.tx, context.principal, ConnectionReference, row, AccessRight.WRITE):
            kept.append(reference)
            continue
        bind_reference(context.tx, context.principal, reference, body.by)
        thing = _thing(row["connectionreferenceid"], reference)
        note(context.tx, context.actor, "bound a connection reference", thing, connection=body.by)
        done.append(reference)
    return Replaced(tuple(done), tuple(kept))


def _row(context: PageContext, row: sa.RowMapping, owners: Mapping[UUID, PersonRow]) -> ReferenceRow:
    def may(right: AccessRight) -> bool:
        return has_access(context.tx, context.principal, ConnectionReference, row, right)

    logical_name = row["connectionreferencelogicalname"]
    return ReferenceRow(
        id=row["connectionreferenceid"],
        logical_name=logical_name,
        display_name=row["connectionreferencedisplayname"] or logical_name,
        connector=api_name(row["connectorid"] or ""),
        connection=row["connectionid"],
        connection_name=(row["bound_name"] or row["bound"]) if row["bound"] else None,
        owner=owners.get(row["ownerid"]),
        can_write=may(AccessRight.WRITE),
        can_delete=may(AccessRight.DELETE),
    )


def _flows_naming(context: PageContext, names: list[Any]) -> Iterator[FlowLink]:
    """Return the flows whose texts name references, as they stand between quotation marks there."""
    if not names:
        return
    named = [contains(column, f'"{name}"') for name in names for column in (_W.clientdata, _W.definition)]
    query = sa.select(_W.workflowid, _W.name, _W.category).where(
        reach(visible(context.principal, Workflow)),
        _W.componentstate == ComponentState.PUBLISHED.value,
        _W.category.in_([Category.DESKTOP_FLOW.value, Category.MODERN_FLOW.value]),
        sa.or_(*named),
    )
    for row in context.tx.execute(query.order_by(_W.name).limit(_MOST_USES)):
        kind = FlowKind.DESKTOP if row.category == Category.DESKTOP_FLOW.value else FlowKind.CLOUD
        yield FlowLink(kind, row.workflowid, row.name)


def _thing(reference_id: UUID, name: str) -> Thing:
    return Thing(ConnectionReference.logical_name, reference_id, name)
