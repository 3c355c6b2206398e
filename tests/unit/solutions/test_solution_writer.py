"""A written solution reads as what it was written from."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from uuid import UUID

import pytest

from deskhand.solutions.content import (
    Binary,
    CloudFlow,
    ConnectionReference,
    Content,
    DesktopFlow,
    EnvironmentVariable,
    Solution,
)
from deskhand.solutions.solution_writer import UNIQUE_NAME, write_solution
from deskhand.solutions.solution_zip import read_solution
from tests.unit.solutions.zips import CLOUD_ID, FLOW_ID

ORDERS = Solution("Orders", "All <orders> & more", "1.0.0.0", managed=False)
CONTENT = Content(
    "orders.zip",
    solution=ORDERS,
    cloud_flows=(
        CloudFlow(UUID(CLOUD_ID), "Every “night”/hour", "Zählt & <ordnet>", '{"a":\r\n 1}', 1, "utf-8-sig"),
        CloudFlow(UUID(FLOW_ID), "日本", "", '{"b": "é"}', 0),
    ),
    connection_references=(
        ConnectionReference("new_mail", "Mail", "/apis/shared_office365", "For post.", 1),
        ConnectionReference("new_flows", "Flows", ""),
    ),
    environment_variables=(
        EnvironmentVariable("new_Key", "", "", 100_000_001, None),
        EnvironmentVariable("new_Path", "Path", "Where to.", 100_000_000, "C:\\", "/srv/x"),
    ),
)


def test_a_solution_reads_as_it_was_written() -> None:
    assert read_solution("orders.zip", write_solution(CONTENT, ORDERS)) == CONTENT


def test_desktop_flows_and_their_files_read_as_they_were_written() -> None:
    flow_id, file_id = UUID(FLOW_ID), UUID(CLOUD_ID)
    content = Content(
        "flows.zip",
        solution=ORDERS,
        desktop_flows=(
            DesktopFlow(
                flow_id,
                "Book <orders>",
                "For “all”",
                "SET A TO $'''<é & \"b\">'''\r\nEXIT",
                inputs='{"schema":{"type":"object"}}',
                outputs=None,
                state=0,
                attributes={"dependencies": '{"a": []}', "schemaversion": "2022.07"},
            ),
        ),
        binaries=(Binary(file_id, flow_id, "Logo", "ImageFile", "image/png", "logo.png", b"\x89PNG\x00"),),
    )
    assert read_solution("flows.zip", write_solution(content, ORDERS)) == content


def test_equal_content_makes_equal_bytes() -> None:
    assert write_solution(CONTENT, ORDERS) == write_solution(replace(CONTENT), ORDERS)


def test_documents_stand_in_it_byte_for_byte() -> None:
    with zipfile.ZipFile(io.BytesIO(write_solution(CONTENT, ORDERS))) as archive:
        names = [name for name in archive.namelist() if name.startswith("Workflows/")]
        assert names == [
            f"Workflows/Everynighthour-{CLOUD_ID.upper()}.json",
            f"Workflows/Flow-{FLOW_ID.upper()}.json",
        ]
        assert [archive.read(name) for name in names] == [
            b'\xef\xbb\xbf{"a":\r\n 1}',
            '{"b": "é"}'.encode(),
        ]


@pytest.mark.parametrize(
    ("name", "fits"), [("Orders_2", True), ("2Orders", False), ("a b", False), ("", False)]
)
def test_a_unique_name_is_letters_digits_and_underscores(name: str, fits: bool) -> None:
    assert (UNIQUE_NAME.match(name) is not None) is fits
