"""The designer of desktop flows, against a live server on both databases."""

from __future__ import annotations

import gzip
import json
import zlib
from uuid import UUID

import pytest

from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer

INPUT = "@INPUT Name : { 'Description': 'who', 'FriendlyName': 'Name', 'Type': 'String' }\n"


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"maker {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


def test_a_flow_is_made_saved_and_published(maker: Pages) -> None:
    flow_id = maker.post("/desktopflows", {"name": " Greet ", "text": "SET A TO 1\n"})["id"]
    made = maker.get(f"/desktopflows/{flow_id}/text")
    kept = {"name": "Greet", "text": "SET A TO 1\n", "published": False, "isDraft": True, "mayChange": True}
    assert {name: made[name] for name in kept} == kept

    saved = maker.put(
        f"/desktopflows/{flow_id}/text", {"text": INPUT + "SET A TO Name\n", "version": made["version"]}
    )
    assert (saved["text"], saved["published"], saved["isDraft"]) == (INPUT + "SET A TO Name\n", False, True)
    assert saved["version"] > made["version"]

    published = maker.put(
        f"/desktopflows/{flow_id}/text",
        {"text": saved["text"], "version": saved["version"], "publish": True},
    )
    assert (published["published"], published["isDraft"]) == (True, False)
    form = maker.get(f"/desktopflows/{flow_id}/form")
    assert [(one["name"], one["type"], one["description"]) for one in form["inputs"]] == [
        ("Name", "string", "who")
    ]


def test_a_draft_changes_nothing_that_runs(maker: Pages) -> None:
    flow_id = maker.post("/desktopflows", {"name": "Two versions", "text": "SET A TO 1\n"})["id"]
    version = maker.get(f"/desktopflows/{flow_id}/text")["version"]
    order = {"text": "SET A TO 1\n", "version": version, "publish": True}
    version = maker.put(f"/desktopflows/{flow_id}/text", order)["version"]

    draft = maker.put(f"/desktopflows/{flow_id}/text", {"text": "SET A TO (\n", "version": version})

    assert (draft["published"], draft["isDraft"]) == (True, True)
    assert maker.get(f"/desktopflows/{flow_id}/text")["text"] == "SET A TO (\n"
    assert maker.get(f"/desktopflows/{flow_id}")["flow"]["errors"] == 0


def test_a_stale_save_overwrites_nothing(server: LiveServer, maker: Pages) -> None:
    flow_id = maker.post("/desktopflows", {"name": "Ours", "text": "SET A TO 1\n"})["id"]
    version = maker.get(f"/desktopflows/{flow_id}/text")["version"]
    other = Pages(server, server.api_token())
    other.put(f"/desktopflows/{flow_id}/text", {"text": "SET A TO 2\n", "version": version})

    answer = maker.ask("PUT", f"/desktopflows/{flow_id}/text", {"text": "SET A TO 3\n", "version": version})

    assert (answer.status, answer.json()["error"]["code"]) == (409, "DH6650")
    assert "saved ‘Ours’ at" in answer.json()["error"]["message"]
    assert maker.get(f"/desktopflows/{flow_id}/text")["text"] == "SET A TO 2\n"


def test_a_flow_with_errors_is_kept_as_a_draft_and_not_published(maker: Pages) -> None:
    flow_id = maker.post("/desktopflows", {"name": "Wrong", "text": ""})["id"]
    version = maker.get(f"/desktopflows/{flow_id}/text")["version"]
    order = {"text": "SET A TO Unknown\n", "version": version, "publish": True}

    answer = maker.ask("PUT", f"/desktopflows/{flow_id}/text", order)

    assert (answer.status, answer.json()["error"]["code"]) == (409, "DH2605")
    assert maker.get(f"/desktopflows/{flow_id}/text")["text"] == ""


def test_who_may_not_change_a_flow_does_not(server: LiveServer, maker: Pages) -> None:
    owner = UUID(Pages(server, server.api_token()).get("/session")["user"]["id"])
    flow = server.flow("Not theirs", owner=owner, definition="SET A TO 1\n")

    assert maker.ask("GET", f"/desktopflows/{flow}/text").status in (403, 404)
    order = {"text": "", "version": 1}
    assert maker.ask("PUT", f"/desktopflows/{flow}/text", order).status in (403, 404)


