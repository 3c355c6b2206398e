"""What can go wrong with an expression, in the service's own words. Source: cloud-flows 5.

Flows and tests compare these texts, so they stay as the service writes them, straight quotes
included, up to the words *Please see*.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from deskhand.core.errors import DeskhandError

_HELP = "https://aka.ms/logicexpressions"


class ExpressionError(DeskhandError):
    """An expression could not be read or evaluated.

    Attributes:
        service_code: The code that the failed action carries.
    """

    code = "DH6000"
    service_code: ClassVar[str] = "InvalidTemplate"

    def __init__(self, text: str, topic: str | None = "") -> None:
        """Build the message.

        Args:
            text: What the service says.
            topic: The function whose help it points to; empty for the general page, None for neither.
        """
        anchor = f"#{topic}" if topic else ""
        pointer = "" if topic is None else f" Please see {_HELP}{anchor} for usage details."
        super().__init__(text + pointer)


class UnexpectedToken(ExpressionError):
    """A word of an expression stands where another kind of word must stand.

    Compare the expression with its parentheses, commas and quotes: the first missing or surplus one is
    near the word that the message names.
    """

    code = "DH6001"

    def __init__(self, expression: str, expected: str, actual: str) -> None:
        super().__init__(
            f"Unable to parse template language expression '{expression}': "
            f"expected token '{expected}' and actual '{actual}'."
        )
        self.expression = expression
        self.expected = expected
        self.actual = actual


class ExpressionMalformed(ExpressionError):
    """A letter of an expression belongs to no word, or a text or an interpolation does not end.

    Texts stand in single quotes; a quote inside one is doubled.
    """

    code = "DH6002"

    def __init__(self, expression: str, problem: str) -> None:
        super().__init__(f"The template language expression '{expression}' is not valid: {problem}.")
        self.expression = expression


class FunctionUnknown(ExpressionError):
    """An expression calls a function that does not exist."""

    code = "DH6003"

    def __init__(self, name: str) -> None:
        super().__init__(f"The template function '{name}' is not defined or not valid.")
        self.name = name


class FunctionMisplaced(ExpressionError):
    """An expression calls a function that has no meaning where the expression stands."""

    code = "DH6004"

    def __init__(self, name: str) -> None:
        super().__init__(f"The template function '{name}' is not expected at this location.")
        self.name = name


class SelectionFailed(ExpressionError):
    """A property or an element that an expression selects is not there.

    A question mark before the dot or bracket turns a missing property into null.
    """

    code = "DH6005"

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(
            f"The template language expression '{expression}' cannot be evaluated because {reason}."
        )
        self.expression = expression


class FunctionFailed(ExpressionError):
    """A function refused its parameters."""

    code = "DH6006"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text, topic=name)
        self.name = name


class ValueRefused(ExpressionError):
    """The platform below a function refused a value, and the service passes its words on."""

    code = "DH6007"

    def __init__(self, text: str) -> None:
        super().__init__(text, topic=None)


class ParameterUnknown(ExpressionError):
    """An expression names a workflow parameter that the definition does not declare."""

    code = "DH6008"

    def __init__(self, name: str) -> None:
        super().__init__(f"The workflow parameter '{name}' is not found.")
        self.name = name


class VariableUnknown(ExpressionError):
    """An expression names a variable that no action has initialized."""

    code = "DH6009"

    def __init__(self, name: str) -> None:
        super().__init__(
            "Template language expression cannot be evaluated: "
            f"the template variable '{name}' cannot be found."
        )
        self.name = name


class ActionUnknown(ExpressionError):
    """An expression names an action that is not defined, or not visible from where it stands."""

    code = "DH6010"

    def __init__(self, name: str) -> None:
        super().__init__(
            "Template language expression cannot be evaluated: "
            f"the template action '{name}' is not defined at current scope."
        )
        self.name = name


class ExpressionTooLarge(ExpressionError):
    """An expression, or what it produces, exceeds a limit.

    The limits are settings; the message names the one that was met.
    """

    code = "DH6011"
    service_code = "ExpressionEvaluationFailed"

    def __init__(self, what: str, limit: int, unit: str) -> None:
        super().__init__(f"The template language expression is too large: {what} exceeds {limit} {unit}.")
        self.limit = limit


class TemplateUnreadable(ExpressionError):
    """A line that should hold a JSON value, as it stands in a definition, is no JSON."""

    code = "DH6014"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The line is no JSON value: {problem}.", topic=None)


class ConditionMalformed(ExpressionError):
    """An object in a condition has no key or several; it must have one, the name of a function."""

    code = "DH6015"

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            "The condition expression must have exactly one property, the name of a function; "
            f"found '{listed(names)}'."
        )


def listed(names: Iterable[str]) -> str:
    """Return names as the service lists them."""
    return ", ".join(names)
