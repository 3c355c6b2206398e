"""What a flow's process is given and what it is not."""

from __future__ import annotations

import pytest

from deskhand.agent.forked import environment_of_flows
from deskhand.agent.mishaps import mishap
from deskhand.protocol.messages import RunError


def test_flows_get_the_environment_without_deskhands_own_settings_and_secrets() -> None:
    given = {
        "HOME": "/home/ana",
        "DESKHAND_REGISTRATION_TOKEN": "secret",
        "DESKHAND_RUN_ID": "of an outer run",
        "DESKHAND_WINDOWS_DRIVES": "C=/srv/c",
    }
    assert environment_of_flows(given) == {"HOME": "/home/ana", "DESKHAND_WINDOWS_DRIVES": "C=/srv/c"}


def test_an_unexpected_error_is_told_with_where_it_came_from() -> None:
    with pytest.raises(KeyError) as caught:
        missing({})
    told = mishap(caught.value, 1024**3)
    assert (told.code, told.message) == (
        "UnexpectedError",
        "the flow met an error that Deskhand did not expect: KeyError: 'odd'",
    )
    assert "test_processes.py" in told.details


def missing(nothing: dict[str, int]) -> int:
    return nothing["odd"]


def test_the_end_of_the_process_is_no_end_of_a_flow() -> None:
    assert mishap(SystemExit(0), 1024**3) == RunError(
        "ActionEndedProcess", "an action tried to end the flow's process; a flow ends by EXIT", "0"
    )
