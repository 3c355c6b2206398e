"""What a run's last words are made of."""

from __future__ import annotations

import pytest

from deskhand.agent.processes import Ending
from deskhand.agent.session import masked


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (None, "was lost together with the process that started it"),
        (-9, "was killed by signal 9 (SIGKILL)"),
        (-11, "was killed by signal 11 (SIGSEGV)"),
        (-60, "was killed by signal 60 (unknown)"),
        (0, "exited with code 0"),
        (3, "exited with code 3"),
    ],
)
def test_an_ending_says_what_happened(status: int | None, text: str) -> None:
    assert str(Ending(status)) == text


@pytest.mark.parametrize(
    ("printed", "inputs", "shown"),
    [
        ("password hunter2!", {"Password": "hunter2!"}, "password ********"),
        ("hunter2!hunter2", {"Long": "hunter2!", "Short": "hunter2"}, "****************"),
        ("a be see", {"Short": "be"}, "a be see"),
        ("4711", {"Number": 4711}, "4711"),
        ("deep hunter2!", {"List": [{"Password": "hunter2!"}]}, "deep ********"),
    ],
)
def test_what_a_flow_printed_is_shown_without_the_texts_it_was_given(
    printed: str, inputs: dict[str, object], shown: str
) -> None:
    assert masked(printed, inputs) == shown
