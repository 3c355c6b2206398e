from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from deskhand.core.errors import DeskhandError
from deskhand.odata import nodes
from deskhand.odata.errors import (
    QueryMalformed,
    QueryNotSupported,
    QueryOptionRepeated,
    QueryOptionUnknown,
    QueryTooLarge,
)
from deskhand.odata.parser import parse_query

FLOW = UUID("6f0d2c1e-4b6e-4a52-9d2e-0f6f5a3b1c11")
AND, OR = nodes.Connective.AND, nodes.Connective.OR


def column(name: str) -> nodes.Property:
    return nodes.Property(tuple(name.split("/")))


def equals(name: str, value: nodes.Operand) -> nodes.Comparison:
    return nodes.Comparison(nodes.Comparator.EQUAL, column(name), value)


def number(value: str) -> nodes.Number:
    return nodes.Number(Decimal(value))


A, B, C = (equals(name, number("1")) for name in "abc")


def set_function(name: str, **arguments: nodes.Value | nodes.Alias) -> nodes.Call:
    given = tuple(nodes.Argument(key, value) for key, value in arguments.items())
    return nodes.Call(name, arguments=given, namespace="Microsoft.Dynamics.CRM")


def test_the_documented_list_request_is_read() -> None:
    assert parse_query("$filter=category+eq+6&$select=name,workflowid&$orderby=name") == nodes.Query(
        select=(column("name"), column("workflowid")),
        filter=equals("category", number("6")),
        order=(nodes.OrderTerm(column("name")),),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", nodes.Query()),
        ("&", nodes.Query()),
        ("api-version=9&size=full", nodes.Query()),
        ("%24top=3", nodes.Query(top=3)),
        ("$count=true", nodes.Query(count=True)),
        ("$count=false", nodes.Query()),
        ("$select=*", nodes.Query(select=())),
        ("$select=*,name", nodes.Query(select=())),
        ("$select= name , _ownerid_value ", nodes.Query(select=(column("name"), column("_ownerid_value")))),
        (
            "$orderby=name desc, createdon asc,category",
            nodes.Query(
                order=(
                    nodes.OrderTerm(column("name"), nodes.Direction.DESCENDING),
                    nodes.OrderTerm(column("createdon")),
                    nodes.OrderTerm(column("category")),
                )
            ),
        ),
        ("$skiptoken=abc%3D", nodes.Query(skiptoken="abc=")),
        (
            '@p1=\'name\'&@p2=["A","O\'Neil",4]&@p3=null',
            nodes.Query(
                aliases=(
                    ("@p1", nodes.Text("name")),
                    ("@p2", nodes.Collection((nodes.Text("A"), nodes.Text("O'Neil"), number("4")))),
                    ("@p3", nodes.Null()),
                )
            ),
        ),
    ],
)
def test_an_option_is_read(query: str, expected: nodes.Query) -> None:
    assert parse_query(query) == expected


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a eq 1", A),
        ("1 eq a", nodes.Comparison(nodes.Comparator.EQUAL, number("1"), column("a"))),
        ("a eq b", equals("a", column("b"))),
        ("(a eq 1)", A),
        ("a eq 1 and b eq 1", nodes.Junction(AND, (A, B))),
        (
            "a eq 1 or b eq 1 and c eq 1",
            nodes.Junction(OR, (A, nodes.Junction(AND, (B, C)))),
        ),
        (
            "(a eq 1 or b eq 1) and c eq 1",
            nodes.Junction(AND, (nodes.Junction(OR, (A, B)), C)),
        ),
        ("not (a eq 1)", nodes.Negation(A)),
        ("not a eq 1 and b eq 1", nodes.Junction(AND, (nodes.Negation(A), B))),
        ("not not a eq 1", nodes.Negation(nodes.Negation(A))),
        ("ismanaged", column("ismanaged")),
        ("not ismanaged", nodes.Negation(column("ismanaged"))),
        ("a eq null", equals("a", nodes.Null())),
        ("a eq true", equals("a", nodes.Boolean(True))),
        ("a eq -2.50", equals("a", number("-2.5"))),
        ("a eq 'it''s %26 more'", equals("a", nodes.Text("it's & more"))),
        ("a eq 'x%2By'", equals("a", nodes.Text("x+y"))),
        ("a eq ''", equals("a", nodes.Text(""))),
        (f"_ownerid_value eq {FLOW}", equals("_ownerid_value", nodes.Guid(FLOW))),
        (f"_ownerid_value eq '{FLOW}'", equals("_ownerid_value", nodes.Text(str(FLOW)))),
        ("a eq 2026-03-01", equals("a", nodes.Day(date(2026, 3, 1)))),
        (
            "a eq 2026-03-01T08:00:00Z",
            equals("a", nodes.Instant(datetime(2026, 3, 1, 8, tzinfo=UTC))),
        ),
        (
            "a eq 2026-03-01T10:00:00.2500000%2B02:00",
            equals("a", nodes.Instant(datetime(2026, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC))),
        ),
        ("a in (4, 8)", nodes.Membership(column("a"), (number("4"), number("8")))),
        ("contains(name,'x')", nodes.Call("contains", (column("name"), nodes.Text("x")))),
        ("startswith(name, @p)", nodes.Call("startswith", (column("name"), nodes.Alias("@p")))),
        (
            'Microsoft.Dynamics.CRM.In(PropertyName=\'statuscode\',PropertyValues=["4","8"])',
            set_function(
                "In",
                PropertyName=nodes.Text("statuscode"),
                PropertyValues=nodes.Collection((nodes.Text("4"), nodes.Text("8"))),
            ),
        ),
        (
            "not Microsoft.Dynamics.CRM.Between(PropertyName=@p1,PropertyValues=@p2)",
            nodes.Negation(
                set_function("Between", PropertyName=nodes.Alias("@p1"), PropertyValues=nodes.Alias("@p2"))
            ),
        ),
    ],
)
def test_a_filter_is_read(text: str, condition: nodes.Condition) -> None:
    assert parse_query(f"$filter={text}").filter == condition


