"""Flow text to trees: what belongs to what, and where it stands."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from deskhand.robin.diagnostics import Diagnostic, SyntaxErrors
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Annotation,
    Argument,
    Binary,
    BinaryOperator,
    Block,
    BlockHandler,
    BooleanLiteral,
    CallSubflow,
    Comment,
    DateLiteral,
    ErrorHandler,
    Exit,
    Expression,
    Function,
    FunctionCall,
    Grouped,
    HandlerCase,
    HeaderAnnotation,
    If,
    IfBranch,
    Import,
    Index,
    Input,
    ListLiteral,
    LoopFrom,
    Name,
    Node,
    NumberLiteral,
    ObjectEntry,
    ObjectLiteral,
    Output,
    OutputArgument,
    PowerFxLiteral,
    Property,
    Quote,
    Retry,
    Row,
    Scope,
    Script,
    Sensitive,
    Set,
    Span,
    Statement,
    TextLiteral,
    Unary,
    UnaryOperator,
    UnparsedLiteral,
    Unreadable,
    WaitFor,
)
from deskhand.robin.parser import parse, parse_expression


def statement(text: str) -> Statement:
    (found,) = parse(text).body
    return found


def diagnostics(text: str, file: str = "Main.robin") -> tuple[Diagnostic, ...]:
    with pytest.raises(SyntaxErrors) as caught:
        parse(text, file)
    return caught.value.diagnostics


def text(*parts: str | Expression) -> TextLiteral:
    return TextLiteral(parts)


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("5", NumberLiteral("5", 5)),
        ("1E3", NumberLiteral("1E3", 1000)),
        (".5", NumberLiteral(".5", Decimal("0.5"))),
        ("3.0", NumberLiteral("3.0", Decimal("3.0"))),
        ("-1.5", Unary(UnaryOperator.MINUS, NumberLiteral("1.5", Decimal("1.5")))),
        ("yes", BooleanLiteral(True)),
        ("'it\\'s'", TextLiteral(("it's",), Quote.PLAIN)),
        ('"typed"', TextLiteral(("typed",), Quote.PLAIN)),
        ("''", TextLiteral((), Quote.PLAIN)),
        ("'''{ \\\"a\\\": 1 }'''", TextLiteral(('{ "a": 1 }',), Quote.RAW)),
        ("$fx'=\"it\\'s\"'", PowerFxLiteral('="it\'s"')),
        ("`%broken`", UnparsedLiteral("%broken")),
        ("a.b[0]", Index(Property(Name("a"), "b"), NumberLiteral("0", 0))),
        ("IsEmpty(x)", FunctionCall("IsEmpty", (Name("x"),))),
    ],
)
def test_literals_and_access(source: str, tree: Expression) -> None:
    assert parse_expression(source) == tree


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$''''''", text()),
        ("$'''C:\\Temp'''", text("C:\\Temp")),
        ("$'''C:\\\\Temp'''", text("C:\\Temp")),
        ("$'''\\\\server\\share'''", text("\\server\\share")),
        ("$'''\\d+ \\n'''", text("\\d+ \\n")),
        ("$'''\\''''", text("'")),
        ("$'''say \\\"hi\\\"'''", text('say "hi"')),
        ("$'''100%%'''", text("100%")),
        ("$'''%N%%% done'''", text(Name("N"), "% done")),
        ("$'''%A%%B%'''", text(Name("A"), Name("B"))),
        ("$'''%'%'%'''", text(TextLiteral(("%",), Quote.PLAIN))),
        ("$'''50\\% off'''", text("50 off")),
        ("$'''%Row['Name']%!'''", text(Index(Name("Row"), TextLiteral(("Name",), Quote.PLAIN)), "!")),
        ("$'''a\nb'''", text("a\r\nb")),
        ("$'''a\rb\r\nc'''", text("a\r\nb\r\nc")),
        ("$'''Microsoft\u200b Edge'''", text("Microsoft\u200b Edge")),
        ("$'''END\n# x\nIF'''", text("END\r\n# x\r\nIF")),
    ],
)
def test_texts_hold_what_their_author_sees(source: str, value: TextLiteral) -> None:
    assert parse_expression(source) == value


def test_dates_keep_their_offset_and_their_spelling() -> None:
    zone = timezone(timedelta(hours=1))
    assert parse_expression('d"2026-01-31 08:30:00.25+01:00"') == DateLiteral(
        "2026-01-31 08:30:00.25+01:00", datetime(2026, 1, 31, 8, 30, 0, 250_000, tzinfo=zone)
    )


def test_operators_bind_as_in_robin_6_1() -> None:
    tree = parse_expression("NOT a = b OR c XOR d AND 1 + 2 * 3 > -4")
    product = Binary(BinaryOperator.MULTIPLY, NumberLiteral("2", 2), NumberLiteral("3", 3))
    total = Binary(BinaryOperator.ADD, NumberLiteral("1", 1), product)
    greater = Binary(BinaryOperator.GREATER, total, Unary(UnaryOperator.MINUS, NumberLiteral("4", 4)))
    conjunction = Binary(BinaryOperator.AND, Name("d"), greater)
    exclusive = Binary(BinaryOperator.XOR, Name("c"), conjunction)
    equal = Binary(BinaryOperator.EQUAL, Unary(UnaryOperator.NOT, Name("a")), Name("b"))
    assert tree == Binary(BinaryOperator.OR, equal, exclusive)


def test_operators_of_one_level_group_from_the_left() -> None:
    first = Binary(BinaryOperator.SUBTRACT, Name("a"), Name("b"))
    assert parse_expression("a - b - c") == Binary(BinaryOperator.SUBTRACT, first, Name("c"))


def test_an_argument_ends_where_the_next_begins() -> None:
    assert statement("Excel.Write Row: Free - 1 Visible: False To: x Out=> O['k'] @'a/b': 1 @Name=> N") == (
        ActionStatement(
            ActionCall(
                "Excel.Write",
                (
                    Argument("Row", Binary(BinaryOperator.SUBTRACT, Name("Free"), NumberLiteral("1", 1))),
                    Argument("Visible", BooleanLiteral(False)),
                    Argument("To", Name("x")),
                    Argument("a/b", NumberLiteral("1", 1), dynamic=True),
                ),
                (
                    OutputArgument("Out", Index(Name("O"), TextLiteral(("k",), Quote.PLAIN))),
                    OutputArgument("Name", Name("N"), dynamic=True),
                ),
            )
        )
    )


ONE = Set(Name("A"), NumberLiteral("1", 1))


def test_error_handlers_belong_to_the_statement_above_whatever_their_indentation() -> None:
    source = """
