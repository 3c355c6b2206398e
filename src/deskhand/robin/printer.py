"""A tree to its one text (robin 17)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from deskhand.robin.expressions import COMPARISON_LEVEL, OPERATORS, UNARY_LEVEL
from deskhand.robin.lexer import RESERVED_WORDS
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Annotation,
    Argument,
    Binary,
    Block,
    BooleanLiteral,
    CallSubflow,
    Case,
    Comment,
    Condition,
    DateLiteral,
    ElseBranch,
    End,
    EndRegion,
    ErrorHandler,
    Exit,
    ExitBlock,
    ExitFunction,
    ExitLoop,
    Expression,
    Function,
    FunctionCall,
    Goto,
    Grouped,
    Header,
    HeaderAnnotation,
    If,
    IfBranch,
    Import,
    Index,
    Input,
    Label,
    LastError,
    ListLiteral,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    Name,
    NextAction,
    NextLoop,
    NumberLiteral,
    ObjectLiteral,
    Output,
    OutputArgument,
    PowerFxLiteral,
    Property,
    ProtectedLiteral,
    Quote,
    Region,
    RepeatAction,
    RepeatBlock,
    Row,
    Scope,
    Script,
    Sensitive,
    Set,
    Slice,
    Statement,
    Switch,
    TableLiteral,
    TextLiteral,
    ThrowError,
    Unary,
    UnaryOperator,
    UnparsedLiteral,
    Unreadable,
    Wait,
    WaitFor,
)

INDENT = "    "

REPOSITORY_LINE = "# [ControlRepository][PowerAutomateDesktop]"

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_LINE_END = re.compile(r"\r\n?|\n")


def print_script(script: Script) -> str:
    """Return the text of a script: headers, Main, the other subflows, the repository section.

    Reading the text gives an equal tree, and printing that tree gives the same text.
    """
    lines = _Lines()
    for header in script.headers:
        lines.add(*_header(header))
    lines.rows(script.body)
    for function in script.functions:
        _function(lines, function)
    text = lines.text()
    return text if script.repository is None else f"{text}{REPOSITORY_LINE}\n{script.repository}"


def print_statement(statement: Statement) -> str:
    """Return the lines of one statement with all that belongs to it."""
    lines = _Lines()
    lines.rows((statement,))
    return lines.text()


def print_expression(expression: Expression) -> str:
    """Return the text of an expression, as it stands outside of texts."""
    return _expression(expression, 0)


class _Lines:
    """Lines that gather at a depth of indentation."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def add(self, *lines: str) -> None:
        self._lines += [INDENT * self._depth + line if line else "" for line in lines]

    def row(self, row: Row, text: str) -> None:
        """Add the line of a row below its annotations."""
        self.add(*(_annotation(one) for one in row.annotations))
        self.add(f"DISABLE {text}" if row.disabled else text)

    def rows(self, statements: Sequence[Statement]) -> None:
        for statement in statements:
            _statement(self, statement)

    def inner(self, statements: Sequence[Statement]) -> None:
        self._depth += 1
        self.rows(statements)
        self._depth -= 1

    def inner_row(self, row: Row, text: str, statements: Sequence[Statement]) -> None:
        """Add a row one level deeper, and its own statements below it."""
        self._depth += 1
        self.row(row, text)
        self.inner(statements)
        self._depth -= 1

    def handler_body(self, statements: Sequence[Statement]) -> None:
        if statements:
            self.inner(statements)
        else:
            self.add("")


# Scripts


def _header(header: Header) -> tuple[str, ...]:
    if isinstance(header, Import):
        line = f"IMPORT {_plain(header.path)} AS {header.alias}"
        return (*(_annotation(one) for one in header.annotations), line)
    if isinstance(header, Sensitive):
        return (f"@SENSITIVE: [{', '.join(_name(name) for name in header.names)}]",)
    if isinstance(header, HeaderAnnotation):
        return (_annotation(Annotation(header.name, header.value)),)
    return (_declaration(header),)


def _declaration(declaration: Input | Output) -> str:
    word = "@INPUT" if isinstance(declaration, Input) else "@OUTPUT"
    name = _name(declaration.name)
    if declaration.properties is None:
        return f"{word} {name}"
    return f"{word} {name} : {print_expression(declaration.properties)}"


