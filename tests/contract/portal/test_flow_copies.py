"""Desktop flows are saved as others and exported, against a live server on both databases."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from typing import Any
from uuid import UUID

import pytest

from deskhand.entities.workflow import DesktopFlowBinary
from deskhand.records.service import create, update
from deskhand.solutions.solution_zip import read_solution
from deskhand.store.database import Transaction
from deskhand.store.files import write_file
from tests.contract.portal.pages import Pages
from tests.contract.portal.test_flow_versions import FLOW, made, numbers, saved
from tests.web_server import LiveServer

ELEMENTS = "SET A TO 1\n" + FLOW.partition("\n")[2]
SUBFLOWS = "CALL Greet\n\nFUNCTION Greet GLOBAL\n    SET A TO 1\nEND FUNCTION\n"


@pytest.fixture
def maker(server: LiveServer, request: pytest.FixtureRequest) -> Pages:
    name = f"copier {zlib.crc32(request.node.name.encode())}"
    return Pages(server, server.api_token(server.user(name, "Environment Maker")))


def exported(maker: Pages, form: str, *flows: str, **more: Any) -> tuple[str, bytes]:
    file = maker.post("/desktopflows/export", {"flows": list(flows), "form": form, **more})
    return file["fileName"], base64.b64decode(file["content"])


def import_file(maker: Pages, name: str, content: bytes) -> list[dict[str, Any]]:
    body = {"fileName": name, "content": base64.b64encode(content).decode(), "bindings": {}, "variables": {}}
    flows: list[dict[str, Any]] = maker.post("/solutions/import", body)["flows"]
    return flows


def text_of(maker: Pages, flow: str) -> str:
    return str(maker.get(f"/desktopflows/{flow}/text")["text"])


def test_a_copy_has_text_elements_and_draft_and_is_its_makers_own(maker: Pages, server: LiveServer) -> None:
    flow = made(maker, "Original", "SET A TO 1\n", ELEMENTS)
    saved(maker, flow, f"WAIT 1\n{FLOW}")
    reader = Pages(server, server.api_token(server.user("copy-admin", "System Administrator")))

    copy = reader.post(f"/desktopflows/{flow}/copy", {"name": " Another one "})["id"]

    details = reader.get(f"/desktopflows/{copy}")
    assert (details["flow"]["name"], details["flow"]["owner"]) == ("Another one", "copy-admin")
    assert (details["flow"]["published"], details["flow"]["hasDraft"]) == (True, True)
    assert text_of(reader, copy) == text_of(maker, flow)
    assert [number for number, _, _ in numbers(reader, copy)] == [1]
    assert details["runs"] == []
    saved(reader, copy, "EXIT\n")
    assert text_of(maker, flow).startswith("WAIT 1")


def test_a_copy_of_a_draft_is_a_draft_and_needs_a_name(maker: Pages) -> None:
    flow = made(maker, "Only a draft")
    refused = maker.ask("POST", f"/desktopflows/{flow}/copy", {"name": " "})
    copy = maker.post(f"/desktopflows/{flow}/copy", {"name": "Its copy"})["id"]

    assert (refused.status, refused.error["message"]) == (400, "‘body.name’ takes 1 to 100 characters.")
    assert maker.get(f"/desktopflows/{copy}")["flow"]["published"] is False


def test_nobody_copies_or_exports_what_they_may_not_read(maker: Pages, server: LiveServer) -> None:
    flow = made(maker, "Not yours", "EXIT\n")
    stranger = Pages(server, server.api_token(server.user("copy-stranger", "Environment Maker")))

    copied = stranger.ask("POST", f"/desktopflows/{flow}/copy", {"name": "Mine"})
    given = stranger.ask("POST", "/desktopflows/export", {"flows": [flow], "form": "text"})

    assert (copied.status, given.status) == (403, 403)


def test_a_flow_comes_back_from_each_form_as_it_was(maker: Pages) -> None:
    flow = made(maker, "Round trip", SUBFLOWS)
    whole = text_of(maker, flow)

    name, content = exported(maker, "text", flow)
    assert (name, content.decode()) == ("Round trip.robin", whole)
    for form in ("folder", "solution"):
        name, content = exported(maker, form, flow)
        saved(maker, flow, "EXIT\n", publish=True)
        (brought,) = import_file(maker, name, content)
        assert (brought["id"], brought["replaces"], text_of(maker, flow)) == (flow, True, whole)


def test_elements_and_images_stand_beside_the_texts_of_a_folder(maker: Pages) -> None:
    flow = made(maker, "With elements", ELEMENTS)
    whole = text_of(maker, flow)
    name, content = exported(maker, "folder", flow)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    saved(maker, flow, "EXIT\n", publish=True)
    import_file(maker, name, content)

    assert name == "With elements.zip"
    assert sorted(names) == [f"With elements/{one}" for one in ("Main.robin", "elements.json", "flow.toml")]
    assert text_of(maker, flow).split() == whole.split()


@pytest.mark.parametrize(("name", "kept"), [("../../up.png", ".._.._up.png"), ("..", "data")])
def test_no_file_of_a_solution_leads_out_of_its_folder(
    maker: Pages, server: LiveServer, name: str, kept: str
) -> None:
    flow = made(maker, f"Climbing {kept}", "EXIT\n")
    by = server.installation.administrator_id

    def add(tx: Transaction) -> UUID:
        values = {"name": "picture", "type": "image", "mimetype": "image/png", "process": UUID(flow)}
        binary_id = create(tx, DesktopFlowBinary, values, by=by)
        file_id = write_file(tx, DesktopFlowBinary, binary_id, "data", name, "image/png", b"png")
        update(tx, DesktopFlowBinary, binary_id, {"data": file_id}, by=by)
        return binary_id

    binary_id = server.database.write(add)
    _, content = exported(maker, "solution", flow)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(f"desktopflowbinaries/{binary_id}/data/{kept}") == b"png"
        assert not any(".." in one.split("/") for one in archive.namelist())


def test_several_flows_come_in_one_zip_under_names_of_their_own(maker: Pages) -> None:
    flows = [made(maker, "Same/name", "EXIT\n"), made(maker, "same?name", "WAIT 1\n")]

    name, texts = exported(maker, "text", *flows)
    solution = exported(maker, "solution", *flows, solution="Both")
    refused = maker.ask(
        "POST", "/desktopflows/export", {"flows": flows, "form": "solution", "solution": "1 x"}
    )

    with zipfile.ZipFile(io.BytesIO(texts)) as archive:
        assert (name, archive.namelist()) == ("Flows.zip", ["Same_name.robin", "same_name_2.robin"])
    content = read_solution(*solution)
    assert solution[0] == "Both.zip"
    assert {one.name for one in content.desktop_flows} == {"Same/name", "same?name"}
    assert (refused.status, refused.error["message"]) == (
        400,
        "‘body.solution’ is ‘1 x’; it takes a letter, then letters, digits and underscores.",
    )
