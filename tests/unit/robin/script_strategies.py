"""Generates syntax trees of every kind, as the parser could have built them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deskhand.robin import nodes
from deskhand.robin.lexer import RESERVED_WORDS
from deskhand.robin.nodes import Expression, Quote, Statement
from deskhand.robin.parser import parse_expression
from deskhand.robin.printer import print_expression

_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
_PIECES = st.one_of(_LETTERS, st.sampled_from(["\r\n", "\\", "'", '"', "%", "`", "\\'", "'''", "\u200b"]))
TEXTS = st.lists(_PIECES, max_size=8).map("".join)
LINES = st.text(_LETTERS, max_size=8).map(lambda text: text.rstrip())

IDENTIFIERS = st.one_of(
    st.sampled_from(["A", "Total", "_x1", "Café", "件数", "P", "d", "Text", "Item"]),
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True),
).filter(lambda name: name.upper() not in RESERVED_WORDS)
QUOTABLE_NAMES = st.one_of(IDENTIFIERS, LINES.filter(bool), st.sampled_from(["Exit", "My block", "it's"]))


def briefly(build: Callable[..., SearchStrategy[Any]]) -> Callable[..., SearchStrategy[Any]]:
    """Let a strategy be shown by its name; in full it would fill pages."""
    return lambda *strategies: st.deferred(lambda: build(*strategies))


def optional(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def tuples_of(strategy: SearchStrategy[Any], *, least: int = 0, most: int = 3) -> SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


# Expressions


def numbers() -> SearchStrategy[nodes.NumberLiteral]:
    whole = st.integers(0, 10**20).map(lambda value: nodes.NumberLiteral(str(value), value))
    return st.one_of(whole, st.just(nodes.NumberLiteral("1E3", 1000)))


def plain(
    texts: SearchStrategy[str] = LINES, quote: Quote = Quote.PLAIN
) -> SearchStrategy[nodes.TextLiteral]:
    return texts.map(lambda text: nodes.TextLiteral((text,) if text else (), quote))


DATES = st.just(nodes.DateLiteral("2026-01-31 08:30:00", datetime(2026, 1, 31, 8, 30)))
NAMES = IDENTIFIERS.map(nodes.Name)

INSIDE_PERCENT = st.one_of(
    NAMES, numbers(), plain(), st.booleans().map(nodes.BooleanLiteral), DATES, st.just(nodes.ListLiteral(()))
)
"""What may stand between percent signs, apart from what is built of these."""

LEAVES = st.one_of(
    INSIDE_PERCENT,
    plain(TEXTS, Quote.RAW),
    TEXTS.map(nodes.PowerFxLiteral),
    st.just(nodes.ProtectedLiteral("AQAA=")),
    TEXTS.filter(lambda text: "`" not in text).map(nodes.UnparsedLiteral),
    st.just(nodes.TableLiteral(None, ())),
    st.just(nodes.ObjectLiteral(())),
)


@briefly
def larger(inner: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    """Return expressions one level above others; operators bind as in any order."""
    lists = tuples_of(inner).map(nodes.ListLiteral)
    rows = tuples_of(st.one_of(lists, NAMES), least=1)
    return st.one_of(
        lists,
        st.builds(nodes.TableLiteral, optional(lists), rows),
        st.lists(st.builds(nodes.ObjectEntry, TEXTS, inner), min_size=1, max_size=3).map(
            lambda entries: nodes.ObjectLiteral(tuple(entries))
        ),
        st.builds(nodes.Property, inner, IDENTIFIERS),
        st.builds(nodes.Index, inner, inner),
        st.builds(nodes.Slice, inner, optional(inner), optional(inner)),
        st.builds(nodes.FunctionCall, IDENTIFIERS, tuples_of(inner)),
        st.builds(nodes.Unary, st.sampled_from(nodes.UnaryOperator), inner),
        st.builds(nodes.Binary, st.sampled_from(nodes.BinaryOperator), inner, inner),
    )


@briefly
def interpolated(inner: SearchStrategy[Expression]) -> SearchStrategy[nodes.TextLiteral]:
    return st.lists(st.one_of(TEXTS.filter(bool), inner), max_size=4).map(
        lambda parts: nodes.TextLiteral(tuple(_joined(parts)))
    )


def _joined(parts: Sequence[str | Expression]) -> list[str | Expression]:
    joined: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


LOOSE_EXPRESSIONS: SearchStrategy[Expression] = st.recursive(
    st.one_of(LEAVES, interpolated(st.recursive(INSIDE_PERCENT, larger, max_leaves=3))),
    larger,
    max_leaves=8,
)
"""Trees that may need parentheses they do not have."""


def ungrouped(tree: Any) -> Any:
    """Return a tree without its parentheses."""
    if isinstance(tree, nodes.Grouped):
        return ungrouped(tree.inner)
    if isinstance(tree, tuple):
        return tuple(ungrouped(item) for item in tree)
    if not isinstance(tree, nodes.Node):
        return tree
    fields = [name for name in type(tree).__slots__ if name != "span"]
    return type(tree)(**{name: ungrouped(getattr(tree, name)) for name in fields})


# Rows


ANNOTATIONS = st.builds(nodes.Annotation, QUOTABLE_NAMES, TEXTS)
ROWS: dict[str, SearchStrategy[Any]] = {
    "annotations": tuples_of(ANNOTATIONS, most=1),
    "disabled": st.booleans(),
}
ENDS = st.builds(nodes.End, **ROWS)


def _targets() -> SearchStrategy[nodes.Target]:
    return st.one_of(
        NAMES,
        st.builds(nodes.Property, NAMES, IDENTIFIERS),
        st.builds(nodes.Index, NAMES, LEAVES),
    )


@briefly
def _actions(
    expressions: SearchStrategy[Expression], handlers: SearchStrategy[Any]
) -> SearchStrategy[nodes.ActionCall]:
    return st.builds(
        nodes.ActionCall,
        st.lists(IDENTIFIERS, min_size=3, max_size=3).map(".".join),
        tuples_of(_arguments(nodes.Argument, expressions)).map(_dynamic_last),
        tuples_of(_arguments(nodes.OutputArgument, _targets())).map(_dynamic_last),
        handlers,
    )


def _dynamic_last(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(arguments, key=lambda one: bool(one.dynamic)))


def _arguments(kind: Any, values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    dynamic = st.builds(kind, QUOTABLE_NAMES, values, st.just(True))
    return st.one_of(st.builds(kind, st.one_of(IDENTIFIERS, st.just("To")), values), dynamic)


def _is_no_action(expression: Expression) -> bool:
    """Leave out ``(a.b.c)``, which reads as an action without arguments."""
    return not isinstance(expression, nodes.Grouped)


@briefly
def simple(
    expressions: SearchStrategy[Expression], handlers: SearchStrategy[Any]
) -> SearchStrategy[Statement]:
    """Return statements of one line."""
    actions = _actions(expressions, handlers)
    arguments = tuples_of(st.builds(nodes.Argument, IDENTIFIERS, expressions))
    outputs = tuples_of(st.builds(nodes.OutputArgument, IDENTIFIERS, _targets()))
    fixed = (
        nodes.ExitLoop,
        nodes.NextLoop,
        nodes.ExitFunction,
        nodes.ThrowError,
        nodes.RepeatAction,
        nodes.NextAction,
        nodes.RepeatBlock,
        nodes.ExitBlock,
        nodes.EndRegion,
    )
    return st.one_of(
        st.builds(nodes.Set, _targets(), expressions, handlers, **ROWS),
        st.builds(nodes.CallSubflow, QUOTABLE_NAMES, arguments, outputs, handlers, **ROWS),
        st.builds(nodes.ActionStatement, actions, **ROWS),
        st.builds(nodes.Wait, expressions.filter(_is_no_action), handlers, **ROWS),
        st.builds(nodes.WaitFor, actions, optional(expressions), **ROWS),
        st.builds(nodes.Exit, optional(expressions), optional(expressions), **ROWS),
        st.builds(nodes.Label, QUOTABLE_NAMES, **ROWS),
        st.builds(nodes.Goto, QUOTABLE_NAMES, **ROWS),
        st.builds(nodes.LastError, _targets(), optional(expressions), **ROWS),
        st.builds(nodes.Comment, LINES, **ROWS),
        st.builds(
            nodes.Comment, st.sampled_from(["", " two\n lines ", "/#", "a#", "%'"]), st.just(True), **ROWS
        ),
        st.builds(nodes.Region, LINES.map(str.strip), **ROWS),
        st.builds(nodes.Unreadable, st.sampled_from(["SET A TO", "File.Copy A B", "B = 5"]), **UNREADABLE),
        *(st.builds(kind, **ROWS) for kind in fixed),
    )


UNREADABLE = {**ROWS, "disabled": st.just(True)}


@briefly
def handlers(expressions: SearchStrategy[Expression]) -> SearchStrategy[Any]:
    bodies = tuples_of(simple(expressions, st.none()), most=2)
    cases = st.builds(nodes.HandlerCase, optional(QUOTABLE_NAMES), bodies)
    retries = st.builds(nodes.Retry, expressions, expressions)
    return st.one_of(
        st.none(),
        st.builds(nodes.ErrorHandler, retries, tuples_of(cases, most=2)),
        st.builds(nodes.ErrorHandler, st.none(), tuples_of(cases, least=1, most=2)),
    )


@briefly
def compound(
    expressions: SearchStrategy[Expression], inner: SearchStrategy[Statement]
) -> SearchStrategy[Statement]:
    """Return statements that hold others."""
    bodies = tuples_of(inner, most=2)
    conditions = st.one_of(expressions.filter(_is_no_action), _actions(expressions, handlers(expressions)))
    first = st.builds(nodes.IfBranch, conditions, bodies)
    others = st.builds(nodes.IfBranch, expressions.filter(_is_no_action), bodies, **ROWS)
    branches = st.builds(lambda one, more: (one, *more), first, tuples_of(others, most=1))
    decoration = tuples_of(st.builds(nodes.Comment, LINES, **ROWS), most=1)
    predicates = st.builds(nodes.FunctionCall, IDENTIFIERS, tuples_of(expressions))
    comparisons = [nodes.BinaryOperator(sign) for sign in ("=", "<>", "<", "<=", ">", ">=")]
    cases = st.one_of(
        st.builds(nodes.Case, st.sampled_from(comparisons), expressions, bodies, **ROWS),
        st.builds(nodes.Case, st.none(), predicates, bodies, **ROWS),
    )
    defaults = optional(st.builds(nodes.Default, bodies, **ROWS))
    block_handlers = st.builds(
        nodes.BlockHandler, st.booleans(), tuples_of(simple(expressions, st.none()), most=2)
    )
    otherwise = optional(st.builds(nodes.ElseBranch, bodies, **ROWS))
    return st.one_of(
        st.builds(nodes.If, branches, otherwise, ENDS, **ROWS),
        st.builds(nodes.Switch, expressions, decoration, tuples_of(cases, most=2), defaults, ENDS, **ROWS),
        st.builds(
            nodes.LoopFrom, optional(IDENTIFIERS), expressions, expressions, expressions, bodies, ENDS, **ROWS
        ),
        st.builds(nodes.LoopForEach, IDENTIFIERS, expressions, bodies, ENDS, **ROWS),
        st.builds(nodes.LoopWhile, conditions, bodies, ENDS, **ROWS),
        st.builds(nodes.Block, optional(QUOTABLE_NAMES), block_handlers, bodies, ENDS, **ROWS),
    )


# Scripts


def _properties(expressions: SearchStrategy[Expression]) -> SearchStrategy[nodes.ObjectLiteral]:
    return tuples_of(st.builds(nodes.ObjectEntry, TEXTS, expressions), most=2).map(nodes.ObjectLiteral)


@briefly
def headers(expressions: SearchStrategy[Expression]) -> SearchStrategy[tuple[nodes.Header, ...]]:
    properties = _properties(expressions)
    single = st.one_of(
        st.builds(nodes.Import, LINES, IDENTIFIERS, tuples_of(ANNOTATIONS, most=2)),
        tuples_of(QUOTABLE_NAMES).map(nodes.Sensitive),
        st.builds(nodes.Input, QUOTABLE_NAMES, properties),
        st.builds(nodes.Output, QUOTABLE_NAMES, properties),
    ).map(lambda header: (header,))
    annotated = st.builds(
        lambda name, value, names: (nodes.HeaderAnnotation(name, value), nodes.Sensitive(names)),
        QUOTABLE_NAMES,
        TEXTS,
        tuples_of(QUOTABLE_NAMES),
    )
    groups = st.lists(st.one_of(single, annotated), max_size=3)
    return groups.map(lambda found: tuple(header for group in found for header in group))


@briefly
def functions(
    expressions: SearchStrategy[Expression], statements: SearchStrategy[Statement]
) -> SearchStrategy[nodes.Function]:
    properties = optional(_properties(expressions))
    return st.builds(
        nodes.Function,
        QUOTABLE_NAMES.filter(lambda name: name.casefold() != "main"),
        st.sampled_from(nodes.Scope),
        tuples_of(st.builds(nodes.Input, QUOTABLE_NAMES, properties), most=2),
        tuples_of(st.builds(nodes.Output, QUOTABLE_NAMES, properties), most=2),
        tuples_of(statements, most=3),
        tuples_of(ANNOTATIONS, most=1),
    )


def scripts() -> SearchStrategy[nodes.Script]:
    """Return whole scripts; their expressions are read back from text, so parentheses are in place."""
    expressions: SearchStrategy[Expression] = st.deferred(
        lambda: LOOSE_EXPRESSIONS.map(lambda tree: parse_expression(print_expression(tree)))
    )
    handled: SearchStrategy[Any] = st.deferred(lambda: handlers(expressions))
    lines: SearchStrategy[Statement] = st.deferred(lambda: simple(expressions, handled))
    statements = lines
    for _ in range(2):
        statements = st.one_of(lines, compound(expressions, statements))
    return st.builds(
        nodes.Script,
        headers(expressions),
        tuples_of(statements, most=3),
        tuples_of(functions(expressions, statements), most=2),
        optional(TEXTS),
    )
