"""A flow's text to its tree: headers, Main and the other subflows (robin 1, 11 and 14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from deskhand.robin.cursor import Cursor, Failure, Hopeless
from deskhand.robin.diagnostics import Diagnostic, SyntaxErrors
from deskhand.robin.expressions import expression
from deskhand.robin.lexer import Fault, Kind, Source, Token, tokenize
from deskhand.robin.nodes import (
    Expression,
    Function,
    Header,
    HeaderAnnotation,
    Import,
    Input,
    ObjectLiteral,
    Output,
    Scope,
    Script,
    Sensitive,
    Statement,
)
from deskhand.robin.statements import Prefix, at_function_end, quoted_text, report_dangling, rows
from deskhand.robin.syntax_codes import SyntaxCode

_MAIN_END: frozenset[str] = frozenset()


def parse(text: str, file: str = "Main.robin", *, is_action: Callable[[str], bool] | None = None) -> Script:
    """Return the tree of a flow, of one subflow's file, or of a fragment.

    Args:
        text: Any mix of the forms that robin 1 describes. Statements outside a FUNCTION are Main.
        file: What diagnostics call the text.
        is_action: Tells which dotted names are actions, for ``IF (Module.Action) THEN`` without
            arguments; without it three names are taken for an action and two for a property.

    Returns:
        The tree, with comments and annotations.

    Raises:
        SyntaxErrors: The text breaks the language's rules; it carries every place.
    """
    source = Source(text.removeprefix("\ufeff"))
    found = tokenize(source.text)
    cursor = Cursor(source, found.tokens, lexer_faults=found.faults, is_action=is_action)
    draft = _Draft(file)
    try:
        _script(cursor, draft)
    except Hopeless as failure:
        cursor.report(failure.fault)
    _raise_faults(cursor, file)
    return Script(
        headers=tuple(draft.headers),
        body=tuple(draft.body),
        functions=tuple(draft.functions),
        repository=draft.repository,
        file=file,
        span=source.span(0, len(source.text)),
    )


def parse_expression(text: str, file: str = "expression") -> Expression:
    """Return the tree of one expression, as it stands in flow text: without percent signs.

    Raises:
        SyntaxErrors: The text is no expression, or more than one.
    """
    source = Source(text)
    found = tokenize(text)
    cursor = Cursor(source, found.tokens, lexer_faults=found.faults)
    tree: Expression | None = None
    try:
        tree = expression(cursor)
        if cursor.current.kind is not Kind.END:
            message = f"the expression is complete before {cursor.shown()}"
            raise cursor.failure(SyntaxCode.REST_OF_LINE, message)
    except Failure as failure:
        cursor.report(failure.fault)
    _raise_faults(cursor, file)
    assert tree is not None, "a failure leaves a fault"
    return tree


def _raise_faults(cursor: Cursor, file: str) -> None:
    faults = cursor.all_faults()
    if faults:
        raise SyntaxErrors([_diagnostic(cursor.source, fault, file) for fault in faults])


def _diagnostic(source: Source, fault: Fault, file: str) -> Diagnostic:
    return Diagnostic(fault.code, fault.message, source.span(fault.start, fault.end), file=file)


@dataclass(slots=True)
class _Draft:
    """The parts of a script, as far as they are read."""

    file: str
    headers: list[Header] = field(default_factory=list)
    body: list[Statement] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    repository: str | None = None
    main_rows: int = 0
    has_main_function: bool = False


def _script(cursor: Cursor, draft: _Draft) -> None:
    while True:
        cursor.row = draft.main_rows
        found = rows(cursor, _MAIN_END, lambda at, before: _header(at, before, draft.headers))
        draft.body += found.statements
        draft.main_rows = cursor.row
        if cursor.word == "FUNCTION":
            _function(cursor, found.prefix, draft)
        elif at_function_end(cursor):
            _stray_function_end(cursor)
        else:
            _finish(cursor, found.prefix, draft)
            return


def _finish(cursor: Cursor, before: Prefix, draft: _Draft) -> None:
    report_dangling(cursor, before)
    if cursor.current.kind is Kind.REPOSITORY:
        draft.repository = cursor.current.text


def _stray_function_end(cursor: Cursor) -> None:
    cursor.note(
        SyntaxCode.NOTHING_TO_CLOSE, "no FUNCTION is open that END FUNCTION could end", cursor.current
    )
    cursor.take()
    cursor.skip_statement()


# Headers


def _header(cursor: Cursor, before: Prefix, headers: list[Header]) -> None:
    """Read an ``IMPORT`` or ``@`` line; annotations before others than imports are the script's own."""
    try:
        header = _read_header(cursor, before)
        _expect_header_end(cursor)
    except Failure as failure:
        cursor.report(failure.fault)
        cursor.skip_statement()
        return
    if not isinstance(header, Import):
        headers += [HeaderAnnotation(one.name, one.value, span=one.span) for one in before.annotations]
    headers.append(header)


