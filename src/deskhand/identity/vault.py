"""Secrets in the database, readable only with the key ring beside it."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deskhand.identity.errors import SealBroken, SealingKeyMissing
from deskhand.identity.keyring import KeyRing, VaultKey

_FORMAT = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_HEADER_BYTES = len(_FORMAT) + _KEY_ID_BYTES
_TAG_BYTES = 16


class Vault:
    """Seals bytes with AES-256-GCM and opens them again.

    Sealed bytes are a format byte, the key's id, a nonce, and cipher text with its tag. Header and context
    are authenticated with them: bytes moved to another row or column do not open.
    """

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt bytes with the current key.

        Args:
            plain: What to keep secret.
            context: Where it belongs, such as ``flowsession:<id>:inputs``; needed again to open it.
        """
        key = self._keyring.vault[-1]
        header = _FORMAT + key.id
        nonce = os.urandom(_NONCE_BYTES)
        return header + nonce + AESGCM(key.secret).encrypt(nonce, plain, header + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what :meth:`seal` returned for the same context.

        Raises:
            SealBroken: The bytes were changed, or sealed for another context.
            SealingKeyMissing: The key ring does not hold the key.
        """
        header, nonce = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
        if len(sealed) < _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES or not header.startswith(_FORMAT):
            raise SealBroken(context)
        key = self._key(header[len(_FORMAT) :], context)
        try:
            cipher_text = sealed[_HEADER_BYTES + _NONCE_BYTES :]
            return AESGCM(key.secret).decrypt(nonce, cipher_text, header + context.encode())
        except InvalidTag as error:
            raise SealBroken(context) from error

    def _key(self, key_id: bytes, context: str) -> VaultKey:
        found = self._find(key_id)
        if found is None:
            self._keyring.reload()
            found = self._find(key_id)
        if found is None:
            raise SealingKeyMissing(context, key_id.hex())
        return found

    def _find(self, key_id: bytes) -> VaultKey | None:
        return next((key for key in self._keyring.vault if key.id == key_id), None)
