"""Reading rows: lists, single rows, properties and their raw values. Source: dataverse-api 3 and 4.6."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from deskhand.entities.declare import Boolean, Column, Entity, File, Lookup
from deskhand.odata import nodes
from deskhand.odata.parser import parse_query
from deskhand.records.lists import Page, count, retrieve_multiple
from deskhand.records.query import selected_columns
from deskhand.records.references import RowReference, row_id_of
from deskhand.records.serialize import (
    FORMATTED_VALUE,
    Includes,
    Labels,
    Row,
    Shape,
    etag,
    lookup_names,
    readable_columns,
    row_writer,
    selected_shape,
    to_value,
    whole_row,
)
from deskhand.records.service import retrieve
from deskhand.store.database import Transaction
from deskhand.store.files import StoredFile, read_file
from deskhand.webapi.calls import Act, Call
from deskhand.webapi.refusals import NotBuiltYet, UnknownSegment, UnsupportedQueryOption
from deskhand.webapi.replies import Reply, json_reply

_COUNT = "Microsoft.Dynamics.CRM.totalrecordcount"
_COUNT_EXCEEDED = "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"
_MOST_COUNTED = 5_000


def list_reader(call: Call, entity: type[Entity], page_size: int) -> Act:
    """Return what answers a list.

    Args:
        call: The request.
        entity: The table.
        page_size: Rows of a page that the caller does not size.

    Raises:
        UnknownColumn: The query names a column that there is not.
        QueryMalformed: The query cannot be read.
    """
    query = parse_query(call.query)
    shape = _shape(entity, query)
    return partial(_list, call, shape, query, call.preferences.page_size or page_size)


def _list(call: Call, shape: Shape, query: nodes.Query, page_size: int, tx: Transaction) -> Reply:
    page = retrieve_multiple(
        tx,
        call.principal,
        shape.entity,
        query,
        include_unpublished=call.include_unpublished,
        page_size=page_size,
    )
    write = row_writer(shape, _includes(call), _labels(tx, call, shape, page.rows))
    content: dict[str, Any] = {"@odata.context": f"{call.root}$metadata#{shape.context}"}
    content |= _counts(call, page)
    content["value"] = [write(row) for row in page.rows]
    if page.next_token is not None:
        content["@odata.nextLink"] = _next_link(call, page.next_token)
    return json_reply(content, headers=call.preferences.applied(paged=True))


def _counts(call: Call, page: Page) -> dict[str, Any]:
    counted: dict[str, Any] = {} if page.count is None else {"@odata.count": page.count}
    if call.preferences.includes(_COUNT):
        counted[f"@{_COUNT}"] = -1 if page.count is None else page.count
    if call.preferences.includes(_COUNT_EXCEEDED) and page.count is not None:
        counted[f"@{_COUNT_EXCEEDED}"] = page.count_exceeded
    return counted


def _next_link(call: Call, skiptoken: str) -> str:
    """Return the address of the next page: the same options, and where to go on."""
    options = [one for one in call.query.split("&") if one and not _is_skiptoken(one)]
    options.append(f"$skiptoken={quote(skiptoken, safe='')}")
    return f"{call.root}{call.path}?{'&'.join(options)}"


def _is_skiptoken(option: str) -> bool:
    return unquote(option.partition("=")[0]).strip() == "$skiptoken"


def count_reader(call: Call, entity: type[Entity]) -> Act:
    """Return what answers ``/$count``."""
    query = parse_query(call.query)
    return partial(_count, call, entity, query)


def _count(call: Call, entity: type[Entity], query: nodes.Query, tx: Transaction) -> Reply:
    number = count(tx, call.principal, entity, query, include_unpublished=call.include_unpublished)
    return Reply(200, str(number).encode(), {"Content-Type": "text/plain"})


def row_reader(call: Call, entity: type[Entity], row: RowReference) -> Act:
    """Return what answers a single row.

    Raises:
        UnknownColumn: The query names a column that there is not.
        UnsupportedQueryOption: An option of lists is used on a row.
    """
    return partial(_row, call, row_shape(call, entity), row)


def row_shape(call: Call, entity: type[Entity]) -> Shape:
    """Return the columns of a single row that a query asks for.

    Raises:
        UnknownColumn: The query names a column that there is not.
        UnsupportedQueryOption: An option of lists is used on a row.
    """
    query = parse_query(call.query)
    _check_row_options(query)
    return _shape(entity, query)


def _check_row_options(query: nodes.Query) -> None:
    used = {
        "$filter": query.filter,
        "$orderby": query.order,
        "$top": query.top,
        "$count": query.count,
        "$skiptoken": query.skiptoken,
    }
    for name, value in used.items():
        if value:
            raise UnsupportedQueryOption(name, "a single row")


def _row(call: Call, shape: Shape, row: RowReference, tx: Transaction) -> Reply:
    found = _retrieve(call, shape.entity, row, shape.columns, tx)
    if _is_known(call, etag(found)):
        return Reply(304, headers={"ETag": etag(found)})
    return _reply(call, shape, found, tx, 200, call.preferences.applied())


def row_reply(
    call: Call, shape: Shape, row_id: UUID, tx: Transaction, *, status: int, headers: Mapping[str, str]
) -> Reply:
    """Return a row that was written, as the caller may read it."""
    found = _retrieve(call, shape.entity, row_id, shape.columns, tx)
    return _reply(call, shape, found, tx, status, headers)


def _reply(
    call: Call, shape: Shape, row: Row, tx: Transaction, status: int, headers: Mapping[str, str]
) -> Reply:
    write = row_writer(shape, _includes(call), _labels(tx, call, shape, [row]))
    content = {"@odata.context": f"{call.root}$metadata#{shape.context}/$entity", **write(row)}
    return json_reply(content, status, {"ETag": etag(row), **headers})


def _is_known(call: Call, tag: str) -> bool:
    """Return whether the caller has this version; the word ``null`` is no condition (dataverse-api 2.1)."""
    known = call.headers.get("if-none-match", "").split(",")
    return any(one.strip().removeprefix("W/") in ("*", tag.removeprefix("W/")) for one in known)


def property_reader(call: Call, entity: type[Entity], row: RowReference, column: Column) -> Act:
    """Return what answers one property as JSON; of a file, its bytes in base64."""
    return partial(_property, call, entity, row, column)


def _property(call: Call, entity: type[Entity], row: RowReference, column: Column, tx: Transaction) -> Reply:
    found = _retrieve(call, entity, row, (column,), tx)
    value = found[column.name]
    if value is None:
        return Reply(204)
    headers: dict[str, str] = {}
    if isinstance(column, File):
        file = read_file(tx, value)
        if file is None:
            return Reply(204)
        headers = {**_file_headers(file), "Location": f"{call.root}{call.path}"}
        value = base64.b64encode(file.content).decode("ascii")
    context = f"{call.root}$metadata#{entity.set_name}({found[entity.primary_key]})/{column.api_name}"
    return json_reply({"@odata.context": context, "value": to_value(value)}, headers=headers)


def value_reader(call: Call, entity: type[Entity], row: RowReference, column: Column) -> Act:
    """Return what answers a property's raw value: a text as it is kept, a file as its bytes."""
    return partial(_value, call, entity, row, column)


