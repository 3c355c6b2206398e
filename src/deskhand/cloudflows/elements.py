"""Going through arrays, as Select, Query and Table do: each element is ``item()`` in turn.

Source: cloud-flows 3.1 and 3.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.cloudflows.declare import ActionFailed, Step
from deskhand.wdl.definition import member
from deskhand.wdl.errors import ExpressionError, ExpressionTooLarge
from deskhand.wdl.limits import DEFAULT_LIMITS
from deskhand.wdl.values import Value, type_name, write_json

_MOST_ELEMENTS = 1_000_000
"""How many elements one action goes through: an evaluation for each takes its time from other runs."""


def raw_inputs(step: Step) -> Mapping[str, Value]:
    """Return an action's inputs as the definition has them; no members if they are no object."""
    inputs = step.action.inputs
    return inputs if isinstance(inputs, Mapping) else {}


def evaluated_member(step: Step, name: str) -> Value:
    """Return a member of an action's inputs, evaluated once; None if there is none."""
    return step.evaluate(member(raw_inputs(step), name))


def source_array(step: Step, source: Value) -> list[Value]:
    """Return the array that an action goes through.

    Args:
        step: The action.
        source: Its ``from``, evaluated.

    Raises:
        ActionFailed: It is no array, or has too many elements.
    """
    if not isinstance(source, list):
        raise ActionFailed(
            "BadRequest",
            f"The 'from' property value in the '{step.action.type.lower()}' action inputs is of type "
            f"'{type_name(source)}'. The value must be an array.",
        )
    if len(source) > _MOST_ELEMENTS:
        raise ActionFailed(
            "BadRequest",
            f"The 'from' property value in the '{step.action.type.lower()}' action inputs has {len(source)} "
            f"elements. At most {_MOST_ELEMENTS} are allowed.",
        )
    return source


def evaluate_for(step: Step, part: str, template: Value, item: Value) -> Value:
    """Evaluate part of an action for one element.

    Args:
        step: The action.
        part: The name of the part: ``where``, ``select``.
        template: The part, as the definition has it.
        item: The element.

    Raises:
        ActionFailed: It cannot be evaluated.
    """
    try:
        return step.evaluate(template, item=item)
    except ExpressionError as error:
        shown = template if isinstance(template, str) else write_json(template)
        raise ActionFailed(
            "ExpressionEvaluationFailed",
            f"The execution of template action '{step.action.name}' failed: The evaluation of "
            f"'{step.action.type.lower()}' action '{part}' expression '{shown}' failed: '{error.message}'.",
        ) from error


class Gathering:
    """Counts what an action gathers from many elements, which no single evaluation bounds."""

    def __init__(self) -> None:
        self._left = DEFAULT_LIMITS.result

    def add(self, value: Value) -> None:
        """Count one value.

        Raises:
            ExpressionTooLarge: All together have more characters and elements than a result may have.
        """
        self._left -= _size(value)
        if self._left < 0:
            raise ExpressionTooLarge("a result", DEFAULT_LIMITS.result, "characters or elements")


def _size(value: Value) -> int:
    if isinstance(value, str):
        return len(value) + 1
    if isinstance(value, dict):
        return 1 + sum(len(key) + _size(one) for key, one in value.items())
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1
