"""Client secrets of applications: made once, shown once, kept as argon2 hashes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_PREFIX = "dhs_"
# The hash of a secret nobody has: compared where a client is unknown.
_STAND_IN = (
    "$argon2id$v=19$m=19456,t=2,p=1$qzXqaKkqOZ2KbA6Io+Kn+w$1mgF5wCurU1sEsZ5Gg5e1xaeE3MS5MNYK+g6w0mt3Yc"
)


@dataclass(frozen=True, slots=True, repr=False)
class ClientSecret:
    """A new secret: its text, to be shown once, and the hash, to be kept."""

    text: str
    hash: str


def new_client_secret() -> ClientSecret:
    """Make a secret. Takes tens of milliseconds: call it outside of any transaction."""
    text = _PREFIX + secrets.token_urlsafe(32)
    return ClientSecret(text, hash_secret(text))


def hash_secret(text: str) -> str:
    """Return what is kept of a secret. Takes tens of milliseconds: call it outside of any transaction."""
    return _HASHER.hash(text)


def secret_matches(hashes: Sequence[str], text: str) -> bool:
    """Return whether a secret belongs to one of the hashes.

    With no hash at all it still takes the time of one comparison, so that an unknown client
    cannot be told from a wrong secret. Never call it on an event loop or in a transaction.
    """
    results = [_matches(one, text) for one in hashes or (_STAND_IN,)]
    return bool(hashes) and any(results)


def _matches(kept: str, text: str) -> bool:
    try:
        return _HASHER.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False