def _annotation(annotation: Annotation) -> str:
    quote = _raw if _LINE_END.search(annotation.value) else _plain
    return f"@@{_name(annotation.name)}: {quote(annotation.value)}"


def _function(lines: _Lines, function: Function) -> None:
    declared: tuple[Input | Output, ...] = (*function.inputs, *function.outputs)
    has_properties = any(one.properties is not None for one in declared)
    lines.add(*(_annotation(one) for one in function.annotations))
    lines.add(_function_heading(function, with_names=not has_properties))
    if has_properties:
        lines.add(*(INDENT + _declaration(one) for one in declared))
    lines.inner(function.body)
    lines.add("END FUNCTION")


def _function_heading(function: Function, *, with_names: bool) -> str:
    words = ["FUNCTION", _name(function.name)]
    if function.scope is not Scope.UNSTATED:
        words.append(function.scope.value)
    if with_names and function.inputs:
        words += ["INPUT", ", ".join(_name(one.name) for one in function.inputs)]
    if with_names and function.outputs:
        words += ["OUTPUT", ", ".join(_name(one.name) for one in function.outputs)]
    return " ".join(words)


# Statements


def _statement(lines: _Lines, statement: Statement) -> None:
    compound = _COMPOUND.get(type(statement))
    if compound is not None:
        compound(lines, statement)
        return
    lines.row(statement, _simple(statement))
    handler = _handler_of(statement)
    if handler is not None:
        _handler(lines, handler)


def _handler_of(statement: Statement) -> ErrorHandler | None:
    if isinstance(statement, ActionStatement | WaitFor):
        return statement.action.handler
    return statement.handler if isinstance(statement, Set | CallSubflow | Wait) else None


def _simple(statement: Statement) -> str:
    """Return the one line of a statement that holds no others."""
    words = _FIXED.get(type(statement))
    if words is not None:
        return words
    match statement:
        case Set(target=target, value=value):
            return f"SET {print_expression(target)} TO {print_expression(value)}"
        case ActionStatement(action=action):
            return _action(action)
        case CallSubflow():
            return " ".join(["CALL", _name(statement.name), *_arguments(statement)])
        case Wait(seconds=seconds):
            return f"WAIT {print_expression(seconds)}"
        case WaitFor(action=action, seconds=limit):
            return f"WAIT ({_action(action)})" + (f" FOR {print_expression(limit)}" if limit else "")
        case Label(name=name):
            return f"LABEL {_name(name)}"
        case Goto(name=name):
            return f"GOTO {_name(name)}"
        case Exit():
            return _exit(statement)
        case LastError():
            return _last_error(statement)
        case Unreadable(text=text):
            return text
        case _:
            return _decoration(statement)


_FIXED: Mapping[type[Statement], str] = {
    ExitLoop: "EXIT LOOP",
    NextLoop: "NEXT LOOP",
    ExitFunction: "EXIT FUNCTION",
    ThrowError: "THROW ERROR",
    RepeatAction: "REPEAT ACTION",
    NextAction: "NEXT ACTION",
    RepeatBlock: "REPEAT BLOCK",
    ExitBlock: "EXIT BLOCK",
    EndRegion: "**ENDREGION",
}


def _decoration(statement: Statement) -> str:
    if isinstance(statement, Region):
        return f"**REGION {statement.title}".rstrip()
    assert isinstance(statement, Comment), f"{type(statement).__name__} has no printed form"
    if statement.block or "\n" in statement.text:
        return f"/#{statement.text}#/"
    return f"#{statement.text}"


def _exit(statement: Exit) -> str:
    text = "EXIT"
    if statement.code is not None:
        text += f" Code: {print_expression(statement.code)}"
    if statement.message is not None:
        text += f" ErrorMessage: {print_expression(statement.message)}"
    return text


def _last_error(statement: LastError) -> str:
    text = f"ERROR => {print_expression(statement.target)}"
    return text if statement.reset is None else f"{text} Reset: {print_expression(statement.reset)}"


def _action(action: ActionCall) -> str:
    return " ".join([action.name, *_arguments(action)])


def _arguments(call: ActionCall | CallSubflow) -> list[str]:
    """Return the arguments, then the outputs, and after both the dynamic ones in the same order."""
    return [
        _argument(one)
        for dynamic in (False, True)
        for part in (call.arguments, call.outputs)
        for one in part
        if one.dynamic is dynamic
    ]


