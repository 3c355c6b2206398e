"""The PostgreSQL server that the tests start for themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import postgresql


def test_without_an_installed_server_the_tests_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_INSTALLED", tmp_path)
    with pytest.raises(postgresql.PostgresqlMissing) as caught:
        postgresql.binaries()
    assert str(caught.value) == (
        f"no PostgreSQL server below {tmp_path}; run `make setup`, which installs one"
    )


def test_the_newest_of_several_versions_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9.6", "15", "16"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(postgresql, "_INSTALLED", tmp_path)
    assert postgresql.binaries() == tmp_path / "16" / "bin"
