"""The parameters of an action → a mail, as bytes that a server takes. Pure.

No value of a flow can begin a header, or a recipient, of its own.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, getaddresses

from deskhand.cloudflows.mail.errors import MailRefused
from deskhand.wdl.definition import member
from deskhand.wdl.values import Value, decode_base64, envelope_bytes, to_text, utf8

MOST_BYTES = 35 * 1024 * 1024
"""How large a mail may be. Source: the limit of Office 365."""
MOST_RECIPIENTS = 500

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,255}\Z")
_BREAKS = re.compile(r"\s*[\r\n]+\s*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_PRIORITIES: Mapping[str, str] = {"low": "5", "normal": "3", "high": "1"}
_SENSITIVITIES: Mapping[str, str] = {
    "personal": "Personal",
    "private": "Private",
    "confidential": "Company-Confidential",
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, as the connection says.

    Attributes:
        address: The address that answers and complaints go to.
        name: The name for people.
    """

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is ready to be sent.

    Attributes:
        sender: The address it is sent from.
        recipients: Whom it goes to, those in secret included.
        content: The whole message.
        has_unicode: Whether addresses go beyond ASCII, which not every server takes.
    """

    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    has_unicode: bool = False


def compose(given: Mapping[str, Value], sender: Sender, message_id: str, now: datetime) -> Mail:
    """Return the mail that the parameters of an action describe.

    Args:
        given: ``To``, ``Subject``, ``Body`` (HTML), and perhaps ``Cc``, ``Bcc``, ``ReplyTo``, ``From``,
            ``Importance``, ``Sensitivity`` and ``Attachments``; in any case of letters.
        sender: Who sends.
        message_id: The mail's id, the same with each attempt, so that receivers know one they have.
        now: When it is sent.

    Raises:
        MailRefused: A part is missing or cannot be sent.
    """
    to, cc, bcc = (_addresses(given, name) for name in ("To", "Cc", "Bcc"))
    recipients = tuple(dict.fromkeys(one.addr_spec for one in (*to, *cc, *bcc)))
    if not recipients:
        raise MailRefused("To", "names nobody")
    if len(recipients) > MOST_RECIPIENTS:
        raise MailRefused("To", f"names {len(recipients)} recipients; {MOST_RECIPIENTS} are allowed")
    has_unicode = not all(map(str.isascii, (sender.address, *recipients)))
    message = EmailMessage(SMTPUTF8 if has_unicode else SMTP)
    _set_people(message, given, sender)
    for name, people in (("To", to), ("Cc", cc)):
        if people:
            message[name] = people
    message["Subject"] = _line(given, "Subject")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    _set_importance(message, given)
    body = utf8(to_text(member(given, "Body"))).decode()
    message.set_content(body, subtype="html", cte="quoted-printable")
    for name, content in _attachments(member(given, "Attachments")):
        _attach(message, name, content)
    content = message.as_bytes()
    if len(content) > MOST_BYTES:
        raise MailRefused("Attachments", f"make it {len(content)} bytes large; {MOST_BYTES} are allowed")
    return Mail(sender.address, recipients, content, has_unicode)


def read_address(text: str, part: str) -> Address:
    """Return the address that a text holds.

    Raises:
        MailRefused: It is none.
    """
    found = list(_read_addresses(text, part))
    if len(found) != 1:
        raise MailRefused(part, "is not one address")
    return found[0]


def _set_people(message: EmailMessage, given: Mapping[str, Value], sender: Sender) -> None:
    """Set who the mail is from; who writes in another's name says so (RFC 5322, ``Sender``)."""
    own = _address(sender.name, sender.address)
    in_whose_name = to_text(member(given, "From"))
    if in_whose_name and in_whose_name.casefold() != sender.address.casefold():
        message["From"] = read_address(in_whose_name, "From")
        message["Sender"] = own
    else:
        message["From"] = own
    answers_to = _addresses(given, "ReplyTo")
    if answers_to:
        message["Reply-To"] = answers_to


def _set_importance(message: EmailMessage, given: Mapping[str, Value]) -> None:
    importance = to_text(member(given, "Importance")).strip()
    if importance:
        if importance.casefold() not in _PRIORITIES:
            raise MailRefused("Importance", f"is ‘{importance[:40]}’; it takes Low, Normal or High")
        message["Importance"] = importance.capitalize()
        message["X-Priority"] = _PRIORITIES[importance.casefold()]
    sensitivity = _SENSITIVITIES.get(to_text(member(given, "Sensitivity")).strip().casefold())
    if sensitivity:
        message["Sensitivity"] = sensitivity


def _line(given: Mapping[str, Value], name: str) -> str:
    """Return a text as one line: breaks in it would begin another header."""
    text = utf8(to_text(member(given, name))).decode()
    return _CONTROL.sub("", _BREAKS.sub(" ", text)).strip()


def _addresses(given: Mapping[str, Value], name: str) -> list[Address]:
    return list(_read_addresses(to_text(member(given, name)), name))


def _read_addresses(text: str, part: str) -> Iterator[Address]:
    if _CONTROL.search(text.strip()):
        raise MailRefused(part, "holds a line break or control character")
    for name, address in getaddresses([text.replace(";", ",")]):
        if address or name:
            if not _ADDRESS.match(address):
                raise MailRefused(part, f"holds ‘{(address or name)[:80]}’, which is no address")
            yield _address(name, address)


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _attachments(value: Value) -> Iterator[tuple[str, bytes]]:
    """Yield attachments: a list of objects, or an object by their places (``Attachments/0/Name``)."""
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted(value, key=lambda key: (len(key), key))]
    if value is None:
        return
    if not isinstance(value, list):
        raise MailRefused("Attachments", "is no list")
    for place, one in enumerate(value):
        if not isinstance(one, Mapping):
            raise MailRefused(f"Attachments/{place}", "is no object with Name and ContentBytes")
        name = _CONTROL.sub("", to_text(member(one, "Name"))).strip()
        if not name:
            raise MailRefused(f"Attachments/{place}/Name", "is missing")
        yield name, _content(member(one, "ContentBytes"), place)


def _content(value: Value, place: int) -> bytes:
    found = envelope_bytes(value) if isinstance(value, Mapping) else decode_base64(to_text(value))
    if found is None:
        raise MailRefused(f"Attachments/{place}/ContentBytes", "is no base64 and no content of a file")
    return found


def _attach(message: EmailMessage, name: str, content: bytes) -> None:
    kind, encoding = mimetypes.guess_type(name, strict=True)
    major, _, minor = (kind if kind and encoding is None else "application/octet-stream").partition("/")
    message.add_attachment(content, maintype=major, subtype=minor, filename=name)
