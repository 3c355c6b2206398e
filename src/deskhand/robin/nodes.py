"""Robin's syntax tree: what a flow's text says, with comments and annotations.

Every node is frozen and holds no behaviour. Two trees are equal when they say the same; where a
node stands (its span, row and file) takes no part in that.

A text read from a flow has CRLF at each of its line ends, as the flow sees them (robin 2.4);
comments keep plain line feeds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of flow text; lines and columns count from 1, the end column is past the last letter."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Span(0, 0, 0, 0)
"""The place of a node that was built and not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that stands in flow text."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


# Expressions (robin 2.3-2.5 and 6)


class Quote(StrEnum):
    """How a text literal is written; the value is what it opens with."""

    INTERPOLATED = "$'''"
    PLAIN = "'"
    RAW = "'''"


class UnaryOperator(StrEnum):
    """An operator before its operand."""

    MINUS = "-"
    PLUS = "+"
    NOT = "NOT"


class BinaryOperator(StrEnum):
    """An operator between two operands."""

    OR = "OR"
    XOR = "XOR"
    AND = "AND"
    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULO = "MOD"


@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    """``5``, ``3.14``, ``1E3``; the sign is an operator of its own."""

    text: str
    value: int | Decimal


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Node):
    """``True`` or ``False``."""

    value: bool


@dataclass(frozen=True, slots=True)
class TextLiteral(Node):
    """A text; only an interpolated one has expressions among its parts.

    Neighbouring letters are one part and no part is empty, so the empty text has none.
    """

    parts: tuple[str | Expression, ...]
    quote: Quote = Quote.INTERPOLATED


@dataclass(frozen=True, slots=True)
class PowerFxLiteral(Node):
    """``$fx'...'``: a formula if the source begins with ``=``, else text with ``${...}`` (robin 13)."""

    source: str


@dataclass(frozen=True, slots=True)
class ProtectedLiteral(Node):
    """``P'...'``: a value encrypted for one machine and user."""

    data: str


@dataclass(frozen=True, slots=True)
class UnparsedLiteral(Node):
    """A value in backticks: not filled in, or kept although nothing could read it."""

    text: str


@dataclass(frozen=True, slots=True)
class DateLiteral(Node):
    """``d"2026-01-31 08:00:00.00+01:00"``; the value is aware if an offset is written."""

    text: str
    value: datetime


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[1, 'a', X]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TableLiteral(Node):
    """``{ ^['Id'], [1] }``: rows are list literals or list-valued expressions."""

    headings: ListLiteral | None
    rows: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectEntry(Node):
    """One ``'key': value`` of an object literal."""

    key: str
    value: Expression


@dataclass(frozen=True, slots=True)
class ObjectLiteral(Node):
    """``{ 'a': 1 }``, and ``{{ }}`` without entries."""

    entries: tuple[ObjectEntry, ...]


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, module or repository alias, in the spelling of the text."""

    name: str


@dataclass(frozen=True, slots=True)
class Property(Node):
    """``of.name``; a chain of these may also be the path of an enumeration value (robin 9)."""

    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``of[index]``."""

    of: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """``of[start:stop]``; either end may be open."""

    of: Expression
    start: Expression | None
    stop: Expression | None


@dataclass(frozen=True, slots=True)
class FunctionCall(Node):
    """``Contains(text, part, True)``."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``-x``, ``+x``, ``NOT x``."""

    operator: UnaryOperator
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """``left operator right``."""

    operator: BinaryOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Grouped(Node):
    """``(inner)``: parentheses are kept, since conditions print as they were written (robin 17)."""

    inner: Expression


Expression: TypeAlias = (
    NumberLiteral
    | BooleanLiteral
    | TextLiteral
    | PowerFxLiteral
    | ProtectedLiteral
    | UnparsedLiteral
    | DateLiteral
    | ListLiteral
    | TableLiteral
    | ObjectLiteral
    | Name
    | Property
    | Index
    | Slice
    | FunctionCall
    | Unary
    | Binary
    | Grouped
)

Target: TypeAlias = Name | Property | Index
"""What can be assigned to (robin 4)."""


# Rows and what belongs to them


