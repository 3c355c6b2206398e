"""Tree + scope → JSON value. Source: cloud-flows 5.1, 5.3 and 5.4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from deskhand.wdl import nodes
from deskhand.wdl.declare import Call
from deskhand.wdl.errors import ExpressionTooLarge, FunctionUnknown, SelectionFailed, listed
from deskhand.wdl.functions import FUNCTIONS
from deskhand.wdl.limits import DEFAULT_LIMITS, Limits
from deskhand.wdl.parser import parse_expression
from deskhand.wdl.scope import Scope
from deskhand.wdl.templates import parse_template
from deskhand.wdl.values import Value, find_key, to_text, type_name


def evaluate_text(text: str, scope: Scope, limits: Limits = DEFAULT_LIMITS) -> Value:
    """Evaluate an expression that is given without its ``@``.

    Raises:
        ExpressionError: It cannot be read or evaluated.
    """
    return evaluate_expression(parse_expression(text, limits), scope, limits)


def evaluate_expression(parsed: nodes.Parsed, scope: Scope, limits: Limits = DEFAULT_LIMITS) -> Value:
    """Evaluate an expression.

    Raises:
        ExpressionError: It cannot be evaluated.
    """
    check_names(parsed.tree)
    return _bounded(lambda: _Evaluation(scope, limits).expression(parsed), limits)


def evaluate_template(value: Value, scope: Scope, limits: Limits = DEFAULT_LIMITS) -> Value:
    """Evaluate a JSON value as it stands in a definition: every string and every key in it.

    What comes out is not evaluated again. Evaluated keys come after the plain ones.

    Raises:
        ExpressionError: Something in it cannot be read or evaluated.
    """
    return _bounded(lambda: _Evaluation(scope, limits).value(value, 0), limits)


def _bounded(evaluate: Callable[[], Value], limits: Limits) -> Value:
    """Turn what a value's own depth or size does to Python into an error that an expression can have."""
    try:
        return evaluate()
    except RecursionError:
        raise ExpressionTooLarge("the nesting of a value", limits.depth, "levels") from None
    except MemoryError:
        raise ExpressionTooLarge("a result", limits.result, "characters or elements") from None


@lru_cache(maxsize=4096)
def read_template(text: str, limits: Limits = DEFAULT_LIMITS) -> nodes.Template:
    """Read one string of a definition, and refuse functions that do not exist; remembered by text.

    Raises:
        ExpressionError: An expression in it cannot be read, or calls an unknown function.
    """
    template = parse_template(text, limits)
    if isinstance(template, nodes.Whole):
        check_names(template.expression.tree)
    elif isinstance(template, nodes.Interpolated):
        for part in template.parts:
            if isinstance(part, nodes.Parsed):
                check_names(part.tree)
    return template


def check_names(tree: nodes.Expression) -> None:
    """Refuse functions that do not exist, wherever in the tree they stand.

    Raises:
        FunctionUnknown: There is no function of a name.
    """
    match tree:
        case nodes.Call():
            if tree.name.lower() not in FUNCTIONS:
                raise FunctionUnknown(tree.name)
            for argument in tree.arguments:
                check_names(argument)
        case nodes.Property():
            check_names(tree.target)
        case nodes.Index():
            check_names(tree.target)
            check_names(tree.key)


