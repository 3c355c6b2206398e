"""Whether values fit a table's columns. Source: dataverse-api 7 and 11."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from deskhand.entities.declare import (
    BigInt,
    Choice,
    Column,
    Double,
    Entity,
    EntityName,
    Integer,
    Memo,
    State,
    Status,
    String,
    plain,
)
from deskhand.records.errors import (
    NumberOutOfRange,
    OptionOutOfRange,
    StatusNotOfState,
    TextTooLong,
    UndeclaredProperty,
    WrongValueType,
)

_TYPES: Mapping[str, tuple[type, ...]] = {
    "Edm.String": (str,),
    "Edm.Guid": (UUID,),
    "Edm.Binary": (UUID,),
    "Edm.Int32": (int,),
    "Edm.Int64": (int,),
    "Edm.Double": (float, int),
    "Edm.Boolean": (bool,),
    "Edm.DateTimeOffset": (datetime,),
    "": (bytes,),
}
_LONGEST_ENTITY_NAME = 100
_LEAST_BIG, _MOST_BIG = -(2**63), 2**63 - 1


def checked_values(entity: type[Entity], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values as its columns hold them; state and status are made to agree.

    Args:
        entity: The table.
        values: Values by logical column name.

    Raises:
        UndeclaredProperty: A column does not exist.
        WrongValueType: A value has another type than its column.
        TextTooLong: A text does not fit.
        OptionOutOfRange: A number is no option of a choice column.
        NumberOutOfRange: A number is out of bounds.
        StatusNotOfState: State and status do not belong together.
    """
    checked: dict[str, Any] = {}
    for name, value in values.items():
        column = entity.columns.get(name)
        if column is None:
            raise UndeclaredProperty(entity, name)
        checked[name] = plain(value)
        _check(entity, column, checked[name])
    return checked | _agreeing_state(entity, checked)


def _check(entity: type[Entity], column: Column, value: Any) -> None:
    if value is None:
        return
    if not _has_type(column, value):
        raise WrongValueType(entity, column, value)
    match column:
        case String() | Memo() if len(value) > column.max_length:
            raise TextTooLong(entity, column.name, column.max_length)
        case EntityName() if len(value) > _LONGEST_ENTITY_NAME:
            raise TextTooLong(entity, column.name, _LONGEST_ENTITY_NAME)
        case Choice() if value not in {option.value for option in column.options}:
            raise OptionOutOfRange(entity, column.name, value)
        case Integer() if not column.least <= value <= column.most:
            raise NumberOutOfRange(entity, column.name, value, column.least, column.most)
        case BigInt() if not _LEAST_BIG <= value <= _MOST_BIG:
            raise NumberOutOfRange(entity, column.name, value, _LEAST_BIG, _MOST_BIG)
        case Double() if not math.isfinite(value):
            raise WrongValueType(entity, column, value)


def _has_type(column: Column, value: Any) -> bool:
    if isinstance(value, bool):  # which Python takes for a whole number
        return column.edm_type == "Edm.Boolean"
    return isinstance(value, _TYPES[column.edm_type])


def _agreeing_state(entity: type[Entity], values: Mapping[str, Any]) -> dict[str, int]:
    """Return state and status where one is given: a status has one state, a state a first status."""
    status, state = values.get("statuscode"), values.get("statecode")
    column = entity.columns.get("statuscode")
    if not isinstance(column, Status) or not isinstance(entity.columns.get("statecode"), State):
        return {}
    if status is not None:
        if state is not None and column.state_of(status) != state:
            raise StatusNotOfState(entity, status, state)
        return {"statecode": column.state_of(status)}
    if state is None:
        return {}
    statuses = (option.value for option in column.options)
    first = next((one for one in statuses if column.state_of(one) == state), None)
    return {} if first is None else {"statuscode": first}