def test_text_becomes_rows_and_rows_become_text(maker: Pages) -> None:
    found = maker.post("/robin/read", {"text": INPUT + "IF Name = 'x' THEN\n    SET B TO Unknown\nEND\n"})

    assert found["readable"]
    assert [(one["title"], one["depth"]) for one in found["subflows"][0]["rows"]] == [
        ("If", 0),
        ("Set variable", 1),
        ("End", 0),
    ]
    assert [(one["subflow"], one["row"]) for one in found["findings"]] == [("Main", 1)]
    assert [(one["name"], one["role"]) for one in found["variables"]] == [("Name", "input"), ("B", "flow")]

    panel = maker.post("/robin/row", {"text": "SET B TO $'''Hello %Name%'''"})
    assert (panel["name"], panel["values"], panel["targets"]) == (
        "SET",
        {"Value": "Hello %Name%"},
        {"Variable": "B"},
    )
    written = maker.post(
        "/robin/write", {"name": "SET", "values": {"Value": "5"}, "targets": {"Variable": "B"}}
    )
    assert (written["text"], written["problems"]) == ("SET B TO 5", [])
    assert [one["title"] for one in written["rows"]] == ["Set variable"]
    branch = maker.post("/robin/write", {"name": "CASE", "values": {"Value": "5"}})
    assert [(one["text"], one["branch"]) for one in branch["rows"]] == [("CASE = 5", True)]
    renamed = maker.post("/robin/rename", {"text": "SET B TO 1\nSET C TO B\n", "old": "B", "new": "Two"})
    assert renamed == {"text": "SET Two TO 1\nSET C TO Two\n"}


def test_a_flow_is_opened_with_its_text_taken_apart(server: LiveServer, maker: Pages) -> None:
    text = INPUT + "".join(f"SET A{at} TO Name\n" for at in range(200)) + "SET B TO Unknown\n"
    flow_id = maker.post("/desktopflows", {"name": "Opened", "text": text})["id"]

    opened = maker.get(f"/desktopflows/{flow_id}/designer")

    assert opened["flow"] == maker.get(f"/desktopflows/{flow_id}/text")
    assert opened["outline"] == maker.post("/robin/read", {"text": text})
    assert [one["row"] for one in opened["outline"]["findings"]] == [200]
    owner = UUID(Pages(server, server.api_token()).get("/session")["user"]["id"])
    other = server.flow("Nobody else's", owner=owner, definition="SET A TO 1\n")
    assert maker.ask("GET", f"/desktopflows/{other}/designer").status in (403, 404)


def test_large_answers_are_packed_for_who_takes_that(server: LiveServer, maker: Pages) -> None:
    target, headers = "/api/portal/robin/palette", {"Authorization": f"Bearer {maker.token}"}
    plain = server.send("GET", target, None, headers)
    packed = server.send("GET", target, None, {**headers, "Accept-Encoding": "br, gzip"})

    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert json.loads(gzip.decompress(packed.body)) == plain.json()
    assert len(packed.body) < len(plain.body) / 5


def test_the_palette_has_every_action(maker: Pages) -> None:
    groups = maker.get("/robin/palette")["groups"]

    assert [one["title"] for one in groups][:3] == ["Variables", "Conditionals", "Loops"]
    read = next(
        form
        for group in groups
        for form in group["forms"]
        if form["name"] == "File.ReadTextFromFile.ReadText"
    )
    assert [(one["name"], one["kind"], one["required"]) for one in read["fields"]] == [
        ("File", "value", True),
        ("Encoding", "choice", False),
    ]


def test_a_read_text_says_what_a_run_of_it_asks_for(maker: Pages) -> None:
    text = (
        "@INPUT Limit : { 'Description': 'how many', 'FriendlyName': 'Most', 'Type': 'Numeric',"
        " 'DefaultValue': 5 }\n"
        "@SENSITIVE: [Pin]\n"
        "@INPUT Pin : { 'Description': '', 'FriendlyName': 'Pin', 'Type': 'String' }\n"
        "SET A TO Limit\n"
    )
    inputs = maker.post("/robin/read", {"text": text})["inputs"]

    shown = [
        (one["name"], one["type"], one["description"], one["default"], one["sensitive"]) for one in inputs
    ]
    assert shown == [("Most", "number", "how many", 5, False), ("Pin", "string", "", None, True)]
    assert maker.post("/robin/read", {"text": "SET A TO (\n"})["inputs"] == []


def test_a_flow_is_tried_out_where_its_maker_may_run_it(server: LiveServer, maker: Pages) -> None:
    flow_id = maker.post("/desktopflows", {"name": "Tried out", "text": "SET A TO 1\n"})["id"]
    before = maker.get(f"/desktopflows/{flow_id}/machines")
    assert before == {"connections": [], "connection": None}

    user = UUID(maker.get("/session")["user"]["id"])
    machine = server.machine("tried out", owner=user)
    found = maker.get(f"/desktopflows/{flow_id}/machines")
    assert [one["name"] for one in found["connections"]] == [machine.connection]
    assert found["connection"] == machine.connection

    other = Pages(server, server.api_token(server.user("stranger to it", "Environment Maker")))
    assert other.ask("GET", f"/desktopflows/{flow_id}/machines").status in (403, 404)
