"""Where the compiler writes Python's own operators, they must do what the careful ones do."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deskhand.actions.declare import Library
from deskhand.robin.expression_code import Constants, ExpressionCode
from deskhand.robin.parser import parse, parse_expression
from deskhand.robin.python_tree import PythonTree
from deskhand.robin.runtime import Failed, RunEnvironment, compile_text, run
from deskhand.robin.spaces import Fact, Kind, spaces_of

VARIABLES = ("A", "B", "C")

LITERALS = st.sampled_from(
    [
        *("0", "1", "-1", "2", "7", "1000", "0.5", "-2.5", "1000000000", "39614081257132168796771975168"),
        *("True", "''", "'a'", "'12'"),
    ]
)
OPERANDS = st.one_of(st.sampled_from([*VARIABLES, "i"]), LITERALS)
ARITHMETIC = st.sampled_from(["+", "-", "*", "/", "MOD"])
COMPARISONS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(OPERANDS)
    left, right = draw(values(depth - 1)), draw(values(depth - 1))
    return f"({left} {draw(ARITHMETIC)} {right})"


@st.composite
def conditions(draw: st.DrawFn) -> str:
    test = f"{draw(values(1))} {draw(COMPARISONS)} {draw(values(1))}"
    if draw(st.booleans()):
        return (
            f"{test} {draw(st.sampled_from(['AND', 'OR', 'XOR']))} NOT ({draw(OPERANDS)} = {draw(OPERANDS)})"
        )
    return test


@st.composite
def rows(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(VARIABLES))
    row = f"SET {name} TO {draw(values())}"
    if draw(st.booleans()):
        row = f"IF {draw(conditions())} THEN\n{row}\nELSE\nSET {name} TO {draw(LITERALS)}\nEND"
    return row


OUTPUTS = "".join(f"@OUTPUT {name} : {{ 'Type': 'Any' }}\n" for name in (*VARIABLES, "i"))
UNKNOWN = "IF False THEN\n" + "".join(f"SET {name} TO []\n" for name in (*VARIABLES, "i")) + "END\n"
"""Rows that never run, after which nothing is known of any variable."""


def outcome(text: str) -> tuple[Any, ...]:
    ended = run(compile_text(OUTPUTS + text, Library([])), {}, RunEnvironment())
    if isinstance(ended, Failed):
        return ended.error_name, ended.message
    return tuple((type(value).__name__, str(value)) for value in ended.outputs.values())


@given(st.lists(rows(), min_size=1, max_size=4), st.integers(-3, 3), st.sampled_from([-2, 1, 3]))
@example(["SET A TO A + i"], 0, 1)
@example(["SET A TO A MOD 7", "SET A TO A - 5"], -3, 1)
@example(["SET A TO B", "SET B TO A + 1"], 1, 1)
@example(["SET A TO (A + 39614081257132168796771975168)"], 1, 1)
@example(["SET i TO (i + 1)"], 1, 1)
@example(["SET A TO ('' + B)", "SET A TO (A + B)"], 1, 1)
def test_what_is_proved_changes_no_result(body: list[str], start: int, step: int) -> None:
    loop = f"LOOP i FROM {start} TO {start + 5 * step} STEP {step}\n" + "\n".join(body) + "\nEND\n"
    assert outcome(loop) == outcome(UNKNOWN + loop)


def facts(text: str) -> dict[str, Fact]:
    return dict(spaces_of(parse(text), Library([])).shared.facts)


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ("SET X TO 5", Kind.BOUNDED),
        ("SET X TO 1.5", Kind.NUMBER),
        ("SET X TO -5\nSET X TO X + 1", Kind.COUNTER),
        ("SET X TO X + 1", Kind.COUNTER),
        ("SET X TO X + X", Kind.NUMBER),
        ("SET X TO 1\nSET X TO X * 2", Kind.NUMBER),
        ("LOOP X FROM 1 TO Unknown\nEND\nSET Unknown TO 5.5", Kind.BOUNDED),
        ("LOOP X FROM 0.5 TO 3\nEND", Kind.NUMBER),
        ("LOOP X FROM 1 TO 3\nSET X TO X + 1\nEND", Kind.COUNTER),
        ("LOOP i FROM 1 TO 9\nSET X TO X + i\nEND", Kind.COUNTER),
        ("SET X TO 10 / 2", Kind.NUMBER),
        ("SET Y TO 5\nSET X TO Y MOD 3", Kind.BOUNDED),
        ("SET X TO 1 = 2", Kind.BOOLEAN),
        ("SET X TO 'a'", Kind.TEXT),
        ("SET X TO 'a' + 5", Kind.TEXT),
        ("SET X TO X + 'a'", Kind.TEXT),
        ("SET X TO [1] + 'a'", Kind.ANYTHING),
        ("SET X TO 5\nSET X TO 'a'", Kind.ANYTHING),
        ("SET X TO Y\nSET Y TO X", Kind.NEVER),
        ("LOOP FOREACH X IN [1, 2]\nEND", Kind.ANYTHING),
        ("ERROR => X\nSET X TO 5", Kind.ANYTHING),
    ],
)
def test_what_is_known_of_a_variable(flow: str, expected: Kind) -> None:
    assert facts(flow)["x"].kind is expected


def python(expression: str, known: Sequence[tuple[str, Fact]]) -> tuple[str, bool]:
    names = dict(known)
    code = ExpressionCode(PythonTree(), names, frozenset(names), Constants())
    return ast.unparse(code.value(parse_expression(expression))), code.guarded


N = ("n", Fact(Kind.COUNTER, never_negative=True))
M = ("m", Fact(Kind.COUNTER))
T = ("t", Fact(Kind.TEXT))
X = ("x", Fact(Kind.ANYTHING))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("N + 1", ("v_n + 1", True)),
        ("N + N", ("add(v_n, v_n)", False)),
        ("N MOD 2 = 0", ("v_n % 2 == 0", True)),
        ("M MOD 2", ("modulo(v_m, 2)", False)),
        ("N = M", ("v_n == v_m", False)),
        ("N < M", ("v_n < v_m", True)),
        ("X + 1", ("add(v_x, 1)", False)),
        ("X = 'a'", ("equal(v_x, 'a')", False)),
        ("T = 'a'", ("v_t == 'a'", False)),
        ("T = ''", ("equal(v_t, '')", False)),
        ("T < 'a'", ("less(v_t, 'a')", False)),
        ("N = 1 AND NOT X", ("v_n == 1 and (not truth(v_x))", False)),
        ("-5", ("-5", False)),
        ("-N", ("-v_n", True)),
        ("X[0].Name", ("get_property(get_item(v_x, 0), 'Name')", False)),
        ("$'''a%T%'''", ("f'a{text(v_t)}'", False)),
        ("Stranger", ("None", False)),
    ],
)
def test_python_s_operators_stand_only_where_they_are_right(
    expression: str, expected: tuple[str, bool]
) -> None:
    assert python(expression, [N, M, T, X]) == expected
