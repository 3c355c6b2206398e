"""The portal's own files, as its build left them in the package; nothing else on the disk is served.

Hashed files may be kept by browsers for ever; ``index.html`` is made anew for each answer, with the nonce of
its content security policy. Every address that is no API leads to it.
"""

from __future__ import annotations

import hashlib
import mimetypes
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

import deskhand
from deskhand.webapi.sign_in_pages import page

NONCE = "__DESKHAND_NONCE__"
"""What stands in the built ``index.html`` where a nonce belongs."""

_INDEX = "index.html"
_ASSETS = "assets/"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_APIS = ("api/", "providers/", "workflows/")
_PROTOCOLS = ("/oauth2/", "/.well-known/", "/discovery/")
_NOT_BUILT = (
    "<h1>The portal is not built</h1>"
    "<p>The server runs, and so do its API and the command line. In a clone of the sources the portal is "
    "built with:</p><p><code>make setup</code></p>"
    "<p>Then open this page again; the server need not be started anew. An installed package holds the "
    "portal.</p>"
)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the portal, with what is sent of it."""

    content: bytes
    media_type: str
    etag: str
    modified: str
    encoded: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Build:
    """Everything that one build left."""

    stamp: tuple[int, int]
    files: Mapping[str, _File]


class PortalFiles:
    """Serves a built portal from memory. Safe to use from any thread.

    Args:
        directory: Where the build is; the package's own unless given.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory or Path(deskhand.__file__).parent / "portal"
        self._lock = Lock()
        self._build: _Build | None = None

    def answers(self, request: Request) -> bool:
        """Tell whether an address that no route has is the portal's: it is no API's."""
        path = request.url.path
        inner = path.lstrip("/")
        is_api = inner.startswith(_APIS) or any(one in path for one in _PROTOCOLS)
        return request.method in ("GET", "HEAD") and not is_api

    def respond(self, request: Request) -> Response | None:
        """Answer a request for a file or a page; None for a file that is not there."""
        build = self._current()
        if build is None:
            return page("The portal is not built", _NOT_BUILT, status=503)
        name = request.url.path.lstrip("/")
        file = build.files.get(name)
        if file is not None and name != _INDEX:
            return _file_response(request, file, name)
        # A file that another build had must not be answered by a page, which a browser would then keep.
        return None if name.startswith(_ASSETS) else _index_response(build.files[_INDEX])

    def _current(self) -> _Build | None:
        """Return the build; read again when another one has taken its place."""
        try:
            found = (self._directory / _INDEX).stat()
        except OSError:
            return None
        stamp = (found.st_mtime_ns, found.st_size)
        with self._lock:
            if self._build is None or self._build.stamp != stamp:
                self._build = _Build(stamp, dict(_read(self._directory)))
            return self._build


def _read(directory: Path) -> dict[str, _File]:
    paths = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    suffixes = tuple(suffix for _, suffix in _ENCODINGS)
    return {
        name: _read_file(name, path, paths) for name, path in paths.items() if not name.endswith(suffixes)
    }


def _read_file(name: str, path: Path, paths: Mapping[str, Path]) -> _File:
    content = path.read_bytes()
    encoded = {
        coding: paths[name + suffix].read_bytes()
        for coding, suffix in _ENCODINGS
        if name + suffix in paths and name != _INDEX
    }
    return _File(
        content,
        _media_type(name),
        hashlib.sha256(content).hexdigest()[:32],
        formatdate(path.stat().st_mtime, usegmt=True),
        encoded,
    )


def _media_type(name: str) -> str:
    known = {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".woff2": "font/woff2",
        ".map": "application/json",
    }
    suffix = Path(name).suffix
    found = known.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _file_response(request: Request, file: _File, name: str) -> Response:
    coding, content = _encoded(request, file)
    etag = f'"{file.etag}{"-" + coding if coding else ""}"'
    headers = {
        "Cache-Control": _FOR_EVER if name.startswith(_ASSETS) else _ASK_AGAIN,
        "ETag": etag,
        "Last-Modified": file.modified,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if _is_known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    return Response(content, headers=headers, media_type=file.media_type)


def _encoded(request: Request, file: _File) -> tuple[str, bytes]:
    """Return the shortest form that the caller takes."""
    accepted = {
        one.partition(";")[0].strip().lower()
        for one in request.headers.get("accept-encoding", "").split(",")
        if not one.replace(" ", "").endswith((";q=0", ";q=0.0"))
    }
    found = (
        (coding, file.encoded[coding]) for coding, _ in _ENCODINGS if coding in accepted & set(file.encoded)
    )
    return next(found, ("", file.content))


def _is_known(sent: str, etag: str) -> bool:
    return sent.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in sent.split(",")}


def _index_response(file: _File) -> Response:
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": (
            f"default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
            "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    content = file.content.replace(NONCE.encode(), nonce.encode())
    return Response(content, headers=headers, media_type=file.media_type)
