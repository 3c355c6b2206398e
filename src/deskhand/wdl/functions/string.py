"""Functions of text. Source: cloud-flows 5.5.

Positions and lengths count UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, DecimalException
from typing import Annotated
from uuid import UUID

from deskhand.dotnet.cultures import as_cloud_hosts_write, culture_named
from deskhand.dotnet.errors import BadFormat
from deskhand.dotnet.numbers import format_number as format_dotnet
from deskhand.wdl.declare import Call, Expects, Number, Text, Whole, function, refused
from deskhand.wdl.errors import ExpressionTooLarge, ValueRefused
from deskhand.wdl.numerals import format_double, is_double_text
from deskhand.wdl.values import Value, from_units, to_text, to_units

String = Annotated[str, Expects("to be a string")]
NamedString = Annotated[str, Expects("'string' to be a string")]
Unnamed = Annotated[str, Expects("")]

BLANKS = (
    "\t\n\v\f\r "
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What .NET takes for white space."""
_WHOLE_NUMBER = re.compile(r"[\t-\r ]*[+-]?[0-9]+[\t-\r ]*\x00*")
_PIECE = 16
"""What a piece of a text costs beside its letters, in letters."""
_LONGEST_FORMAT = 500
_FORMAT_DIGITS = re.compile(r"[A-Za-z]([0-9]{4,})")


@function(
    count="expects a comma separated list of string and integer parameters. The function was invoked with "
    "no parameters."
)
def concat(first: Value, *others: Value) -> str:
    """Return values joined as text.

    Examples:
        concat('a', 1, true, null, 1.5) -> "a1True1.5"
        concat(json('[3]'), '!') -> "[3]!"
    """
    return "".join(map(to_text, (first, *others)))


