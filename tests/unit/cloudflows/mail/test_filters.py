"""What servers are asked to look for."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.cloudflows.mail.errors import MailFilterRefused
from deskhand.cloudflows.mail.filters import MailFilter, is_set


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "UNDELETED"),
        ({"subjectFilter": "Bill 7"}, 'UNDELETED SUBJECT "bill 7"'),
        ({"subjectFilter": 'say "no" \\ now'}, r'UNDELETED SUBJECT "say \"no\" \\ now"'),
        ({"subjectFilter": "a\r\nA1 DELETE x"}, 'UNDELETED SUBJECT "a1 delete x"'),
        ({"subjectFilter": "Straße von Köln"}, 'UNDELETED SUBJECT "e von k"'),
        ({"subjectFilter": "ß"}, "UNDELETED"),
        ({"from": "A@x; b@x,"}, 'UNDELETED OR FROM "a@x" FROM "b@x"'),
        ({"from": "a@x; ß@x"}, "UNDELETED"),
        ({"toOrCc": "a@x", "cc": "b@x"}, 'UNDELETED CC "b@x" OR TO "a@x" CC "a@x"'),
        ({"to": "a@x;b@x;c@x"}, 'UNDELETED OR OR TO "a@x" TO "b@x" TO "c@x"'),
    ],
)
def test_servers_narrow_what_is_looked_at(parameters: dict[str, Any], expected: str) -> None:
    assert MailFilter.read(parameters).criteria() == expected


def test_an_importance_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MailFilterRefused, match="it is Any, Low, Normal or High"):
        MailFilter.read({"importance": "Urgent"})


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), ("True", True), ("false", False), (None, True), ("", True)]
)
def test_what_is_left_out_means_its_default(value: Any, expected: bool) -> None:
    assert is_set({"fetchOnlyUnread": value}, "fetchOnlyUnread", default=True) is expected
