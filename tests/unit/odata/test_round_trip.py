"""Whatever can be read is printed so that it reads the same, and a printed text prints as itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from deskhand.odata import nodes
from deskhand.odata.errors import (
    QueryMalformed,
    QueryNotSupported,
    QueryOptionRepeated,
    QueryOptionUnknown,
    QueryTooLarge,
)
from deskhand.odata.functions import NAMESPACE, SET_FUNCTIONS, TEXT_FUNCTIONS
from deskhand.odata.parser import parse_path, parse_query
from deskhand.odata.printer import print_path, print_query

REFUSALS = (QueryMalformed, QueryNotSupported, QueryOptionRepeated, QueryOptionUnknown, QueryTooLarge)

RESERVED = {"and", "or", "not", "in", "null", "true", "false", "any", "all", "has", "asc", "desc"} | {
    "add sub mul div mod eq ne gt ge lt le"
}
WORDS = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda word: word not in {part for words in RESERVED for part in words.split()}
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LITERALS: st.SearchStrategy[nodes.Literal] = st.one_of(
    st.just(nodes.Null()),
    st.booleans().map(nodes.Boolean),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal(-(10**20)), max_value=10**20).map(
        nodes.Number
    ),
    TEXTS.map(nodes.Text),
    st.uuids().map(nodes.Guid),
    st.datetimes(timezones=st.just(UTC)).map(nodes.Instant),
    st.dates().map(nodes.Day),
)
ALIASES = WORDS.map(lambda word: nodes.Alias(f"@{word}"))
COLLECTIONS = st.lists(LITERALS, max_size=3).map(lambda items: nodes.Collection(tuple(items)))
COLUMNS = st.lists(WORDS, min_size=1, max_size=2).map(lambda path: nodes.Property(tuple(path)))
OPERANDS = st.one_of(COLUMNS, LITERALS, ALIASES)
VALUES = st.one_of(LITERALS, COLLECTIONS, ALIASES)
ARGUMENTS = st.builds(nodes.Argument, WORDS, VALUES)

CONDITIONS: st.SearchStrategy[nodes.Condition] = st.recursive(
    st.one_of(
        st.builds(nodes.Comparison, st.sampled_from(nodes.Comparator), OPERANDS, OPERANDS),
        st.builds(nodes.Membership, COLUMNS, st.lists(LITERALS, min_size=1, max_size=3).map(tuple)),
        st.builds(nodes.Call, st.sampled_from(sorted(TEXT_FUNCTIONS)), st.tuples(OPERANDS, OPERANDS)),
        st.builds(
            nodes.Call,
            st.sampled_from(sorted(SET_FUNCTIONS)),
            arguments=st.lists(ARGUMENTS, min_size=1, max_size=3).map(tuple),
            namespace=st.just(NAMESPACE),
        ),
        COLUMNS,
        st.booleans().map(nodes.Boolean),
    ),
    lambda inner: st.one_of(
        st.builds(nodes.Negation, inner),
        st.builds(
            nodes.Junction,
            st.sampled_from(nodes.Connective),
            st.lists(inner, min_size=2, max_size=4).map(tuple),
        ),
    ),
    max_leaves=12,
)
QUERIES = st.builds(
    nodes.Query,
    select=st.none() | st.lists(COLUMNS, max_size=3).map(tuple),
    filter=st.none() | CONDITIONS,
    order=st.lists(st.builds(nodes.OrderTerm, COLUMNS, st.sampled_from(nodes.Direction)), max_size=3).map(
        tuple
    ),
    top=st.none() | st.integers(1, 999_999_999),
    count=st.booleans(),
    skiptoken=st.none() | TEXTS.filter(bool),
    aliases=st.dictionaries(
        WORDS.map(lambda word: f"@{word}"), st.one_of(LITERALS, COLLECTIONS), max_size=2
    ).map(lambda aliases: tuple(aliases.items())),
)
SEGMENTS = st.builds(
    nodes.Segment,
    st.one_of(WORDS, st.sampled_from(["$value", "$count"])),
    st.none()
    | st.just(())
    | VALUES.map(lambda value: (nodes.Argument("", value),))
    | st.lists(ARGUMENTS, min_size=1, max_size=3).map(tuple),
    st.sampled_from(["", NAMESPACE]),
)


@given(QUERIES)
def test_a_printed_query_reads_as_the_same_query(query: nodes.Query) -> None:
    text = print_query(query)
    assert parse_query(text) == query
    assert print_query(parse_query(text)) == text


@given(st.lists(SEGMENTS.filter(lambda one: not (one.namespace and one.name[0] == "$")), max_size=4))
def test_a_printed_address_reads_as_the_same_address(segments: list[nodes.Segment]) -> None:
    path = nodes.ResourcePath(tuple(segments))
    assert parse_path(print_path(path)) == path


@given(st.text(max_size=60))
@example("$filter=" + "(" * 40)
@example("$filter=a eq '" + "''" * 20)
@example("$filter=a eq 1e99999999999999999999")
@example("$filter=a eq 9999-12-31T23:59:59-23:59")
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for parse in (parse_path, parse_query):
        with suppress(*REFUSALS):
            parse(text)


FRAGMENTS = ["a", " ", "eq", "'x'", "(", ")", ",", "and", "not", "in", "@p", "=", "[", "]", "1", "contains"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_any_filter_is_read_or_refused_by_name(text: str) -> None:
    with suppress(*REFUSALS):
        parse_query(f"$filter={text}")
