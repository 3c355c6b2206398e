"""Common Data Service, the connector before Microsoft Dataverse: the same rows under other names.

Source: cloud-flows 3.11.
"""

from __future__ import annotations

from typing import Any

from deskhand.cloudflows.connectors.commondataserviceforapps import change, creation
from deskhand.cloudflows.dataverse import preferring, query_of, read_rows, row_path, table_path, write_rows
from deskhand.cloudflows.declare import Outcome, Step, connector
from deskhand.cloudflows.web_api import ApiRequest

LEGACY = connector(
    "shared_commondataservice",
    title="Common Data Service (legacy)",
    doc="Reads and writes the rows of this server's tables, as flows did before Microsoft Dataverse.",
)

_DIFFERS = "The environment (dataset) is this server's, whatever it is called."
_TABLE = {"type": "string", "title": "Entity name", "description": "The table's set, such as workqueueitems."}
_ROW = {"type": "string", "title": "Item identifier"}
_VERSIONS = ("", "_V2")


def _schema(*needed: str) -> dict[str, Any]:
    known: dict[str, Any] = {"table": _TABLE, "id": _ROW, "item": {"type": "object", "title": "Item"}}
    properties = {"dataset": {"type": "string", "title": "Environment"}}
    return {
        "type": "object",
        "required": list(needed),
        "properties": properties | {name: known[name] for name in needed},
    }


def list_items(step: Step) -> Outcome:
    """List the rows of a table."""
    return read_rows(
        step, lambda given: ApiRequest("GET", table_path(given, "table"), query_of(given), preferring())
    )


def get_item(step: Step) -> Outcome:
    """Get one row."""
    return read_rows(
        step, lambda given: ApiRequest("GET", row_path(given, "table", "id"), query_of(given), preferring())
    )


def create_item(step: Step) -> Outcome:
    """Create a row and return it."""
    return write_rows(step, lambda given: creation(given, "table"))


def update_item(step: Step) -> Outcome:
    """Change a row, or create it with this id if there is none, and return it."""
    return write_rows(step, lambda given: change(given, table="table", row="id"))


def delete_item(step: Step) -> Outcome:
    """Delete a row."""
    return write_rows(step, lambda given: ApiRequest("DELETE", row_path(given, "table", "id")))


for _version in _VERSIONS:
    LEGACY.operation(f"GetItems{_version}", title="List records", inputs=_schema("table"), differs=_DIFFERS)(
        list_items
    )
    LEGACY.operation(
        f"GetItem{_version}", title="Get record", inputs=_schema("table", "id"), differs=_DIFFERS
    )(get_item)
    LEGACY.operation(
        f"PostItem{_version}", title="Create a new record", inputs=_schema("table", "item"), differs=_DIFFERS
    )(create_item)
    LEGACY.operation(
        f"PatchItem{_version}",
        title="Update a record",
        inputs=_schema("table", "id", "item"),
        differs=_DIFFERS,
    )(update_item)
    LEGACY.operation(
        f"DeleteItem{_version}", title="Delete a record", inputs=_schema("table", "id"), differs=_DIFFERS
    )(delete_item)
