"""What is refused about rows. Source: dataverse-api 7; clients search for these texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.errors import DeskhandError, did_you_mean
from deskhand.entities.declare import AccessRight, Column, Entity, Privilege
from deskhand.entities.workqueue import ItemStatus
from deskhand.identity.principals import Principal

_USER_TYPE_CODE = 8


Row: TypeAlias = Mapping[str, Any] | sa.RowMapping
"""A row by logical column name."""


def type_name(entity: type[Entity]) -> str:
    """Return a table's name as the entity data model has it."""
    return f"Microsoft.Dynamics.CRM.{entity.logical_name}"


class ObjectDoesNotExist(DeskhandError):
    """There is no row with this id, or none that this request may see.

    A flow that was never published is seen only with the header ``MSCRM.IncludeUnpublished: true``.
    """

    code = "DH1101"

    def __init__(self, entity: type[Entity], row_id: UUID) -> None:
        super().__init__(f"{entity.logical_name} With Id = {row_id} Does Not Exist")
        self.entity = entity
        self.row_id = row_id


class PrivilegeDenied(DeskhandError):
    """No role of the caller gives the privilege that the operation needs.

    An administrator can assign a role that does.
    """

    code = "DH1102"

    def __init__(self, principal: Principal, privilege: Privilege, entity: type[Entity]) -> None:
        super().__init__(
            f"Principal user (Id={principal.user_id}, type={_USER_TYPE_CODE}, "
            f"roleCount={principal.role_count}, privilegeCount={len(principal.privileges)}, accessMode=0) "
            f"is missing {privilege.name} privilege (Id={privilege.id}) on OTC={entity.type_code} "
            f"for entity '{entity.logical_name}'. context.Caller={principal.user_id}"
        )
        self.principal = principal
        self.privilege = privilege
        self.entity = entity


class AccessDenied(DeskhandError):
    """The caller holds the privilege, but not so far as to reach this row.

    The row's owner can share it, or an administrator can give the role more depth.
    """

    code = "DH1103"

    def __init__(self, principal: Principal, entity: type[Entity], row: Row, right: AccessRight) -> None:
        super().__init__(
            "SecLib::AccessCheckEx failed. Returned hr = -2147187962, "
            f"ObjectID: {row[entity.primary_key]}, OwnerId: {row['ownerid']}, "
            f"OwnerIdType: {_USER_TYPE_CODE} and CallingUser: {principal.user_id}. "
            f"ObjectTypeCode: {entity.type_code}, objectBusinessUnitId: {row['owningbusinessunit']}, "
            f"AccessRights: {right}Access"
        )
        self.principal = principal
        self.entity = entity
        self.right = right


class UnknownColumn(DeskhandError):
    """A query names a column that the table does not have.

    Lookups are written ``_name_value`` in queries. ``$metadata`` lists the columns.
    """

    code = "DH1104"

    def __init__(self, entity: type[Entity], name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"Could not find a property named '{name}' on type '{type_name(entity)}'."
            f"{_sentence(did_you_mean(name, known))}"
        )
        self.entity = entity
        self.name = name


class ValueMismatch(DeskhandError):
    """A query compares a column with something that its type does not have."""

    code = "DH1105"

    def __init__(self, where: str, position: int, column: str, expected: str) -> None:
        super().__init__(
            f"Syntax error at position {position} in {where}: the column ‘{column}’ is compared with "
            f"something else than {expected}."
        )


class QueryMeaningless(DeskhandError):
    """A query is well written, but what it asks for makes no sense on this table."""

    code = "DH1106"

    def __init__(self, where: str, position: int, problem: str) -> None:
        super().__init__(f"Syntax error at position {position} in {where}: {problem}.")


class SkipTokenInvalid(DeskhandError):
    """A ``$skiptoken`` is not one that this server gave for the same list.

    Follow ``@odata.nextLink`` as it was given.
    """

    code = "DH1107"

    def __init__(self) -> None:
        super().__init__("The $skiptoken is not one of this list's; follow @odata.nextLink as it was given.")


class UndeclaredProperty(DeskhandError):
    """A row is to be written with a column that the table does not have, or that nobody may set."""

    code = "DH1108"

    def __init__(self, entity: type[Entity], name: str) -> None:
        super().__init__(
            _payload_error(
                entity,
                f"The property '{name}' does not exist on type '{type_name(entity)}'"
                f"{did_you_mean(name, entity.columns) or '.'}",
            )
        )
        self.entity = entity
        self.name = name


class WrongValueType(DeskhandError):
    """A row is to be written with a value of another type than its column has."""

    code = "DH1109"

    def __init__(self, entity: type[Entity], column: Column, value: object) -> None:
        super().__init__(
            _payload_error(
                entity,
                f"The property '{column.name}' takes {column.edm_type}, and a value of type "
                f"{type(value).__name__} was given.",
            )
        )
        self.entity = entity


class TextTooLong(DeskhandError):
    """A text has more characters than its column holds."""

    code = "DH1110"

    def __init__(self, entity: type[Entity], name: str, limit: int) -> None:
        super().__init__(
            f"A validation error occurred.  The length of the '{name}' attribute of the "
            f"'{entity.logical_name}' entity exceeded the maximum allowed length of '{limit}'."
        )


class OptionOutOfRange(DeskhandError):
    """A choice column is to hold a number that is none of its options."""

    code = "DH1111"

    def __init__(self, entity: type[Entity], name: str, value: int) -> None:
        super().__init__(
            f"A validation error occurred.  The value {value} of '{name}' on record of type "
            f"'{entity.logical_name}' is outside the valid range."
        )


