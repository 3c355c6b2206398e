"""The portal's endpoints of environment variables, against a live server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    return Pages(server, server.api_token(server.user(request.node.name[:80], "Environment Maker")))


@pytest.fixture
def nobody(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    return Pages(server, server.api_token(server.user(f"not {request.node.name}"[:80])))


def found(by: Pages, made: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in by.get("/variables")["items"] if one["id"] == made["id"])


def new(by: Pages, name: str, **changes: object) -> dict[str, Any]:
    body = {"displayName": name, "schemaName": None, "type": "text", "description": "", "default": None}
    made: dict[str, Any] = by.post("/variables", {**body, "value": None, **changes})
    return made


def test_a_variable_is_made_changed_and_deleted(maker: Pages, server: LiveServer) -> None:
    name = f"Mailbox of {maker.token[-6:]}!"
    made = new(maker, name, description="Where mail goes", default="a@example.org")
    assert made["schemaName"] == "new_" + "".join(one for one in name if one.isalnum())
    row = found(maker, made)
    assert (row["displayName"], row["type"], row["default"], row["value"]) == (
        name,
        "text",
        "a@example.org",
        None,
    )
    assert (row["canWrite"], row["canDelete"]) == (True, True)

    body = {"displayName": "Mail", "description": "", "default": None, "value": "b@example.org"}
    maker.put(f"/variables/{made['id']}", body)
    row = found(maker, made)
    assert (row["displayName"], row["default"], row["value"]) == ("Mail", None, "b@example.org")
    maker.put(f"/variables/{made['id']}", {**body, "value": None})
    assert found(maker, made)["value"] is None

    public = server.call(f"environmentvariabledefinitions({made['id']})", token=maker.token).json()
    assert (public["schemaname"], public["type"]) == (made["schemaName"], 100_000_000)
    assert maker.ask("DELETE", f"/variables/{made['id']}").status == 204
    assert made["id"] not in [one["id"] for one in maker.get("/variables")["items"]]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("number", " 12.5 ", "12.5"),
        ("boolean", "TRUE", "yes"),
        ("boolean", "no", "no"),
        ("json", '{"a": [1]}', '{"a": [1]}'),
        ("json", "  ", None),
    ],
)
def test_a_value_is_kept_as_its_type_has_it(maker: Pages, kind: str, given: str, kept: str | None) -> None:
    made = new(maker, f"Of {kind} {maker.token[-6:]}", type=kind, value=given)
    assert found(maker, made)["value"] == kept


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"type": "number", "value": "12,5"}, "‘12,5’ is no number. Write it with a point, as in 12.5."),
        ({"type": "number", "default": "Infinity"}, "‘Infinity’ is no number."),
        ({"type": "boolean", "value": "perhaps"}, "‘perhaps’ is neither yes nor no."),
        ({"type": "json", "value": "{"}, "The value is no JSON: see line 1, column 2."),
        ({"type": "json", "value": "[" * 90_000}, "The value is no JSON that can be read."),
        ({"type": "secret"}, "Keep what is secret as a credential."),
        ({"schemaName": "no prefix"}, "‘no prefix’ is no name in flows"),
        ({"displayName": " "}, "An environment variable has a name for people."),
        ({"displayName": "…"}, "‘…’ makes no name in flows; give one, as in new_Mailbox."),
    ],
    ids=["comma", "endless", "perhaps", "half", "deep", "secret", "prefix", "nameless", "signs"],
)
def test_what_cannot_be_is_refused(maker: Pages, changes: dict[str, object], problem: str) -> None:
    body = {"displayName": f"Bad {maker.token[-6:]}", "type": "text", **changes}
    answer = maker.ask("POST", "/variables", body)
    assert answer.status == 400
    assert problem in answer.json()["error"]["message"]
    assert answer.json()["error"]["code"] == "DH6511"


def test_a_name_in_flows_is_one_variable_whatever_its_case(maker: Pages) -> None:
    made = new(maker, f"Once {maker.token[-6:]}")
    answer = maker.ask(
        "POST", "/variables", {"displayName": "x", "type": "text", "schemaName": made["schemaName"].upper()}
    )
    assert answer.status == 400
    assert "already" in answer.json()["error"]["message"]


def test_a_value_that_is_set_is_of_the_variables_type(maker: Pages) -> None:
    made = new(maker, f"Count {maker.token[-6:]}", type="number", value="1")
    answer = maker.ask("PUT", f"/variables/{made['id']}/value", {"value": "many"})
    assert (answer.status, found(maker, made)["value"]) == (400, "1")


def test_only_makers_make_and_change_variables(maker: Pages, nobody: Pages) -> None:
    made = new(maker, f"Guarded {maker.token[-6:]}", value="kept")
    assert nobody.ask("POST", "/variables", {"displayName": "Mine", "type": "text"}).status == 403
    details = {"displayName": "x", "description": "", "default": None, "value": "lost"}
    assert nobody.ask("PUT", f"/variables/{made['id']}", details).status in (403, 404)
    assert nobody.ask("DELETE", f"/variables/{made['id']}").status in (403, 404)
    assert found(maker, made)["value"] == "kept"