def _argument(argument: Argument | OutputArgument) -> str:
    name = f"@{_name(argument.name)}" if argument.dynamic else argument.name
    if isinstance(argument, Argument):
        return f"{name}: {print_expression(argument.value)}"
    return f"{name}=> {print_expression(argument.target)}"


# Compound statements and handlers


def _condition(condition: Condition) -> str:
    return f"({_action(condition)})" if isinstance(condition, ActionCall) else print_expression(condition)


def _condition_handler(lines: _Lines, condition: Condition) -> None:
    if isinstance(condition, ActionCall) and condition.handler is not None:
        _handler(lines, condition.handler)


def _end(lines: _Lines, end: End) -> None:
    lines.row(end, "END")


def _if(lines: _Lines, statement: If) -> None:
    first, *others = statement.branches
    lines.row(statement, f"IF {_condition(first.condition)} THEN")
    _branch_body(lines, first)
    for branch in others:
        lines.row(branch, f"ELSE IF {_condition(branch.condition)} THEN")
        _branch_body(lines, branch)
    if statement.otherwise is not None:
        _else(lines, statement.otherwise)
    _end(lines, statement.end)


def _branch_body(lines: _Lines, branch: IfBranch) -> None:
    _condition_handler(lines, branch.condition)
    lines.inner(branch.body)


def _else(lines: _Lines, branch: ElseBranch) -> None:
    lines.row(branch, "ELSE")
    lines.inner(branch.body)


def _switch(lines: _Lines, statement: Switch) -> None:
    lines.row(statement, f"SWITCH {print_expression(statement.subject)}")
    lines.inner(statement.before)
    for case in statement.cases:
        lines.inner_row(case, _case(case), case.body)
    if statement.default is not None:
        lines.inner_row(statement.default, "DEFAULT", statement.default.body)
    _end(lines, statement.end)


def _case(case: Case) -> str:
    operator = "" if case.operator is None else f"{case.operator.value} "
    return f"CASE {operator}{print_expression(case.value)}"


def _loop_from(lines: _Lines, statement: LoopFrom) -> None:
    counter = "" if statement.variable is None else f"{statement.variable} "
    bounds = f"{print_expression(statement.start)} TO {print_expression(statement.stop)}"
    lines.row(statement, f"LOOP {counter}FROM {bounds} STEP {print_expression(statement.step)}")
    lines.inner(statement.body)
    _end(lines, statement.end)


def _loop_for_each(lines: _Lines, statement: LoopForEach) -> None:
    lines.row(statement, f"LOOP FOREACH {statement.variable} IN {print_expression(statement.sequence)}")
    lines.inner(statement.body)
    _end(lines, statement.end)


def _loop_while(lines: _Lines, statement: LoopWhile) -> None:
    lines.row(statement, f"LOOP WHILE {_condition(statement.condition)}")
    _condition_handler(lines, statement.condition)
    lines.inner(statement.body)
    _end(lines, statement.end)


def _block(lines: _Lines, statement: Block) -> None:
    lines.row(statement, "BLOCK" if statement.name is None else f"BLOCK {_name(statement.name)}")
    lines.add("ON BLOCK ERROR all" if statement.handler.all_errors else "ON BLOCK ERROR")
    lines.handler_body(statement.handler.body)
    lines.add("END")
    lines.inner(statement.body)
    _end(lines, statement.end)


def _handler(lines: _Lines, handler: ErrorHandler) -> None:
    if handler.retry is not None:
        times, seconds = print_expression(handler.retry.times), print_expression(handler.retry.seconds)
        lines.add(f"ON ERROR REPEAT {times} TIMES WAIT {seconds}")
    for case in handler.cases:
        lines.add("ON ERROR" if case.error is None else f"ON ERROR {_name(case.error)}")
        lines.handler_body(case.body)
    lines.add("END")


# Expressions


def _expression(expression: Expression, lowest: int) -> str:
    """Return an expression's text, in parentheses if it binds more loosely than its place allows."""
    if isinstance(expression, Binary):
        return _binary(expression, lowest)
    if isinstance(expression, Unary):
        return _unary(expression, lowest)
    return _PRIMARY[type(expression)](expression)


