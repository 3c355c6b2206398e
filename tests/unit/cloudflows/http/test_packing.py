"""Bodies that were compressed for the way."""

import gzip
import zlib

import pytest

from deskhand.cloudflows.http.packing import Damaged, Overfull, unpack

TEXT = b"hello " * 100


def raw_deflate(content: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), " X-GZIP "),
        (gzip.compress(TEXT[:300], mtime=0) + gzip.compress(TEXT[300:], mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"\x00\x00", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (gzip.compress(zlib.compress(TEXT), mtime=0), "deflate, gzip"),
    ],
)
def test_what_we_asked_for_is_unpacked(content: bytes, encoding: str) -> None:
    assert unpack(content, encoding, 600) == (TEXT, True)


@pytest.mark.parametrize("encoding", [None, "", "br", "identity", "gzip, br", "gzip, gzip, gzip, gzip"])
def test_everything_else_stays_as_it_came(encoding: str | None) -> None:
    assert unpack(b"content", encoding, 600) == (b"content", False)


def test_an_empty_body_is_not_packed() -> None:
    assert unpack(b"", "gzip", 600) == (b"", False)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (gzip.compress(TEXT[:300], mtime=0) + gzip.compress(TEXT[300:], mtime=0), "gzip"),
        (gzip.compress(gzip.compress(b"\x00" * 50_000_000, mtime=0), mtime=0), "gzip, gzip"),
    ],
)
def test_what_is_larger_unpacked_than_allowed_is_given_up(content: bytes, encoding: str) -> None:
    with pytest.raises(Overfull):
        unpack(content, encoding, 599)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"rubbish", "gzip"),
        (b"rubbish", "deflate"),
        (gzip.compress(TEXT, mtime=0)[:-1], "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-8] + b"\x00" * 8, "gzip"),
        (zlib.compress(TEXT)[:-5], "deflate"),
        (gzip.compress(b"", mtime=0) * 17, "gzip"),
    ],
)
def test_damaged_content_is_refused(content: bytes, encoding: str) -> None:
    with pytest.raises(Damaged):
        unpack(content, encoding, 600)