class _Evaluation:
    """One evaluation: what it may see, and how much it has produced."""

    def __init__(self, scope: Scope, limits: Limits) -> None:
        self.call_of = Call(scope, limits)
        self.limits = limits
        self.produced = 0
        self.text = ""

    def value(self, value: Value, level: int) -> Value:
        if level > self.limits.depth:
            raise ExpressionTooLarge("its nesting", self.limits.depth, "levels")
        if isinstance(value, str):
            return self.template(read_template(value, self.limits))
        if isinstance(value, list):
            return [self.value(one, level + 1) for one in value]
        return self.members(value, level) if isinstance(value, dict) else value

    def members(self, members: Mapping[str, Value], level: int) -> dict[str, Value]:
        plain: dict[str, Value] = {}
        evaluated: dict[str, Value] = {}
        for key, value in members.items():
            template = read_template(key, self.limits)
            if isinstance(template, str):
                plain[template] = self.value(value, level + 1)
            else:
                evaluated[to_text(self.template(template))] = self.value(value, level + 1)
        return {**plain, **evaluated}

    def template(self, template: nodes.Template) -> Value:
        if isinstance(template, str):
            return template
        if isinstance(template, nodes.Whole):
            return self.expression(template.expression)
        text = "".join(
            part if isinstance(part, str) else to_text(self.expression(part)) for part in template.parts
        )
        self.charge(text)
        return text

    def expression(self, parsed: nodes.Parsed) -> Value:
        self.text = parsed.text
        return self.node(parsed.tree)

    def node(self, tree: nodes.Expression) -> Value:
        return _EVALUATORS[type(tree)](self, tree)

    def literal(self, tree: nodes.Literal) -> Value:
        return tree.value

    def call(self, tree: nodes.Call) -> Value:
        function = FUNCTIONS.get(tree.name.lower())
        if function is None:
            raise FunctionUnknown(tree.name)
        arguments: list[Any] = []
        if function.lazy:
            arguments = [_deferred(self, argument) for argument in tree.arguments]
        else:
            for argument in tree.arguments:
                arguments.append(_EVALUATORS[type(argument)](self, argument))
        result = function(self.call_of, arguments)
        if isinstance(result, str | list):
            self.charge(result)
        return result

    def charge(self, result: str | list[Value]) -> None:
        """Count what a call produced, so that nested calls cannot grow without bound."""
        size = len(result)
        self.produced += size
        if size > self.limits.result:
            raise ExpressionTooLarge("a result", self.limits.result, "characters or elements")
        if self.produced > self.limits.work:
            raise ExpressionTooLarge("all it produces", self.limits.work, "characters or elements")

    def property(self, tree: nodes.Property) -> Value:
        return self.select(self.node(tree.target), tree.name, tree.safe)

    def index(self, tree: nodes.Index) -> Value:
        target = self.node(tree.target)
        key = self.node(tree.key)
        if isinstance(key, str):
            return self.select(target, key, tree.safe)
        return self.element(target, key, tree.safe)

    def select(self, target: Value, name: str, safe: bool) -> Value:
        if isinstance(target, dict):
            key = find_key(target, name)
            if key is not None:
                return target[key]
            if "/" in name:
                return self.path(target, name, safe)
            if safe:
                return None
            raise self.failed(f"property '{name}' doesn't exist, available properties are '{listed(target)}'")
        if target is None:
            if safe:
                return None
            raise self.failed(f"property '{name}' cannot be selected")
        if isinstance(target, list):
            why = "Array elements can only be selected using an integer index"
        else:
            why = f"Property selection is not supported on values of type '{type_name(target)}'"
        raise self.failed(f"property '{name}' cannot be selected. {why}")

    def path(self, target: Value, name: str, safe: bool) -> Value:
        """Follow a name such as ``body/value``, which exported flows write for two selections.

        A number in it does not select an element.
        """
        for step in name.split("/"):
            if isinstance(target, list) and safe:
                return None
            target = self.select(target, step, safe)
        return target

    def element(self, target: Value, key: Value, safe: bool) -> Value:
        if target is None and safe:
            return None
        if isinstance(target, list) and isinstance(key, int) and not isinstance(key, bool):
            if 0 <= key < len(target):
                return target[key]
            if safe and key >= 0:
                return None
            raise self.failed(_outside(key, target))
        shown = to_text(key)
        if isinstance(target, list):
            why = ". Array elements can only be selected using an integer index"
        elif isinstance(target, dict):
            why = ". Object properties can only be selected using a string index"
        elif target is None:
            why = ""
        else:
            why = f". Property selection is not supported on values of type '{type_name(target)}'"
        raise self.failed(f"property '{shown}' cannot be selected{why}")

    def failed(self, reason: str) -> SelectionFailed:
        return SelectionFailed(self.text, reason)


def _outside(key: int, target: list[Value]) -> str:
    if not target:
        return f"array index '{key}' cannot be selected from empty array"
    return f"array index '{key}' is outside bounds (0, {len(target) - 1}) of array"


def _deferred(evaluation: _Evaluation, tree: nodes.Expression) -> Callable[[], Value]:
    return lambda: evaluation.node(tree)


_EVALUATORS: Mapping[type, Callable[[_Evaluation, Any], Value]] = {
    nodes.Literal: _Evaluation.literal,
    nodes.Call: _Evaluation.call,
    nodes.Property: _Evaluation.property,
    nodes.Index: _Evaluation.index,
}
