"""Jumps that cross Python loops: GOTO, EXIT LOOP, NEXT LOOP, REPEAT. Source: robin 5.2 and 5.3.

Python's ``break`` and ``continue`` reach the innermost loop only. A jump that goes further leaves a
number in a variable and breaks; behind every loop on its way stands a test that passes it on.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from deskhand.robin.python_tree import Code, PythonTree

_PENDING = "_to"


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """Somewhere to go.

    Attributes:
        loop: The Python loop that ends the journey.
        again: Whether that loop goes round once more, or is left.
        state: The variable and value that tell the loop where to go on, if it holds labels.
    """

    loop: PythonLoop
    again: bool
    state: tuple[str, int] | None = None


@dataclass(slots=True, eq=False)
class PythonLoop:
    """A Python loop that is being written, and the jumps that leave it for an outer one."""

    crossing: dict[int, Jump] = field(default_factory=dict)


@dataclass(slots=True)
class Jumps:
    """The open Python loops of one subflow.

    Attributes:
        python: Where nodes are built.
        loops: From the outermost to the innermost.
        is_used: Whether any jump crosses a loop.
    """

    python: PythonTree
    loops: list[PythonLoop] = field(default_factory=list)
    is_used: bool = False
    _numbers: dict[tuple[int, bool], int] = field(default_factory=dict)
    _kept: list[PythonLoop] = field(default_factory=list)

    def open(self) -> PythonLoop:
        """Begin a Python loop."""
        loop = PythonLoop()
        self.loops.append(loop)
        self._kept.append(loop)  # an id stands for one loop as long as the loop lives
        return loop

    def close(self) -> Code:
        """End the innermost loop; return what must follow it."""
        loop = self.loops.pop()
        code = [self._arrive(number, jump) for number, jump in loop.crossing.items() if self._ends_here(jump)]
        if any(not self._ends_here(jump) for jump in loop.crossing.values()):
            code.append(self.python.when(self.python.name(_PENDING), [self.python.leave()]))
        return code

    def start(self) -> Code:
        """Return what a subflow must begin with."""
        return [self.python.assign(_PENDING, self.python.constant(0))] if self.is_used else []

    def go(self, jump: Jump) -> Code:
        """Return the code of a jump from here."""
        code: Code = []
        if jump.state is not None:
            name, value = jump.state
            code.append(self.python.assign(name, self.python.constant(value)))
        if self._ends_here(jump):
            return [*code, self._end_of(jump)]
        self.is_used = True
        number = self._numbers.setdefault((id(jump.loop), jump.again), len(self._numbers) + 1)
        for loop in reversed(self.loops):
            if loop is jump.loop:
                break
            loop.crossing[number] = jump
        return [*code, self.python.assign(_PENDING, self.python.constant(number)), self.python.leave()]

    def _ends_here(self, jump: Jump) -> bool:
        return self.loops[-1] is jump.loop

    def _end_of(self, jump: Jump) -> ast.stmt:
        return self.python.next() if jump.again else self.python.leave()

    def _arrive(self, number: int, jump: Jump) -> ast.stmt:
        python = self.python
        is_this = python.comparison(python.name(_PENDING), ast.Eq(), python.constant(number))
        return python.when(is_this, [python.assign(_PENDING, python.constant(0)), self._end_of(jump)])
