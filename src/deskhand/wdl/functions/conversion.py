"""Functions that turn values of one type into another. Source: cloud-flows 5.8."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Annotated
from urllib.parse import quote, unquote_plus

from deskhand.dotnet.cultures import as_cloud_hosts_write, culture_named
from deskhand.dotnet.errors import NotANumber
from deskhand.wdl.declare import Expects, Number, Refused, Text, function, not_valid, refused
from deskhand.wdl.json_text import JsonUnreadable, read_json
from deskhand.wdl.numerals import parse_double
from deskhand.wdl.values import (
    BINARY,
    Value,
    decode_base64,
    envelope,
    envelope_bytes,
    fits_long,
    is_integer,
    to_text,
    type_name,
    utf8,
    write_json,
)

String = Annotated[str, Expects("to be a string")]

_WHOLE = re.compile(r"[\t-\r ]*[+-]?[0-9][0-9,]*[\t-\r ]*\x00*")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,2})?")
_EXACT_DIGITS = 15
_MOST_DIGITS = 400


def _inconvertible() -> Exception:
    return refused(
        "was invoked with a parameter that is not valid. The value cannot be converted to the target type."
    )


@function(name="int")
def int_(value: Value) -> int:
    """Return a value as a whole number.

    Text of more than 15 digits goes through a double, as the service does.

    Examples:
        int('1,000') -> 1000
        int(true) -> 1
        int('-7') -> -7
    """
    if isinstance(value, str) and len(value) <= _MOST_DIGITS and _WHOLE.fullmatch(value):
        whole = _whole(value)
    elif isinstance(value, bool | float | Decimal) and value == value // 1:
        whole = int(value)
    elif is_integer(value):
        whole = value
    else:
        raise _inconvertible()
    if not fits_long(whole):
        raise _inconvertible()
    return whole


def _whole(text: str) -> int:
    plain = text.strip("\t\n\v\f\r \x00").replace(",", "")
    return int(plain) if len(plain) <= _EXACT_DIGITS else int(float(plain))


@function(
    name="float",
    count="expects one or two parameters: the value to convert as the first parameter and the optional "
    "locale as the second parameter.",
)
def float_(value: Value, locale: Text = "en-US") -> float:
    """Return a value as a double; text as a culture writes it.

    Examples:
        float('10.333') -> 10.333
        float('10.000,333', 'de-DE') -> 10000.333
        float('12345678.-') -> -12345678.0
    """
    if isinstance(value, bool | int | float | Decimal):
        return _double(value)
    if not isinstance(value, str):
        raise _inconvertible()
    try:
        return parse_double(value, as_cloud_hosts_write(culture_named(locale)))
    except NotANumber:
        raise _inconvertible() from None


def _double(value: Number) -> float:
    try:
        return float(value)
    except OverflowError:
        raise _inconvertible() from None


@function()
def decimal(value: Value) -> Decimal:
    """Return a text as a decimal number, which keeps 28 digits where a double keeps 15.

    Examples:
        string(decimal('1.2345678912312131')) -> "1.2345678912312131"
    """
    text = to_text(value)
    plain = text.strip().replace(",", "")
    if not _DECIMAL.fullmatch(plain):
        raise Refused(
            f"' function was invoked with a parameter that is not a valid decimal, '{text}'.",
            "The template language '",
        )
    return Context(prec=28).create_decimal(plain)


@function(name="bool")
def bool_(value: Value) -> bool:
    """Return a value as a boolean: numbers other than 0 are true, and so is the text ``true``.

    Examples:
        bool('True ') -> true
        bool(0) -> false
    """
    if isinstance(value, str) and (word := value.strip("\0\t\n\v\f\r ").lower()) in ("true", "false"):
        return word == "true"
    if isinstance(value, bool | int | float | Decimal):
        return value != 0
    raise _inconvertible()


@function()
def string(value: Value) -> str:
    """Return a value as text.

    Examples:
        string(1.50) -> "1.5"
        string(true) -> "True"
        string(createArray(1, 'a')) -> "[1,\\"a\\"]"
        string(binary('abc')) -> "abc"
    """
    return to_text(value)


@function()
def array(value: Value) -> list[Value]:
    """Return an array with one value; an array stays as it is.

    Examples:
        array('hello') -> ["hello"]
        array(createArray(1)) -> [1]
    """
    return value if isinstance(value, list) else [value]


def content_bytes(value: Value) -> bytes:
    """Return the bytes of a value: an envelope's content, or the text form in UTF-8."""
    if isinstance(value, dict) and (content := envelope_bytes(value)) is not None:
        return content
    return utf8(to_text(value))


@function(aliases=("encodeBase64",))
def base64(value: Value) -> str:
    """Return the base64 form of a text, an object or an array.

    Examples:
        base64('hello') -> "aGVsbG8="
        base64(binary('hello')) -> "aGVsbG8="
    """
    if not isinstance(value, str | dict | list):
        raise refused(
            "expects its parameter to be a string, an object or an array. "
            f"The provided value is of type '{type_name(value)}'."
        )
    encoded: str = envelope(content_bytes(value), BINARY)["$content"]
    return encoded


