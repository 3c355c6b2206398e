"""Jumps of every kind, compiled, against a plain interpreter of the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.robin.parser import parse
from deskhand.robin.runtime import RunEnvironment, Succeeded, compile_flow, run
from tests.robin_library import library

FUEL = 60
"""How many marks a flow may leave before it ends; most jumps backwards never end by themselves."""

MARK = "CALL Mark\n"
SUBFLOW = f"""FUNCTION Mark GLOBAL
    SET Count TO Count + 1
    Test.Note Value: Number
    IF Count >= {FUEL} THEN
        EXIT
    END
END FUNCTION
"""


@dataclass(frozen=True)
class Row:
    """A row of a random flow.

    Attributes:
        word: What it is.
        number: Its mark, its label, or how often its loop runs.
        body: The rows inside.
        handler: The rows of a block's handler.
    """

    word: str
    number: int = 0
    body: tuple[Row, ...] = ()
    handler: tuple[Row, ...] = ()


def text(rows: Sequence[Row]) -> str:
    return "".join(map(_row_text, rows))


def _row_text(row: Row) -> str:
    inner = text(row.body)
    match row.word:
        case "mark":
            return f"SET Number TO {row.number}\n{MARK}"
        case "if":
            return f"IF Count MOD 2 = {row.number} THEN\n{inner}END\n"
        case "loop":
            return f"LOOP FROM 1 TO {row.number}\n{inner}END\n"
        case "while":
            return f"LOOP WHILE Count MOD 5 <> {row.number}\nSET Number TO -1\n{MARK}{inner}END\n"
        case "block":
            return f"BLOCK\nON BLOCK ERROR\n{text(row.handler)}END\n{inner}END\n"
        case "fail":
            return f"Test.Fail How: 'refuse'\nON ERROR\n{text(row.handler)}END\n"
        case "label":
            return f"LABEL L{row.number}\n"
        case "goto":
            return f"GOTO L{row.number}\n"
        case word:
            return f"{word}\n"


# The same, interpreted


class Out(Exception):
    """A way out of the rows that run."""

    def __init__(self, way: str, number: int = 0) -> None:
        super().__init__(way, number)
        self.way = way
        self.number = number


class Interpreter:
    """Runs rows by walking over them."""

    def __init__(self) -> None:
        self.trace: list[int] = []
        self.failed = False

    def run(self, rows: Sequence[Row]) -> list[int]:
        try:
            self.rows(rows)
        except Out as out:
            if out.way not in ("EXIT", "error"):
                raise
            self.failed = out.way == "error"
        return self.trace

    def rows(self, rows: Sequence[Row]) -> None:
        labels = {row.number: index for index, row in enumerate(rows) if row.word == "label"}
        index = 0
        while index < len(rows):
            try:
                self.row(rows[index])
            except Out as out:
                if out.way != "goto" or out.number not in labels:
                    raise
                index = labels[out.number]
            else:
                index += 1

    def row(self, row: Row) -> None:
        match row.word:
            case "mark":
                self.mark(row.number)
            case "if":
                if len(self.trace) % 2 == row.number:
                    self.rows(row.body)
            case "loop":
                self.loop(row, iter(range(row.number)))
            case "while":
                self.loop(row, iter(lambda: len(self.trace) % 5, row.number))
            case "block":
                self.protected(lambda: self.rows(row.body), row.handler)
            case "fail":
                self.protected(self.fail, row.handler)
            case "label":
                pass
            case word:
                raise Out(word, row.number)

    def mark(self, number: int) -> None:
        self.trace.append(number)
        if len(self.trace) >= FUEL:
            raise Out("EXIT")

    def fail(self) -> None:
        raise Out("error")

    def loop(self, row: Row, passes: Any) -> None:
        for _ in passes:
            if row.word == "while":
                self.mark(-1)
            try:
                self.rows(row.body)
            except Out as out:
                if out.way == "EXIT LOOP":
                    return
                if out.way != "NEXT LOOP":
                    raise

    def protected(self, body: Any, handler: Sequence[Row]) -> None:
        while True:
            try:
                body()
            except Out as out:
                if out.way != "error":
                    raise
            else:
                return
            try:
                self.rows(handler)
            except Out as out:
                if out.way in ("REPEAT BLOCK", "REPEAT ACTION"):
                    continue
                raise Out("error") if out.way == "THROW ERROR" else out from None
            return


# Random flows


class Writer:
    """Draws rows in which every jump has a place to go to."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.numbers = 0
        self.labels: list[list[int]] = []
        self.loops = 0

    def body(self, depth: int) -> tuple[Row, ...]:
        count = self.draw(st.integers(1, 4))
        kinds = [self.draw(st.sampled_from(("row", "row", "row", "label"))) for _ in range(count)]
        numbers = [self.number() for _ in kinds]
        pairs = list(zip(kinds, numbers, strict=True))
        self.labels.append([number for kind, number in pairs if kind == "label"])
        rows = tuple(Row("label", number) if kind == "label" else self.row(depth) for kind, number in pairs)
        self.labels.pop()
        return rows

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def row(self, depth: int) -> Row:
        words = ["mark", "mark", "goto", "fail", "EXIT LOOP", "NEXT LOOP"]
        word = self.draw(st.sampled_from(words + ["if", "if", "loop", "while", "block"] * (depth > 0)))
        match word:
            case "if" | "while":
                return Row(word, self.draw(st.integers(0, 1)), self.inside(word, depth))
            case "loop":
                return Row(word, self.draw(st.integers(0, 3)), self.inside(word, depth))
            case "block":
                handler = self.handler(("REPEAT BLOCK", "THROW ERROR", "EXIT LOOP", "NEXT LOOP", "goto"))
                return Row(word, body=self.body(depth - 1), handler=handler)
            case "fail":
                return Row(word, handler=self.handler(("THROW ERROR", "EXIT LOOP", "NEXT LOOP", "goto")))
            case _:
                return self.jump(word)

    def inside(self, word: str, depth: int) -> tuple[Row, ...]:
        self.loops += word != "if"
        body = self.body(depth - 1)
        self.loops -= word != "if"
        return body

    def handler(self, words: Sequence[str]) -> tuple[Row, ...]:
        start = Row("mark", self.number())
        return (start, self.jump(self.draw(st.sampled_from(words)))) if self.draw(st.booleans()) else (start,)

    def jump(self, word: str) -> Row:
        labels = [number for scope in self.labels for number in scope]
        if word == "goto" and labels:
            return Row("goto", self.draw(st.sampled_from(labels)))
        if word == "goto" or (word.endswith("LOOP") and not self.loops):
            word = "mark"
        return Row(word, self.number())