@dataclass(frozen=True, slots=True)
class Annotation(Node):
    """``@@name: 'value'``, which never changes what a flow does (robin 10)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Node):
    """A line of the designer.

    Attributes:
        annotations: The ``@@`` lines before it.
        disabled: Whether this row alone is skipped (robin 2.6).
        row: Its number in its subflow, from 1 (robin 15).
    """

    annotations: tuple[Annotation, ...] = ()
    disabled: bool = False
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Row):
    """The ``END`` of an IF, SWITCH, LOOP or BLOCK."""


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """``Name: value``; a dynamic one is written ``@Name: value`` (robin 9)."""

    name: str
    value: Expression
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class OutputArgument(Node):
    """``Name=> Variable``; a dynamic one is written ``@Name=> Variable``."""

    name: str
    target: Target
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class Retry(Node):
    """``ON ERROR REPEAT times TIMES WAIT seconds``: further attempts after the first."""

    times: Expression
    seconds: Expression


@dataclass(frozen=True, slots=True)
class HandlerCase(Node):
    """``ON ERROR [Name]`` and its body; without a name it takes the errors no other case takes.

    The body holds simple statements; which of them make sense there the checker says.
    """

    error: str | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ErrorHandler(Node):
    """What happens when a statement fails (robin 12.1)."""

    retry: Retry | None
    cases: tuple[HandlerCase, ...]


@dataclass(frozen=True, slots=True)
class BlockHandler(Node):
    """``ON BLOCK ERROR [all]``; ``all`` takes logic errors too (robin 12.2)."""

    all_errors: bool
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ActionCall(Node):
    """``Module.Action.Variant Name: value Out=> Variable``, as a statement or as a condition.

    Dynamic arguments stand after the others. An error handler belongs to the call wherever it stands.
    """

    name: str
    arguments: tuple[Argument, ...] = ()
    outputs: tuple[OutputArgument, ...] = ()
    handler: ErrorHandler | None = None


Condition: TypeAlias = Expression | ActionCall


# Statements (robin 3)


@dataclass(frozen=True, slots=True)
class Set(Row):
    """``SET target TO value``."""

    target: Target
    value: Expression
    handler: ErrorHandler | None = None


@dataclass(frozen=True, slots=True)
class CallSubflow(Row):
    """``CALL name``, with arguments if the subflow is local."""

    name: str
    arguments: tuple[Argument, ...] = ()
    outputs: tuple[OutputArgument, ...] = ()
    handler: ErrorHandler | None = None


@dataclass(frozen=True, slots=True)
class ActionStatement(Row):
    """An action on a row of its own."""

    action: ActionCall


@dataclass(frozen=True, slots=True)
class Wait(Row):
    """``WAIT seconds``."""

    seconds: Expression
    handler: ErrorHandler | None = None


@dataclass(frozen=True, slots=True)
class WaitFor(Row):
    """``WAIT (action) [FOR seconds]``."""

    action: ActionCall
    seconds: Expression | None = None


@dataclass(frozen=True, slots=True)
class ExitLoop(Row):
    """``EXIT LOOP``."""


@dataclass(frozen=True, slots=True)
class NextLoop(Row):
    """``NEXT LOOP``."""


@dataclass(frozen=True, slots=True)
class ExitFunction(Row):
    """``EXIT FUNCTION``."""


@dataclass(frozen=True, slots=True)
class Exit(Row):
    """``EXIT [Code: code] [ErrorMessage: message]``."""

    code: Expression | None = None
    message: Expression | None = None


@dataclass(frozen=True, slots=True)
class Label(Row):
    """``LABEL name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Goto(Row):
    """``GOTO name``."""

    name: str


@dataclass(frozen=True, slots=True)
class LastError(Row):
    """``ERROR => target [Reset: reset]``."""

    target: Target
    reset: Expression | None = None


@dataclass(frozen=True, slots=True)
class ThrowError(Row):
    """``THROW ERROR``, in a handler."""


@dataclass(frozen=True, slots=True)
class RepeatAction(Row):
    """``REPEAT ACTION``, in a handler."""


@dataclass(frozen=True, slots=True)
class NextAction(Row):
    """``NEXT ACTION``, in a handler."""


@dataclass(frozen=True, slots=True)
class RepeatBlock(Row):
    """``REPEAT BLOCK``, in a block's handler."""


@dataclass(frozen=True, slots=True)
class ExitBlock(Row):
    """``EXIT BLOCK``, in a block's handler."""


@dataclass(frozen=True, slots=True)
class IfBranch(Row):
    """``IF condition THEN`` or ``ELSE IF condition THEN``, and its body."""

    condition: Condition
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ElseBranch(Row):
    """``ELSE`` and its body."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If(Row):
    """``IF ... END``; the first branch shares its row with the IF, which alone holds annotations and flag."""

    branches: tuple[IfBranch, ...]
    otherwise: ElseBranch | None = None
    end: End = field(default_factory=End)


@dataclass(frozen=True, slots=True)
class Case(Row):
    """``CASE operator value``, or without an operator a predicate such as ``Contains('x', False)``."""

    operator: BinaryOperator | None
    value: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Default(Row):
    """``DEFAULT`` and its body."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Switch(Row):
    """``SWITCH subject ... END``; only comments and regions may stand before the first case."""

    subject: Expression
    before: tuple[Statement, ...]
    cases: tuple[Case, ...]
    default: Default | None = None
    end: End = field(default_factory=End)


