"""One row of a flow and the fields of its panel, in both directions. Source: experience 4.1, robin 3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deskhand.editor.errors import RowUnreadable, UnknownForm
from deskhand.editor.fields import FieldFault, field_text, read_field
from deskhand.editor.forms import COMPARISONS, FieldKind, PanelField, RowForm, form_named, library
from deskhand.editor.handling import ErrorHandling, read_handling, with_handler
from deskhand.robin.catalog import ActionKind, ActionSpec
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.lexer import RESERVED_WORDS
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Argument,
    Binary,
    Block,
    CallSubflow,
    Case,
    Comment,
    Condition,
    Default,
    ElseBranch,
    End,
    EndRegion,
    Exit,
    ExitFunction,
    ExitLoop,
    Expression,
    Goto,
    If,
    IfBranch,
    Label,
    LastError,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    Name,
    NextLoop,
    OutputArgument,
    Region,
    Row,
    Script,
    Set,
    Statement,
    Switch,
    Target,
    Unreadable,
    Wait,
    WaitFor,
)
from deskhand.robin.parser import parse, parse_expression
from deskhand.robin.printer import print_expression, print_script

HANDLING = "onError."
"""What the places of problems with the error handling begin with."""
_WORDS = re.compile(r"\s*(?:@@[^\n]*\n\s*)*(?:DISABLE\s+)?(\w+)", re.IGNORECASE)
_OPEN = frozenset({"IF", "LOOP", "SWITCH", "BLOCK"})
_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands on a row.

    Attributes:
        name: The form's name, or that of an action that cannot run here.
        values: What its fields hold, by name.
        targets: The variables that it fills, by the output's name.
    """

    name: str
    values: Mapping[str, Expression | str] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)

    @property
    def form(self) -> RowForm | None:
        """Return the form; None for an action that cannot run here."""
        return form_named(self.name)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field that holds no value.

    Attributes:
        field: The field's name.
        message: What is wrong with it.
    """

    field: str
    message: str


def filled(row: Row | IfBranch | ElseBranch) -> Filled:
    """Return what stands on a row."""
    match row:
        case Set(target=target, value=value):
            return Filled("SET", {"Value": value}, {"Variable": target})
        case ActionStatement(action=call) | WaitFor(action=call):
            return _call(call)
        case If(branches=branches):
            return _condition("IF", branches[0].condition)
        case IfBranch(condition=condition):
            return _condition("ELSE IF", condition)
        case LoopWhile(condition=condition):
            return _condition("LOOP WHILE", condition)
        case Switch(subject=subject):
            return Filled("SWITCH", {"Value": subject})
        case Case(operator=operator, value=value):
            return Filled("CASE", {"Operator": operator.value if operator else "", "Value": value})
        case LoopFrom(variable=variable, start=start, stop=stop, step=step):
            targets: dict[str, Target] = {} if variable is None else {"Variable": Name(variable)}
            return Filled("LOOP", {"Start": start, "End": stop, "Step": step}, targets)
        case LoopForEach(variable=variable, sequence=sequence):
            return Filled("LOOP FOREACH", {"Value": sequence}, {"Variable": Name(variable)})
        case LastError(target=target, reset=reset):
            return Filled("ERROR", {} if reset is None else {"Reset": reset}, {"Variable": target})
        case _:
            return _plain(row)


def _plain(row: Row | ElseBranch) -> Filled:
    match row:
        case Comment(text=text):
            return Filled("#", {"Text": text.strip()})
        case Region(title=title):
            return Filled("**REGION", {"Title": title})
        case Label(name=name):
            return Filled("LABEL", {"Label": name})
        case Goto(name=name):
            return Filled("GOTO", {"Label": name})
        case CallSubflow(name=name):
            return Filled("CALL", {"Subflow": name})
        case Block(name=name):
            return Filled("BLOCK", {"Name": name or ""})
        case Wait(seconds=seconds):
            return Filled("WAIT", {"Seconds": seconds})
        case Exit(code=code, message=message):
            given = {"Code": code, "Message": message}
            return Filled("EXIT", {name: value for name, value in given.items() if value is not None})
        case Unreadable(text=text):
            return Filled("?", {"Text": text})
        case _:
            return Filled(_FIXED.get(type(row), "?"))


_FIXED: Mapping[type, str] = {
    ElseBranch: "ELSE",
    Default: "DEFAULT",
    NextLoop: "NEXT LOOP",
    ExitLoop: "EXIT LOOP",
    ExitFunction: "EXIT FUNCTION",
    EndRegion: "**ENDREGION",
    End: "END",
}


def _condition(words: str, condition: Condition) -> Filled:
    if isinstance(condition, ActionCall):
        return _call(condition)
    if isinstance(condition, Binary) and condition.operator.value in COMPARISONS:
        compared = {"First": condition.left, "Operator": condition.operator.value, "Second": condition.right}
        return Filled(words, compared)
    return Filled(f"{words} ...", {"Condition": print_expression(condition)})


def _call(call: ActionCall) -> Filled:
    spec = library().resolve(call.name)
    targets = {one.name: one.target for one in call.outputs}
    if not isinstance(spec, ActionSpec):
        return Filled(call.name, {one.name: one.value for one in call.arguments}, targets)
    values: dict[str, Expression | str] = {}
    for one in call.arguments:
        parameter = spec.parameter(one.name)
        values[one.name if parameter is None or one.dynamic else parameter.name] = one.value
    return Filled(spec.name, values, targets)


def shown(value: Expression | str, one: PanelField | None) -> str:
    """Return what a field shows of what it holds."""
    if isinstance(value, str):
        return value
    return field_text(value) if one is None else field_text(value, one.type, one.choices)


# Rows from their text


def read_row(text: str) -> Row:
    """Return the row that a text is; of a block it may be the opening alone, or a branch.

    Raises:
        RowUnreadable: It is not one row.
    """
    word = first_word(text)
    if word == "ELSE":
        row = _only(f"IF True THEN\n{text}\nEND")
        assert isinstance(row, If)
        return row.branches[1] if len(row.branches) > 1 else _required(row.otherwise)
    if word in ("CASE", "DEFAULT"):
        row = _only(f"SWITCH 1\n{text}\nEND")
        assert isinstance(row, Switch)
        return row.cases[0] if row.cases else _required(row.default)
    if word == "END":
        return End()
    return _only(f"{text}\nEND" if word in _OPEN else text)


def first_word(text: str) -> str:
    """Return the word that a row begins with, behind its annotations."""
    found = _WORDS.match(text)
    return found.group(1).upper() if found else ""


def _only(text: str) -> Row:
    try:
        script = parse(text, is_action=is_action)
    except SyntaxErrors as error:
        raise RowUnreadable(error.diagnostics[0].message) from error
    if len(script.body) != 1 or script.headers or script.functions:
        raise RowUnreadable("it is not one row alone")
    return script.body[0]


def _required(row: Row | None) -> Row:
    if row is None:
        raise RowUnreadable("it is no branch")
    return row


def is_action(name: str) -> bool:
    """Tell whether a dotted name is an action."""
    return library().resolve(name) is not None


# Texts of rows from their fields


def write_row(
    name: str,
    values: Mapping[str, str],
    targets: Mapping[str, str],
    former: Row | None,
    handling: ErrorHandling | None = None,
) -> tuple[str, tuple[FieldProblem, ...]]:
    """Return the text of a row; a block's comes with its END.

    Args:
        name: The form's name.
        values: What the fields show, by name; those left out stay as they were.
        targets: The variables that it fills; an empty one is not wanted.
        former: The row as it was: its annotations and whatever no field shows stay.
        handling: What happens when it fails; None where that stays as it was.

    Returns:
        The text, and the fields that hold no value; with faults the text is empty.

    Raises:
        UnknownForm: There is no such form.
    """
    form = form_named(name)
    if form is None or name in ("END", "?"):
        raise UnknownForm(name)
    before = filled(former) if former is not None else Filled(name)
    faults: list[FieldProblem] = []
    given: dict[str, Expression | str] = {}
    for one in form.fields:
        try:
            given |= _given(one, values, before)
        except FieldFault as fault:
            faults.append(FieldProblem(one.name, str(fault)))
    kept = {output: print_expression(target) for output, target in before.targets.items()}
    faults += [
        FieldProblem(output, f"‘{variable}’ is no variable.")
        for output, variable in targets.items()
        if variable and not _is_target(variable)
    ]
    handler, wrong = (None, ()) if handling is None else read_handling(handling)
    faults += [FieldProblem(f"{HANDLING}{one.field}", one.message) for one in wrong]
    if faults:
        return "", tuple(faults)
    row = _row(form, given, {**kept, **targets}, former)
    return _print(row if handling is None else with_handler(row, handler)), ()


def _is_target(text: str) -> bool:
    try:
        return isinstance(parse_expression(text), Target)
    except SyntaxErrors:
        return False


def _given(one: PanelField, values: Mapping[str, str], before: Filled) -> dict[str, Expression | str]:
    former = before.values.get(one.name)
    text = values.get(one.name)
    if text is None or (former is not None and text == shown(former, one)):
        return {} if former is None else {one.name: former}
    if one.kind in (FieldKind.VALUE, FieldKind.CHOICE) and one.choices != COMPARISONS:
        return {one.name: read_field(text, one.type, one.choices)} if text or one.name == "Second" else {}
    return {one.name: text}


def _row(
    form: RowForm, given: Mapping[str, Expression | str], targets: Mapping[str, str], former: Row | None
) -> Row:
    if "." in form.name and form.name in {spec.name for spec in library().specs}:
        row = _action_row(form, given, targets, former)
    else:
        row = read_row(_statement(form, given, targets))
    return row if former is None else _with_former(row, former)


def _print(row: Row) -> str:
    """Return a row's text; a branch without the block that it stands in."""
    if isinstance(row, IfBranch | ElseBranch | Case | Default):
        return print_branch(row)
    return print_script(Script((), (row,), ())).rstrip("\n")  # type: ignore[arg-type]