@pytest.mark.parametrize(
    ("query", "error", "message"),
    [
        (
            "$skip=10",
            QueryOptionUnknown,
            "The query parameter $skip is not supported; did you mean ‘$skiptoken’?",
        ),
        ("$foo=1", QueryOptionUnknown, "The query parameter $foo is not supported"),
        (
            "$top=1&$top=2",
            QueryOptionRepeated,
            "The query parameter $top was given more than once; give it once.",
        ),
        (
            "$top=0",
            QueryMalformed,
            "Syntax error at position 1 in $top: expected a whole number from 1, but ‘0’ stands there.",
        ),
        (
            "$top=²",
            QueryMalformed,
            "Syntax error at position 1 in $top: expected a whole number from 1, but ‘²’ stands there.",
        ),
        (
            "$count=yes",
            QueryMalformed,
            "Syntax error at position 1 in $count: expected ‘true’ or ‘false’, but ‘yes’ stands there.",
        ),
        (
            "$skiptoken=",
            QueryMalformed,
            "Syntax error at position 1 in $skiptoken: it is empty; follow @odata.nextLink as it was given.",
        ),
        (
            "$select=a,",
            QueryMalformed,
            "Syntax error at position 3 in $select: expected a name, but the text ends.",
        ),
        (
            "$orderby=a down",
            QueryMalformed,
            "Syntax error at position 3 in $orderby: expected ‘asc’, ‘desc’, ‘,’ or the end, "
            "but ‘down’ stands there.",
        ),
        (
            "$expand=a",
            QueryNotSupported,
            "The query parameter $expand at position 1 in the query is not supported by this version.",
        ),
        (
            "fetchXml=%3Cfetch/%3E",
            QueryNotSupported,
            "The query parameter fetchXml at position 1 in the query is not supported by this version.",
        ),
        (
            '@p={"a":1}',
            QueryNotSupported,
            "An object as a parameter at position 1 in @p is not supported by this version.",
        ),
        (
            "@p=@q",
            QueryMalformed,
            "Syntax error at position 1 in @p: an alias cannot stand for another one.",
        ),
        (
            "$top=%ff",
            QueryMalformed,
            "Syntax error at position 1 in $top: the percent-encoded bytes are not UTF-8.",
        ),
        (
            "$filter=a eq 'x%00'",
            QueryMalformed,
            "Syntax error at position 8 in $filter: the character U+0000 has no meaning here.",
        ),
        (
            "=1",
            QueryMalformed,
            "Syntax error at position 1 in the query: ‘=1’ has no name before its value.",
        ),
    ],
)
def test_an_option_that_cannot_be_read_is_refused(
    query: str, error: type[DeskhandError], message: str
) -> None:
    with pytest.raises(error) as caught:
        parse_query(query)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 1, "expected a value, but the text ends"),
        ("a eq", 5, "expected a value, but the text ends"),
        ("4", 2, "expected a comparison such as ‘eq’, but the text ends"),
        ("a = 1", 3, "expected ‘and’, ‘or’ or the end, but ‘=’ stands there"),
        ("a eq 1)", 7, "expected ‘and’, ‘or’ or the end, but ‘)’ stands there"),
        ("(a eq 1", 8, "expected ‘)’, but the text ends"),
        ("a eq 'x", 6, "the text that begins here has no closing quote '"),
        ("a eq x!", 7, "‘!’ has no meaning here"),
        ("a eq guid'6f0d'", 6, "write 6f0d without ‘guid’ and quotes"),
        ("a eq 2026-13-01", 6, "‘2026-13-01’ is not a date: month must be in 1..12"),
        ("a in (1", 8, "expected ‘)’, but the text ends"),
        (
            "a gt 2026-03-01T08:00:00+00:00",
            26,
            "expected ‘and’, ‘or’ or the end, but ‘00’ stands there",
        ),
        ("startwith(a,'x')", 1, "there is no function ‘startwith’; did you mean ‘startswith’?"),
        (
            "In(PropertyName='a',PropertyValues=['1'])",
            1,
            "write the function as ‘Microsoft.Dynamics.CRM.In’",
        ),
        ("contains(a)", 11, "expected ‘,’, but ‘)’ stands there"),
    ],
)
def test_a_malformed_filter_is_refused_with_its_place(text: str, position: int, problem: str) -> None:
    with pytest.raises(QueryMalformed) as caught:
        parse_query(f"$filter={text}")
    assert (caught.value.where, caught.value.position, caught.value.problem) == ("$filter", position, problem)


