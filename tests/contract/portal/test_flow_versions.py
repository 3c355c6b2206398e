"""Versions of desktop flows, their UI elements and the clipboard, against a live server on both databases."""

from __future__ import annotations

import base64
import zlib
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.entities.workflow import DesktopFlowBinary, WorkflowVersion
from deskhand.orchestrator.versions import keep_version
from deskhand.records.service import create
from deskhand.store.database import Transaction
from deskhand.store.files import write_file
from tests.contract.portal.pages import Pages
from tests.unit.editor.sections import OTHER_PNG, PNG, control, custom, image, screen, section
from tests.web_server import LiveServer

ROWS = "UIAutomation.PressButton.PressButton Button: appmask['Login']['OK']\n"
FLOW = f"{ROWS}\n{section(screen('Login', control('OK', custom('#ok'))), images=(image('Logo'),))}\n"


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"maker {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


def made(maker: Pages, name: str, *texts: str) -> str:
    """Make a flow and publish it with one text after the other."""
    flow_id: str = maker.post("/desktopflows", {"name": name, "text": ""})["id"]
    for number, text in enumerate(texts, 1):
        saved(maker, flow_id, text, publish=True, note=f"number {number}")
    return flow_id


def saved(maker: Pages, flow_id: str, text: str, **more: Any) -> dict[str, Any]:
    version = maker.get(f"/desktopflows/{flow_id}/text")["version"]
    answer: dict[str, Any] = maker.put(
        f"/desktopflows/{flow_id}/text", {"text": text, "version": version, **more}
    )
    return answer


def numbers(maker: Pages, flow_id: str) -> list[tuple[int, str, bool]]:
    items = maker.get(f"/desktopflows/{flow_id}/versions")["items"]
    return [(one["number"], one["note"], one["inForce"]) for one in items]


def test_publishing_makes_a_version_and_saving_does_not(maker: Pages) -> None:
    flow_id = made(maker, "Steps", "SET A TO 1\n", "SET A TO 2\n")
    saved(maker, flow_id, "SET A TO 3\n")

    found = maker.get(f"/desktopflows/{flow_id}/versions")

    assert numbers(maker, flow_id) == [(2, "number 2", True), (1, "number 1", False)]
    assert (found["hasDraft"], found["items"][0]["madeBy"]) == (True, found["modifiedBy"])
    assert maker.get(f"/desktopflows/{flow_id}/versions/1") == {"number": 1, "text": "SET A TO 1\n"}
    assert maker.ask("GET", f"/desktopflows/{flow_id}/versions/3").status == 404


def test_a_version_is_restored_as_a_draft(maker: Pages) -> None:
    flow_id = made(maker, "Back", "SET A TO 1\n", "SET A TO 2\n")
    version = maker.get(f"/desktopflows/{flow_id}/versions")["version"]

    draft = maker.post(f"/desktopflows/{flow_id}/versions/1/restore", {"version": version})

    assert (draft["text"], draft["isDraft"], draft["published"]) == ("SET A TO 1\n", True, True)
    assert numbers(maker, flow_id)[0] == (2, "number 2", True)
    stale = maker.ask("POST", f"/desktopflows/{flow_id}/versions/2/restore", {"version": version})
    assert (stale.status, stale.json()["error"]["code"]) == (409, "DH6650")


def test_who_may_not_see_or_change_a_flow_has_none_of_its_versions(server: LiveServer, maker: Pages) -> None:
    flow_id = made(maker, "Mine", "SET A TO 1\n")
    other = Pages(server, server.api_token(server.user(f"other of {flow_id}", "Environment Maker")))

    assert other.ask("GET", f"/desktopflows/{flow_id}/versions").status in (403, 404)
    assert other.ask("GET", f"/desktopflows/{flow_id}/versions/1").status in (403, 404)
    restored = other.ask("POST", f"/desktopflows/{flow_id}/versions/1/restore", {"version": 1})
    assert restored.status in (403, 404)


def test_old_versions_go_and_those_of_a_deleted_flow_do(server: LiveServer, maker: Pages) -> None:
    flow_id = UUID(made(maker, "Few", *(f"SET A TO {number}\n" for number in range(1, 5))))
    by = server.installation.administrator_id

    kept = server.database.write(lambda tx: keep_version(tx, flow_id, by=by, note="again", most=3))

    assert kept == 5
    assert [one[0] for one in numbers(maker, str(flow_id))] == [5, 4, 3]
    answer = server.send(
        "DELETE",
        f"/api/data/v9.2/workflows({flow_id})",
        headers={"Authorization": f"Bearer {maker.token}"},
    )
    assert answer.status == 204, answer.body
    c = WorkflowVersion.c
    left = sa.select(sa.func.count()).where(c.workflowid == flow_id)
    assert server.database.read(lambda tx: tx.execute(left).scalar()) == 0


def test_the_same_text_again_is_the_same_version(server: LiveServer, maker: Pages) -> None:
    flow_id = UUID(made(maker, "Same", "SET A TO 1\n"))
    by = server.installation.administrator_id

    assert server.database.write(lambda tx: keep_version(tx, flow_id, by=by)) == 1
    assert server.database.write(lambda tx: keep_version(tx, flow_id, by=by, note="again")) == 2
    assert server.database.write(lambda tx: keep_version(tx, by, by=by)) is None


