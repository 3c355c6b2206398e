"""Sealing and opening."""

from pathlib import Path

import pytest

from deskhand.identity.errors import SealBroken, SealingKeyMissing
from deskhand.identity.keyring import KeyRing
from deskhand.identity.vault import Vault

CONTEXT = "flowsession:5d2e8c7a-1f4b-4a39-9a55-0b7d6f1c2e90:inputs"


@pytest.fixture
def keyring(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path)


@pytest.mark.parametrize("plain", [b"", b"secret", bytes(range(256)) * 400])
def test_what_was_sealed_opens_again(keyring: KeyRing, plain: bytes) -> None:
    vault = Vault(keyring)

    assert vault.open(vault.seal(plain, CONTEXT), CONTEXT) == plain


def test_sealing_twice_gives_different_bytes(keyring: KeyRing) -> None:
    vault = Vault(keyring)

    assert vault.seal(b"secret", CONTEXT) != vault.seal(b"secret", CONTEXT)


def test_sealed_bytes_name_their_key(keyring: KeyRing) -> None:
    assert Vault(keyring).seal(b"secret", CONTEXT)[:9] == b"\x01" + keyring.vault[0].id


def test_bytes_moved_to_another_row_do_not_open(keyring: KeyRing) -> None:
    vault = Vault(keyring)
    sealed = vault.seal(b"secret", CONTEXT)

    with pytest.raises(SealBroken, match="for flowsession:other:inputs cannot be opened"):
        vault.open(sealed, "flowsession:other:inputs")


@pytest.mark.parametrize("position", [0, 20, 25, -1])
def test_changed_bytes_do_not_open(keyring: KeyRing, position: int) -> None:
    vault = Vault(keyring)
    sealed = bytearray(vault.seal(b"secret", CONTEXT))
    sealed[position] ^= 1

    with pytest.raises(SealBroken):
        vault.open(bytes(sealed), CONTEXT)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(35)])
def test_bytes_too_short_to_be_sealed_do_not_open(keyring: KeyRing, sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        Vault(keyring).open(sealed, CONTEXT)


def test_what_an_older_key_sealed_still_opens_after_rotation(keyring: KeyRing) -> None:
    vault = Vault(keyring)
    before = vault.seal(b"old", CONTEXT)

    keyring.rotate("vault")
    after = vault.seal(b"new", CONTEXT)

    assert (vault.open(before, CONTEXT), vault.open(after, CONTEXT)) == (b"old", b"new")
    assert before[1:9] != after[1:9]


def test_a_key_that_another_process_added_is_found(tmp_path: Path) -> None:
    ours, theirs = KeyRing.open(tmp_path), KeyRing.open(tmp_path)
    theirs.rotate("vault")

    assert Vault(ours).open(Vault(theirs).seal(b"secret", CONTEXT), CONTEXT) == b"secret"


def test_a_missing_key_is_named(keyring: KeyRing, tmp_path: Path) -> None:
    sealed = Vault(keyring).seal(b"secret", CONTEXT)
    elsewhere = KeyRing.open(tmp_path / "elsewhere")

    with pytest.raises(SealingKeyMissing, match=f"needs key {keyring.vault[0].id.hex()}, which the key ring"):
        Vault(elsewhere).open(sealed, CONTEXT)
