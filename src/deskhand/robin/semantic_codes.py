"""The errors of flow text that only its meaning shows: their codes, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class SemanticCode(StrEnum):
    """The code of a semantic diagnostic, as it is printed."""

    UNKNOWN_ACTION = "DH2100"
    UNBUILT_ACTION = "DH2101"
    UNKNOWN_ARGUMENT = "DH2102"
    DUPLICATE_ARGUMENT = "DH2103"
    MISSING_ARGUMENT = "DH2104"
    WRONG_ENUM = "DH2105"
    UNKNOWN_VARIABLE = "DH2106"
    UNKNOWN_OUTPUT = "DH2107"
    UNKNOWN_LABEL = "DH2108"
    DUPLICATE_LABEL = "DH2109"
    JUMP_INTO_BLOCK = "DH2110"
    EXIT_FUNCTION_IN_MAIN = "DH2111"
    NOT_IN_HANDLER = "DH2112"
    NO_LOOP = "DH2113"
    UNKNOWN_SUBFLOW = "DH2114"
    NO_REFERENCE = "DH2115"
    UNKNOWN_ERROR = "DH2116"
    UNKNOWN_FUNCTION = "DH2117"
    ARGUMENT_COUNT = "DH2118"
    UNKNOWN_PROPERTY = "DH2119"
    DUPLICATE_SUBFLOW = "DH2120"
    MISPLACED_ACTION = "DH2121"
    NO_HANDLER = "DH2122"
    POWER_FX = "DH2123"
    NOT_FILLED_IN = "DH2124"
    PROTECTED = "DH2125"
    WRONG_CASE = "DH2126"
    CALL_ARGUMENT = "DH2127"
    DUPLICATE_PARAMETER = "DH2128"
    TOO_DEEP = "DH2129"
    IGNORED_ARGUMENT = "DH2130"
    UNKNOWN_MEMBER = "DH2131"


EXPLANATIONS: Mapping[SemanticCode, str] = {
    SemanticCode.UNKNOWN_ACTION: "No action has this name, neither today nor in older versions.",
    SemanticCode.UNBUILT_ACTION: "Power Automate for desktop has this action; Deskhand cannot run it yet.",
    SemanticCode.UNKNOWN_ARGUMENT: "The action takes no argument of this name.",
    SemanticCode.DUPLICATE_ARGUMENT: "The same argument stands twice.",
    SemanticCode.MISSING_ARGUMENT: "The action cannot run without this argument.",
    SemanticCode.WRONG_ENUM: "The argument is one of a fixed set of values, written Module.Enum.Value.",
    SemanticCode.UNKNOWN_VARIABLE: "Nothing in the flow ever gives this variable a value.",
    SemanticCode.UNKNOWN_OUTPUT: "The action produces no output of this name.",
    SemanticCode.UNKNOWN_LABEL: "GOTO names a label that its subflow does not have.",
    SemanticCode.DUPLICATE_LABEL: "A subflow has two labels of the same name.",
    SemanticCode.JUMP_INTO_BLOCK: "GOTO cannot enter a block, loop, IF or SWITCH that it does not stand in.",
    SemanticCode.EXIT_FUNCTION_IN_MAIN: "Main is no subflow that one could leave; EXIT ends the flow.",
    SemanticCode.NOT_IN_HANDLER: "An error handler holds SET, CALL and the words that say how to go on.",
    SemanticCode.NO_LOOP: "EXIT LOOP and NEXT LOOP stand inside a loop.",
    SemanticCode.UNKNOWN_SUBFLOW: "CALL names a subflow that the flow does not have.",
    SemanticCode.NO_REFERENCE: "The action changes this argument, so it must be a variable.",
    SemanticCode.UNKNOWN_ERROR: "The action never raises an error of this name.",
    SemanticCode.UNKNOWN_FUNCTION: "The language has no function of this name.",
    SemanticCode.ARGUMENT_COUNT: "A function has too many or too few values in its parentheses.",
    SemanticCode.UNKNOWN_PROPERTY: "Values of this type have no such property.",
    SemanticCode.DUPLICATE_SUBFLOW: "Two subflows have the same name.",
    SemanticCode.MISPLACED_ACTION: "A condition stands in IF, LOOP WHILE or WAIT, other actions alone.",
    SemanticCode.NO_HANDLER: "The words REPEAT, NEXT ACTION, EXIT BLOCK and THROW ERROR belong to a handler.",
    SemanticCode.POWER_FX: "Power Fx formulas cannot be run yet.",
    SemanticCode.NOT_FILLED_IN: "A value was left out, or nothing could read it.",
    SemanticCode.PROTECTED: "The value is encrypted for the machine and user that wrote the flow.",
    SemanticCode.WRONG_CASE: "CASE takes a comparison or a predicate such as Contains('x', False).",
    SemanticCode.CALL_ARGUMENT: "The subflow has no input or output of this name.",
    SemanticCode.DUPLICATE_PARAMETER: "Two inputs or two outputs have the same name.",
    SemanticCode.TOO_DEEP: "Loops and blocks stand inside each other more deeply than can be compiled.",
    SemanticCode.IGNORED_ARGUMENT: "The argument belongs to another form of the action and is ignored.",
    SemanticCode.UNKNOWN_MEMBER: "Nothing like this is said of an input or an output, so it has no effect.",
}
"""The help page of each code."""