File.Delete Files: F
        ON ERROR REPEAT 3 TIMES WAIT 5
    ON ERROR TimeoutError
SET A TO 1
ON ERROR
END
SET A TO 1
"""
    handler = ErrorHandler(
        Retry(NumberLiteral("3", 3), NumberLiteral("5", 5)),
        (HandlerCase("TimeoutError", (ONE,)), HandlerCase(None, ())),
    )
    delete = ActionCall("File.Delete", (Argument("Files", Name("F")),), handler=handler)
    assert parse(source).body == (ActionStatement(delete), ONE)


def test_one_end_for_each_handler_says_the_same_as_one_for_all() -> None:
    shared = "A.B\nON ERROR X\nON ERROR\nEND\n"
    single = "A.B\nON ERROR X\nEND\nON ERROR\nEND\n"
    assert parse(single) == parse(shared)


def test_a_handler_below_a_condition_belongs_to_the_condition() -> None:
    source = "IF (File.IfFile.Exists File: P) THEN\nON ERROR\nEND\nSET A TO 1\nEND"
    action = ActionCall(
        "File.IfFile.Exists",
        (Argument("File", Name("P")),),
        handler=ErrorHandler(None, (HandlerCase(None, ()),)),
    )
    assert statement(source) == If((IfBranch(action, (ONE,)),))


def test_a_trailing_comment_is_a_row_of_its_own_and_keeps_no_handler() -> None:
    handled = Set(Name("A"), NumberLiteral("1", 1), ErrorHandler(None, (HandlerCase(None, ()),)))
    assert parse("SET A TO 1 # note\nON ERROR\nEND").body == (handled, Comment(" note"))


def test_blocks_stand_anywhere_in_the_line() -> None:
    source = "    BLOCK \nON BLOCK ERROR all\n\nEND\n        SET A TO 1\n    END"
    assert statement(source) == Block(None, BlockHandler(True, ()), (ONE,))


def test_annotations_belong_to_the_next_row() -> None:
    source = "    @@flowname: 'Other'\n@@source: 'Recorder'\nDISABLE SET A TO 1"
    annotations = (Annotation("flowname", "Other"), Annotation("source", "Recorder"))
    assert statement(source) == Set(Name("A"), NumberLiteral("1", 1), annotations=annotations, disabled=True)


def test_opener_and_end_are_disabled_apart() -> None:
    found = statement("DISABLE IF A THEN\nSET A TO 1\nEND")
    assert isinstance(found, If)
    assert (found.disabled, found.end.disabled, found.branches[0].body[0].disabled) == (True, False, False)


def test_a_disabled_row_that_nothing_can_read_is_kept_as_it_stands() -> None:
    source = "DISABLE File.Copy Files: $'''50% of it\nSET A TO 1"
    assert parse(source).body == (Unreadable("File.Copy Files: $'''50% of it", disabled=True), ONE)


def test_a_missing_step_is_one() -> None:
    one, ten = NumberLiteral("1", 1), NumberLiteral("10", 10)
    assert statement("LOOP FROM 1 TO 10\nEND") == LoopFrom(None, one, ten, one, ())


def test_exit_takes_its_arguments_in_any_order() -> None:
    assert statement("EXIT ErrorMessage: 'x' code: 2") == Exit(
        NumberLiteral("2", 2), TextLiteral(("x",), Quote.PLAIN)
    )


@pytest.mark.parametrize(
    ("condition", "is_action"),
    [
        ("(A.B.C)", True),
        ("(A.B)", False),
        ("(A.B) <> (-1)", False),
        ("(A.B.C) = 1", False),
        ("(A.B X: 1)", True),
        ("(A.B X=> Y)", True),
        ("(A.B @X: 1)", True),
        ("(A = 1 AND B = 2) = True", False),
    ],
)
def test_parentheses_after_if_hold_an_action_or_an_expression(condition: str, is_action: bool) -> None:
    found = statement(f"IF {condition} THEN\nEND")
    assert isinstance(found, If)
    assert isinstance(found.branches[0].condition, ActionCall) is is_action


def test_a_library_decides_about_actions_without_arguments() -> None:
    source = "IF (A.B.C) THEN\nEND\nIF (D.E) THEN\nEND"
    expected = (
        If((IfBranch(Grouped(Property(Property(Name("A"), "B"), "C")), ()),)),
        If((IfBranch(ActionCall("D.E"), ()),)),
    )
    assert parse(source, is_action=lambda name: name == "D.E").body == expected


def test_wait_for_takes_its_limit_after_the_parentheses() -> None:
    assert statement("WAIT (A.B.C Out=> O) FOR 30 ") == WaitFor(
        ActionCall("A.B.C", outputs=(OutputArgument("Out", Name("O")),)), NumberLiteral("30", 30)
    )


def test_a_stored_flow_has_headers_main_subflows_and_a_repository() -> None:
    source = (
        "\ufeff@@ConnectionString: ''\r\nIMPORT 'controlRepo.appmask' AS appmask\r\n"
        "@@note: 'x'\r\n@SENSITIVE: [Password]\r\n"
        "@INPUT Tries : { 'Type': 'Numeric' } \r\n@OUTPUT Status : {{ }}\r\n"
        "SET A TO 1\r\n"
        "FUNCTION 'Do it' GLOBAL\r\n    SET A TO 1\r\nEND FUNCTION\r\n"
        "SET A TO 1\r\n"
        '# [ControlRepository][PowerAutomateDesktop]\r\n\r\n{ "Name": "\'\'\'%" }\r\n'
    )
    entry = ObjectEntry("Type", TextLiteral(("Numeric",), Quote.PLAIN))
    assert parse(source) == Script(
        headers=(
            Import("controlRepo.appmask", "appmask", (Annotation("ConnectionString", ""),)),
            HeaderAnnotation("note", "x"),
            Sensitive(("Password",)),
            Input("Tries", ObjectLiteral((entry,))),
            Output("Status", ObjectLiteral(())),
        ),
        body=(ONE, ONE),
        functions=(Function("Do it", Scope.GLOBAL, (), (), (ONE,)),),
        repository='\r\n{ "Name": "\'\'\'%" }\r\n',
    )


def test_a_function_named_main_is_main() -> None:
    assert parse("\nFUNCTION Main GLOBAL\n    SET A TO 1\nEND FUNCTION") == parse("SET A TO 1")


def test_local_subflows_declare_their_values_in_either_form() -> None:
    expected = Function("F", Scope.LOCAL, (Input("a"),), (Output("b"),), ())
    assert parse("FUNCTION F LOCAL INPUT a OUTPUT b\nEND FUNCTION").functions == (expected,)
    assert parse("FUNCTION F LOCAL\n@INPUT a\n@OUTPUT b\nEND FUNCTION").functions == (expected,)


def test_quoted_and_bare_names_are_the_same() -> None:
    assert statement("CALL 'Work'") == statement("CALL Work") == CallSubflow("Work")


def test_rows_count_everything_but_handlers() -> None:
    source = """# note