def _decoded(text: str) -> bytes:
    content = decode_base64(text)
    if content is None:
        raise refused(
            "was invoked with a parameter that is not valid. The value cannot be decoded from base64 "
            "representation."
        )
    return content


@function(aliases=("decodeBase64",))
def base64_to_string(text: String) -> str:
    """Return the text that a base64 text holds.

    Examples:
        base64ToString('aGVsbG8=') -> "hello"
    """
    return _decoded(text).decode("utf-8", "replace")


@function()
def base64_to_binary(text: String) -> dict[str, Value]:
    """Return the bytes that a base64 text holds.

    Examples:
        base64ToBinary('aGVsbG8=') -> {"$content-type":"application/octet-stream","$content":"aGVsbG8="}
    """
    return envelope(_decoded(text), BINARY)


@function()
def base64_to_json(text: String) -> Value:
    """Return the value of the JSON text that a base64 text holds.

    Examples:
        base64ToJson('eyJhIjoxfQ==') -> {"a":1}
    """
    decoded = _decoded(text).decode("utf-8", "replace")
    try:
        return read_json(decoded)
    except JsonUnreadable as problem:
        raise refused(
            f"parameter is not valid. The provided value '{decoded}' cannot be parsed: '{problem}'."
        ) from None


@function()
def binary(value: Value) -> dict[str, Value]:
    """Return a value's text form as bytes.

    Examples:
        binary('hello') -> {"$content-type":"application/octet-stream","$content":"aGVsbG8="}
    """
    if value is None:
        raise _inconvertible()
    return envelope(content_bytes(value), BINARY)


@function()
def data_uri(value: Value) -> str:
    """Return a value as a ``data:`` address.

    Examples:
        dataUri('hello') -> "data:text/plain;charset=utf-8;base64,aGVsbG8="
        dataUri(1) -> "data:application/json;charset=utf-8;base64,MQ=="
    """
    if value is None:
        raise not_valid()
    if isinstance(value, str):
        content, content_type = utf8(value), "text/plain;charset=utf-8"
    elif isinstance(value, dict) and (inside := envelope_bytes(value)) is not None:
        content, content_type = inside, str(value["$content-type"])
    else:
        content, content_type = utf8(write_json(value)), "application/json;charset=utf-8"
    return f"data:{content_type};base64,{envelope(content, content_type)['$content']}"


_DATA_URI = re.compile(
    r"data:(?P<type>[^,]*?)(?P<base64>;\s*base64)?,(?P<data>.*)", re.IGNORECASE | re.DOTALL
)


def _opened(address: str) -> tuple[bytes, str]:
    """Return the bytes and the type of a ``data:`` address."""
    match = _DATA_URI.fullmatch(address.strip())
    encoded = match is not None and match["base64"]
    content = None
    if match is not None:
        content = decode_base64(match["data"]) if encoded else utf8(unquote_plus(match["data"]))
    if match is None or content is None:
        raise refused(
            "expects its parameter to be formatted as a valid data URI. "
            f"The provided value '{address}' was not formatted correctly."
        )
    return content, match["type"] or "text/plain;charset=US-ASCII"


@function(aliases=("decodeDataUri",))
def data_uri_to_string(address: String) -> str:
    """Return the text that a ``data:`` address holds.

    Examples:
        dataUriToString('data:text/plain;charset=utf-8;base64,aGVsbG8=') -> "hello"
        dataUriToString('data:,a%20b') -> "a b"
    """
    return _opened(address)[0].decode("utf-8", "replace")


@function()
def data_uri_to_binary(address: String) -> dict[str, Value]:
    """Return the bytes that a ``data:`` address holds.

    Examples:
        dataUriToBinary('data:text/plain;base64,aGk=') -> {"$content-type":"text/plain","$content":"aGk="}
    """
    return envelope(*_opened(address))


@function(aliases=("encodeUriComponent",))
def uri_component(value: Value) -> str:
    """Return a value's text form with everything but letters, digits and ``-_.~`` percent-encoded.

    Examples:
        uriComponent('a b+c') -> "a%20b%2Bc"
    """
    if value is None:
        raise refused("expects its parameter to be a string. The provided value is of type 'Null'.")
    return quote(content_bytes(value), safe="-_.~")


@function(aliases=("decodeUriComponent",))
def uri_component_to_string(text: String) -> str:
    """Return a percent-encoded text decoded; a plus sign becomes a blank.

    Examples:
        uriComponentToString('a%20b+c') -> "a b c"
    """
    return unquote_plus(text)


@function()
def uri_component_to_binary(text: String) -> dict[str, Value]:
    """Return a percent-encoded text decoded, as bytes.

    Examples:
        uriComponentToBinary('a%20b') -> {"$content-type":"application/octet-stream","$content":"YSBi"}
    """
    return envelope(utf8(unquote_plus(text)), BINARY)
