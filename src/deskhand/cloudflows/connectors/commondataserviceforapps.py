"""Microsoft Dataverse: the rows of this server's own tables, as the flow's owner may see and write them.

Source: cloud-flows 3.11, dataverse-api 4 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.cloudflows.dataverse import (
    NAMESPACE,
    Parameters,
    item_body,
    preferring,
    query_of,
    read_rows,
    required,
    row_path,
    segment,
    table_path,
    write_rows,
)
from deskhand.cloudflows.declare import Outcome, Step, connector
from deskhand.cloudflows.web_api import ApiRequest

DATAVERSE = connector(
    "shared_commondataserviceforapps",
    title="Microsoft Dataverse",
    doc="Reads and writes the rows of this server's tables, with the rights of the flow's owner.",
)

_TABLE = {"type": "string", "title": "Table name", "description": "The table's set, such as workqueueitems."}
_ROW = {"type": "string", "title": "Row ID"}
_ITEM = {"type": "object", "title": "Row item"}
_SELECT = {"type": "string", "title": "Select columns"}
_EXPAND = {"type": "string", "title": "Expand query"}
_JSON = {"Content-Type": "application/json"}


def _schema(*needed: str, **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(needed), "properties": properties}


@DATAVERSE.operation(
    "ListRecords",
    title="List rows",
    inputs={
        "type": "object",
        "required": ["entityName"],
        "properties": {
            "entityName": _TABLE,
            "$select": _SELECT,
            "$filter": {"type": "string", "title": "Filter rows"},
            "$orderby": {"type": "string", "title": "Sort by"},
            "$expand": _EXPAND,
            "$top": {"type": "integer", "title": "Row count"},
            "$skiptoken": {"type": "string", "title": "Skip token"},
        },
    },
    outputs={"type": "object", "properties": {"value": {"type": "array"}}},
    differs="$expand and Fetch XML are refused.",
)
def list_records(step: Step) -> Outcome:
    """List the rows of a table."""
    return read_rows(
        step, lambda given: ApiRequest("GET", table_path(given), query_of(given), headers=preferring())
    )


@DATAVERSE.operation(
    "GetItem",
    title="Get a row by ID",
    inputs={
        "type": "object",
        "required": ["entityName", "recordId"],
        "properties": {"entityName": _TABLE, "recordId": _ROW, "$select": _SELECT, "$expand": _EXPAND},
    },
    outputs={"type": "object"},
)
def get_item(step: Step) -> Outcome:
    """Get one row."""
    return read_rows(
        step, lambda given: ApiRequest("GET", row_path(given), query_of(given), headers=preferring())
    )


@DATAVERSE.operation(
    "CreateRecord",
    title="Add a new row",
    inputs=_schema("entityName", "item", entityName=_TABLE, item=_ITEM),
    outputs={"type": "object"},
)
def create_record(step: Step) -> Outcome:
    """Create a row and return it."""
    return write_rows(step, creation)


@DATAVERSE.operation(
    "UpdateRecord",
    title="Update a row",
    inputs=_schema("entityName", "recordId", "item", entityName=_TABLE, recordId=_ROW, item=_ITEM),
    outputs={"type": "object"},
)
def update_record(step: Step) -> Outcome:
    """Change a row, or create it with this id if there is none, and return it."""
    return write_rows(step, change)


@DATAVERSE.operation(
    "UpdateOnlyRecord",
    title="Update an existing row",
    inputs=_schema("entityName", "recordId", "item", entityName=_TABLE, recordId=_ROW, item=_ITEM),
    outputs={"type": "object"},
)
def update_only_record(step: Step) -> Outcome:
    """Change a row that is there, and return it."""
    return write_rows(step, lambda given: change(given, must_exist=True))


@DATAVERSE.operation(
    "DeleteRecord",
    title="Delete a row",
    inputs=_schema("entityName", "recordId", entityName=_TABLE, recordId=_ROW),
)
def delete_record(step: Step) -> Outcome:
    """Delete a row."""
    return write_rows(step, lambda given: ApiRequest("DELETE", row_path(given)))


@DATAVERSE.operation(
    "PerformBoundAction",
    title="Perform a bound action",
    inputs=_schema(
        "entityName",
        "actionName",
        "recordId",
        entityName=_TABLE,
        actionName={"type": "string", "title": "Action name"},
        recordId=_ROW,
        item=_ITEM,
    ),
    outputs={"type": "object"},
)
def perform_bound_action(step: Step) -> Outcome:
    """Call an action on a row, such as RunDesktopFlow on a desktop flow, or Dequeue on a work queue."""
    return write_rows(step, _bound_action)


@DATAVERSE.operation(
    "PerformUnboundAction",
    title="Perform an unbound action",
    inputs=_schema("actionName", actionName={"type": "string", "title": "Action name"}, item=_ITEM),
    outputs={"type": "object"},
)
def perform_unbound_action(step: Step) -> Outcome:
    """Call an action that belongs to no row."""
    return write_rows(
        step,
        lambda given: ApiRequest("POST", _action_name(given), headers=_JSON, body=item_body(given)),
    )


@DATAVERSE.operation(
    "AssociateEntities",
    title="Relate rows",
    inputs=_schema(
        "entityName",
        "recordId",
        "associationEntityRelationship",
        entityName=_TABLE,
        recordId=_ROW,
        associationEntityRelationship={"type": "string", "title": "Relationship"},
        item={"type": "object", "properties": {"@odata.id": {"type": "string", "title": "Relate with"}}},
    ),
    differs="Lookups alone relate rows; lists of related rows are not written.",
)
def associate_entities(step: Step) -> Outcome:
    """Let a row's lookup name another row."""
    return write_rows(
        step, lambda given: ApiRequest("PUT", _reference(given), headers=_JSON, body=item_body(given))
    )


@DATAVERSE.operation(
    "DisassociateEntities",
    title="Unrelate rows",
    inputs=_schema(
        "entityName",
        "recordId",
        "associationEntityRelationship",
        entityName=_TABLE,
        recordId=_ROW,
        associationEntityRelationship={"type": "string", "title": "Relationship"},
    ),
    differs="Lookups alone relate rows; lists of related rows are not written.",
)
def disassociate_entities(step: Step) -> Outcome:
    """Let a row's lookup name nothing."""
    return write_rows(step, lambda given: ApiRequest("DELETE", _reference(given)))


def creation(parameters: Parameters, table: str = "entityName") -> ApiRequest:
    """Return the request that creates a row."""
    headers = {**preferring("return=representation"), **_JSON}
    return ApiRequest("POST", table_path(parameters, table), headers=headers, body=item_body(parameters))


def change(
    parameters: Parameters, *, table: str = "entityName", row: str = "recordId", must_exist: bool = False
) -> ApiRequest:
    """Return the request that changes a row, or creates it unless it must exist."""
    condition = {"If-Match": "*"} if must_exist else {}
    headers = {**preferring("return=representation"), **_JSON, **condition}
    path = row_path(parameters, table, row)
    return ApiRequest("PATCH", path, headers=headers, body=item_body(parameters))


def _bound_action(parameters: Parameters) -> ApiRequest:
    path = f"{row_path(parameters)}/{NAMESPACE}.{_action_name(parameters)}"
    return ApiRequest("POST", path, headers=_JSON, body=item_body(parameters))


def _action_name(parameters: Parameters) -> str:
    return segment(required(parameters, "actionName").removeprefix(f"{NAMESPACE}."))


def _reference(parameters: Parameters) -> str:
    relationship = required(parameters, "associationEntityRelationship")
    return f"{row_path(parameters)}/{segment(relationship)}/$ref"