def _value(call: Call, entity: type[Entity], row: RowReference, column: Column, tx: Transaction) -> Reply:
    value = _retrieve(call, entity, row, (column,), tx)[column.name]
    if value is None:
        return Reply(204)
    if isinstance(column, File):
        file = read_file(tx, value)
        if file is None:
            return Reply(204)
        headers = {"Content-Type": "application/octet-stream", **_file_headers(file)}
        return Reply(200, file.content, headers)
    text = str(value).lower() if isinstance(column, Boolean) else str(to_value(value))
    return Reply(200, text.encode(), {"Content-Type": "text/plain;charset=utf-8"})


def _file_headers(file: StoredFile) -> dict[str, str]:
    name = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in file.filename)
    quoted = name.replace("\\", "_").replace('"', "_")
    return {
        "Content-Disposition": f'attachment; filename="{quoted}"',
        "x-ms-file-name": name,
        "x-ms-file-size": str(len(file.content)),
        "mimetype": file.mimetype,
    }


def find_lookup(entity: type[Entity], navigation: str) -> Lookup | None:
    """Return the lookup of a navigation property, or None if there is no such property."""
    for column in readable_columns(entity):
        if isinstance(column, Lookup) and column.navigation_property == navigation:
            return column
    return None


def find_column(entity: type[Entity], name: str) -> Column:
    """Return the column that a segment of an address names.

    Raises:
        UnknownSegment: There is no such column.
        NotBuiltYet: It is a navigation property.
    """
    columns = readable_columns(entity)
    for column in columns:
        if name == column.api_name:
            return column
    if find_lookup(entity, name) is not None:
        raise NotBuiltYet(f"Following the navigation property {name}")
    raise UnknownSegment(name, (column.api_name for column in columns))


def _retrieve(
    call: Call, entity: type[Entity], row: RowReference, columns: Iterable[Column], tx: Transaction
) -> Row:
    return retrieve(
        tx,
        call.principal,
        entity,
        row_id_of(tx, row),
        include_unpublished=call.include_unpublished,
        columns=[column.name for column in columns],
    )


def _shape(entity: type[Entity], query: nodes.Query) -> Shape:
    columns = selected_columns(entity, query)
    return whole_row(entity) if columns is None else selected_shape(entity, columns)


def _includes(call: Call) -> Includes | None:
    return call.preferences.includes if call.preferences.annotations else None


def _labels(tx: Transaction, call: Call, shape: Shape, rows: Iterable[Row]) -> Labels:
    """Return the names of the rows that lookups point to, where they are asked for."""
    if not call.preferences.includes(FORMATTED_VALUE):
        return {}
    return lookup_names(tx, shape, rows)
