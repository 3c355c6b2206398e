"""The Prefer header as clients write it."""

import pytest

from deskhand.webapi.preferences import Preferences, read_preferences

FORMATTED = "OData.Community.Display.V1.FormattedValue"


def test_nothing_is_preferred_without_the_header() -> None:
    assert read_preferences([]) == Preferences()
    assert Preferences().applied(paged=True) == {}


@pytest.mark.parametrize(
    "headers",
    [
        ['odata.maxpagesize=3,odata.include-annotations="*"'],
        ['odata.maxpagesize=3, odata.include-annotations="*"'],
        ["odata.maxpagesize=3", 'odata.include-annotations="*"'],
        ['respond-async,OData.MaxPageSize = 3 ,odata.include-annotations="*"'],
    ],
)
def test_preferences_are_read_from_one_header_or_several(headers: list[str]) -> None:
    preferences = read_preferences(headers)

    assert preferences == Preferences(3, ("*",), '"*"')
    assert preferences.applied(paged=True) == {
        "Preference-Applied": 'odata.maxpagesize=3,odata.include-annotations="*"'
    }
    assert preferences.applied(paged=False) == {"Preference-Applied": 'odata.include-annotations="*"'}


@pytest.mark.parametrize(
    ("asked", "size"), [("5001", 5000), ("1", 1), ("0", None), ("-1", None), ("x", None)]
)
def test_a_page_size_is_kept_within_bounds(asked: str, size: int | None) -> None:
    assert read_preferences([f"odata.maxpagesize={asked}"]).page_size == size


@pytest.mark.parametrize(
    ("value", "includes"),
    [
        ('"*"', True),
        ("*", True),
        (f'"{FORMATTED}"', True),
        ('"OData.Community.*"', True),
        ('"Microsoft.Dynamics.CRM.*"', False),
        (f'"Microsoft.Dynamics.CRM.*,{FORMATTED}"', True),
    ],
)
def test_annotations_are_named_or_matched(value: str, includes: bool) -> None:
    preferences = read_preferences([f"odata.include-annotations={value}"])

    assert preferences.includes(FORMATTED) is includes
    assert preferences.applied(paged=True) == {"Preference-Applied": f"odata.include-annotations={value}"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "a," + " " * 60_000 + "=",
        "a" + " " * 60_000,
        '"' * 60_000,
        ",,,",
        "respond-async",
        "wait=5;x=y",
        '="*"',
        "odata.maxpagesize",
    ],
)
def test_what_is_not_understood_is_ignored(header: str) -> None:
    assert read_preferences([header]) == Preferences()


@pytest.mark.parametrize(
    ("header", "representation"),
    [
        ("return=representation", True),
        ("RETURN=Representation,odata.maxpagesize=3", True),
        ("return=minimal", False),
        ("return", False),
    ],
)
def test_a_written_row_is_answered_on_request(header: str, representation: bool) -> None:
    preferences = read_preferences([header])

    assert preferences.representation is representation
    honoured = {"Preference-Applied": "return=representation"} if representation else {}
    assert preferences.applied(written=True) == honoured
    assert preferences.applied() == {}
