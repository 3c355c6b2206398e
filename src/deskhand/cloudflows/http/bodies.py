"""Bodies: values ↔ bytes with a content type. Source: cloud-flows 3.8, 2.2.

Actions, responses and incoming requests share these rules.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from deskhand.cloudflows.http.errors import BodyRefused
from deskhand.cloudflows.http.headers import checked_headers, find_header
from deskhand.cloudflows.http.json_bodies import parse_json
from deskhand.cloudflows.http.media_types import FORM, JSON, PLAIN_TEXT, MediaType, parse_media_type
from deskhand.cloudflows.http.multipart import MOST_PARTS, Part, join_parts, split_parts
from deskhand.wdl.json_text import JsonUnreadable
from deskhand.wdl.values import BINARY, Value, envelope, envelope_bytes, to_text, utf8, write_json

_DEEPEST_PARTS = 4
_MOST_FIELDS = 10_000


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it is sent.

    Attributes:
        content: Its bytes.
        content_type: What its ``Content-Type`` header says.
    """

    content: bytes
    content_type: str


# Values become bytes


def encode_body(value: Value, content_type: str | None = None) -> Body | None:
    """Return a value as a body; None for null.

    Args:
        value: What is sent: a text, a binary value, a form, a message of parts, or anything as JSON.
        content_type: What the sender's own ``Content-Type`` header says, if it has one.

    Raises:
        BodyRefused: A binary value, a form or a part is malformed.
    """
    return _encode(value, content_type, _DEEPEST_PARTS)


def _encode(value: Value, content_type: str | None, depth: int) -> Body | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _text(value, content_type or PLAIN_TEXT)
    if isinstance(value, dict):
        declared = content_type or _declared_type(value)
        if "$content" in value:
            return _binary(value, declared)
        if "$multipart" in value:
            return _parts(value["$multipart"], declared, depth)
        if "$formdata" in value:
            return _form(value["$formdata"], declared)
    return _text(write_json(value), content_type or JSON)


def _declared_type(value: Mapping[str, Value]) -> str | None:
    declared = value.get("$content-type")
    return declared if isinstance(declared, str) and declared else None


def _text(text: str, content_type: str) -> Body:
    charset = parse_media_type(content_type).charset
    return Body(utf8(text) if charset == "utf-8" else text.encode(charset, "replace"), content_type)


def _binary(value: Mapping[str, Value], content_type: str | None) -> Body:
    content = envelope_bytes({"$content-type": "", **value})
    if content is None:
        raise BodyRefused("is a binary value whose ‘$content’ is no base64 text")
    return Body(content, content_type or BINARY)


def _form(fields: Value, content_type: str | None) -> Body:
    if not isinstance(fields, list) or not all(isinstance(one, dict) and "key" in one for one in fields):
        raise BodyRefused("is a form whose ‘$formdata’ is no array of objects with ‘key’ and ‘value’")
    pairs = [(to_text(one["key"]), to_text(one.get("value"))) for one in fields]
    return Body(urlencode(pairs, errors="replace").encode("ascii"), content_type or FORM)


def _parts(parts: Value, content_type: str | None, depth: int) -> Body:
    if not isinstance(parts, list) or not depth:
        raise BodyRefused("has a ‘$multipart’ that is no array, or parts within parts too deep")
    if len(parts) > MOST_PARTS:
        raise BodyRefused(f"has more than {MOST_PARTS} parts")
    # A boundary of our own that nobody can foresee: no content can hold it, by chance or on purpose.
    boundary = secrets.token_hex(16)
    declared = parse_media_type(content_type or "multipart/form-data").with_parameter("boundary", boundary)
    return Body(join_parts([_part(one, depth - 1) for one in parts], boundary), str(declared))


def _part(value: Value, depth: int) -> Part:
    if not isinstance(value, dict):
        raise BodyRefused("has a part that is no object with ‘headers’ and ‘body’")
    headers = checked_headers(value.get("headers"), "$multipart")
    name = find_header(headers, "Content-Type")
    body = _encode(value.get("body"), headers[name] if name else None, depth)
    if body is None:
        return Part(headers, b"")
    return Part({**headers, name or "Content-Type": body.content_type}, body.content)


# Bytes become values


def body_member(content: bytes, content_type: str | None) -> dict[str, Value]:
    """Return the member ``body`` of outputs that hold a message; empty if the message has no body.

    Args:
        content: The message's bytes.
        content_type: What its ``Content-Type`` header says, if it has one.

    Raises:
        BodyRefused: It has more parts or fields than may be.
    """
    if not content and (content_type is None or parse_media_type(content_type).is_json):
        return {}
    return {"body": decode_body(content, content_type)}


def decode_body(content: bytes, content_type: str | None) -> Value:
    """Return a body as a value.

    JSON is read as leniently as the service reads it; what is no JSON all the same stays a text.

    Args:
        content: Its bytes.
        content_type: What its ``Content-Type`` header says, if it has one.

    Raises:
        BodyRefused: It has more parts or fields than may be.
    """
    return _decode(content, content_type or BINARY, _DEEPEST_PARTS)


def _decode(content: bytes, content_type: str, depth: int) -> Value:
    media_type = parse_media_type(content_type)
    if media_type.is_json:
        return _json(_letters(content, media_type))
    if media_type.is_text:
        return _letters(content, media_type)
    whole = envelope(content, content_type)
    if media_type.name == FORM:
        whole["$formdata"] = _fields(content, media_type)
    elif media_type.is_multipart and "boundary" in media_type.parameters and depth:
        parts = split_parts(content, media_type.parameters["boundary"])
        whole["$multipart"] = [_part_value(one, depth - 1) for one in parts]
    return whole


def _letters(content: bytes, media_type: MediaType) -> str:
    return content.decode(media_type.charset, "replace").removeprefix("\ufeff")


def _fields(content: bytes, media_type: MediaType) -> list[Value]:
    if content.count(b"&") >= _MOST_FIELDS:
        raise BodyRefused(f"has more than {_MOST_FIELDS} form fields")
    text = content.decode("ascii", "replace")
    pairs = parse_qsl(text, keep_blank_values=True, encoding=media_type.charset)
    return [{"key": key, "value": value} for key, value in pairs]


def _part_value(part: Part, depth: int) -> Value:
    name = find_header(part.headers, "Content-Type")
    declared = part.headers[name] if name else BINARY
    return {"headers": dict(part.headers), "body": _decode(part.content, declared, depth)}


def _json(text: str) -> Value:
    try:
        return parse_json(text)
    except JsonUnreadable:
        return text