def _upper(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == 1 and letter != "ı" else letter


def _lower(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


@function(
    count="expects one parameter: the string to convert to lower casing. The function was invoked with "
    "'{count}' parameters."
)
def to_lower(text: String) -> str:
    """Return a text in lower case, letter by letter.

    Examples:
        toLower('ÀBC') -> "àbc"
    """
    return text.lower() if text.isascii() else "".join(map(_lower, text))


@function(
    count="expects one parameter: the string to convert to upper casing. The function was invoked with "
    "'{count}' parameters."
)
def to_upper(text: String) -> str:
    """Return a text in upper case, letter by letter.

    Examples:
        toUpper('straße') -> "STRAßE"
    """
    return text.upper() if text.isascii() else "".join(map(_upper, text))


@function()
def trim(text: Unnamed) -> str:
    """Return a text without white space at both ends.

    Examples:
        trim(' a b ') -> "a b"
    """
    return text.strip(BLANKS)


def fold(text: str) -> str:
    """Return a text's UTF-16 units in one case, unit by unit."""
    units = to_units(text)
    return units.upper() if units.isascii() else "".join(map(_upper, units))


_TWO_TEXTS = (
    "expects two parameters: the string to search as the first parameter, the value to search for as the "
    "second parameter."
)


@function(count=_TWO_TEXTS)
def starts_with(text: Text, search: Text) -> bool:
    """Return whether a text begins with another one, in any case.

    Examples:
        startsWith('Hello', 'hE') -> true
    """
    return fold(text).startswith(fold(search))


@function(count=_TWO_TEXTS)
def ends_with(text: Text, search: Text) -> bool:
    """Return whether a text ends with another one, in any case.

    Examples:
        endsWith('Hello', 'LO') -> true
    """
    return fold(text).endswith(fold(search))


@function(count=_TWO_TEXTS)
def index_of(text: Text, search: Text) -> int:
    """Return the position of the first occurrence of a value in any case, or -1.

    Examples:
        indexOf('hello world', 'WORLD') -> 6
        indexOf('abc', 'z') -> -1
    """
    return fold(text).find(fold(search))


@function(count=_TWO_TEXTS)
def last_index_of(text: Text, search: Text) -> int:
    """Return the position of the last occurrence of a value in any case, or -1.

    Examples:
        lastIndexOf('hello hello', 'HELLO') -> 6
        lastIndexOf('abc', '') -> 2
    """
    if not search:
        return max(len(to_units(text)) - 1, 0)
    return fold(text).rfind(fold(search))


@function(
    count="expects three parameters: the string as the first parameter, the value to find the index of as "
    "the second parameter and a number parameter to specify which occurrence of the text to find the index "
    "of as the third parameter."
)
def nth_index_of(text: Text, search: Text, occurrence: Whole) -> int:
    """Return the position of the n-th occurrence of a value in any case, or -1.

    A negative number counts from the end. Occurrences do not overlap.

    Examples:
        nthIndexOf('123456789123465789', '1', 2) -> 9
        nthIndexOf('aXaxA', 'A', -1) -> 4
    """
    if occurrence == 0:
        raise refused("expects its third parameter to be a non-zero integer. The provided value is '0'.")
    wanted = abs(occurrence)
    places = _forward(fold(text), fold(search)) if occurrence > 0 else _backward(fold(text), fold(search))
    return next((place for number, place in enumerate(places, 1) if number == wanted), -1)


def _forward(text: str, search: str) -> Iterator[int]:
    place = text.find(search)
    while place >= 0:
        yield place
        place = text.find(search, place + max(len(search), 1))


def _backward(text: str, search: str) -> Iterator[int]:
    place = text.rfind(search)
    while place >= 0:
        yield place
        end = place if search else place - 1
        place = text.rfind(search, 0, end) if end >= 0 else -1


@function(
    count="expects three parameters: the string to modify as the first parameter, the string to replace as "
    "the second parameter, and the replacement string as the third parameter."
)
def replace(
    call: Call,
    text: NamedString,
    old: Annotated[str, Expects("'old string' to be a string")],
    new: Annotated[str, Expects("'new string' to be a string")],
) -> str:
    """Return a text with every occurrence of a value replaced; case matters.

    Examples:
        replace('the old string', 'old', 'new') -> "the new string"
    """
    if not old:
        raise ValueRefused("String cannot be of zero length.")
    if len(new) > len(old):
        check_size(call, len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def check_size(call: Call, size: int) -> None:
    """Refuse a result before it is built.

    Raises:
        ExpressionTooLarge: It would be larger than the limit.
    """
    if size > call.limits.result:
        raise ExpressionTooLarge("a result", call.limits.result, "characters or elements")


@function(
    count="expects two parameters: the string to split as the first parameter, the separator as the second "
    "parameter."
)
def split(call: Call, text: Text, separator: Text) -> list[Value]:
    """Return the parts of a text between occurrences of a separator; case matters.

    Examples:
        split('a__b', '_') -> ["a","","b"]
        split('abc', '') -> ["abc"]
    """
    if not separator:
        return [text]
    check_size(call, _PIECE * text.count(separator))
    return list(text.split(separator))


_START_OUT_OF_RANGE = (
    "parameter is out of range: 'start index' must be non-negative integer and should be less than the "
    "length of the string."
)
_LENGTH_OUT_OF_RANGE = (
    "parameters are out of range: 'start index' and 'length' must be non-negative integers and their sum "
    "must be no larger than the length of the string."
)


@function(
    count="expects two or three parameters: the string to be used as the first parameter, the start index "
    "as the second parameter and the optional length as the third parameter."
)
def substring(
    text: NamedString,
    start: Annotated[int, Expects("'start index' to be an integer")],
    length: Annotated[int | None, Expects("'length' to be an integer")] = None,
) -> str:
    """Return a part of a text.

    Examples:
        substring('hello world', 6, 5) -> "world"
        substring('hello', 2) -> "llo"
    """
    units = to_units(text)
    if not 0 <= start < len(units):
        raise refused(_START_OUT_OF_RANGE)
    if length is None:
        return from_units(units[start:])
    if length < 0 or start + length > len(units):
        raise refused(_LENGTH_OUT_OF_RANGE)
    return from_units(units[start : start + length])


@function(
    name="slice",
    count="expects two or three parameters: the string to be used as the first parameter, the start index "
    "as the second parameter and the optional end index as the third parameter.",
)
def slice_(text: Text, start: Whole, end: Annotated[int | None, Expects("to be an integer")] = None) -> str:
    """Return a part of a text; negative positions count from its end.

    Examples:
        slice('Hello World', 3, -1) -> "lo Worl"
        slice('Hello', -99, 2) -> "He"
    """
    return from_units(to_units(text)[start:end])


@function(
    count="expects two parameters: the collection to chunk as the first parameter, the chunk size as the "
    "second parameter."
)
def chunk(
    call: Call,
    collection: Annotated[str | list[Value], Expects("'collection' to be an array or a string")],
    size: Whole,
) -> list[Value]:
    """Return a text or an array cut into pieces of one length; the last one may be shorter.

    Examples:
        chunk(createArray(1, 2, 3), 2) -> [[1,2],[3]]
        chunk('abc', 2) -> ["ab","c"]
    """
    if size < 1:
        raise refused("expects chunk size to be a positive integer. The provided value is less than 1.")
    check_size(call, _PIECE * (len(collection) // size))
    if isinstance(collection, str):
        units = to_units(collection)
        return [from_units(units[place : place + size]) for place in range(0, len(units), size)]
    return [collection[place : place + size] for place in range(0, len(collection), size)]


@function(count="expects at most one parameter: the format of the GUID.")
def guid(call: Call, format: Text = "D") -> str:
    """Return a new GUID, formatted as ``N``, ``D``, ``B``, ``P`` or ``X`` asks.

    Examples:
        length(guid()) -> 36
        length(guid('N')) -> 32
    """
    printed = _guid(call.scope.new_id(), format.upper() or "D")
    if printed is None:
        raise refused(
            f"format parameter '{format}' is not supported. The supported formats are: 'N, D, B, P, X'."
        )
    return printed


def _guid(value: UUID, format: str) -> str | None:
    text = str(value)
    octets = ",".join(f"0x{octet:02x}" for octet in value.bytes[8:])
    forms = {
        "N": value.hex,
        "D": text,
        "B": f"{{{text}}}",
        "P": f"({text})",
        "X": f"{{0x{text[:8]},0x{text[9:13]},0x{text[14:18]},{{{octets}}}}}",
    }
    return forms.get(format)


@function(
    count="expects two or three parameters: the number to format as the first parameter, the format string "
    "as the second parameter and the optional locale as the third parameter."
)
def format_number(
    number: Annotated[Number, Expects("to be an integer or a decimal number")],
    format: Text,
    locale: Text = "en-US",
) -> str:
    """Return a number formatted as .NET would.

    Examples:
        formatNumber(1234567890, '#,##0.00', 'is-IS') -> "1.234.567.890,00"
        formatNumber(17.35, 'C2') -> "$17.35"
        formatNumber(2.5, 'F0') -> "2"
    """
    wrong = refused(
        f"format string '{format}' is not valid. The format string should be a numeric format string."
    )
    if _FORMAT_DIGITS.fullmatch(format) or len(format) > _LONGEST_FORMAT:
        raise wrong  # so many digits are a way to fill memory
    culture = as_cloud_hosts_write(culture_named(locale))
    try:
        if isinstance(number, float):
            return format_double(number, format, culture)
        return format_dotnet(number, format, culture, ROUND_HALF_UP)
    except (BadFormat, DecimalException):
        raise wrong from None


@function(count="expects one parameter: the string to test.")
def is_int(text: Annotated[str, Expects("'string' to be a string", "first parameter")]) -> bool:
    """Return whether a text is a whole number of 32 bits; blanks around it and a sign are fine.

    Examples:
        isInt(' +10 ') -> true
        isInt('1,000') -> false
    """
    if len(text) > 4_000 or not _WHOLE_NUMBER.fullmatch(text):
        return False
    return -(2**31) <= int(text.strip("\t\n\v\f\r \x00")) < 2**31


@function(
    count="expects one or two parameters: the string to test as the first parameter and the optional locale "
    "as the second parameter."
)
def is_float(text: NamedString, locale: Text = "en-US") -> bool:
    """Return whether a text is a number, as a culture writes it.

    Examples:
        isFloat('10.000,00', 'de-DE') -> true
        isFloat('abc') -> false
    """
    return is_double_text(text, as_cloud_hosts_write(culture_named(locale)))
