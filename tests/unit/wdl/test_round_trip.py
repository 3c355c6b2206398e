"""Printing and reading are each other's inverse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.wdl import nodes
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.parser import parse_expression
from deskhand.wdl.printer import print_expression, print_template
from deskhand.wdl.templates import parse_template

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
LITERALS = st.builds(nodes.Literal, SCALARS)


def deeper(inner: st.SearchStrategy[nodes.Expression]) -> st.SearchStrategy[nodes.Expression]:
    return st.one_of(
        st.builds(nodes.Call, NAMES, st.lists(inner, max_size=3).map(tuple)),
        st.builds(nodes.Property, inner, NAMES, st.booleans()),
        st.builds(nodes.Index, inner, inner, st.booleans()),
    )


TREES: st.SearchStrategy[nodes.Expression] = st.recursive(LITERALS, deeper, max_leaves=12)


@given(TREES)
def test_a_printed_tree_reads_as_itself_and_prints_as_itself(tree: nodes.Expression) -> None:
    printed = print_expression(tree)
    read = parse_expression(printed).tree
    assert (read, print_expression(read)) == (tree, printed)


@given(st.text(st.sampled_from("@{}'ax1 ,()"), max_size=14))
@settings(max_examples=400)
def test_a_string_that_can_be_read_prints_as_what_it_means(text: str) -> None:
    try:
        template = parse_template(text)
    except ExpressionError:
        return
    printed = print_template(template)
    assert without_texts(parse_template(printed)) == without_texts(template)


def without_texts(template: nodes.Template) -> object:
    """Return what a template means, without the text that its messages quote."""
    if isinstance(template, nodes.Whole):
        return ("whole", template.expression.tree)
    if isinstance(template, nodes.Interpolated):
        return [part.tree if isinstance(part, nodes.Parsed) else part for part in template.parts]
    return template


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("concat( 'a' ,1 )", "concat('a', 1)"),
        ("a( ) . b ?. c [ 0 ] ?[ 'd''e' ]", "a().b?.c[0]?['d''e']"),
        ("TRUE", "true"),
        ("+7", "7"),
        ("1e3", "1000.0"),
    ],
)
def test_printing_is_canonical(text: str, printed: str) -> None:
    assert print_expression(parse_expression(text).tree) == printed


def test_a_node_knows_where_it_stands() -> None:
    tree = parse_expression("first(x())?['a']").tree
    assert isinstance(tree, nodes.Index)
    assert (tree.span, tree.target.span, tree.key.span) == (
        nodes.Span(0, 16),
        nodes.Span(0, 10),
        nodes.Span(12, 15),
    )
