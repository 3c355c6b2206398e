"""Which mails of a mailbox are new, over IMAP.

Mails are numbered upwards, so a number tells what was seen; nothing is marked in the mailbox. When a server
numbers anew (its UIDVALIDITY changes), what was seen is known by its Message-ID.
"""

from __future__ import annotations

import imaplib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deskhand.cloudflows.mail.arrived import Message
from deskhand.cloudflows.mail.folders import fetch, open_folder, search
from deskhand.wdl.values import Value

MAILS_AT_ONCE = 20
_REMEMBERED = 500
_DAY = timedelta(days=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox was read.

    Attributes:
        validity: What makes its numbers differ from those before.
        following: The number from which mails are new.
        since: Mails that arrived before are known, whatever their numbers.
        recent: What tells the mails apart that were read last, each with its time of arrival.
        renumbered: Up to which number mails may be known ones with new numbers.
    """

    validity: int
    following: int
    since: datetime
    recent: tuple[tuple[str, datetime], ...] = ()
    renumbered: int = 0

    @classmethod
    def at_first(cls, since: datetime) -> Place:
        """Return where a trigger begins: mails that arrived before an instant are not new."""
        return cls(validity=0, following=1, since=since.replace(microsecond=0))

    @classmethod
    def read(cls, value: Value) -> Place:
        """Return what :meth:`as_value` wrote."""
        assert isinstance(value, dict)
        return cls(
            validity=value["validity"],
            following=value["following"],
            since=datetime.fromisoformat(value["since"]),
            recent=tuple((one, datetime.fromisoformat(moment)) for one, moment in value["recent"]),
            renumbered=value["renumbered"],
        )

    def as_value(self) -> Value:
        """Return it as JSON."""
        return {
            "validity": self.validity,
            "following": self.following,
            "since": self.since.isoformat(),
            "recent": [[one, moment.isoformat()] for one, moment in self.recent],
            "renumbered": self.renumbered,
        }

    def after(self, message: Message) -> Place:
        """Return the place once a mail was read; only so many are remembered."""
        recent = (*self.recent, (message.fingerprint, message.arrival.received))
        since = self.since
        while len(recent) > _REMEMBERED:
            since, recent = max(since, recent[0][1]), recent[1:]
        return replace(self, following=message.arrival.id.uid + 1, since=since, recent=recent)

    def knows(self, message: Message) -> bool:
        """Tell whether a mail was read before the mailbox was numbered anew."""
        if message.arrival.id.uid >= self.renumbered:
            return False
        is_remembered = any(one == message.fingerprint for one, _ in self.recent)
        return is_remembered or message.arrival.received < self.since


@dataclass(frozen=True, slots=True)
class News:
    """What a look at a mailbox brought.

    Attributes:
        place: How far it was read.
        messages: The mails that are new.
        is_all: Whether there are no more.
    """

    place: Place
    messages: Sequence[Message]
    is_all: bool


def read_news(client: imaplib.IMAP4, name: str, place: Place, *, most_bytes: int) -> News:
    """Return the mails that arrived since, a few at a time.

    Args:
        client: A conversation that has logged in.
        name: The folder.
        place: How far it was read.
        most_bytes: How large the mails of a look may be together; a larger one comes with its headers alone.
    """
    folder = open_folder(client, name)
    if folder.validity != place.validity:
        place = replace(place, validity=folder.validity, following=1, renumbered=folder.following)
    numbers = _new(client, place)
    messages: list[Message] = []
    left = most_bytes
    for read, uid in enumerate(numbers):
        message = fetch(client, folder, uid, most_bytes)
        size = 0 if message is None else len(message.arrival.content)
        if read == MAILS_AT_ONCE or (messages and size > left):
            return News(place, messages, is_all=False)
        left -= size
        if message is None or place.knows(message):
            place = replace(place, following=uid + 1)
        else:
            place = place.after(message)
            messages.append(message)
    return News(place, messages, is_all=True)


def _new(client: imaplib.IMAP4, place: Place) -> list[int]:
    criteria = f"UID {place.following}:*"
    if place.following < place.renumbered:
        day = place.since - _DAY
        criteria += f" SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
    # Whatever is asked for, a search for everything from a number on finds the last mail.
    return [one for one in search(client, criteria) if one >= place.following]
