"""Signed addresses: whoever knows one may call it, and nobody can make one up. Source: cloud-flows 2.2."""

from __future__ import annotations

import base64
import hashlib
import hmac

from deskhand.identity.keyring import KeyRing

_PURPOSE = b"deskhand signed addresses"


class AddressSigner:
    """Signs what an address allows, with a key of its own made from the key ring's oldest.

    Args:
        keyring: The key ring; keys that are added later change no address.
    """

    def __init__(self, keyring: KeyRing) -> None:
        self._key = hmac.digest(keyring.vault[0].secret, _PURPOSE, hashlib.sha256)

    def sign(self, *parts: str) -> str:
        """Return the signature of what an address allows, as it stands in the address."""
        whole = "\n".join(parts).encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(hmac.digest(self._key, whole, hashlib.sha256)).decode().rstrip("=")

    def accepts(self, signature: str, *parts: str) -> bool:
        """Tell whether a signature is the one of what an address allows."""
        return hmac.compare_digest(signature.encode("utf-8", "replace"), self.sign(*parts).encode())
