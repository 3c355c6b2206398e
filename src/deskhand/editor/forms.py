"""Everything that can stand on a row, as panels and the palette show it: statements and actions alike.

Source: robin 3 and 5, actions.yaml (kind: statement).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from deskhand.actions.declare import Library
from deskhand.actions.library import standard_library
from deskhand.actions.manifest import plain_default
from deskhand.robin.catalog import ActionKind, ActionSpec, Parameter

COMPARISONS = ("=", "<>", ">", ">=", "<", "<=")


class FieldKind(StrEnum):
    """How a field is filled in."""

    VALUE = "value"
    CHOICE = "choice"
    VARIABLE = "variable"
    LABEL = "label"
    SUBFLOW = "subflow"
    PLAIN = "plain"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class PanelField:
    """One field of a panel.

    Attributes:
        name: Its name, in flow text where that has one.
        label: Its caption.
        doc: What it means.
        kind: How it is filled in.
        type: The catalogue's name of the type that is wanted.
        required: Whether it must be filled in.
        default: What it is where nothing is filled in, as the field shows it.
        choices: What can be chosen.
        secret: Whether its value is shown to nobody.
    """

    name: str
    label: str
    doc: str
    kind: FieldKind
    type: str
    required: bool
    default: str
    choices: tuple[str, ...]
    secret: bool


@dataclass(frozen=True, slots=True)
class ProducedVariable:
    """A variable that a row fills.

    Attributes:
        name: The output's name in flow text.
        type: The catalogue's name of its type.
        variable: The variable that is proposed.
        doc: What it holds.
        required: Whether the row cannot do without it.
    """

    name: str
    type: str
    variable: str
    doc: str
    required: bool


@dataclass(frozen=True, slots=True)
class RowForm:
    """One kind of row.

    Attributes:
        name: A statement's words, or an action's full name.
        title: The card's title.
        group: The palette's group.
        summary: The card's line, with ``{PanelField}`` places.
        help: What it does.
        fields: What is filled in.
        produced: What it fills.
        errors: The errors that it documents, by name.
        kind: Where an action may stand; a statement is an action, too.
        closes: Whether an END belongs to it.
        offered: Whether the palette offers it.
    """

    name: str
    title: str
    group: str
    summary: str
    help: str
    fields: tuple[PanelField, ...]
    produced: tuple[ProducedVariable, ...]
    errors: tuple[str, ...]
    kind: ActionKind
    closes: bool
    offered: bool


def _value(
    name: str,
    label: str,
    doc: str,
    kind: FieldKind = FieldKind.VALUE,
    type: str = "Any",
    required: bool = True,
    default: str = "",
    choices: tuple[str, ...] = (),
) -> PanelField:
    return PanelField(name, label, doc, kind, type, required, default, choices, secret=False)


def _fills(name: str, type: str, variable: str, doc: str, required: bool = False) -> ProducedVariable:
    return ProducedVariable(name, type, variable, doc, required)


def _row(
    name: str,
    title: str,
    group: str,
    summary: str,
    help: str,
    fields: tuple[PanelField, ...] = (),
    produced: tuple[ProducedVariable, ...] = (),
    closes: bool = False,
    offered: bool = True,
) -> RowForm:
    return RowForm(
        name, title, group, summary, help, fields, produced, (), ActionKind.ACTION, closes, offered
    )


_FIRST = _value("First", "First operand", "What is compared.")
_OPERATOR = _value("Operator", "Operator", "How.", FieldKind.CHOICE, default="=", choices=COMPARISONS)
_SECOND = _value("Second", "Second operand", "With what.", required=False)
_CONDITION = _value("Condition", "Condition", "The formula that has to hold.", FieldKind.FORMULA)
_COMPARED = (_FIRST, _OPERATOR, _SECOND)
_COMPARISON = "{First} {Operator} {Second}"
_CASE = _value("Value", "Value to compare", "What the value is compared with.")

STATEMENTS: tuple[RowForm, ...] = (
    _row(
        "SET",
        "Set variable",
        "Variables",
        "Assign {Value}",
        "Give a variable a value.",
        (_value("Value", "Value", "What the variable shall be."),),
        (_fills("Variable", "Any", "NewVar", "The variable.", required=True),),
    ),
    _row(
        "IF",
        "If",
        "Conditionals",
        f"{_COMPARISON} then",
        "Run a block where a condition holds.",
        _COMPARED,
        closes=True,
    ),
    _row(
        "IF ...",
        "If",
        "Conditionals",
        "{Condition} then",
        "Run a block where a condition holds.",
        (_CONDITION,),
        closes=True,
        offered=False,
    ),
    _row(
        "ELSE IF",
        "Else if",
        "Conditionals",
        f"{_COMPARISON} then",
        "A further condition of an If.",
        _COMPARED,
    ),
    _row(
        "ELSE IF ...",
        "Else if",
        "Conditionals",
        "{Condition} then",
        "A further condition of an If.",
        (_CONDITION,),
        offered=False,
    ),
    _row("ELSE", "Else", "Conditionals", "", "The block that runs where no condition of the If holds."),
    _row(
        "SWITCH",
        "Switch",
        "Conditionals",
        "{Value}",
        "Choose one of several blocks by a value.",
        (_value("Value", "Value to check", "What the cases are compared with."),),
        closes=True,
    ),
    _row("CASE", "Case", "Conditionals", "{Operator} {Value}", "One block of a Switch.", (_OPERATOR, _CASE)),
    _row(
        "DEFAULT", "Default case", "Conditionals", "", "The block of a Switch that runs where no case fits."
    ),
    _row(
        "LOOP",
        "Loop",
        "Loops",
        "From {Start} to {End} by {Step}",
        "Count from a number to another one.",
        (
            _value("Start", "Start from", "The first number.", type="Numeric", default="1"),
            _value("End", "End to", "The last number.", type="Numeric"),
            _value("Step", "Increment by", "The difference of two numbers.", type="Numeric", default="1"),
        ),
        (_fills("Variable", "Numeric", "LoopIndex", "The present number."),),
        closes=True,
    ),
    _row(
        "LOOP WHILE",
        "Loop condition",
        "Loops",
        f"While {_COMPARISON}",
        "Repeat a block as long as a condition holds.",
        _COMPARED,
        closes=True,
    ),
    _row(
        "LOOP WHILE ...",
        "Loop condition",
        "Loops",
        "While {Condition}",
        "Repeat a block as long as a condition holds.",
        (_CONDITION,),
        closes=True,
        offered=False,
    ),
    _row(
        "LOOP FOREACH",
        "For each",
        "Loops",
        "In {Value}",
        "Repeat a block for each item of a list.",
        (_value("Value", "Value to iterate", "The list, datatable or datarow."),),
        (_fills("Variable", "Any", "CurrentItem", "The present item.", required=True),),
        closes=True,
    ),
    _row("NEXT LOOP", "Next loop", "Loops", "", "Go on with the next pass of the loop."),
    _row("EXIT LOOP", "Exit loop", "Loops", "", "Leave the loop."),
    _row(
        "#",
        "Comment",
        "Flow control",
        "{Text}",
        "A note for readers; it does nothing.",
        (_value("Text", "Comment", "The note.", FieldKind.PLAIN, required=False),),
    ),
    _row("EXIT FUNCTION", "Exit subflow", "Flow control", "", "Return from the subflow."),
    _row(
        "ERROR",
        "Get last error",
        "Flow control",
        "",
        "Keep what went wrong last.",
        (
            _value(
                "Reset",
                "Clear error",
                "Whether it is forgotten then.",
                type="Boolean",
                required=False,
                default="False",
            ),
        ),
        (_fills("Variable", "Error", "LastError", "The error.", required=True),),
    ),
    _row(
        "GOTO",
        "Go to",
        "Flow control",
        "{Label}",
        "Go on at a label.",
        (_value("Label", "Go to label", "The label.", FieldKind.LABEL),),
    ),
    _row(
        "LABEL",
        "Label",
        "Flow control",
        "{Label}",
        "A place that Go to leads to.",
        (_value("Label", "Label name", "Its name.", FieldKind.PLAIN),),
    ),
    _row(
        "BLOCK",
        "On block error",
        "Flow control",
        "{Name}",
        "Guard a group of actions against errors.",
        (_value("Name", "Name", "The block's name.", FieldKind.PLAIN, required=False),),
        closes=True,
    ),
    _row(
        "CALL",
        "Run subflow",
        "Flow control",
        "{Subflow}",
        "Run another subflow, then go on.",
        (_value("Subflow", "Run subflow", "The subflow.", FieldKind.SUBFLOW),),
    ),
    _row(
        "EXIT",
        "Stop flow",
        "Flow control",
        "{Message}",
        "End the flow; with an error message it has failed.",
        (
            _value("Code", "Exit code", "What is told to who waits.", type="Int32", required=False),
            _value("Message", "Error message", "Why the flow has failed.", type="String", required=False),
        ),
    ),
    _row(
        "WAIT",
        "Wait",
        "Flow control",
        "{Seconds} seconds",
        "Wait for a time.",
        (_value("Seconds", "Duration", "Seconds to wait.", type="Numeric"),),
    ),
    _row(
        "**REGION",
        "Region",
        "Flow control",
        "{Title}",
        "The beginning of a part with a title; it does nothing.",
        (_value("Title", "Name", "The title.", FieldKind.PLAIN, required=False),),
    ),
    _row("**ENDREGION", "End region", "Flow control", "", "The end of a part with a title."),
    _row("END", "End", "Flow control", "", "The end of a block.", offered=False),
    _row(
        "?",
        "Unreadable row",
        "Flow control",
        "{Text}",
        "A disabled row that nothing can read.",
        offered=False,
    ),
)
"""Every statement; those with three dots hold a condition that is more than one comparison."""

_BY_WORDS: Mapping[str, RowForm] = {one.name: one for one in STATEMENTS}


@cache
def library() -> Library:
    """Return the action library, which is made once in a process."""
    return standard_library()


@cache
def form_named(name: str) -> RowForm | None:
    """Return the form of a statement's words or of an action's name; None for what cannot run here."""
    if name in _BY_WORDS:
        return _BY_WORDS[name]
    spec = library().resolve(name)
    return action_form(spec) if isinstance(spec, ActionSpec) else None


def action_form(spec: ActionSpec) -> RowForm:
    """Return the form of an action."""
    title = next(one.title for one in library().modules if one.name == spec.name.partition(".")[0])
    return RowForm(
        spec.name,
        spec.label,
        title,
        spec.summary,
        spec.help,
        tuple(_field(one) for one in spec.parameters),
        tuple(
            ProducedVariable(one.name, one.type, one.variable, one.doc, required=False)
            for one in spec.outputs
        ),
        tuple(one.error_name for one in spec.errors),
        spec.kind,
        closes=spec.kind is ActionKind.CONDITION,
        offered=not spec.legacy,
    )


def _field(parameter: Parameter) -> PanelField:
    choices = tuple(str(one.value) for one in parameter.enum.members) if parameter.enum else ()
    return PanelField(
        parameter.name,
        parameter.label,
        parameter.doc,
        FieldKind.CHOICE if choices else FieldKind.VALUE,
        parameter.type,
        parameter.required,
        _default(parameter.default),
        choices,
        parameter.secret,
    )


def _default(value: object) -> str:
    plain = plain_default(value)
    return "" if plain is None or isinstance(plain, list | dict) else str(plain)
