from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from deskhand.odata import nodes
from deskhand.odata.errors import QueryMalformed, QueryTooLarge
from deskhand.odata.parser import parse_path
from deskhand.odata.printer import print_path

FLOW = UUID("6f0d2c1e-4b6e-4a52-9d2e-0f6f5a3b1c11")
BY_ID = (nodes.Argument("", nodes.Guid(FLOW)),)


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("", ()),
        ("/", ()),
        ("workflows", (nodes.Segment("workflows"),)),
        ("/workflows/", (nodes.Segment("workflows"),)),
        (f"workflows({FLOW})", (nodes.Segment("workflows", BY_ID),)),
        (f"workflows({str(FLOW).upper()})", (nodes.Segment("workflows", BY_ID),)),
        (f"workflows({{{FLOW}}})", (nodes.Segment("workflows", BY_ID),)),
        (f"workflows(%7B{FLOW}%7d)", (nodes.Segment("workflows", BY_ID),)),
        (f"workflows%28{FLOW}%29", (nodes.Segment("workflows", BY_ID),)),
        (
            f"workflows(workflowid={FLOW})",
            (nodes.Segment("workflows", (nodes.Argument("workflowid", nodes.Guid(FLOW)),)),),
        ),
        (
            "set(k1='it''s a/b',k2=5)",
            (
                nodes.Segment(
                    "set",
                    (
                        nodes.Argument("k1", nodes.Text("it's a/b")),
                        nodes.Argument("k2", nodes.Number(Decimal(5))),
                    ),
                ),
            ),
        ),
        (
            f"workflows({FLOW})/inputs/$value",
            (nodes.Segment("workflows", BY_ID), nodes.Segment("inputs"), nodes.Segment("$value")),
        ),
        ("workflows/$count", (nodes.Segment("workflows"), nodes.Segment("$count"))),
        (
            f"workflows({FLOW})/Microsoft.Dynamics.CRM.RunDesktopFlow",
            (
                nodes.Segment("workflows", BY_ID),
                nodes.Segment("RunDesktopFlow", namespace="Microsoft.Dynamics.CRM"),
            ),
        ),
        ("WhoAmI", (nodes.Segment("WhoAmI"),)),
        ("WhoAmI()", (nodes.Segment("WhoAmI", ()),)),
        ("Fun(Target=@t)", (nodes.Segment("Fun", (nodes.Argument("Target", nodes.Alias("@t")),)),)),
        ("$metadata", (nodes.Segment("$metadata"),)),
    ],
)
def test_an_address_is_read_and_printed(path: str, segments: tuple[nodes.Segment, ...]) -> None:
    read = parse_path(path)
    assert read == nodes.ResourcePath(segments)
    assert parse_path(print_path(read)) == read


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "workflows(abc)",
            "Syntax error at position 11 in the address: expected a value, but ‘abc’ stands there.",
        ),
        ("workflows(", "Syntax error at position 11 in the address: expected a value, but the text ends."),
        (
            "workflows({5})",
            "Syntax error at position 12 in the address: expected a GUID, but ‘5’ stands there.",
        ),
        ("a//b", "Syntax error at position 3 in the address: expected a name, but ‘/’ stands there."),
        ("a b", "Syntax error at position 3 in the address: expected ‘/’, but ‘b’ stands there."),
        ("a%ff", "Syntax error at position 2 in the address: the percent-encoded bytes are not UTF-8."),
        (
            "a(1,2)",
            "Syntax error at position 3 in the address: several values need names, as in "
            "(name=value,name=value).",
        ),
        (
            "a('b",
            "Syntax error at position 3 in the address: the text that begins here has no closing quote '.",
        ),
        (
            "a(1e999)",
            "Syntax error at position 3 in the address: ‘1e999’ is not a number: it is out of range.",
        ),
    ],
)
def test_a_malformed_address_is_refused_with_its_place(path: str, message: str) -> None:
    with pytest.raises(QueryMalformed) as caught:
        parse_path(path)
    assert str(caught.value) == message


def test_an_endless_address_is_refused_unread() -> None:
    with pytest.raises(QueryTooLarge, match="at most 65536 are read"):
        parse_path("a" * 65_537)
