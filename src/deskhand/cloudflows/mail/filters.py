"""Which mails are asked for: parameters of a trigger or an action → a test of mails. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from deskhand.cloudflows.mail.arrived import Message, attachments_of
from deskhand.cloudflows.mail.errors import MailFilterRefused
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, to_text

_ANY = "any"
_IMPORTANCES = (_ANY, "low", "normal", "high")
_MOST_LETTERS = 200
_ASCII = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What mails must be like.

    Attributes:
        subject: What stands in the subject, in lower case.
        senders: The addresses that one is from; empty for any.
        to: Those that one goes to.
        cc: Those that get a copy.
        to_or_cc: Those that one goes to in either way.
        importance: ``low``, ``normal``, ``high`` or ``any``.
        only_with_attachment: Whether something must be attached.
    """

    subject: str
    senders: frozenset[str]
    to: frozenset[str]
    cc: frozenset[str]
    to_or_cc: frozenset[str]
    importance: str
    only_with_attachment: bool

    @classmethod
    def read(cls, parameters: Mapping[str, Value]) -> MailFilter:
        """Return what parameters ask for.

        Raises:
            MailFilterRefused: One of them means nothing.
        """
        importance = to_text(member(parameters, "importance") or _ANY).casefold()
        if importance not in _IMPORTANCES:
            raise MailFilterRefused(
                "importance", f"is ‘{importance[:_MOST_LETTERS]}’; it is Any, Low, Normal or High"
            )
        return cls(
            subject=to_text(member(parameters, "subjectFilter")).lower(),
            senders=_addresses(parameters, "from"),
            to=_addresses(parameters, "to"),
            cc=_addresses(parameters, "cc"),
            to_or_cc=_addresses(parameters, "toOrCc"),
            importance=importance,
            only_with_attachment=is_set(parameters, "fetchOnlyWithAttachment"),
        )

    def fits(self, message: Message) -> bool:
        """Tell whether a mail is one of those that are asked for."""
        to, cc = message.addresses("To"), message.addresses("Cc")
        return (
            self.subject in message.header("Subject").lower()
            and _is_among(message.addresses("From"), self.senders)
            and _is_among(to, self.to)
            and _is_among(cc, self.cc)
            and _is_among([*to, *cc], self.to_or_cc)
            and self.importance in (_ANY, message.importance)
            and (not self.only_with_attachment or bool(attachments_of(message)))
        )

    def criteria(self) -> str:
        """Return what a server can look for beforehand, as IMAP spells it; all that fit are among it."""
        return " ".join(("UNDELETED", *self._criteria()))

    def _criteria(self) -> Iterator[str]:
        # Letters beyond ASCII need more of a server than many give; what stands between them narrows enough.
        plain = max(_ASCII.findall(self.subject), key=len, default="").strip()
        if plain:
            yield f"SUBJECT {_quoted(plain)}"
        for headers, wanted in (
            (("FROM",), self.senders),
            (("TO",), self.to),
            (("CC",), self.cc),
            (("TO", "CC"), self.to_or_cc),
        ):
            if wanted and all(map(_is_plain, wanted)):
                keys = [f"{header} {_quoted(one)}" for one in sorted(wanted) for header in headers]
                yield reduce(lambda before, key: f"OR {before} {key}", keys)


def is_set(parameters: Mapping[str, Value], name: str, *, default: bool = False) -> bool:
    """Return whether a parameter says yes."""
    value = member(parameters, name)
    return default if value in (None, "") else to_text(value).casefold() == "true"


def _addresses(parameters: Mapping[str, Value], name: str) -> frozenset[str]:
    """Return the addresses that a parameter holds, separated by semicolons or commas."""
    text = to_text(member(parameters, name)).replace(",", ";")
    return frozenset(one.strip().lower() for one in text.split(";") if one.strip())


def _is_among(addresses: list[str], wanted: frozenset[str]) -> bool:
    return not wanted or any(address.lower() in wanted for address in addresses)


def _is_plain(text: str) -> bool:
    return _ASCII.fullmatch(text) is not None


def _quoted(text: str) -> str:
    escaped = text[:_MOST_LETTERS].replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