@st.composite
def flows(draw: st.DrawFn) -> tuple[Row, ...]:
    return (Row("mark"), *Writer(draw).body(3), Row("mark", 999))


def endless(rows: Sequence[Row]) -> bool:
    """Return whether rows can go round without a mark: then no fuel would stop them."""
    try:
        Watched().run(rows)
    except Endless:
        return True
    return False


class Endless(Exception):
    """Rows go round and leave no mark."""


class Watched(Interpreter):
    """An interpreter that notices when nothing is marked any more."""

    steps = 0

    def mark(self, number: int) -> None:
        self.steps = 0
        super().mark(number)

    def row(self, row: Row) -> None:
        self.steps += 1
        if self.steps > 2000:
            raise Endless
        super().row(row)


@settings(max_examples=150, deadline=None)
@given(flows().filter(lambda rows: not endless(rows)))
def test_compiled_jumps_end_where_interpreted_ones_do(rows: tuple[Row, ...]) -> None:
    actions, notes = library()
    program = compile_flow(parse(f"SET Count TO 0\n{text(rows)}{SUBFLOW}"), actions)
    outcome = run(program, {}, RunEnvironment())
    expected = Interpreter()
    assert notes.noted == expected.run(rows)
    assert isinstance(outcome, Succeeded) is not expected.failed
