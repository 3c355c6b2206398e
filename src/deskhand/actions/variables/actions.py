"""The Variables actions on numbers and custom objects; those on lists and tables stand beside.

Source: actions.yaml, group Variables.
"""

from __future__ import annotations

import random
from decimal import Decimal

from deskhand.actions.variables import list_actions, table_actions
from deskhand.actions.variables.choices import variables
from deskhand.actions.variables.errors import BadJson, NotJson, RandomNumberFailed
from deskhand.actions.variables.json_text import read_json, write_json
from deskhand.dotnet.numbers import Number, plain_number, round_number
from deskhand.robin.numbers import add, subtract
from deskhand.robin.values import CustomObject, Reference

__all__ = ["list_actions", "table_actions", "variables"]


@variables.action(
    "IncreaseVariable",
    label="Increase variable",
    summary="Increase {Value} by {IncrementValue}",
    labels={"value": "Variable name", "increment_value": "Increase by"},
)
def increase_variable(value: Reference[Number], increment_value: Number) -> None:
    """Add a number to a variable.

    Args:
        value: The variable; one that was never assigned starts at 0.
        increment_value: The number to add.
    """
    value.value = add(_number(value), increment_value)


@variables.action(
    "DecreaseVariable",
    label="Decrease variable",
    summary="Decrease {Value} by {DecrementValue}",
    labels={"value": "Variable name", "decrement_value": "Decrease by"},
)
def decrease_variable(value: Reference[Number], decrement_value: Number) -> None:
    """Subtract a number from a variable.

    Args:
        value: The variable; one that was never assigned starts at 0.
        decrement_value: The number to subtract.
    """
    value.value = subtract(_number(value), decrement_value)


def _number(variable: Reference[Number]) -> Number:
    """Return a variable's number; one that was never assigned holds 0."""
    held: Number | None = variable.value
    return 0 if held is None else held


@variables.action(
    "TruncateNumber",
    variant="GetIntegerPart",
    label="Truncate number",
    summary="Get the integer part of {Number}",
    outputs=("Result",),
    variables=("TruncatedValue",),
    labels={"number": "Number to truncate"},
)
def get_integer_part(number: Number) -> Number:
    """Drop a number's fraction.

    Args:
        number: The number to truncate.

    Returns:
        The whole number towards zero.
    """
    return int(number)


@variables.action(
    "TruncateNumber",
    variant="GetDecimalPart",
    label="Truncate number",
    summary="Get the decimal part of {Number}",
    outputs=("Result",),
    variables=("TruncatedValue",),
    labels={"number": "Number to truncate"},
)
def get_decimal_part(number: Number) -> Number:
    """Keep only a number's fraction.

    Args:
        number: The number to truncate.

    Returns:
        What follows the decimal point, with the number's sign.
    """
    return plain_number(Decimal(number) - int(number))


@variables.action(
    "TruncateNumber",
    variant="RoundNumber",
    label="Truncate number",
    summary="Round {Number} to {DecimalPlaces} decimal places",
    outputs=("Result",),
    variables=("TruncatedValue",),
    labels={"number": "Number to truncate", "decimal_places": "Decimal places"},
)
def round_to_places(number: Number, decimal_places: int = 3) -> Number:
    """Round a number.

    Args:
        number: The number to round.
        decimal_places: How many decimal places to keep; halves round away from zero.

    Returns:
        The rounded number.
    """
    return round_number(number, max(decimal_places, 0))


@variables.action(
    "GenerateRandomNumber",
    variant="RandomNumber",
    label="Generate random number",
    summary="Generate a random number between {MinimumValue} and {MaximumValue}",
    outputs=("RandomNumber",),
    errors=(RandomNumberFailed,),
    labels={"minimum_value": "Minimum value", "maximum_value": "Maximum value"},
)
def random_number(minimum_value: int = 0, maximum_value: int = 100) -> Number:
    """Draw one random whole number.

    Args:
        minimum_value: The least number that may be drawn.
        maximum_value: The greatest number that may be drawn.

    Returns:
        The number.
    """
    if minimum_value > maximum_value:
        raise RandomNumberFailed(minimum_value, maximum_value, 1)
    return random.randint(minimum_value, maximum_value)


@variables.action(
    "GenerateRandomNumber",
    variant="ListOfRandomNumbers",
    label="Generate random number",
    summary="Generate {NumbersCount} random numbers between {MinimumValue} and {MaximumValue}",
    outputs=("RandomNumbers",),
    errors=(RandomNumberFailed,),
    labels={
        "minimum_value": "Minimum value",
        "maximum_value": "Maximum value",
        "numbers_count": "How many numbers",
        "allow_duplicates": "Allow duplicates",
    },
)
def random_numbers(
    minimum_value: int = 0,
    maximum_value: int = 100,
    numbers_count: int = 10,
    allow_duplicates: bool = False,
) -> list[Number]:
    """Draw several random whole numbers.

    Args:
        minimum_value: The least number that may be drawn.
        maximum_value: The greatest number that may be drawn.
        numbers_count: How many numbers to draw.
        allow_duplicates: Whether one number may be drawn again.

    Returns:
        The numbers, in the order they were drawn.
    """
    available = maximum_value - minimum_value + 1
    if available < 1 or numbers_count < 0 or (numbers_count > available and not allow_duplicates):
        raise RandomNumberFailed(minimum_value, maximum_value, numbers_count)
    if allow_duplicates:
        return [random.randint(minimum_value, maximum_value) for _ in range(numbers_count)]
    return list(random.sample(range(minimum_value, maximum_value + 1), numbers_count))


@variables.action(
    "ConvertJsonToCustomObject",
    label="Convert JSON to custom object",
    summary="Convert {Json} to a custom object",
    outputs=("CustomObject",),
    variables=("JsonAsCustomObject",),
    errors=(BadJson,),
    labels={"json": "JSON"},
)
def json_to_custom_object(json: str) -> object:
    """Read a JSON text.

    Args:
        json: The JSON to read.

    Returns:
        A custom object for an object, a list for an array, or a plain value; dates stay text.
    """
    return read_json(json)


@variables.action(
    "ConvertCustomObjectToJson",
    label="Convert custom object to JSON",
    summary="Convert {CustomObject} to JSON",
    outputs=("Json",),
    variables=("CustomObjectAsJson",),
    errors=(NotJson,),
    labels={"custom_object": "Custom object"},
)
def custom_object_to_json(custom_object: CustomObject) -> str:
    """Write a custom object as JSON.

    Args:
        custom_object: The object to write.

    Returns:
        Compact JSON, the properties in the object's order.
    """
    return write_json(custom_object)
