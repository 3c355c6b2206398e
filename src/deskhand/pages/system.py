"""The installation: its settings, its health, who did what. For System Administrators."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.log import MASK
from deskhand.core.settings import Settings
from deskhand.entities.flowmachine import FlowMachine
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.entities.flowsession import FlowLog, FlowSession
from deskhand.entities.signing_in import AuditEvent
from deskhand.entities.storage import Callback, FileContent
from deskhand.entities.workflow import Workflow
from deskhand.pages.declare import PageContext, endpoint
from deskhand.pages.lists import LIMIT, Sort, contains, page
from deskhand.pages.session import require_administrator
from deskhand.store.migrate import REVISIONS

_E = AuditEvent.c
_IN_URL = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")
_COUNTED = (Workflow, FlowSession, FlowLog, FlowRun, FlowRunAction, FlowMachine, FileContent, Callback)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting.

    Attributes:
        name: Its name.
        doc: What it means.
        value: What is in force; passwords in addresses are hidden.
        default: What it is where nobody sets it.
        changed: Whether somebody set it.
        source: Where it was set: a file, or a variable of the environment.
        variable: The variable of the environment that sets it.
    """

    name: str
    doc: str
    value: Any
    default: Any
    changed: bool
    source: str | None
    variable: str


@dataclass(frozen=True, slots=True)
class SettingList:
    """The settings.

    Attributes:
        items: The settings, in the order of their declaration.
        file: The file that sets them.
    """

    items: tuple[SettingRow, ...]
    file: str


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """The installation and its health.

    Attributes:
        version: The server's version.
        python: The version of Python.
        system: The operating system.
        database: ``sqlite`` or ``postgresql``.
        revision: The revision that the database is at.
        newest_revision: The revision that this server needs.
        database_bytes: The size of the database.
        started_on: When this server process began.
        now: The server's time.
        data: The data directory.
        address: The server's address as the caller sees it.
        rows: How many rows the large tables have, by table; counting ends at 1,000,000.
    """

    version: str
    python: str
    system: str
    database: str
    revision: str
    newest_revision: str
    database_bytes: int | None
    started_on: datetime
    now: datetime
    data: str
    address: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line of the audit log.

    Attributes:
        id: The line.
        at: When.
        user_id: Who; null for the command line, and for somebody who could not sign in.
        user: Their name at that time.
        action: What they did.
        object_type: The table of what it was done to.
        object_id: What it was done to.
        object_name: Its name at that time.
        details: What else is known of it.
        address: The network address that the request came from.
    """

    id: UUID
    at: datetime
    user_id: UUID | None
    user: str | None
    action: str
    object_type: str | None
    object_id: UUID | None
    object_name: str | None
    details: Mapping[str, Any]
    address: str | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the audit log.

    Attributes:
        items: The lines, the newest first.
        next: The ``after`` of the next page; null on the last one.
    """

    items: tuple[AuditRow, ...]
    next: str | None


@endpoint("GET", "/settings")
def settings(context: PageContext) -> SettingList:
    """List the settings that are in force, and where each was changed."""
    require_administrator(context)
    file = str(Path(context.about.data, "deskhand.toml")) if context.about.data else ""
    return SettingList(tuple(_settings(context)), file)


@endpoint("GET", "/system")
def system(context: PageContext) -> SystemInfo:
    """Tell what the installation is, and how it is."""
    require_administrator(context)
    revision = context.tx.execute(_REVISION).scalar()
    return SystemInfo(
        version=context.about.version,
        python=platform.python_version(),
        system=platform.platform(terse=True),
        database=context.tx.dialect,
        revision=str(revision),
        newest_revision=REVISIONS[-1],
        database_bytes=_size(context),
        started_on=context.about.started,
        now=context.now,
        data=context.about.data,
        address=context.base_url,
        rows={one.logical_name: _count(context, one.table) for one in _COUNTED},
    )


@endpoint("GET", "/audit")
def audit(
    context: PageContext,
    *,
    search: str | None = None,
    user: UUID | None = None,
    action: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> AuditPage:
    """List who did what, the newest first.

    Args:
        search: Only lines whose user, action or object holds this text.
        user: Only what this user did.
        action: Only this action.
        since: Only at or after this instant.
        until: Only before this instant.
        after: The ``next`` of the page before.
        limit: How many at most.
    """
    require_administrator(context)
    query = sa.select(AuditEvent.table)
    if search:
        texts = (_E.username, _E.action, _E.objectname)
        query = query.where(sa.or_(*(contains(one, search.strip()) for one in texts)))
    equal = {_E.systemuserid: user, _E.action: action}
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    if since is not None:
        query = query.where(_E.createdon >= since)
    if until is not None:
        query = query.where(_E.createdon < until)
    sorts = {"at": Sort(_E.createdon)}
    found = page(context.tx, query, _E.auditeventid, sorts, sort="-at", after=after, limit=limit)
    return AuditPage(tuple(map(_line, found.rows)), found.next)


_REVISION = sa.select(sa.table("alembic_version", sa.column("version_num")).c.version_num)
_MOST_COUNTED = 1_000_000


def _settings(context: PageContext) -> Iterator[SettingRow]:
    sources = context.about.setting_sources
    for one in fields(Settings):
        value = getattr(context.settings, one.name)
        yield SettingRow(
            one.name,
            one.metadata["doc"],
            _shown(value),
            one.default,
            one.name in sources,
            sources.get(one.name),
            f"DESKHAND_{one.name.upper()}",
        )


def _shown(value: Any) -> Any:
    """Return a setting's value without the password that an address may hold."""
    return _IN_URL.sub(rf"\1:{MASK}@", value) if isinstance(value, str) else value


def _size(context: PageContext) -> int | None:
    if context.tx.dialect == "postgresql":
        query = sa.text("SELECT pg_database_size(current_database())")
    else:
        query = sa.text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    size: int | None = context.tx.execute(query).scalar()
    return size


def _count(context: PageContext, table: sa.Table) -> int:
    some: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(table).limit(_MOST_COUNTED)
    count: int = context.tx.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one()
    return count


def _line(row: sa.RowMapping) -> AuditRow:
    return AuditRow(
        row["auditeventid"],
        row["createdon"],
        row["systemuserid"],
        row["username"],
        row["action"],
        row["objecttype"],
        row["objectid"],
        row["objectname"],
        _details(row["details"]),
        row["address"],
    )


def _details(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        # Cut where it was too long.
        return {"text": text}
    return found if isinstance(found, dict) else {}
