"""The key ring: files beside the database that never enter it.

``<data>/keys/signing-0001.pem`` signs tokens, ``<data>/keys/vault-0001.key`` encrypts what the database
keeps secret. The highest number is the current key; older ones stay for what they signed or encrypted.
"""

from __future__ import annotations

import binascii
import hashlib
import logging
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from deskhand.identity.errors import KeyUnreadable

_LOG = logging.getLogger(__name__)
_FILE = re.compile(r"(signing|vault)-(\d{4,9})\.(?:pem|key)\Z")
_VAULT_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair that signs tokens, with the id that stands in their headers."""

    id: str
    key: ECKey


@dataclass(frozen=True, slots=True, repr=False)
class VaultKey:
    """An AES-256 key, with the id that stands before what it encrypted."""

    id: bytes
    secret: bytes


@dataclass(frozen=True, slots=True)
class _Keys:
    signing: tuple[SigningKey, ...]
    vault: tuple[VaultKey, ...]


class KeyRing:
    """Every key of an installation. Safe to use from any thread.

    Get one from :meth:`open`.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        self._keys = _read(directory)

    @classmethod
    def open(cls, data_dir: Path) -> KeyRing:
        """Open the key ring of a data directory, making it and its first keys where there are none.

        Two processes may do so at the same time: both end up with the same keys.

        Raises:
            KeyUnreadable: A file in it holds no key.
        """
        directory = data_dir / "keys"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for purpose in _NEW_KEYS:
            if not _files(directory, purpose):
                _add(directory, purpose, 1)
        for path in exposed_files(directory):
            _LOG.warning(
                "%s can be read by other accounts of this machine. Close it: chmod go= %s", path, path
            )
        return cls(directory)

    @property
    def signing(self) -> tuple[SigningKey, ...]:
        """Return the signing keys, the current one last."""
        return self._keys.signing

    @property
    def vault(self) -> tuple[VaultKey, ...]:
        """Return the encryption keys, the current one last."""
        return self._keys.vault

    def rotate(self, purpose: str) -> None:
        """Add a new current key; what older keys signed or encrypted stays readable.

        Args:
            purpose: ``signing`` or ``vault``.
        """
        numbers = _files(self._directory, purpose)
        _add(self._directory, purpose, max(numbers, default=0) + 1)
        self.reload()

    def reload(self) -> None:
        """Read the directory again, after another process added a key."""
        with self._lock:
            self._keys = _read(self._directory)


def exposed_files(directory: Path) -> Iterator[Path]:
    """Yield the key directory and each key that accounts other than its owner can read."""
    for path in (directory, *sorted(directory.iterdir())):
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield path


def _new_signing_key() -> bytes:
    return ECKey.generate_key("P-256").as_pem(private=True)


def _new_vault_key() -> bytes:
    return secrets.token_hex(_VAULT_KEY_BYTES).encode("ascii") + b"\n"


_NEW_KEYS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "signing": ("pem", _new_signing_key),
    "vault": ("key", _new_vault_key),
}


def _files(directory: Path, purpose: str) -> dict[int, Path]:
    """Return the key files of one purpose by their numbers."""
    found = ((_FILE.match(path.name), path) for path in directory.iterdir())
    return {int(match.group(2)): path for match, path in found if match and match.group(1) == purpose}


def _add(directory: Path, purpose: str, number: int) -> None:
    """Write a new key under a number, unless another process has just done so."""
    suffix, make = _NEW_KEYS[purpose]
    draft = directory / f".{purpose}-{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, directory / f"{purpose}-{number:04}.{suffix}")
    finally:
        draft.unlink()
    _sync_directory(directory)


def _sync_directory(directory: Path) -> None:
    """Make a new name durable: a key must not be lost after something was encrypted with it."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(directory: Path) -> _Keys:
    signing = _files(directory, "signing")
    vault = _files(directory, "vault")
    return _Keys(
        tuple(_signing_key(signing[number]) for number in sorted(signing)),
        tuple(_vault_key(vault[number]) for number in sorted(vault)),
    )


def _signing_key(path: Path) -> SigningKey:
    try:
        bare = ECKey.import_key(path.read_bytes())
        private = bare.is_private
        key_id = bare.thumbprint()
        key = ECKey.import_key(path.read_bytes(), {"kid": key_id, "use": "sig", "alg": "ES256"})
    except (JoseError, ValueError) as error:
        raise KeyUnreadable(path, "a P-256 private key in PEM form") from error
    if not private or key.curve_name != "P-256":
        raise KeyUnreadable(path, "a P-256 private key in PEM form")
    return SigningKey(key_id, key)


def _vault_key(path: Path) -> VaultKey:
    try:
        secret = binascii.unhexlify(path.read_bytes().strip())
    except ValueError as error:
        raise KeyUnreadable(path, "64 hexadecimal digits") from error
    if len(secret) != _VAULT_KEY_BYTES:
        raise KeyUnreadable(path, "64 hexadecimal digits")
    return VaultKey(hashlib.sha256(b"deskhand vault key id" + secret).digest()[:8], secret)