@dataclass(frozen=True, slots=True)
class LoopFrom(Row):
    """``LOOP variable FROM start TO stop STEP step``; a step that is not written is 1."""

    variable: str | None
    start: Expression
    stop: Expression
    step: Expression
    body: tuple[Statement, ...]
    end: End = field(default_factory=End)


@dataclass(frozen=True, slots=True)
class LoopForEach(Row):
    """``LOOP FOREACH variable IN sequence``."""

    variable: str
    sequence: Expression
    body: tuple[Statement, ...]
    end: End = field(default_factory=End)


@dataclass(frozen=True, slots=True)
class LoopWhile(Row):
    """``LOOP WHILE condition``."""

    condition: Condition
    body: tuple[Statement, ...]
    end: End = field(default_factory=End)


@dataclass(frozen=True, slots=True)
class Block(Row):
    """``BLOCK [name]``, its handler and its body."""

    name: str | None
    handler: BlockHandler
    body: tuple[Statement, ...]
    end: End = field(default_factory=End)


@dataclass(frozen=True, slots=True)
class Comment(Row):
    """``# text`` or ``/# text #/``; the text is all that stands after or between the signs."""

    text: str
    block: bool = False


@dataclass(frozen=True, slots=True)
class Region(Row):
    """``**REGION title``: decoration, which pairs with no structure."""

    title: str = ""


@dataclass(frozen=True, slots=True)
class EndRegion(Row):
    """``**ENDREGION``."""


@dataclass(frozen=True, slots=True)
class Unreadable(Row):
    """A disabled row that nothing can read, kept as it was written."""

    text: str


Statement: TypeAlias = (
    Set
    | CallSubflow
    | ActionStatement
    | Wait
    | WaitFor
    | ExitLoop
    | NextLoop
    | ExitFunction
    | Exit
    | Label
    | Goto
    | LastError
    | ThrowError
    | RepeatAction
    | NextAction
    | RepeatBlock
    | ExitBlock
    | If
    | Switch
    | LoopFrom
    | LoopForEach
    | LoopWhile
    | Block
    | Comment
    | Region
    | EndRegion
    | Unreadable
)

Loop: TypeAlias = LoopFrom | LoopForEach | LoopWhile


# Scripts (robin 1 and 11)


class Scope(StrEnum):
    """Whose variables a subflow sees; the value is the word in the text."""

    GLOBAL = "GLOBAL"
    LOCAL = "LOCAL"
    UNSTATED = ""


@dataclass(frozen=True, slots=True)
class Import(Node):
    """``IMPORT 'path' AS alias``; the annotations name the desktop that its elements belong to."""

    path: str
    alias: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sensitive(Node):
    """``@SENSITIVE: [names]``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input(Node):
    """``@INPUT name : { ... }``; without properties only in a subflow's heading."""

    name: str
    properties: ObjectLiteral | None = None


@dataclass(frozen=True, slots=True)
class Output(Node):
    """``@OUTPUT name : { ... }``; without properties only in a subflow's heading."""

    name: str
    properties: ObjectLiteral | None = None


@dataclass(frozen=True, slots=True)
class HeaderAnnotation(Node):
    """An annotation of the whole script, followed by no import and no statement."""

    name: str
    value: str


Header: TypeAlias = Import | Sensitive | Input | Output | HeaderAnnotation


@dataclass(frozen=True, slots=True)
class Function(Node):
    """``FUNCTION name ... END FUNCTION``: a subflow other than Main.

    Attributes:
        name: What ``CALL`` says.
        scope: Global subflows share the flow's variables, local ones have their own.
        inputs: What a local subflow takes (robin 5.5).
        outputs: What a local subflow gives back.
        body: Its rows.
        annotations: The ``@@`` lines before it.
        file: Where it was read from.
    """

    name: str
    scope: Scope
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    body: tuple[Statement, ...]
    annotations: tuple[Annotation, ...] = ()
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Script(Node):
    """A whole flow, a file of it, or a fragment from the clipboard.

    Attributes:
        headers: Imports, inputs, outputs and sensitive names, in the order of the text.
        body: The rows of Main.
        functions: The other subflows.
        repository: What follows the ``# [ControlRepository]`` line, byte for byte (robin 14).
        file: Where Main was read from.
    """

    headers: tuple[Header, ...]
    body: tuple[Statement, ...]
    functions: tuple[Function, ...]
    repository: str | None = None
    file: str = field(default="Main.robin", compare=False)
