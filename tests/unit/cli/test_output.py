from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from deskhand.cli.output import (
    Ambiguous,
    NotFound,
    choose,
    counted,
    paragraph,
    safe,
    write_content,
    write_rows,
)
from deskhand.entities.workflow import Category

FIRST = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a001")
SECOND = UUID("0c9b52a4-6c58-4f5e-9d2b-6a6b3cf3a002")
ROWS = [
    {
        "workflowid": FIRST,
        "name": "Hello",
        "inputs": ["Name", "Pin"],
        "on": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    },
    {"workflowid": SECOND, "name": "Help; \x1b[31mred", "inputs": [], "on": None},
]


def printed(
    capsys: pytest.CaptureFixture[str], form: str, rows: list[dict[str, object]] | None = None
) -> str:
    write_rows(
        ROWS if rows is None else rows, form, ("name", "inputs", "workflowid"), empty="Nothing. Make one."
    )
    return capsys.readouterr().out


def test_a_table_is_aligned_and_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "table") == (
        "NAME            INPUTS     ID\n"
        f"Hello           Name, Pin  {FIRST}\n"
        f"Help; ·[31mred             {SECOND}\n"
    )


def test_long_cells_but_the_last_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows([{"name": "n" * 70, "error": "e" * 70}], "table", ("name", "error"), empty="")

    assert capsys.readouterr().out.splitlines()[1] == f"{'n' * 59}…  {'e' * 70}"


def test_json_holds_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    expected = [
        {"workflowid": str(FIRST), "name": "Hello", "inputs": ["Name", "Pin"], "on": "2026-01-02T03:04:05Z"},
        {"workflowid": str(SECOND), "name": "Help; \x1b[31mred", "inputs": [], "on": None},
    ]

    assert json.loads(printed(capsys, "json")) == expected
    assert [json.loads(line) for line in printed(capsys, "ndjson").splitlines()] == expected


def test_csv_quotes_what_needs_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "csv") == (
        "workflowid,name,inputs,on\n"
        f'{FIRST},Hello,"Name, Pin",2026-01-02T03:04:05Z\n'
        f"{SECOND},Help; \x1b[31mred,,\n"
    )


@pytest.mark.parametrize(("form", "out"), [("json", "[]\n"), ("ndjson", ""), ("csv", "\n"), ("table", "")])
def test_nothing_is_printed_as_nothing_and_people_are_told_what_to_do(
    capsys: pytest.CaptureFixture[str], form: str, out: str
) -> None:
    write_rows([], form, ("name",), empty="Nothing. Make one.")
    captured = capsys.readouterr()

    assert captured.out == out
    assert captured.err == ("Nothing. Make one.\n" if form == "table" else "")


def test_one_thing_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    write_content({"id": FIRST, "outputs": {"Sum": Decimal("2.5")}, "kind": Category.DESKTOP_FLOW}, "ndjson")

    assert capsys.readouterr().out == f'{{"id": "{FIRST}", "outputs": {{"Sum": 2.5}}, "kind": 6}}\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", FIRST),
        ("HELL", FIRST),
        (str(FIRST), FIRST),
        (str(SECOND).upper(), SECOND),
        ("help", SECOND),
    ],
)
def test_a_name_an_id_or_the_beginning_of_either_chooses(text: str, expected: UUID) -> None:
    assert choose("flow", text, ROWS, "workflowid")["workflowid"] == expected


def test_the_beginning_of_an_id_chooses_without_its_hyphens_too() -> None:
    rows = [{"id": UUID(int=0xABCDEF12 << 96), "name": "x"}, {"id": UUID(int=0x12345678 << 96), "name": "y"}]

    assert choose("run", "abcdef120", rows, "id") is rows[0]
    assert choose("run", "1234", rows, "id") is rows[1]
    with pytest.raises(NotFound):
        choose("run", "123", rows, "id")


def test_what_fits_several_names_them() -> None:
    with pytest.raises(Ambiguous) as refused:
        choose("flow", "hel", ROWS, "workflowid")

    assert str(refused.value) == (
        f"‘hel’ fits 2 flows; name one by its id:\n  {FIRST}  Hello\n  {SECOND}  Help; ·[31mred"
    )
    assert refused.value.exit_code == 2


def test_an_exact_name_beats_those_that_begin_with_it() -> None:
    rows = [{"id": 1, "name": "Order"}, {"id": 2, "name": "Order all"}]

    assert choose("flow", "order", rows, "id") is rows[0]


def test_what_is_not_there_is_guessed_at() -> None:
    with pytest.raises(NotFound, match="There is no flow ‘Hallo’; did you mean ‘Hello’\\?"):
        choose("flow", "Hallo", ROWS, "workflowid")


def test_words_for_people() -> None:
    assert [counted(count, "flow") for count in (0, 1, 2, 1204)] == [
        "0 flows",
        "1 flow",
        "2 flows",
        "1,204 flows",
    ]
    assert safe("a\nb\x1b]0;x\x07") == "a·b·]0;x·"
    assert paragraph("a\nb\x1b[0m") == "a\nb·[0m"
