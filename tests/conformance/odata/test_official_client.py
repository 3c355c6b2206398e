"""Microsoft's own Python client against a live server, over TLS. Source: dataverse-api 15."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError

from tests.conformance.odata.test_writes import CLIENT_DATA
from tests.web_server import LiveServer


class FixedCredential:
    """A credential of the client's own kind that has its token already."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        self.scopes += scopes
        return AccessToken(self._token, 4_000_000_000)


@pytest.fixture
def client(tls_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataverseClient]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls_server.authority))
    with DataverseClient(tls_server.url, FixedCredential(tls_server.api_token())) as opened:
        yield opened


@pytest.fixture(scope="module")
def flows(tls_server: LiveServer) -> list[UUID]:
    return [tls_server.flow(f"Flow {number}") for number in range(5)]


def test_the_client_lists_desktop_flows(client: DataverseClient, flows: list[UUID]) -> None:
    listed = client.records.list(
        "workflow", select=["name", "workflowid"], filter="category eq 6", orderby=["name"]
    )

    assert [(row["name"], row["workflowid"]) for row in listed] == [
        (f"Flow {number}", str(flow_id)) for number, flow_id in enumerate(flows)
    ]


def test_the_client_follows_pages(client: DataverseClient, flows: list[UUID]) -> None:
    pages = client.records.list_pages("workflow", select=["name"], orderby=["name"], page_size=2)

    assert [[row["name"] for row in page] for page in pages] == [
        ["Flow 0", "Flow 1"],
        ["Flow 2", "Flow 3"],
        ["Flow 4"],
    ]


def test_the_client_reads_a_run_with_labels(tls_server: LiveServer, client: DataverseClient) -> None:
    machine = tls_server.machine("official")
    flow_id = tls_server.flow("Invoice entry")
    body = {"runMode": "attended", "connectionName": machine.connection}
    path = f"workflows({flow_id})/Microsoft.Dynamics.CRM.RunDesktopFlow"
    run_id = tls_server.call(path, method="POST", body=body).json()["flowsessionId"]

    row = client.records.retrieve(
        "flowsession",
        run_id,
        select=["statuscode", "_regardingobjectid_value"],
        include_annotations="OData.Community.Display.V1.FormattedValue",
    )

    assert row is not None
    assert (row["statuscode"], row["_regardingobjectid_value"]) == (3, str(flow_id))
    assert row["statuscode@OData.Community.Display.V1.FormattedValue"] == "Waiting"
    assert row["_regardingobjectid_value@OData.Community.Display.V1.FormattedValue"] == "Invoice entry"


def test_the_client_finds_no_row_where_there_is_none(client: DataverseClient) -> None:
    assert client.records.retrieve("flowsession", str(UUID(int=1))) is None


def test_the_client_counts_and_filters(client: DataverseClient, flows: list[UUID]) -> None:
    listed = client.records.list(
        "workflow",
        filter="contains(name,'flow') and not (name eq 'FLOW 3')",
        select=["name"],
        orderby=["name desc"],
        top=3,
        count=True,
    )

    assert [row["name"] for row in listed] == ["Flow 4", "Flow 2", "Flow 1"]


def test_the_client_reads_table_definitions(client: DataverseClient) -> None:
    table = client.tables.get("flowsession")
    names = [one["LogicalName"] for one in client.tables.list(select=["LogicalName"])]

    assert table is not None
    assert (table["entity_set_name"], table["table_logical_name"]) == ("flowsessions", "flowsession")
    assert {"workflow", "flowsession", "flowmachine", "systemuser"} <= set(names)


def test_the_client_names_an_unknown_table(client: DataverseClient) -> None:
    with pytest.raises(MetadataError):
        client.records.list("nosuchtable")


def test_the_client_shows_our_errors(client: DataverseClient) -> None:
    with pytest.raises(HttpError) as caught:
        client.records.list("workflow", select=["nam"])

    assert caught.value.status_code == 400
    assert "Could not find a property named 'nam' on type 'Microsoft.Dynamics.CRM.workflow'" in str(
        caught.value
    )


def test_the_client_asks_for_the_documented_scope(
    tls_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls_server.authority))
    credential = FixedCredential(tls_server.api_token())
    with DataverseClient(tls_server.url, credential) as client:
        client.records.list("solution", select=["uniquename"])

    assert set(credential.scopes) == {f"{tls_server.url}/.default"}


# Writing


@pytest.fixture
def queue(client: DataverseClient) -> str:
    queue_id = client.records.create("workqueue", {"name": "Invoices", "workqueuekey": str(uuid4())})
    return str(queue_id)


def _items(client: DataverseClient, queue: str) -> list[tuple[str, int]]:
    rows = client.records.list(
        "workqueueitem",
        select=["name", "priority"],
        filter=f"_workqueueid_value eq {queue}",
        orderby=["name"],
    )
    return [(row["name"], row["priority"]) for row in rows]


def test_the_client_creates_changes_and_deletes_a_row(client: DataverseClient, queue: str) -> None:
    item = client.records.create(
        "workqueueitem", {"name": "first", "workqueueid@odata.bind": f"/workqueues({queue})"}
    )
    client.records.update("workqueueitem", item, {"priority": 100, "processortype": "Cloud Flow"})
    row = client.records.retrieve("workqueueitem", item, select=["name", "priority", "processortype"])
    client.records.delete("workqueueitem", item)

    assert row is not None
    assert (row["name"], row["priority"], row["processortype"]) == ("first", 100, 1)
    assert client.records.retrieve("workqueueitem", item) is None


def test_the_client_writes_many_rows_at_once(client: DataverseClient, queue: str) -> None:
    binding = {"workqueueid@odata.bind": f"/workqueues({queue})"}
    ids = client.records.create("workqueueitem", [{"name": name, **binding} for name in ("a", "b", "c")])
    client.records.update("workqueueitem", ids[:2], {"priority": 300})
    client.records.update("workqueueitem", ids[1:], [{"priority": 1}, {"priority": 2}])

    assert _items(client, queue) == [("a", 300), ("b", 1), ("c", 2)]
    client.records.delete("workqueueitem", ids, use_bulk_delete=False)
    assert _items(client, queue) == []


def test_the_client_upserts_by_alternate_key(client: DataverseClient) -> None:
    keys = [str(uuid4()), str(uuid4())]
    items = [{"alternate_key": {"workqueuekey": key}, "record": {"name": "Invoices"}} for key in keys]
    client.records.upsert("workqueue", items[:1])
    client.records.upsert("workqueue", items)
    names = ",".join(f"'{key}'" for key in keys)
    rows = client.records.list("workqueue", select=["name"], filter=f"workqueuekey in ({names})")

    assert [row["name"] for row in rows] == ["Invoices", "Invoices"]


def test_the_client_activates_a_cloud_flow(client: DataverseClient) -> None:
    flow = client.records.create(
        "workflow",
        {"name": "Notify", "category": 5, "type": 1, "primaryentity": "none", "clientdata": CLIENT_DATA},
    )
    client.records.update("workflow", flow, {"statecode": 1, "statuscode": 2})
    row = client.records.retrieve("workflow", flow, select=["statecode", "statuscode"])

    assert row is not None
    assert (row["statecode"], row["statuscode"]) == (1, 2)


def test_the_client_shows_why_a_row_cannot_be_written(client: DataverseClient) -> None:
    with pytest.raises(HttpError) as caught:
        client.records.create("workqueue", {"name": "x" * 101})

    assert caught.value.status_code == 400
    assert "exceeded the maximum allowed length of '100'" in str(caught.value)
