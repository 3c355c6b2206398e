"""The generated reference of the management API of cloud flows, from its calls."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import cleandoc

from reference import as_code, as_page, as_table

from deskhand.cloudflows.addresses import ROOT
from deskhand.webapi.cloud_connections import CONNECTION_CALLS
from deskhand.webapi.cloud_flows import FLOW_CALLS
from deskhand.webapi.cloud_people import PEOPLE_CALLS
from deskhand.webapi.cloud_requests import ManagementCall
from deskhand.webapi.cloud_runs import CONTENT_CALLS, RUN_CALLS


def management_page() -> str:
    """Return every call with its method, its address and what it does."""
    return as_page(
        "# Management API of cloud flows",
        f"Addresses stand below `{ROOT}/workflows`, and below "
        "`/providers/Microsoft.ProcessSimple/environments/{environment}/flows` as Power Automate has them. "
        "A flow is named by its id or its name. Callers send a bearer token; who may read a flow may look "
        "at it, who may write it sees all its runs, stops and repeats them. What goes wrong is told as "
        '`{"error": {"code": "…", "message": "…"}}`.',
        "Lists take `$top` (1 to 250, 30 if it is left out); `nextLink` leads to the next part. Runs are "
        "filtered by `status`, `startTime`, `clientTrackingId` and `trackedProperties/NAME`, as in "
        "`$filter=status eq 'Failed' and startTime ge 2026-03-01T00:00:00Z`; actions, repetitions and "
        "histories by `status`.",
        "## Flows, triggers, versions",
        _calls(FLOW_CALLS),
        "## Runs",
        _calls(RUN_CALLS),
        "## Contents",
        f"Below `{ROOT}/runs`, at the addresses that links give: signed, good for half an hour, needing no "
        "token.",
        _calls(CONTENT_CALLS),
        "## Connections, connection references, connectors",
        f"Below `{ROOT}`, as those that follow.",
        _calls(CONNECTION_CALLS),
        "## Approvals and notifications",
        _calls(PEOPLE_CALLS),
    )


def _calls(calls: Iterable[ManagementCall]) -> str:
    rows = ([one.method, as_code(one.path or "/"), cleandoc(one.answer.__doc__ or "")] for one in calls)
    return as_table(["Method", "Address", "What it does"], rows)
