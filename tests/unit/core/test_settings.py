from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.core.settings import BadSetting, Settings, UnknownSetting


def test_defaults_are_the_documented_limits() -> None:
    settings = Settings.load(environment={})
    assert (settings.runs_per_minute, settings.inputs_max_bytes) == (70, 2_097_152)
    assert (settings.run_timeout_default, settings.run_timeout_max) == (10_800, 86_400)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "deskhand.toml").write_text("runs_per_minute = 5\npage_size = 10\n")
    settings = Settings.load(tmp_path, {"DESKHAND_RUNS_PER_MINUTE": "7", "UNRELATED": "x"})
    assert (settings.runs_per_minute, settings.page_size) == (7, 10)


def test_an_unknown_setting_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "deskhand.toml").write_text("runs_per_minut = 5\n")
    with pytest.raises(UnknownSetting, match="no setting ‘runs_per_minut’; did you mean ‘runs_per_minute’"):
        Settings.load(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("RUNS_PER_MINUTE", "many", "it takes a whole number, at least 1"),
        ("RUNS_PER_MINUTE", "0", "it takes a whole number, at least 1"),
        ("PAGE_SIZE", "5001", "it takes a whole number, at least 1, at most 5000"),
        ("CALLBACK_ALLOW_INSECURE", "maybe", "it takes true or false"),
    ],
)
def test_a_value_that_does_not_fit_says_what_would(name: str, text: str, expected: str) -> None:
    with pytest.raises(BadSetting, match=expected):
        Settings.load(environment={f"DESKHAND_{name}": text})


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "deskhand.toml").write_text("runs_per_minute =\n")
    with pytest.raises(BadSetting, match=r"deskhand\.toml.*TOML"):
        Settings.load(tmp_path, {})