def test_a_run_names_the_version_that_it_takes(server: LiveServer, maker: Pages) -> None:
    flow_id = made(maker, "Runs", "SET A TO 1\n")
    machine = server.machine(f"machine of {flow_id}")
    admin = Pages(server, server.api_token())

    def run() -> Any:
        started = admin.post(f"/desktopflows/{flow_id}/run", {"connection": machine.connection})
        return admin.get(f"/desktopruns/{started['runId']}")

    first = run()
    assert (first["flowVersion"], first["flowChanged"]) == (1, False)
    server.begin(machine)

    second = run()
    saved(maker, flow_id, "SET A TO 2\n", publish=True)
    begun, waiting = (admin.get(f"/desktopruns/{one['run']['id']}") for one in (first, second))
    assert (begun["flowVersion"], begun["flowChanged"]) == (1, True)
    assert (waiting["flowVersion"], waiting["flowChanged"]) == (2, False)


def test_two_texts_are_compared_by_their_rows(maker: Pages) -> None:
    found = maker.post("/robin/compare", {"before": "SET A TO 1\n", "after": "SET A TO 2\nWAIT 1\n"})

    assert found["counts"] == {"added": 1, "removed": 0, "changed": 1, "moved": 0}
    changed = found["subflows"][0]["rows"][0]
    assert (changed["difference"], changed["before"], changed["after"]) == ("changed", 1, 1)
    assert ("".join(one["text"] for one in changed["former"]), changed["formerText"]) == (
        "Assign 1",
        "SET A TO 1",
    )


def test_elements_are_listed_renamed_and_removed(maker: Pages) -> None:
    found = maker.post("/robin/elements", {"text": FLOW})
    assert [(one["name"], one["uses"]) for one in found["screens"][0]["elements"]] == [
        ("OK", [{"subflow": "Main", "row": 0}])
    ]
    place = {"repository": "appmask", "screen": "Login", "element": "OK"}

    renamed = maker.post("/robin/elements/rename", {"text": FLOW, "element": place, "name": " Send "})
    assert renamed["text"] == FLOW.replace("['OK']", "['Send']").replace('\\"OK\\"', '\\"Send\\"')
    refused = maker.ask("POST", "/robin/elements/remove", {"text": FLOW, "elements": [place]})
    assert (refused.status, refused.json()["error"]["code"]) == (400, "DH2609")
    removed = maker.post("/robin/elements/remove", {"text": FLOW, "images": [["Logo"]]})
    assert maker.post("/robin/elements", removed)["images"] == []
    selectors = found["screens"][0]["elements"][0]["selectors"]
    selectors[0]["text"] = "#send"
    body = {"text": FLOW, "place": place, "selectors": selectors}
    written = maker.post("/robin/elements/selectors", body)
    assert written["text"] == FLOW.replace("#ok", "#send")
    pictured = maker.post("/robin/images", {"text": FLOW, "name": "Sign", "png": OTHER_PNG})
    assert [one["path"] for one in maker.post("/robin/elements", pictured)["images"]] == [["Logo"], ["Sign"]]
    pointless = maker.ask("POST", "/robin/elements/rename", {"text": FLOW, "name": "X"})
    assert pointless.json()["error"]["code"] == "DH1560"


def test_rows_are_copied_and_pasted_with_what_they_use(maker: Pages) -> None:
    repository = FLOW[len(ROWS) + 1 :].rstrip()
    copied = maker.post("/robin/copy", {"rows": ROWS.rstrip(), "repository": repository})["text"]
    assert copied == f"{ROWS}\n{section(screen('Login', control('OK', custom('#ok'))))}\n"

    other = f"SET A TO 1\n\n{section(screen('Login', control('OK', custom('#send'))))}\n"
    pasted = maker.post("/robin/paste", {"text": other, "copied": copied})

    assert (pasted["added"], pasted["reused"]) == (1, 1)
    assert pasted["renamed"] == [{"old": "appmask['Login']['OK']", "new": "appmask['Login']['OK 2']"}]
    assert pasted["outline"]["subflows"][0]["rows"][0]["text"] == ROWS.rstrip().replace("'OK'", "'OK 2'")
    unread = maker.post("/robin/paste", {"text": other, "copied": "IF"})
    assert not unread["outline"]["readable"]


def test_a_flow_of_a_solution_has_the_elements_of_its_files(server: LiveServer, maker: Pages) -> None:
    flow_id = made(maker, "Brought")
    saved(maker, flow_id, ROWS)
    whole = {
        "ControlRepository": b'{"Screens": [{"Name": "Login", "Tag": "window"}], "Version": 1}',
        "ImageRepository": (
            b'{"Folders": [], "Images": [{"Id": "1", "Name": "Logo",'
            b' "ScreenshotPath": "imageRepo-screenshots\\\\one.png"}], "Version": 1}'
        ),
    }

    def bring(tx: Transaction) -> None:
        by = server.installation.administrator_id
        files = [
            *(("application/json", kind, f"{kind}.json", data) for kind, data in whole.items()),
            ("image/png", "Image", "one.png", base64.b64decode(PNG)),
        ]
        for mimetype, kind, name, data in files:
            row = {"name": kind, "mimetype": mimetype, "type": kind, "process": UUID(flow_id)}
            row_id = create(tx, DesktopFlowBinary, row, by=by)
            file_id = write_file(tx, DesktopFlowBinary, row_id, "data", name, mimetype, data)
            statement = sa.update(DesktopFlowBinary.table)
            tx.execute(
                statement.where(DesktopFlowBinary.c.desktopflowbinaryid == row_id).values(data=file_id)
            )

    server.database.write(bring)

    text = maker.get(f"/desktopflows/{flow_id}/text")["text"]
    found = maker.post("/robin/elements", {"text": text})

    assert text.startswith(ROWS)
    assert [one["name"] for one in found["screens"]] == ["Login"]
    assert [(one["path"], one["png"]) for one in found["images"]] == [(["Logo"], PNG)]
    assert saved(maker, flow_id, text)["text"] == text