@pytest.mark.parametrize(
    ("text", "what", "position"),
    [
        ("length(name) eq 3", "The function ‘length’", 1),
        ("4 eq length(name)", "The function ‘length’", 6),
        (
            "Microsoft.Dynamics.CRM.LastXHours(PropertyName='a',PropertyValue=1)",
            "The function ‘LastXHours’",
            1,
        ),
        ("roles/any(o:o/name eq 'x')", "The function ‘any’", 1),
        ("a add 1 eq 2", "The operator ‘add’", 3),
        ("a eq 1 sub 1", "The operator ‘sub’", 8),
    ],
)
def test_what_is_not_built_is_told_from_what_is_wrong(text: str, what: str, position: int) -> None:
    with pytest.raises(QueryNotSupported) as caught:
        parse_query(f"$filter={text}")
    assert (caught.value.what, caught.value.where, caught.value.position) == (what, "$filter", position)


def test_a_filter_may_be_fifty_levels_deep_and_no_deeper() -> None:
    def nested(levels: int) -> str:
        return f"$filter={'(' * levels}a eq 1{')' * levels}"

    assert parse_query(nested(50)).filter == A
    with pytest.raises(QueryTooLarge, match="too many levels: at most 50"):
        parse_query(nested(51))
    with pytest.raises(QueryTooLarge, match="too many levels: at most 50"):
        parse_query("$filter=" + "not " * 10_000)


def test_a_filter_may_have_five_hundred_conditions_and_no_more() -> None:
    def joined(conditions: int) -> str:
        return "$filter=" + " or ".join(["a eq 1"] * conditions)

    assert parse_query(joined(500)).filter == nodes.Junction(OR, (A,) * 500)
    with pytest.raises(QueryTooLarge, match="too many conditions: at most 500"):
        parse_query(joined(501))


def test_an_endless_query_is_refused_unread() -> None:
    with pytest.raises(QueryTooLarge, match="at most 65536 are read"):
        parse_query("$filter=" + "a" * 65_536)