**REGION r
IF A THEN
    File.Delete Files: F
    ON ERROR
        CALL Report
    END
ELSE IF B THEN
ELSE
    BLOCK
    ON BLOCK ERROR
        SET A TO 1
    END
    END
END
**ENDREGION
SWITCH A
    CASE = 1
    DEFAULT
END
FUNCTION F GLOBAL
    EXIT FUNCTION
END FUNCTION
SET A TO 1
"""
    script = parse(source)
    assert rows_of(script.body) == [
        ("Comment", 1),
        ("Region", 2),
        ("If", 3),
        ("IfBranch", 3),
        ("ActionStatement", 4),
        ("CallSubflow", 4),
        ("IfBranch", 5),
        ("ElseBranch", 6),
        ("Block", 7),
        ("Set", 7),
        ("End", 8),
        ("End", 9),
        ("EndRegion", 10),
        ("Switch", 11),
        ("Case", 12),
        ("Default", 13),
        ("End", 14),
        ("Set", 15),
    ]
    assert rows_of(script.functions[0].body) == [("ExitFunction", 1)]


def rows_of(value: object) -> list[tuple[str, int]]:
    """Return the kind and number of each row, in the order of the text."""
    if isinstance(value, tuple):
        return [found for item in value for found in rows_of(item)]
    if not isinstance(value, Node):
        return []
    own = [(type(value).__name__, value.row)] if isinstance(value, Row) else []
    names = [name for name in _fields(value) if name not in {"row", "span", "annotations"}]
    return own + [found for name in names for found in rows_of(getattr(value, name))]


def _fields(node: Node) -> list[str]:
    return list(type(node).__dataclass_fields__)


def test_nodes_know_where_they_stand() -> None:
    found = statement("\n  SET Total TO L[0] + 12\n")
    assert isinstance(found, Set)
    assert isinstance(found.value, Binary)
    assert (found.span, found.target.span, found.value.left.span, found.value.right.span) == (
        Span(2, 3, 2, 25),
        Span(2, 7, 2, 12),
        Span(2, 16, 2, 20),
        Span(2, 23, 2, 25),
    )


def test_places_inside_texts_count_in_the_file() -> None:
    (found,) = diagnostics("SET A TO $'''first\n  %B C% last'''")
    assert (found.code, found.span) == ("DH2005", Span(2, 6, 2, 7))


def test_every_error_is_reported_and_printed_with_its_place() -> None:
    source = "SET X TO %N + 1%\nSAT A TO 5\nIF A = THEN\n    SET B TO 1 1\nEND\nSET S TO $'''Joe's'''"
    found = diagnostics(source, "Work.robin")
    assert [str(one) for one in found] == [
        "Work.robin:1:10 DH2006 percent signs belong only inside $'''...'''; write N + 1",
        "Work.robin:2:1 DH2010 ‘SAT’ begins no statement; did you mean ‘SET’?",
        "Work.robin:3:8 DH2014 a value belongs here, but ‘THEN’ is a word of the language",
        "Work.robin:4:16 DH2012 the statement is complete before ‘1’; remove the rest of the line",
        "Work.robin:6:17 DH2003 an apostrophe inside a text is written \\'",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "SET A TO " + "(" * 5000 + "1" + ")" * 5000,
        "SET A TO " + "- " * 5000 + "1",
        "SET A TO " + "1 + " * 5000 + "1",
        "SET A TO a" + "[0]" * 5000,
        "SET A TO " + "[" * 5000,
        "SET A TO $'''%" + "(" * 5000 + "1" + ")" * 5000 + "%'''",
        "IF A THEN\n" * 5000 + "END\n" * 5000,
        "BLOCK\nON BLOCK ERROR\nEND\n" * 5000,
    ],
    ids=["parentheses", "signs", "sum", "indexes", "lists", "in a text", "conditions", "blocks"],
)
def test_deep_nesting_is_one_error_and_no_crash(source: str) -> None:
    (found,) = diagnostics(source)
    assert found.code == "DH2016"


@pytest.mark.parametrize("source", ["", "1 2", "(", "$'''%'''", "SET"])
def test_an_expression_stands_alone(source: str) -> None:
    with pytest.raises(SyntaxErrors):
        parse_expression(source)


def test_an_object_and_a_list_may_span_lines() -> None:
    source = "SET A TO [\n    1,\n    1\n]\nSET A TO 1"
    one = NumberLiteral("1", 1)
    assert parse(source).body == (Set(Name("A"), ListLiteral((one, one))), ONE)