def print_branch(row: IfBranch | ElseBranch | Case | Default) -> str:
    """Return the text of a branch's own row."""
    whole: Statement
    match row:
        case IfBranch():
            whole = If((IfBranch(parse_expression("True"), ()), replace(row, body=())))
        case ElseBranch():
            whole = If((IfBranch(parse_expression("True"), ()),), replace(row, body=()))
        case Case():
            whole = Switch(parse_expression("1"), (), (replace(row, body=()),))
        case Default():
            whole = Switch(parse_expression("1"), (), (), replace(row, body=()))
    lines = print_script(Script((), (whole,), ())).splitlines()[1:-1]
    indent = 4 if isinstance(row, Case | Default) else 0
    return "\n".join(line[indent:] for line in lines)


def _with_former(row: Row, former: Row) -> Row:
    row = replace(row, annotations=former.annotations, disabled=former.disabled)
    if isinstance(row, Block) and isinstance(former, Block):
        return replace(row, handler=former.handler)
    if isinstance(row, Set | CallSubflow | Wait) and isinstance(former, Set | CallSubflow | Wait):
        return replace(row, handler=former.handler)
    return row


def _action_row(
    form: RowForm, given: Mapping[str, Expression | str], targets: Mapping[str, str], former: Row | None
) -> Row:
    before = _former_call(former)
    known = {one.name.casefold() for one in form.fields} | {
        alias.casefold()
        for parameter in library().resolve(form.name).parameters
        for alias in parameter.aliases
    }
    beside = [] if before is None else [one for one in before.arguments if one.name.casefold() not in known]
    values = ((one.name, given.get(one.name)) for one in form.fields)
    arguments = [
        Argument(name, value) for name, value in values if value is not None and not isinstance(value, str)
    ]
    outputs = [
        OutputArgument(name, _target(variable)) for name, variable in targets.items() if variable.strip()
    ]
    call = ActionCall(
        form.name,
        (*arguments, *beside),
        tuple(outputs),
        None if before is None else before.handler,
    )
    if form.kind is ActionKind.CONDITION:
        if isinstance(former, LoopWhile):
            return LoopWhile(call, ())
        return If((IfBranch(call, ()),))
    if form.kind is ActionKind.WAIT:
        return WaitFor(call, former.seconds if isinstance(former, WaitFor) else None)
    return ActionStatement(call)


