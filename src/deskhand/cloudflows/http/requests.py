"""An action's inputs → a request that can be sent as it is. Source: cloud-flows 3.8, 6."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_from_bytes

from deskhand.cloudflows.http.bodies import encode_body
from deskhand.cloudflows.http.certificates import ClientCertificate
from deskhand.cloudflows.http.errors import RequestRefused
from deskhand.cloudflows.http.headers import (
    TOKEN,
    checked_header,
    checked_headers,
    escaped,
    find_header,
    header_value,
    is_taken,
)
from deskhand.outbound.addresses import literal_address
from deskhand.outbound.urls import BadUrl, HttpUrl, is_dns_name, split_url
from deskhand.wdl.values import Value, find_key, to_text, utf8

MAX_URL_LENGTH = 16_384

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESS = re.compile(r"(https?)://([^/?#]*)(.*)\Z", re.IGNORECASE)
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"
_LONGEST_METHOD = 32


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a cloud flow. What may be secret stays out of its ``repr``.

    Attributes:
        method: Its method, in capital letters.
        url: Where it goes.
        headers: Its headers but those of the connection, each name once.
        body: Its body, if it has one.
        certificate: What it shows of itself under TLS, if anything.
        follows_redirects: Whether an answer may send it elsewhere.
        key_header: The header that holds a key of the receiver's, which nobody else may get.
    """

    method: str
    url: HttpUrl
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    certificate: ClientCertificate | None = field(default=None, repr=False)
    follows_redirects: bool = True
    key_header: str | None = None

    def header(self, name: str) -> str | None:
        """Return the value of a header, however it is spelled; None if it is not there."""
        return header_value(self.headers, name)

    def with_header(self, name: str, value: str) -> Request:
        """Return the request with one header set.

        Raises:
            RequestRefused: The value cannot be sent.
        """
        checked = checked_header(name, value, "headers")
        return replace(self, headers={**self.without(name).headers, name: checked})

    def without(self, *names: str) -> Request:
        """Return the request without some headers."""
        gone = {name.lower() for name in names}
        kept = {name: value for name, value in self.headers.items() if name.lower() not in gone}
        return replace(self, headers=kept)


def read_request(inputs: Value, workflow_headers: Mapping[str, str]) -> Request:
    """Return the request that the evaluated inputs of an action or trigger describe.

    The member ``authentication`` is not read here.

    Args:
        inputs: The inputs: method, uri, headers, queries, body, cookie.
        workflow_headers: What the engine tells about the run; these win over the flow's own.

    Raises:
        RequestRefused: A member is missing, malformed, or could be taken for something else on the wire.
        BodyRefused: The body cannot be sent.
    """
    if not isinstance(inputs, dict):
        raise RequestRefused("inputs", "is no object")
    headers = _headers(inputs)
    content_type = header_value(headers, "Content-Type")
    body = encode_body(_member(inputs, "body"), content_type)
    if body is not None:
        headers[find_header(headers, "Content-Type") or "Content-Type"] = body.content_type
    request = Request(
        read_method(_member(inputs, "method")), _url(inputs), headers, None if body is None else body.content
    )
    return with_workflow_headers(request, workflow_headers)


def with_workflow_headers(request: Request, headers: Mapping[str, str]) -> Request:
    """Return a request that tells about the run it belongs to; letters beyond ASCII are percent-encoded."""
    for name, value in headers.items():
        request = request.with_header(name, escaped(value))
    return request


def _member(inputs: Mapping[str, Value], name: str) -> Value:
    known = find_key(inputs, name)
    return None if known is None else inputs[known]


def read_method(method: Value) -> str:
    """Return a method in capital letters.

    Raises:
        RequestRefused: It is none, or one that opens a tunnel.
    """
    if method is None:
        raise RequestRefused("method", "is missing")
    if not isinstance(method, str) or not TOKEN.match(method) or len(method) > _LONGEST_METHOD:
        raise RequestRefused("method", "is no method of HTTP, such as GET or POST")
    if method.upper() == "CONNECT":
        raise RequestRefused("method", "is CONNECT, which would open a tunnel")
    return method.upper()


def _headers(inputs: Mapping[str, Value]) -> dict[str, str]:
    headers = checked_headers(_member(inputs, "headers"), "headers")
    taken = {name: value for name, value in headers.items() if is_taken(name)}
    cookie = _member(inputs, "cookie")
    if cookie is not None:
        if not isinstance(cookie, str):
            raise RequestRefused("cookie", "is no text")
        taken["Cookie"] = checked_header("Cookie", cookie, "cookie")
    return taken


def _url(inputs: Mapping[str, Value]) -> HttpUrl:
    uri = _member(inputs, "uri")
    if not isinstance(uri, str) or not uri.strip():
        raise RequestRefused("uri", "is missing" if uri is None else "is no text, or an empty one")
    return with_queries(read_url(uri.strip(), "uri"), _member(inputs, "queries"))


def read_url(text: str, member: str) -> HttpUrl:
    """Return the address that a text writes; blanks and letters beyond ASCII are percent-encoded.

    Args:
        text: An absolute address.
        member: Where it stands, for the error.

    Raises:
        RequestRefused: It is no address that a request can go to.
    """
    if len(text) > MAX_URL_LENGTH:
        raise RequestRefused(member, f"has {len(text)} characters; {MAX_URL_LENGTH} are allowed")
    if _CONTROL.search(text):
        raise RequestRefused(member, "holds a line break or control character")
    match = _ADDRESS.match(text)
    if match is None:
        raise RequestRefused(member, f"is no absolute http or https address: ‘{text[:60]}’")
    scheme, authority, rest = match.groups()
    try:
        url = split_url(f"{scheme}://{_in_ascii(authority)}{quote_from_bytes(utf8(rest), safe=_AS_IT_IS)}")
    except BadUrl as error:
        raise RequestRefused(member, str(error)) from error
    if not literal_address(url.host) and not is_dns_name(url.host):
        raise RequestRefused(member, f"names ‘{url.host}’, which is no host" if url.host else "names no host")
    return url


def _in_ascii(authority: str) -> str:
    """Return a host as the name service knows it."""
    if authority.isascii() or len(authority) > 253:
        return authority
    try:
        return authority.encode("idna").decode("ascii")
    except UnicodeError:
        return authority


def with_queries(url: HttpUrl, queries: Value) -> HttpUrl:
    """Return an address with further queries; null values are left out.

    Raises:
        RequestRefused: They are no object, or too long.
    """
    if queries is not None and not isinstance(queries, dict):
        raise RequestRefused("queries", "is no object of names and values")
    pairs = "&".join(
        f"{quote(utf8(name), safe='')}={quote(utf8(to_text(value)), safe='')}"
        for name, value in (queries or {}).items()
        if value is not None
    )
    if pairs:
        url = replace(url, target=f"{url.target}{'&' if '?' in url.target else '?'}{pairs}")
    if len(str(url)) > MAX_URL_LENGTH:
        raise RequestRefused("uri", f"has {len(str(url))} characters; {MAX_URL_LENGTH} are allowed")
    return url