def _read_header(cursor: Cursor, before: Prefix) -> Header:
    start = cursor.take()
    if start.kind is Kind.WORD:
        return _import(cursor, before, start)
    if cursor.word == "SENSITIVE":
        cursor.take()
        return _sensitive(cursor, start)
    if cursor.take_word("INPUT"):
        name, properties = _declaration(cursor)
        return Input(name, properties, span=cursor.span_since(start.start))
    if cursor.take_word("OUTPUT"):
        name, properties = _declaration(cursor)
        return Output(name, properties, span=cursor.span_since(start.start))
    message = f"@INPUT, @OUTPUT or @SENSITIVE belongs here, not @ and {cursor.shown()}"
    raise cursor.failure(SyntaxCode.MISPLACED_HEADER, message)


def _expect_header_end(cursor: Cursor) -> None:
    if not cursor.at_line_end():
        message = f"the line is complete before {cursor.shown()}"
        raise cursor.failure(SyntaxCode.REST_OF_LINE, message)


def _import(cursor: Cursor, before: Prefix, start: Token) -> Import:
    path = quoted_text(cursor, "what to import")
    cursor.expect_word("AS", "between an import and its alias")
    alias = cursor.identifier("an import")
    return Import(path, alias, before.annotations, span=cursor.span_since(start.start))


def _sensitive(cursor: Cursor, start: Token) -> Sensitive:
    cursor.expect_sign(":", "after @SENSITIVE")
    names: list[str] = []
    if not cursor.at_sign("["):
        raise cursor.failure(SyntaxCode.EXPECTED, "a list of variables belongs here, such as [Password]")
    with cursor.brackets("]"):
        while not cursor.at_sign("]"):
            names.append(cursor.any_name("a variable"))
            if not cursor.take_sign(","):
                break
    return Sensitive(tuple(names), span=cursor.span_since(start.start))


def _declaration(cursor: Cursor) -> tuple[str, ObjectLiteral | None]:
    name = cursor.any_name("an input or output")
    if not cursor.take_sign(":"):
        return name, None
    start = cursor.current
    properties = expression(cursor)
    if not isinstance(properties, ObjectLiteral):
        message = "the properties belong here, such as { 'Type': 'String' }"
        raise cursor.failure(SyntaxCode.EXPECTED, message, start)
    return name, properties


# Subflows


def _function(cursor: Cursor, before: Prefix, draft: _Draft) -> None:
    opener = cursor.take()
    heading = _function_heading(cursor)
    cursor.row = 0
    declared: list[Header] = []
    body = rows(cursor, _MAIN_END, lambda at, prefix: _header(at, prefix, declared))
    _function_end(cursor, opener, body.prefix)
    _expect_declarations(cursor, declared)
    function = Function(
        heading.name,
        heading.scope,
        (*heading.inputs, *(one for one in declared if isinstance(one, Input))),
        (*heading.outputs, *(one for one in declared if isinstance(one, Output))),
        body.statements,
        before.annotations,
        file=draft.file,
        span=cursor.span_since(opener.start),
    )
    _add_function(cursor, opener, function, draft)


def _add_function(cursor: Cursor, opener: Token, function: Function, draft: _Draft) -> None:
    if function.name.casefold() != "main":
        draft.functions.append(function)
        return
    if draft.has_main_function or draft.body:
        message = "Main stands here a second time; rename this subflow, or remove the other Main"
        cursor.note(SyntaxCode.MISPLACED_FUNCTION, message, opener)
    draft.has_main_function = True
    draft.body += function.body
    draft.main_rows = cursor.row


@dataclass(frozen=True, slots=True)
class _Heading:
    name: str = ""
    scope: Scope = Scope.UNSTATED
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()


def _function_heading(cursor: Cursor) -> _Heading:
    try:
        heading = _Heading(
            cursor.any_name("a subflow"), _scope(cursor), tuple(_inputs(cursor)), tuple(_outputs(cursor))
        )
        _expect_header_end(cursor)
    except Failure as failure:
        cursor.report(failure.fault)
        cursor.skip_statement()
        return _Heading()
    return heading


def _scope(cursor: Cursor) -> Scope:
    if cursor.take_word("GLOBAL"):
        return Scope.GLOBAL
    if cursor.word == "LOCAL":
        cursor.take()
        return Scope.LOCAL
    return Scope.UNSTATED


def _inputs(cursor: Cursor) -> list[Input]:
    if not cursor.take_word("INPUT"):
        return []
    return [Input(name) for name in _names(cursor)]


def _outputs(cursor: Cursor) -> list[Output]:
    if not cursor.take_word("OUTPUT"):
        return []
    return [Output(name) for name in _names(cursor)]


def _names(cursor: Cursor) -> list[str]:
    names = [cursor.any_name("an input or output")]
    while cursor.take_sign(","):
        names.append(cursor.any_name("an input or output"))
    return names


def _function_end(cursor: Cursor, opener: Token, before: Prefix) -> None:
    if not at_function_end(cursor):
        cursor.note(SyntaxCode.NO_END, "this FUNCTION is never ended; write END FUNCTION", opener)
        return
    report_dangling(cursor, before)
    cursor.take()
    cursor.take()
    try:
        _expect_header_end(cursor)
    except Failure as failure:
        cursor.report(failure.fault)
        cursor.skip_statement()


def _expect_declarations(cursor: Cursor, headers: list[Header]) -> None:
    for header in headers:
        if not isinstance(header, Input | Output):
            message = "inside a subflow only @INPUT and @OUTPUT stand; put the others at the top of the flow"
            cursor.note_span(SyntaxCode.MISPLACED_HEADER, message, header.span)
