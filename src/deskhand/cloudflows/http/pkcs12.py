"""Opens one PKCS #12 file, in a process of its own. Source: cloud-flows 3.8.

Such a file says itself how often its password is to be hashed, which may be two thousand million times, and
while that is done no other thread of the process gets a turn. So the server lets a child do it, and ends the
child when it takes too long.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Verdict(IntEnum):
    """How the child ends."""

    OPENED = 0
    UNREADABLE = 3
    WITHOUT_KEY = 4
    KEY_TOO_LARGE = 5


_MOST_BITS = 8_192


def open_file(order: Mapping[str, str]) -> tuple[Verdict, bytes]:
    """Return how opening a file ended, and what it holds as PEM: key, certificate, those of authorities.

    Args:
        order: ``pfx`` in hexadecimal, the ``password`` that opens it, and the ``lock`` that the key is to be
            encrypted under.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
    )
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        key, own, chain = load_key_and_certificates(
            bytes.fromhex(order["pfx"]), order["password"].encode("utf-8", "replace") or None
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Verdict.UNREADABLE, b""
    if key is None or own is None:
        return Verdict.WITHOUT_KEY, b""
    if _bits(key) > _MOST_BITS:
        return Verdict.KEY_TOO_LARGE, b""
    lock = BestAvailableEncryption(order["lock"].encode())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    return Verdict.OPENED, b"".join([pem, *(one.public_bytes(Encoding.PEM) for one in (own, *chain))])


def _bits(key: Any) -> int:
    return getattr(key, "key_size", 0)


def main() -> int:
    """Read an order, write what the file holds."""
    verdict, pem = open_file(json.load(sys.stdin))
    sys.stdout.buffer.write(pem)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
