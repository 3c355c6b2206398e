"""Expressions that somebody writes while a flow runs: conditions of breakpoints, values of variables."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import CodeType, FunctionType
from typing import Any

from deskhand.core.errors import DeskhandError
from deskhand.robin.catalog import ActionError
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.errors import LogicError
from deskhand.robin.expression_code import Constants, ExpressionCode, variable_name
from deskhand.robin.functions import FUNCTIONS
from deskhand.robin.nodes import Expression, FunctionCall, Name
from deskhand.robin.parser import parse_expression
from deskhand.robin.python_tree import PythonTree
from deskhand.robin.values import Value
from deskhand.robin.walking import walk_all

_FUNCTION = "value"


class CannotEvaluate(DeskhandError):
    """An expression has no value: it cannot be read, names what is not there, or fails.

    Write it as in an action's field, without the percent signs around it: ``Count > 3``.
    """

    code = "DH2731"

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(f"‘{expression}’ has no value: {reason}")


def read_expression(text: str) -> Expression:
    """Return the tree of an expression that calls nothing unknown.

    Raises:
        CannotEvaluate: It cannot be read.
    """
    try:
        tree = parse_expression(text)
    except SyntaxErrors as error:
        raise CannotEvaluate(text, error.diagnostics[0].message) from error
    for one in walk_all([tree]):
        if isinstance(one, FunctionCall) and one.name.casefold() not in FUNCTIONS:
            raise CannotEvaluate(text, f"there is no function ‘{one.name}’")
    return tree


def evaluate(text: str, variables: Mapping[str, Value], namespace: Mapping[str, Any]) -> Value:
    """Return the value of an expression.

    Args:
        text: The expression.
        variables: The variables by their spelled names.
        namespace: What generated code sees.

    Raises:
        CannotEvaluate: It has no value.
    """
    tree = read_expression(text)
    names = {name.casefold(): value for name, value in variables.items()}
    for one in walk_all([tree]):
        if isinstance(one, Name) and one.name.casefold() not in names:
            raise CannotEvaluate(text, f"there is no variable ‘{one.name}’ here")
    constants = Constants()
    code = _compiled(text, tree, names, constants)
    try:
        return FunctionType(code, {**namespace, **constants.values})(*names.values())
    except (ActionError, LogicError) as error:
        raise CannotEvaluate(text, error.message) from error


def _compiled(text: str, tree: Expression, names: Iterable[str], constants: Constants) -> CodeType:
    python = PythonTree()
    expressions = ExpressionCode(python, {}, frozenset(names), constants, careful=True)
    parameters = [variable_name(name) for name in names]
    try:
        function = python.function(_FUNCTION, parameters, [python.give(expressions.stored(tree))])
        module = compile(ast.Module([function], []), "<expression>", "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, KeyError) as problem:
        raise CannotEvaluate(text, "it is too long or too deep") from problem
    return next(one for one in module.co_consts if isinstance(one, CodeType))
