"""The key ring's files."""

import logging
import stat
from pathlib import Path

import pytest

from deskhand.identity.errors import KeyUnreadable
from deskhand.identity.keyring import KeyRing, exposed_files


def _modes(data: Path) -> dict[str, int]:
    paths = [data / "keys", *sorted((data / "keys").iterdir())]
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in paths}


def test_first_opening_makes_one_key_of_each_kind_that_only_its_owner_reads(tmp_path: Path) -> None:
    KeyRing.open(tmp_path)

    assert _modes(tmp_path) == {"keys": 0o700, "signing-0001.pem": 0o600, "vault-0001.key": 0o600}


def test_opening_again_finds_the_same_keys(tmp_path: Path) -> None:
    first, second = KeyRing.open(tmp_path), KeyRing.open(tmp_path)

    assert [one.id for one in first.signing] == [one.id for one in second.signing]
    assert first.vault == second.vault


def test_rotating_adds_a_current_key_and_keeps_the_old_one(tmp_path: Path) -> None:
    keyring = KeyRing.open(tmp_path)
    (old,) = keyring.vault

    keyring.rotate("vault")

    assert keyring.vault[0] == old
    assert len(keyring.vault) == 2
    assert len(keyring.signing) == 1


def test_a_key_that_another_process_added_is_seen_after_reloading(tmp_path: Path) -> None:
    ours, theirs = KeyRing.open(tmp_path), KeyRing.open(tmp_path)

    theirs.rotate("signing")
    ours.reload()

    assert [one.id for one in ours.signing] == [one.id for one in theirs.signing]


def test_a_key_that_others_can_read_is_named_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    KeyRing.open(tmp_path)
    key = tmp_path / "keys" / "vault-0001.key"
    key.chmod(0o640)

    with caplog.at_level(logging.WARNING):
        KeyRing.open(tmp_path)

    assert caplog.messages == [
        f"{key} can be read by other accounts of this machine. Close it: chmod go= {key}"
    ]
    assert list(exposed_files(tmp_path / "keys")) == [key]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("signing-0002.pem", b"not a key", "a P-256 private key in PEM form"),
        ("vault-0002.key", b"not a key", "64 hexadecimal digits"),
        ("vault-0002.key", b"abcd", "64 hexadecimal digits"),
    ],
)
def test_a_damaged_key_is_refused_by_name(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    KeyRing.open(tmp_path)
    path = tmp_path / "keys" / name
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(KeyUnreadable) as caught:
        KeyRing.open(tmp_path)

    assert str(caught.value) == f"Cannot start: {path} does not hold {expected}. Restore it from a backup."