def _binary(expression: Binary, lowest: int) -> str:
    level = OPERATORS[expression.operator.value].level
    left = _expression(expression.left, level + 1 if level == COMPARISON_LEVEL else level)
    right = _expression(expression.right, level + 1)
    text = f"{left} {expression.operator.value} {right}"
    return f"({text})" if level < lowest else text


def _unary(expression: Unary, lowest: int) -> str:
    operand = _expression(expression.operand, UNARY_LEVEL)
    needs_blank = expression.operator is UnaryOperator.NOT and not operand.startswith("(")
    text = f"{expression.operator.value}{' ' if needs_blank else ''}{operand}"
    return f"({text})" if lowest > UNARY_LEVEL else text


def _base(expression: Expression) -> str:
    """Return the text of what a property or index is taken from."""
    return _expression(expression, UNARY_LEVEL + 1)


def _index(expression: Index) -> str:
    return f"{_base(expression.of)}[{print_expression(expression.index)}]"


def _slice(expression: Slice) -> str:
    start = "" if expression.start is None else print_expression(expression.start)
    stop = "" if expression.stop is None else print_expression(expression.stop)
    return f"{_base(expression.of)}[{start}:{stop}]"


def _values(values: Sequence[Expression]) -> str:
    return ", ".join(print_expression(value) for value in values)


def _table(table: TableLiteral) -> str:
    headings = [] if table.headings is None else [f"^{print_expression(table.headings)}"]
    rows = ", ".join([*headings, *(print_expression(row) for row in table.rows)])
    return f"{{ {rows} }}" if rows else "{ }"


def _object(literal: ObjectLiteral) -> str:
    entries = ", ".join(f"{_plain(entry.key)}: {print_expression(entry.value)}" for entry in literal.entries)
    return f"{{ {entries} }}" if entries else "{{ }}"


# Literals and names


def _text(literal: TextLiteral) -> str:
    if literal.quote is Quote.INTERPOLATED:
        return f"$'''{''.join(_part(part) for part in literal.parts)}'''"
    content = "".join(part for part in literal.parts if isinstance(part, str))
    return _raw(content) if literal.quote is Quote.RAW else _plain(content)


def _part(part: str | Expression) -> str:
    if isinstance(part, str):
        return _escaped(part).replace("%", "%%")
    return f"%{print_expression(part)}%"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
    return _LINE_END.sub("\n", text)


def _plain(text: str) -> str:
    return f"'{_escaped(text)}'"


def _raw(text: str) -> str:
    return f"'''{_escaped(text)}'''"


def _power_fx(literal: PowerFxLiteral) -> str:
    source = literal.source.replace("\\", "\\\\").replace("'", "\\'")
    return f"$fx'{_LINE_END.sub(chr(10), source)}'"


def _unparsed(literal: UnparsedLiteral) -> str:
    return f"`{_LINE_END.sub(chr(10), literal.text)}`"


def _name(name: str) -> str:
    is_bare = _IDENTIFIER.fullmatch(name) is not None and name.upper() not in RESERVED_WORDS
    return name if is_bare else _plain(name)


_PRIMARY: Mapping[type[Expression], Callable[..., str]] = {
    NumberLiteral: lambda literal: literal.text,
    BooleanLiteral: lambda literal: str(literal.value),
    TextLiteral: _text,
    PowerFxLiteral: _power_fx,
    ProtectedLiteral: lambda literal: f"P'{literal.data}'",
    UnparsedLiteral: _unparsed,
    DateLiteral: lambda literal: f'd"{literal.text}"',
    ListLiteral: lambda literal: f"[{_values(literal.items)}]",
    TableLiteral: _table,
    ObjectLiteral: _object,
    Name: lambda name: name.name,
    Property: lambda place: f"{_base(place.of)}.{place.name}",
    Index: _index,
    Slice: _slice,
    FunctionCall: lambda call: f"{call.name}({_values(call.arguments)})",
    Grouped: lambda group: f"({print_expression(group.inner)})",
}

_COMPOUND: Mapping[type[Statement], Callable[..., None]] = {
    If: _if,
    Switch: _switch,
    LoopFrom: _loop_from,
    LoopForEach: _loop_for_each,
    LoopWhile: _loop_while,
    Block: _block,
}