def _former_call(former: Row | None) -> ActionCall | None:
    match former:
        case ActionStatement(action=call) | WaitFor(action=call):
            return call
        case If(branches=branches):
            condition = branches[0].condition
        case LoopWhile(condition=condition):
            pass
        case _:
            return None
    return condition if isinstance(condition, ActionCall) else None


def _target(text: str) -> Target:
    target = parse_expression(text)
    assert isinstance(target, Target)
    return target


def _statement(form: RowForm, given: Mapping[str, Expression | str], targets: Mapping[str, str]) -> str:
    """Return the text of a statement; what is not filled in is an empty text."""

    def value(name: str, default: str = "$''''''") -> str:
        found = given.get(name)
        if found is None:
            return default
        return found if isinstance(found, str) else print_expression(found)

    def name(text: str) -> str:
        is_bare = _IDENTIFIER.match(text) is not None and text.upper() not in RESERVED_WORDS
        return text if is_bare else "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    variable = targets.get("Variable", "") or next(
        (one.variable for one in form.produced if one.required), ""
    )
    operands = [f"({text})" if _is_compared(given.get(one)) else text
                for one, text in (("First", value("First")), ("Second", value("Second")))]  # fmt: skip
    compared = f"{operands[0]} {value('Operator', '=')} {operands[1]}"
    formula = value("Condition", "True")
    match form.name:
        case "SET":
            return f"SET {variable} TO {value('Value')}"
        case "IF" | "ELSE IF":
            return f"{form.name} {compared} THEN"
        case "IF ..." | "ELSE IF ...":
            return f"{form.name.removesuffix(' ...')} {formula} THEN"
        case "LOOP WHILE":
            return f"LOOP WHILE {compared}"
        case "LOOP WHILE ...":
            return f"LOOP WHILE {formula}"
        case "SWITCH":
            return f"SWITCH {value('Value')}"
        case "CASE":
            return f"CASE {value('Operator', '=')} {value('Value')}"
        case "LOOP":
            counted = f"{value('Start', '1')} TO {value('End', '1')} STEP {value('Step', '1')}"
            return f"LOOP {variable} FROM {counted}"
        case "LOOP FOREACH":
            return f"LOOP FOREACH {variable} IN {value('Value')}"
        case "ERROR":
            reset = f" Reset: {value('Reset')}" if "Reset" in given else ""
            return f"ERROR => {variable}{reset}"
        case "#":
            text = value("Text", "")
            return f"/# {text} #/" if "\n" in text else f"# {text}"
        case "**REGION":
            return f"**REGION {' '.join(value('Title', '').split())}".rstrip()
        case "GOTO" | "LABEL":
            return f"{form.name} {name(value('Label', 'Label1'))}"
        case "CALL":
            return f"CALL {name(value('Subflow', 'Subflow1'))}"
        case "BLOCK":
            title = value("Name", "")
            return f"BLOCK {name(title) if title else ''}\nON BLOCK ERROR\n    THROW ERROR\nEND"
        case "WAIT":
            return f"WAIT {value('Seconds', '1')}"
        case "EXIT":
            code = f" Code: {value('Code')}" if "Code" in given else ""
            message = f" ErrorMessage: {value('Message')}" if "Message" in given else ""
            return f"EXIT{code}{message}"
        case _:
            return form.name


def _is_compared(value: Expression | str | None) -> bool:
    """Tell whether an operand has to stand in parentheses: operators bind as they are written."""
    return isinstance(value, Binary)
