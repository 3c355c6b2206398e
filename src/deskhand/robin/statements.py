"""Statements: tokens to tree (robin 3-5 and 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from deskhand.core.errors import did_you_mean
from deskhand.robin.cursor import LINE_ENDS, Cursor, Failure, Hopeless, is_sign
from deskhand.robin.expressions import OPERATORS, expression, percent_outside_text, target
from deskhand.robin.lexer import Kind, Token
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Annotation,
    Argument,
    BinaryOperator,
    Block,
    BlockHandler,
    CallSubflow,
    Case,
    Comment,
    Condition,
    Default,
    ElseBranch,
    End,
    EndRegion,
    ErrorHandler,
    Exit,
    ExitBlock,
    ExitFunction,
    ExitLoop,
    Expression,
    FunctionCall,
    Goto,
    HandlerCase,
    If,
    IfBranch,
    Label,
    LastError,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    Name,
    NextAction,
    NextLoop,
    NumberLiteral,
    OutputArgument,
    Region,
    RepeatAction,
    RepeatBlock,
    Retry,
    Row,
    Set,
    Statement,
    Switch,
    ThrowError,
    UnparsedLiteral,
    Unreadable,
    Wait,
    WaitFor,
)
from deskhand.robin.syntax_codes import SyntaxCode

R = TypeVar("R", bound=Row)
S = TypeVar("S", bound=Statement)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands before a statement, and where the statement itself begins."""

    start: Token
    annotations: tuple[Annotation, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Statements, and the prefix of the row that ends them."""

    statements: tuple[Statement, ...]
    prefix: Prefix


HeaderReader: TypeAlias = Callable[[Cursor, Prefix], None]
"""Reads an ``@INPUT`` or similar line where such lines may stand."""

BLOCK_END = frozenset({"END"})
_IF_PART = frozenset({"END", "ELSE"})
_SWITCH_PART = frozenset({"END", "CASE", "DEFAULT"})
_HANDLER_END = frozenset({"END", "ON"})
_CLOSERS = frozenset({"END", "ELSE", "CASE", "DEFAULT"})
_COMPOUND = frozenset({"IF", "SWITCH", "LOOP", "BLOCK"})


# Rows


def prefix(cursor: Cursor) -> Prefix:
    """Read the annotations and the ``DISABLE`` before a statement."""
    annotations: list[Annotation] = []
    disabled = False
    while True:
        cursor.skip_newlines()
        if cursor.at_sign("@@"):
            annotations += _annotation(cursor)
        elif cursor.take_word("DISABLE"):
            disabled = True
        else:
            return Prefix(cursor.current, tuple(annotations), disabled)


def _annotation(cursor: Cursor) -> tuple[Annotation, ...]:
    start = cursor.take()
    try:
        name = cursor.any_name("an annotation")
        cursor.expect_sign(":", "between an annotation's name and its value")
        value = quoted_text(cursor, "the annotation's value")
        _expect_line_end(cursor)
    except Failure as failure:
        cursor.report(failure.fault)
        cursor.skip_statement()
        return ()
    return (Annotation(name, value, span=cursor.span_since(start.start)),)


def quoted_text(cursor: Cursor, what: str) -> str:
    """Read a quoted text that holds no expressions."""
    token = cursor.current
    if token.kind not in {Kind.PLAIN, Kind.RAW}:
        raise cursor.failure(SyntaxCode.EXPECTED, f"{what} belongs here, in single quotes")
    return cursor.take().text


def rows(
    cursor: Cursor,
    closers: frozenset[str],
    read_header: HeaderReader | None = None,
    *,
    in_handler: bool = False,
) -> Rows:
    """Read statements up to a word that closes them, or to where none of them can go on."""
    statements: list[Statement] = []
    while True:
        before = prefix(cursor)
        if _ends_rows(cursor, closers):
            return Rows(tuple(statements), before)
        if cursor.word in _CLOSERS:
            _report_stray_closer(cursor)
        elif cursor.word == "ON":
            _attach_handler(cursor, statements)
        elif cursor.at_sign("@") or cursor.word == "IMPORT":
            _header(cursor, before, read_header)
        else:
            statements += _statement(cursor, before, in_handler=in_handler)


def _ends_rows(cursor: Cursor, closers: frozenset[str]) -> bool:
    if cursor.current.kind in {Kind.END, Kind.REPOSITORY} or cursor.word == "FUNCTION":
        return True
    return cursor.word in closers or at_function_end(cursor)


def at_function_end(cursor: Cursor) -> bool:
    """Tell whether ``END FUNCTION`` comes next."""
    return cursor.word == "END" and _upper(cursor.peek()) == "FUNCTION"


def _upper(token: Token) -> str:
    return token.text.upper() if token.kind is Kind.WORD else ""


def _report_stray_closer(cursor: Cursor) -> None:
    token = cursor.current
    if _upper(cursor.peek()) == "REGION":
        message = "a region ends with **ENDREGION"
    else:
        openers = {"END": "IF, SWITCH, LOOP or BLOCK", "ELSE": "IF"}.get(token.text.upper(), "SWITCH")
        message = f"‘{token.text}’ stands here, but no {openers} is open above"
    cursor.note(SyntaxCode.NOTHING_TO_CLOSE, message, token)
    cursor.take()
    cursor.skip_statement()


def _header(cursor: Cursor, before: Prefix, read_header: HeaderReader | None) -> None:
    if read_header is None:
        message = f"{cursor.shown()} belongs at the top of the flow, outside of blocks"
        cursor.note(SyntaxCode.MISPLACED_HEADER, message, cursor.current)
        cursor.take()
        cursor.skip_statement()
    else:
        read_header(cursor, before)


def _statement(cursor: Cursor, before: Prefix, *, in_handler: bool) -> tuple[Statement, ...]:
    """Read one statement; what cannot be read is reported and left out."""
    row = next_row(cursor)
    if in_handler and cursor.word in _COMPOUND:
        message = f"an error handler holds no {cursor.word}; CALL a subflow that has it"
        cursor.note(SyntaxCode.NOT_IN_HANDLER, message, cursor.current)
    try:
        found = _read_statement(cursor, before)
        if before.disabled and not isinstance(found, _COMPOUND_NODES):
            _expect_faultless(cursor, before.start)
    except Hopeless:
        raise
    except Failure as failure:
        return _unread(cursor, before, row, failure)
    return (_placed(cursor, found, before, row),)


def _unread(cursor: Cursor, before: Prefix, row: int, failure: Failure) -> tuple[Statement, ...]:
    """Go on after a broken statement; a disabled one is kept as it stands (robin 2.6)."""
    if cursor.current is before.start:
        cursor.take()
    cursor.skip_statement()
    if not before.disabled:
        cursor.report(failure.fault)
        return ()
    cursor.forgive(before.start.start)
    text = cursor.text_since(before.start.start)
    return (_placed(cursor, Unreadable(text), before, row),)


def next_row(cursor: Cursor) -> int:
    """Count a row of the subflow; a handler's lines are not rows (robin 15)."""
    if not cursor.in_handler:
        cursor.row += 1
    return cursor.row


def _placed(cursor: Cursor, node: R, before: Prefix, row: int) -> R:
    """Return a node with what its prefix says and where it stands."""
    return replace(
        node,
        annotations=before.annotations,
        disabled=before.disabled,
        row=row,
        span=cursor.span_since(before.start.start),
    )


def _read_statement(cursor: Cursor, before: Prefix) -> Statement:
    token = cursor.current
    if token.kind in _LINES:
        cursor.take()
        return _LINES[token.kind](token)
    compound = _COMPOUNDS.get(cursor.word)
    if compound is not None:
        cursor.take()
        with cursor.nested_block(token):
            return compound(cursor, before)
    simple = _SIMPLE.get(cursor.word)
    if simple is not None:
        cursor.take()
    elif token.kind is Kind.WORD and is_sign(cursor.peek(), "."):
        simple = _action_statement
    else:
        raise _no_statement(cursor)
    found = simple(cursor)
    _expect_line_end(cursor)
    return found


def _no_statement(cursor: Cursor) -> Failure:
    token = cursor.current
    if token.kind is not Kind.WORD:
        message = f"{cursor.shown()} begins no statement; write a keyword such as SET, or Module.Action"
    elif is_sign(cursor.peek(), "=", ":", "[") or _upper(cursor.peek()) == "TO":
        message = f"to give ‘{token.text}’ a value, write SET {token.text} TO ..."
    elif cursor.word == "REGION":
        message = "a region begins with **REGION and ends with **ENDREGION"
    else:
        hint = did_you_mean(token.text, [*_SIMPLE, *_COMPOUNDS, "FUNCTION"])
        message = (
            f"‘{token.text}’ begins no statement{hint or '; write a keyword such as SET, or Module.Action'}"
        )
    return cursor.failure(SyntaxCode.NO_STATEMENT, message)


def _expect_line_end(cursor: Cursor) -> None:
    if cursor.at_line_end():
        return
    if cursor.at_sign("%"):
        raise percent_outside_text(cursor)
    if cursor.at_argument():
        message = f"the argument {cursor.shown()} belongs to no action; an action is a statement of its own"
    elif cursor.word in _SIMPLE or cursor.word in _COMPOUND:
        message = f"{cursor.shown()} begins another statement; it needs a line of its own"
    else:
        message = f"the statement is complete before {cursor.shown()}; remove the rest of the line"
    raise cursor.failure(SyntaxCode.REST_OF_LINE, message)


def _expect_faultless(cursor: Cursor, start: Token) -> None:
    """Give a disabled statement up that the lexer could not wholly read; its text is kept instead."""
    if cursor.is_faulty_since(start.start):
        raise Failure(None)


def report_dangling(cursor: Cursor, before: Prefix) -> None:
    """Report a prefix that no statement follows."""
    if before.annotations:
        message = "an annotation stands before a statement, and none follows"
        cursor.note_span(SyntaxCode.MISPLACED_HEADER, message, before.annotations[0].span)
    elif before.disabled:
        message = "DISABLE stands before a statement, and none follows"
        cursor.note(SyntaxCode.MISPLACED_HEADER, message, before.start)


# Comments and regions


def _comment(token: Token) -> Comment:
    return Comment(token.text, block=token.kind is Kind.BLOCK_COMMENT)


def _region(token: Token) -> Region:
    return Region(token.text)


def _end_region(_token: Token) -> EndRegion:
    return EndRegion()


_LINES: Mapping[Kind, Callable[[Token], Statement]] = {
    Kind.COMMENT: _comment,
    Kind.BLOCK_COMMENT: _comment,
    Kind.REGION: _region,
    Kind.END_REGION: _end_region,
}


# Simple statements; their keyword is read already


def _set(cursor: Cursor) -> Set:
    place = target(cursor)
    cursor.expect_word("TO", "between a variable and its new value")
    return Set(place, expression(cursor))


def _call(cursor: Cursor) -> CallSubflow:
    name = _whole_name(cursor, "a subflow")
    arguments, outputs = _arguments(cursor)
    return CallSubflow(name, arguments, outputs)


def _wait(cursor: Cursor) -> Wait | WaitFor:
    if not _at_action(cursor):
        return Wait(expression(cursor))
    action = _action_in_parentheses(cursor)
    seconds = expression(cursor) if cursor.take_word("FOR") else None
    return WaitFor(action, seconds)


def _exit(cursor: Cursor) -> Exit | ExitLoop | ExitFunction | ExitBlock:
    if cursor.take_word("LOOP"):
        return ExitLoop()
    if cursor.take_word("FUNCTION"):
        return ExitFunction()
    if cursor.take_word("BLOCK"):
        return ExitBlock()
    values = _named_values(cursor, ("Code", "ErrorMessage"))
    return Exit(values.get("Code"), values.get("ErrorMessage"))


def _whole_name(cursor: Cursor, what: str) -> str:
    """Read a name, and say what to do if it has several words without quotes."""
    start = cursor.current
    name = cursor.any_name(what)
    if cursor.current.kind is Kind.WORD and not cursor.at_argument():
        message = f"a name of several words is written in quotes, as in '{start.text} {cursor.current.text}'"
        raise cursor.failure(SyntaxCode.REST_OF_LINE, message)
    return name


def _named_values(cursor: Cursor, names: Iterable[str]) -> dict[str, Expression]:
    """Read ``Name: value`` pairs of which only some names are known."""
    by_fold = {name.casefold(): name for name in names}
    values: dict[str, Expression] = {}
    while cursor.at_argument():
        token = cursor.take()
        name = by_fold.get(token.text.casefold())
        if name is None or name in values:
            known = ", ".join(by_fold.values())
            message = f"‘{token.text}’ cannot stand here{' twice' if name else f'; known are {known}'}"
            raise cursor.failure(SyntaxCode.EXPECTED, message, token)
        cursor.expect_sign(":", f"after ‘{name}’")
        values[name] = expression(cursor)
    return values


def _next(cursor: Cursor) -> NextLoop | NextAction:
    if cursor.take_word("LOOP"):
        return NextLoop()
    if cursor.take_word("ACTION"):
        return NextAction()
    raise cursor.failure(SyntaxCode.EXPECTED, "LOOP, or in an error handler ACTION, belongs after NEXT")


def _repeat(cursor: Cursor) -> RepeatBlock | RepeatAction:
    if cursor.take_word("BLOCK"):
        return RepeatBlock()
    if cursor.take_word("ACTION"):
        return RepeatAction()
    raise cursor.failure(SyntaxCode.EXPECTED, "BLOCK or ACTION belongs after REPEAT, in an error handler")


def _label(cursor: Cursor) -> Label:
    return Label(_whole_name(cursor, "a label"))


def _goto(cursor: Cursor) -> Goto:
    return Goto(_whole_name(cursor, "a label"))


def _error(cursor: Cursor) -> LastError:
    cursor.expect_sign("=>", "between ERROR and the variable that takes the last error")
    place = target(cursor)
    return LastError(place, _named_values(cursor, ("Reset",)).get("Reset"))


def _throw(cursor: Cursor) -> ThrowError:
    cursor.expect_word("ERROR", "after THROW")
    return ThrowError()


_SIMPLE: Mapping[str, Callable[[Cursor], Statement]] = {
    "SET": _set,
    "CALL": _call,
    "WAIT": _wait,
    "EXIT": _exit,
    "NEXT": _next,
    "REPEAT": _repeat,
    "LABEL": _label,
    "GOTO": _goto,
    "ERROR": _error,
    "THROW": _throw,
}


# Actions


def _action_statement(cursor: Cursor) -> ActionStatement:
    return ActionStatement(_action(cursor))


def _action(cursor: Cursor) -> ActionCall:
    start = cursor.current
    segments = [cursor.identifier("an action's module")]
    while cursor.at_sign(".") and len(segments) < 3:
        cursor.take()
        if cursor.current.kind is not Kind.WORD:
            raise cursor.failure(SyntaxCode.EXPECTED, "the name of an action belongs after the point")
        segments.append(cursor.take().text)
    arguments, outputs = _arguments(cursor)
    return ActionCall(".".join(segments), arguments, outputs, span=cursor.span_since(start.start))


def _arguments(cursor: Cursor) -> tuple[tuple[Argument, ...], tuple[OutputArgument, ...]]:
    """Read arguments in any order; the tree holds the dynamic ones after the others."""
    arguments: list[Argument] = []
    outputs: list[OutputArgument] = []
    while cursor.at_argument():
        one = _argument(cursor)
        if isinstance(one, Argument):
            arguments.append(one)
        else:
            outputs.append(one)
    arguments.sort(key=_is_dynamic)
    outputs.sort(key=_is_dynamic)
    return tuple(arguments), tuple(outputs)


def _is_dynamic(argument: Argument | OutputArgument) -> bool:
    return argument.dynamic


def _argument(cursor: Cursor) -> Argument | OutputArgument:
    start = cursor.current
    dynamic = cursor.take_sign("@") is not None
    if cursor.current.kind not in {Kind.WORD, Kind.PLAIN}:
        raise cursor.failure(SyntaxCode.EXPECTED, "the name of an argument belongs after ‘@’")
    name = cursor.take().text
    if cursor.take_sign("=>"):
        place = target(cursor)
        return OutputArgument(name, place, dynamic, span=cursor.span_since(start.start))
    cursor.expect_sign(":", "between an argument's name and its value")
    value = expression(cursor)
    return Argument(name, value, dynamic, span=cursor.span_since(start.start))


def _at_action(cursor: Cursor) -> bool:
    """Tell whether parentheses hold an action and not an expression (robin 5)."""
    if not cursor.at_sign("("):
        return False
    ahead = cursor.ahead_in_brackets(9)
    segments = _dotted_name(ahead[1:])
    if len(segments) < 2:
        return False
    following = ahead[2 * len(segments) :]
    if is_sign(following[0], "@") or (following[0].kind is Kind.WORD and is_sign(following[1], ":", "=>")):
        return True
    if not is_sign(following[0], ")"):
        return False
    return _is_bare_action(cursor, ".".join(segments), following[0], following[1])


def _dotted_name(tokens: list[Token]) -> list[str]:
    segments: list[str] = []
    for name, point in zip(tokens[::2], tokens[1::2], strict=False):
        if name.kind is not Kind.WORD:
            return []
        segments.append(name.text)
        if not is_sign(point, ".") or len(segments) == 3:
            break
    return segments


def _is_bare_action(cursor: Cursor, name: str, closing: Token, following: Token) -> bool:
    """Tell an action without arguments from a property: the library knows, or three names say it."""
    is_whole = following.kind in LINE_ENDS or cursor.is_on_later_line(following, closing)
    if not is_whole and _upper(following) not in {"THEN", "FOR"}:
        return False
    return cursor.is_action(name) if cursor.is_action else name.count(".") == 2


def _action_in_parentheses(cursor: Cursor) -> ActionCall:
    with cursor.brackets(")"):
        return _action(cursor)


def _condition(cursor: Cursor) -> Condition:
    return _action_in_parentheses(cursor) if _at_action(cursor) else expression(cursor)


# Compound statements; their keyword is read already


def _opener(cursor: Cursor, before: Prefix, read: Callable[[], T], broken: Callable[[str], T]) -> T:
    """Read the first line of a block; if it is broken, report it and go on with the block's rows."""
    start = cursor.current
    try:
        found = read()
        _expect_line_end(cursor)
        if before.disabled:
            _expect_faultless(cursor, start)
    except Hopeless:
        raise
    except Failure as failure:
        cursor.skip_statement()
        text = cursor.text_since(start.start)
        if before.disabled:
            cursor.forgive(start.start)
        else:
            cursor.report(failure.fault)
        return broken(text)
    return found


def _verbatim(text: str) -> UnparsedLiteral:
    return UnparsedLiteral(text.replace("`", ""))


def _if(cursor: Cursor, before: Prefix) -> If:
    opener = before.start
    row = cursor.row
    condition = _opener(cursor, before, lambda: _if_condition(cursor), _verbatim_condition)
    first, after = _branch(cursor, before, condition)
    branches = [replace(first, row=row)]
    while cursor.word == "ELSE" and _upper(cursor.peek()) == "IF":
        branch, after = _else_if(cursor, after)
        branches.append(branch)
    otherwise: ElseBranch | None = None
    if cursor.word == "ELSE":
        otherwise, after = _else(cursor, after)
    while cursor.word == "ELSE":
        _report_second_else(cursor)
        after = rows(cursor, _IF_PART).prefix
    return If(tuple(branches), otherwise, end(cursor, after, opener))


def _report_second_else(cursor: Cursor) -> None:
    message = "this IF has had its ELSE; only END can follow"
    cursor.note(SyntaxCode.NOTHING_TO_CLOSE, message, cursor.current)
    cursor.take()
    cursor.skip_statement()


def _if_condition(cursor: Cursor) -> Condition:
    condition = _condition(cursor)
    if cursor.at_sign("%"):
        raise percent_outside_text(cursor)
    cursor.expect_word("THEN", "after the condition")
    return condition


def _verbatim_condition(text: str) -> UnparsedLiteral:
    return _verbatim(text[:-4].rstrip() if text.upper().endswith("THEN") else text)


def _branch(cursor: Cursor, before: Prefix, condition: Condition) -> tuple[IfBranch, Prefix]:
    condition = _with_condition_handler(cursor, condition)
    body = rows(cursor, _IF_PART)
    return IfBranch(condition, body.statements, span=cursor.span_since(before.start.start)), body.prefix


def _else_if(cursor: Cursor, before: Prefix) -> tuple[IfBranch, Prefix]:
    row = next_row(cursor)
    cursor.take()
    cursor.take()
    if _at_action(cursor):
        message = "an action cannot be the condition of ELSE IF; write ELSE and put an IF of its own below"
        cursor.note(SyntaxCode.ACTION_AFTER_ELSE_IF, message, cursor.current)
    condition = _opener(cursor, before, lambda: _if_condition(cursor), _verbatim_condition)
    branch, after = _branch(cursor, before, condition)
    return replace(branch, annotations=before.annotations, disabled=before.disabled, row=row), after


def _else(cursor: Cursor, before: Prefix) -> tuple[ElseBranch, Prefix]:
    row = next_row(cursor)
    cursor.take()
    _opener(cursor, before, lambda: None, lambda _text: None)
    body = rows(cursor, _IF_PART)
    return _placed(cursor, ElseBranch(body.statements), before, row), body.prefix


def _with_condition_handler(cursor: Cursor, condition: Condition) -> Condition:
    """Give a condition's action the ``ON ERROR`` lines that follow it inside the block (robin 3)."""
    if not isinstance(condition, ActionCall):
        return condition
    cursor.skip_newlines()
    return replace(condition, handler=_handler(cursor)) if cursor.word == "ON" else condition


def end(cursor: Cursor, before: Prefix, opener: Token) -> End:
    """Read the ``END`` of a block that some token opened; report it if it is missing."""
    if cursor.word != "END" or at_function_end(cursor):
        cursor.note(SyntaxCode.NO_END, f"this {opener.text.upper()} is never ended; write END", opener)
        return End()
    row = next_row(cursor)
    cursor.take()
    try:
        _expect_line_end(cursor)
    except Failure:
        message = f"END stands alone; remove {cursor.shown()}"
        cursor.note(SyntaxCode.REST_OF_LINE, message, cursor.current)
        cursor.skip_statement()
    return _placed(cursor, End(), before, row)


def _switch(cursor: Cursor, before: Prefix) -> Switch:
    subject = _opener(cursor, before, lambda: expression(cursor), _verbatim)
    first = rows(cursor, _SWITCH_PART)
    _expect_decoration(cursor, first.statements)
    cases: list[Case] = []
    default: Default | None = None
    after = first.prefix
    while cursor.word in {"CASE", "DEFAULT"}:
        if default is not None:
            message = "DEFAULT comes last in a SWITCH, and once"
            cursor.note(SyntaxCode.NOTHING_TO_CLOSE, message, cursor.current)
        if cursor.word == "CASE":
            case, after = _case(cursor, after)
            cases.append(case)
        else:
            default, after = _default(cursor, after)
    return Switch(subject, first.statements, tuple(cases), default, end(cursor, after, before.start))


def _expect_decoration(cursor: Cursor, statements: tuple[Statement, ...]) -> None:
    for statement in statements:
        if not isinstance(statement, Comment | Region | EndRegion):
            message = "in a SWITCH every statement belongs below a CASE or DEFAULT"
            cursor.note_span(SyntaxCode.EXPECTED, message, statement.span)


def _case(cursor: Cursor, before: Prefix) -> tuple[Case, Prefix]:
    row = next_row(cursor)
    cursor.take()
    operator, value = _opener(
        cursor, before, lambda: _case_test(cursor), lambda text: (None, _verbatim(text))
    )
    body = rows(cursor, _SWITCH_PART)
    return _placed(cursor, Case(operator, value, body.statements), before, row), body.prefix


def _case_test(cursor: Cursor) -> tuple[BinaryOperator | None, Expression]:
    sign = cursor.take_sign("=", "<>", "!=", "<", "<=", ">", ">=")
    if sign is not None:
        return OPERATORS[sign.text].meaning, expression(cursor)
    start = cursor.current
    test = expression(cursor)
    if not isinstance(test, FunctionCall | Name | UnparsedLiteral):
        message = "a CASE compares; write CASE = and the value, or <>, <, <=, >, >="
        raise cursor.failure(SyntaxCode.EXPECTED, message, start)
    return None, test


def _default(cursor: Cursor, before: Prefix) -> tuple[Default, Prefix]:
    row = next_row(cursor)
    cursor.take()
    _opener(cursor, before, lambda: None, lambda _text: None)
    body = rows(cursor, _SWITCH_PART)
    return _placed(cursor, Default(body.statements), before, row), body.prefix


def _loop(cursor: Cursor, before: Prefix) -> LoopFrom | LoopForEach | LoopWhile:
    found = _opener(
        cursor, before, lambda: _loop_heading(cursor), lambda text: LoopWhile(_verbatim(text), ())
    )
    if isinstance(found, LoopWhile):
        found = replace(found, condition=_with_condition_handler(cursor, found.condition))
    body = rows(cursor, BLOCK_END)
    return replace(found, body=body.statements, end=end(cursor, body.prefix, before.start))


def _loop_heading(cursor: Cursor) -> LoopFrom | LoopForEach | LoopWhile:
    if cursor.take_word("WHILE"):
        return LoopWhile(_condition(cursor), ())
    if cursor.take_word("FOREACH"):
        variable = cursor.identifier("the loop variable")
        cursor.expect_word("IN", "between the loop variable and the list")
        return LoopForEach(variable, expression(cursor), ())
    counter = None if cursor.word == "FROM" else cursor.identifier("the loop variable")
    cursor.expect_word("FROM", "as in LOOP i FROM 1 TO 10, LOOP FOREACH x IN list or LOOP WHILE condition")
    start = expression(cursor)
    cursor.expect_word("TO", "between the first and the last value")
    stop = expression(cursor)
    step = expression(cursor) if cursor.take_word("STEP") else NumberLiteral("1", 1)
    return LoopFrom(counter, start, stop, step, ())


def _block(cursor: Cursor, before: Prefix) -> Block:
    name = _opener(cursor, before, lambda: _block_name(cursor), lambda _text: None)
    cursor.skip_newlines()
    handler = _block_handler(cursor, before.start)
    body = rows(cursor, BLOCK_END)
    return Block(name, handler, body.statements, end(cursor, body.prefix, before.start))


def _block_name(cursor: Cursor) -> str | None:
    return None if cursor.at_line_end() else _whole_name(cursor, "a block")


# Error handlers


def _block_handler(cursor: Cursor, block: Token) -> BlockHandler:
    opener = cursor.current
    if not cursor.take_word("ON", "BLOCK", "ERROR"):
        message = "below BLOCK stand ON BLOCK ERROR, what to do then, and END; its own rows follow"
        cursor.note(SyntaxCode.MISPLACED_HANDLER, message, block)
        return BlockHandler(False, ())
    all_errors = _opener(cursor, Prefix(opener), lambda: _catches_all(cursor), lambda _text: False)
    body = _handler_rows(cursor, BLOCK_END)
    _handler_end(cursor, body.prefix, opener)
    return BlockHandler(all_errors, body.statements, span=cursor.span_since(opener.start))


def _catches_all(cursor: Cursor) -> bool:
    if _upper(cursor.current) == "ALL":
        cursor.take()
        return True
    if cursor.word == "REPEAT":
        message = "a block is not retried a number of times; retries belong to ON ERROR of a single action"
        raise cursor.failure(SyntaxCode.MISPLACED_HANDLER, message)
    return False


def _handler_rows(cursor: Cursor, closers: frozenset[str]) -> Rows:
    was_in_handler, cursor.in_handler = cursor.in_handler, True
    found = rows(cursor, closers, in_handler=True)
    cursor.in_handler = was_in_handler
    return found


def _handler_end(cursor: Cursor, before: Prefix, opener: Token) -> None:
    was_in_handler, cursor.in_handler = cursor.in_handler, True
    end(cursor, before, opener)
    cursor.in_handler = was_in_handler


def _attach_handler(cursor: Cursor, statements: list[Statement]) -> None:
    """Give ``ON ERROR`` lines to the statement before them, whatever their indentation (robin 3)."""
    opener = cursor.current
    owner_failed = cursor.follows_failure()
    handler = _handler(cursor)
    if owner_failed:
        return
    for index in range(len(statements) - 1, -1, -1):
        if isinstance(statements[index], Comment):
            continue
        handled = _handled(statements[index], handler)
        if handled is not None:
            statements[index] = handled
            return
        break
    message = "ON ERROR belongs directly below an action, SET, CALL or WAIT that has none yet"
    cursor.note(SyntaxCode.MISPLACED_HANDLER, message, opener)


def _handled(statement: Statement, handler: ErrorHandler) -> Statement | None:
    if isinstance(statement, ActionStatement | WaitFor):
        if statement.action.handler is not None:
            return None
        return replace(statement, action=replace(statement.action, handler=handler))
    if isinstance(statement, Set | CallSubflow | Wait) and statement.handler is None:
        return replace(statement, handler=handler)
    return None


def _handler(cursor: Cursor) -> ErrorHandler:
    """Read a chain of ``ON ERROR`` lines, with one END for all or one for each."""
    start = cursor.current.start
    retry: Retry | None = None
    cases: list[HandlerCase] = []
    while cursor.word == "ON":
        opener = cursor.current
        heading = _opener(cursor, Prefix(opener), lambda: _handler_heading(cursor), lambda _text: None)
        body = _handler_rows(cursor, _HANDLER_END)
        if isinstance(heading, Retry):
            retry = _only_retry(cursor, opener, retry, heading, cases)
            _expect_no_rows(cursor, opener, body)
        else:
            cases.append(HandlerCase(heading, body.statements, span=cursor.span_since(opener.start)))
        if cursor.word != "ON":
            _handler_end(cursor, body.prefix, opener)
            cursor.skip_newlines()
    return ErrorHandler(retry, tuple(cases), span=cursor.span_since(start))


def _handler_heading(cursor: Cursor) -> Retry | str | None:
    start = cursor.take()
    if cursor.word == "BLOCK":
        message = "ON BLOCK ERROR stands directly below BLOCK"
        raise cursor.failure(SyntaxCode.MISPLACED_HANDLER, message)
    cursor.expect_word("ERROR", "after ON")
    if cursor.take_word("REPEAT"):
        return _retry(cursor, start)
    if cursor.at_line_end():
        return None
    if cursor.word in _SIMPLE or cursor.word in _COMPOUND:
        message = f"what to do on an error goes below ON ERROR; put {cursor.shown()} on a line of its own"
        raise cursor.failure(SyntaxCode.REST_OF_LINE, message)
    return cursor.any_name("an error")


def _retry(cursor: Cursor, start: Token) -> Retry:
    times = expression(cursor)
    cursor.expect_word("TIMES", "as in ON ERROR REPEAT 3 TIMES WAIT 5")
    cursor.expect_word("WAIT", "as in ON ERROR REPEAT 3 TIMES WAIT 5")
    seconds = expression(cursor)
    return Retry(times, seconds, span=cursor.span_since(start.start))


def _only_retry(
    cursor: Cursor, opener: Token, before: Retry | None, found: Retry, cases: list[HandlerCase]
) -> Retry:
    if before is not None or cases:
        message = "ON ERROR REPEAT stands once, before the other ON ERROR lines of its action"
        cursor.note(SyntaxCode.MISPLACED_HANDLER, message, opener)
    return before or found


def _expect_no_rows(cursor: Cursor, opener: Token, body: Rows) -> None:
    if any(not isinstance(statement, Comment) for statement in body.statements):
        message = "no statements follow ON ERROR REPEAT; write ON ERROR on a line of its own before them"
        cursor.note(SyntaxCode.MISPLACED_HANDLER, message, opener)


_COMPOUNDS: Mapping[str, Callable[[Cursor, Prefix], Statement]] = {
    "IF": _if,
    "SWITCH": _switch,
    "LOOP": _loop,
    "BLOCK": _block,
}

_COMPOUND_NODES = (If, Switch, LoopFrom, LoopForEach, LoopWhile, Block)