class NumberOutOfRange(DeskhandError):
    """A whole number is outside its column's bounds."""

    code = "DH1112"

    def __init__(self, entity: type[Entity], name: str, value: int, least: int, most: int) -> None:
        super().__init__(
            f"A validation error occurred.  The value {value} of '{name}' on record of type "
            f"'{entity.logical_name}' is not between {least} and {most}."
        )


class StatusNotOfState(DeskhandError):
    """``statuscode`` and ``statecode`` do not belong together."""

    code = "DH1113"

    def __init__(self, entity: type[Entity], status: int, state: int) -> None:
        super().__init__(
            f"{status} is not a valid status code for state code {state} on {entity.logical_name}."
        )


class DuplicateRecord(DeskhandError):
    """Another row already has this id, or a name that has to be unique."""

    code = "DH1114"

    def __init__(self, entity: type[Entity]) -> None:
        super().__init__("A record with matching key values already exists.")
        self.entity = entity


class VersionMismatch(DeskhandError):
    """The row has changed since the caller read the version it names in ``If-Match``.

    Read the row again and decide anew.
    """

    code = "DH1115"

    def __init__(self, entity: type[Entity], row_id: UUID) -> None:
        super().__init__("The version of the existing record doesn't match the RowVersion property provided.")
        self.entity = entity
        self.row_id = row_id


class OperationNotSupported(DeskhandError):
    """Rows of this table are not created, changed or deleted this way: they are the server's own.

    Machines come by registration, runs by ``RunDesktopFlow``, users and roles by the command line.
    """

    code = "DH6300"

    def __init__(self, entity: type[Entity], operation: str) -> None:
        super().__init__(
            f"The '{operation}' method does not support entities of type '{entity.logical_name}'."
        )
        self.entity = entity
        self.operation = operation


class PropertyReadOnly(DeskhandError):
    """A row is to be written with a column that only the server writes."""

    code = "DH6301"

    def __init__(self, entity: type[Entity], name: str) -> None:
        super().__init__(
            _payload_error(
                entity, f"The property '{name}' of '{type_name(entity)}' is read-only. Leave it out."
            )
        )
        self.entity = entity
        self.name = name


class ColumnRequired(DeskhandError):
    """A row would lack a value that every row of its table has."""

    code = "DH6302"

    def __init__(self, entity: type[Entity], name: str) -> None:
        super().__init__(f"The column '{name}' of '{entity.logical_name}' cannot be empty. Give it a value.")
        self.entity = entity
        self.name = name


class KeyDoesNotExist(DeskhandError):
    """No row has the values of the alternate key by which it is addressed."""

    code = "DH6303"

    def __init__(self, entity: type[Entity]) -> None:
        super().__init__(
            f"A record with the specified key values does not exist in {entity.logical_name} entity"
        )
        self.entity = entity


class OwnerNeedsNoShare(DeskhandError):
    """A row cannot be shared with its owner, who may do everything with it already."""

    code = "DH1116"

    def __init__(self) -> None:
        super().__init__("It is theirs already, so there is nothing to share. Share it with somebody else.")


class IdMismatch(DeskhandError):
    """The body names another id than the address does; an id never changes."""

    code = "DH6304"

    def __init__(self, entity: type[Entity], row_id: UUID) -> None:
        super().__init__(
            _payload_error(
                entity,
                f"The property '{entity.primary_key}' is not {row_id} as in the address. Leave it out.",
            )
        )
        self.entity = entity


class QueueNotActive(DeskhandError):
    """A work queue gives out no items while it is paused or inactive; activate it first."""

    code = "DH6310"

    def __init__(self, name: str | None) -> None:
        super().__init__(f"RecordNotActive: the work queue ‘{name}’ is paused or stopped. Activate it first.")


class QueueSchemaFixed(DeskhandError):
    """The schema of a work queue's input stays as it is once it is set; make another queue."""

    code = "DH6311"

    def __init__(self, name: str) -> None:
        super().__init__(f"The inputschema of the work queue ‘{name}’ is set and cannot change any more.")


class ItemStatusRefused(DeskhandError):
    """A work queue item does not go from the status that it has to the one that it is to get.

    Its processing begins with ``Dequeue``, so that nobody else begins it as well.
    """

    code = "DH6312"

    def __init__(self, before: ItemStatus | None, after: ItemStatus, allowed: Iterable[ItemStatus]) -> None:
        where = "A new item" if before is None else f"An item with the statuscode {before.value}"
        known = ", ".join(str(one.value) for one in allowed)
        super().__init__(f"{where} cannot get the statuscode {after.value}. It may get {known}.")
        self.before = before
        self.after = after


class ItemInProcessing(DeskhandError):
    """While a work queue item is processed only its notes and its status change.

    Its input does too where the queue has ``allowupdateinputwhileprocessing`` set to 2.
    """

    code = "DH6313"

    def __init__(self, columns: Iterable[str]) -> None:
        super().__init__(
            f"The work queue item is being processed, so {', '.join(columns)} cannot change now."
        )


def _payload_error(entity: type[Entity], problem: str) -> str:
    return (
        f"Error identified in Payload provided by the user for Entity :'{entity.set_name}', For more "
        "information on this error please follow this help link "
        f"https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : {problem}"
    )


def _sentence(suggestion: str) -> str:
    """Turn ``; did you mean ‘x’?`` into a sentence of its own."""
    return f" {suggestion[2:3].upper()}{suggestion[3:]}" if suggestion else ""
