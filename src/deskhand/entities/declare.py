"""A table is a class; its columns are values.

From a declaration follow the SQL table for both databases, the EDM type and navigation properties,
the eight privileges, validation and the reference page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, IntEnum, StrEnum
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.ids import stable_id

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every SQL table of the product; migrations are checked against it."""


_LONGEST_IDENTIFIER = 63
"""PostgreSQL takes no longer names."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite, which knows no offsets, holds it naive, as text."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Bring an instant to UTC."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give an instant its offset back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    # Instants stand in every row of every run: for SQLite one step each way, not SQLAlchemy's three.

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
        """Return what writes an instant as the driver takes it."""
        return _instant_as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what reads what the driver found."""
        return _instant_of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _instant_as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _instant_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def has_instant(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that an instant is set, as a range of which an index makes use.

    SQLite uses none to find what is not null: it would look at every row there is.
    """
    return column > sa.literal(datetime(1970, 1, 1, tzinfo=UTC), Instant())


class Ownership(StrEnum):
    """Whose a row is; the value is the metadata's ``OwnershipType``."""

    USER = "UserOwned"
    ORGANIZATION = "OrganizationOwned"


class AccessRight(StrEnum):
    """What a privilege allows on a table. Source: dataverse-api 12."""

    CREATE = "Create"
    READ = "Read"
    WRITE = "Write"
    DELETE = "Delete"
    APPEND = "Append"
    APPEND_TO = "AppendTo"
    ASSIGN = "Assign"
    SHARE = "Share"


ALL_WRITES = (AccessRight.CREATE, AccessRight.WRITE, AccessRight.DELETE)
"""What clients may do to the rows of a table that is theirs."""


class Depth(IntEnum):
    """How far a privilege reaches: own rows up to the whole organisation."""

    BASIC = 1
    LOCAL = 2
    DEEP = 3
    GLOBAL = 4


@dataclass(frozen=True, slots=True)
class Privilege:
    """One access right on one table."""

    id: UUID
    name: str
    table: str
    right: AccessRight


@dataclass(slots=True)
class Column:
    """One column of a table.

    Attributes:
        doc: What it holds, one sentence.
        writable: Whether clients may set it.
        required: Whether a row must have it.
        default: The value of a row that does not name it.
        internal: Kept out of the Web API: no client sees it.
        name: The logical name, taken from the class.
    """

    doc: str = ""
    writable: bool = True
    required: bool = False
    default: Any = None
    internal: bool = False
    name: str = ""

    attribute_type: ClassVar[str] = ""
    edm_type: ClassVar[str] = ""
    sql: ClassVar[Any]

    @property
    def api_name(self) -> str:
        """Return the property name in rows: the logical name, but ``_x_value`` for lookups."""
        return self.name

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """Return the column's type in both databases."""
        kind: sa.types.TypeEngine[Any] = self.sql
        return kind


@dataclass(slots=True)
class PrimaryKey(Column):
    """The row's id."""

    writable: bool = True
    required: bool = True
    attribute_type: ClassVar[str] = "Uniqueidentifier"
    edm_type: ClassVar[str] = "Edm.Guid"
    sql: ClassVar[Any] = sa.Uuid()


@dataclass(slots=True)
class Guid(Column):
    """An id that is no lookup."""

    attribute_type: ClassVar[str] = "Uniqueidentifier"
    edm_type: ClassVar[str] = "Edm.Guid"
    sql: ClassVar[Any] = sa.Uuid()


@dataclass(slots=True)
class String(Column):
    """A text of bounded length, in characters."""

    max_length: int = 100
    attribute_type: ClassVar[str] = "String"
    edm_type: ClassVar[str] = "Edm.String"

    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """Return a text type of this length."""
        return sa.String(self.max_length)


@dataclass(slots=True)
class Memo(Column):
    """A long text, bounded in characters; often JSON."""

    max_length: int = 1_048_576
    attribute_type: ClassVar[str] = "Memo"
    edm_type: ClassVar[str] = "Edm.String"
    sql: ClassVar[Any] = sa.Text()


@dataclass(slots=True)
class EntityName(Column):
    """A table's logical name."""

    attribute_type: ClassVar[str] = "EntityName"
    edm_type: ClassVar[str] = "Edm.String"
    sql: ClassVar[Any] = sa.String(100)


@dataclass(slots=True)
class Integer(Column):
    """A 32-bit whole number."""

    least: int = -(2**31)
    most: int = 2**31 - 1
    attribute_type: ClassVar[str] = "Integer"
    edm_type: ClassVar[str] = "Edm.Int32"
    sql: ClassVar[Any] = sa.Integer()


@dataclass(slots=True)
class BigInt(Column):
    """A 64-bit whole number."""

    attribute_type: ClassVar[str] = "BigInt"
    edm_type: ClassVar[str] = "Edm.Int64"
    sql: ClassVar[Any] = sa.BigInteger()


@dataclass(slots=True)
class Double(Column):
    """A floating-point number."""

    attribute_type: ClassVar[str] = "Double"
    edm_type: ClassVar[str] = "Edm.Double"
    sql: ClassVar[Any] = sa.Double()


@dataclass(slots=True)
class Boolean(Column):
    """True or false."""

    attribute_type: ClassVar[str] = "Boolean"
    edm_type: ClassVar[str] = "Edm.Boolean"
    sql: ClassVar[Any] = sa.Boolean()


@dataclass(slots=True)
class DateTime(Column):
    """An instant in UTC."""

    attribute_type: ClassVar[str] = "DateTime"
    edm_type: ClassVar[str] = "Edm.DateTimeOffset"
    sql: ClassVar[Any] = Instant()


@dataclass(slots=True)
class Blob(Column):
    """Bytes; always internal."""

    internal: bool = True
    sql: ClassVar[Any] = sa.LargeBinary()


@dataclass(slots=True)
class Choice(Column):
    """One of a fixed set of numbers with labels.

    Attributes:
        options: An ``IntEnum``; a member ``TIMED_OUT`` is labelled from :attr:`labels` or ``TimedOut``.
        labels: Labels that do not follow from the member's name.
    """

    options: type[IntEnum] = IntEnum
    labels: Mapping[int, str] | None = None
    attribute_type: ClassVar[str] = "Picklist"
    edm_type: ClassVar[str] = "Edm.Int32"
    sql: ClassVar[Any] = sa.Integer()

    def label(self, value: int) -> str:
        """Return the label of one option."""
        given = (self.labels or {}).get(value)
        return given or self.options(value).name.title().replace("_", "")


@dataclass(slots=True)
class State(Choice):
    """``statecode``: whether the row is active."""

    attribute_type: ClassVar[str] = "State"


@dataclass(slots=True)
class Status(Choice):
    """``statuscode``: the reason of the state.

    Attributes:
        states: The state that each status belongs to; a status left out belongs to state 0.
    """

    states: Mapping[int, int] | None = None
    attribute_type: ClassVar[str] = "Status"

    def state_of(self, value: int) -> int:
        """Return the state that a status belongs to."""
        return (self.states or {}).get(value, 0)


@dataclass(slots=True)
class Lookup(Column):
    """A row of another table.

    Attributes:
        target: The logical name of that table.
        navigation: The navigation property, case-sensitive; the column's own name if empty.
        cascade: Whether this row is deleted with that one; otherwise it only loses the lookup.
    """

    target: str = ""
    navigation: str = ""
    cascade: bool = False
    attribute_type: ClassVar[str] = "Lookup"
    edm_type: ClassVar[str] = "Edm.Guid"
    sql: ClassVar[Any] = sa.Uuid()

    @property
    def api_name(self) -> str:
        """Return ``_x_value``."""
        return f"_{self.name}_value"

    @property
    def navigation_property(self) -> str:
        """Return the name under which a client expands or binds it."""
        return self.navigation or self.name


@dataclass(slots=True)
class File(Column):
    """Bytes kept beside the row; the row itself shows the file's id.

    Attributes:
        max_kb: The largest file in kilobytes.
        mimetype: What it holds.
    """

    max_kb: int = 32_768
    mimetype: str = "application/json"
    attribute_type: ClassVar[str] = "File"
    edm_type: ClassVar[str] = "Edm.Binary"
    sql: ClassVar[Any] = sa.Uuid()


class ActiveState(IntEnum):
    """The states of most tables."""

    ACTIVE = 0
    INACTIVE = 1


class ActiveStatus(IntEnum):
    """The statuses of most tables."""

    ACTIVE = 1
    INACTIVE = 2


def _standard_columns(ownership: Ownership) -> dict[str, Column]:
    """Return the columns that every table has (dataverse-api 11, conventions)."""
    columns: dict[str, Column] = {
        "statecode": State("Whether the row is active.", default=0, options=ActiveState),
        "statuscode": Status(
            "The reason of the state.", default=1, options=ActiveStatus, states={ActiveStatus.INACTIVE: 1}
        ),
        "createdon": DateTime("When the row was created.", writable=False),
        "modifiedon": DateTime("When the row last changed.", writable=False),
        "createdby": Lookup("Who created the row.", writable=False, target="systemuser"),
        "modifiedby": Lookup("Who last changed the row.", writable=False, target="systemuser"),
        "versionnumber": BigInt("Grows with every change of any row.", writable=False),
    }
    if ownership is Ownership.USER:
        columns |= {
            "ownerid": Lookup("Whose the row is.", target="systemuser"),
            "owningbusinessunit": Lookup("The owner's unit.", writable=False, target="businessunit"),
            "owninguser": Lookup("The owner, when a user.", writable=False, target="systemuser"),
        }
    return columns


class Entity:
    """Base of all tables; a subclass without ``set_name`` is a table of ours that no client sees.

    Class arguments:
        set_name: The entity set, such as ``flowsessions``.
        ownership: Whose rows are.
        type_code: The object type code that error messages name.
        schema_name: The name in privileges and metadata; the logical name if not given.
        primary_name: The column that names a row for people.
        indexes: Column tuples to index; a tuple that starts with ``unique`` is a unique index.
        alternate_keys: Column tuples by which clients may address a row; each is a unique index.
        client_writes: What clients may do to rows over the Web API beside reading: create, write, delete.
            The rows of a table without any are the server's own.
        co_owned_by: The lookup to what the row belongs to: with whom that is shared as co-owner sees the row
            and changes it, too.
    """

    logical_name: ClassVar[str]
    set_name: ClassVar[str | None]
    schema_name: ClassVar[str]
    ownership: ClassVar[Ownership]
    type_code: ClassVar[int]
    columns: ClassVar[Mapping[str, Column]]
    primary_key: ClassVar[str]
    primary_name: ClassVar[str]
    alternate_keys: ClassVar[tuple[tuple[str, ...], ...]]
    client_writes: ClassVar[tuple[AccessRight, ...]]
    co_owned_by: ClassVar[str | None]
    table: ClassVar[sa.Table]
    c: ClassVar[sa.ColumnCollection[str, sa.Column[Any]]]

    def __init_subclass__(
        cls,
        set_name: str | None = None,
        ownership: Ownership = Ownership.USER,
        type_code: int = 0,
        schema_name: str = "",
        primary_name: str = "name",
        primary_key: str = "",
        indexes: tuple[tuple[str, ...], ...] = (),
        alternate_keys: tuple[tuple[str, ...], ...] = (),
        client_writes: tuple[AccessRight, ...] = (),
        co_owned_by: str | None = None,
    ) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        if set_name:
            own = own | {
                name: column for name, column in _standard_columns(ownership).items() if name not in own
            }
        for name, column in own.items():
            column.name = name
        cls.logical_name = cls.__name__.lower()
        cls.set_name = set_name
        cls.schema_name = schema_name or cls.logical_name
        cls.ownership = ownership
        cls.type_code = type_code
        cls.columns = own
        cls.primary_key = primary_key or next(
            name for name, column in own.items() if isinstance(column, PrimaryKey)
        )
        cls.primary_name = primary_name
        cls.alternate_keys = alternate_keys
        cls.client_writes = client_writes
        cls.co_owned_by = co_owned_by
        cls.table = _sql_table(cls, indexes + tuple(("unique", *key) for key in alternate_keys))
        cls.c = cls.table.c
        if set_name:
            REGISTRY[cls.logical_name] = cls

    @classmethod
    def privileges(cls) -> tuple[Privilege, ...]:
        """Return the table's privileges; their ids never change (dataverse-api 12)."""
        rights = [
            right
            for right in AccessRight
            if cls.ownership is Ownership.USER or right not in (AccessRight.ASSIGN, AccessRight.SHARE)
        ]
        return tuple(cls.privilege(right) for right in rights)

    @classmethod
    def privilege(cls, right: AccessRight) -> Privilege:
        """Return one of the table's privileges; spelt as the product's error text spells it."""
        return _privilege(cls.logical_name, cls.schema_name, right)


@cache
def _privilege(logical_name: str, schema_name: str, right: AccessRight) -> Privilege:
    name = f"prv{right}{schema_name}"
    return Privilege(stable_id("privilege", name), name, logical_name, right)


REGISTRY: dict[str, type[Entity]] = {}
"""The tables that clients see, by logical name; filled by :mod:`deskhand.entities.tables`."""


def _sql_table(entity: type[Entity], indexes: tuple[tuple[str, ...], ...]) -> sa.Table:
    columns = [
        sa.Column(
            column.name,
            column.sql_type(),
            primary_key=isinstance(column, PrimaryKey) and column.name == _sql_key(entity),
            nullable=not (column.required and isinstance(column, PrimaryKey)),
        )
        for column in entity.columns.values()
    ]
    return sa.Table(entity.logical_name, METADATA, *columns, *_indexes(entity, indexes))


def _sql_key(entity: type[Entity]) -> str:
    """Return the SQL primary key: the first one declared (a draft shares its row's public id)."""
    return next(name for name, column in entity.columns.items() if isinstance(column, PrimaryKey))


def _indexes(entity: type[Entity], indexes: tuple[tuple[str, ...], ...]) -> Iterator[sa.Index]:
    for names in indexes:
        unique = names[0] == "unique"
        used = names[1:] if unique else names
        prefix = "uq" if unique else "ix"
        name = f"{prefix}_{entity.logical_name}_{'_'.join(used)}"
        yield sa.Index(name[:_LONGEST_IDENTIFIER], *used, unique=unique)


def entity_by_set(set_name: str) -> type[Entity] | None:
    """Return the table with an entity set name; set names are lower case."""
    return next((one for one in REGISTRY.values() if one.set_name == set_name), None)


def plain(value: Any) -> Any:
    """Return an enum member as the number or text that a column holds."""
    return value.value if isinstance(value, Enum) else value
