"""Mails as triggers and actions give them: bytes of a message → its value. Pure.

Mails come from anybody, so whatever stands in one is taken as it is or left out; none is refused.
"""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.message import Message as Part
from email.utils import getaddresses
from html.parser import HTMLParser

from deskhand.cloudflows.mail.errors import MailNotFound, MailTooLarge
from deskhand.core.clock import to_wire
from deskhand.wdl.values import Value

_PREVIEW = 255
_MOST_ATTACHMENTS = 500
_ID = re.compile(
    r"(?P<validity>[1-9][0-9]{0,9})\.(?P<uid>[1-9][0-9]{0,9})\.(?P<folder>.{1,1000})\Z", re.DOTALL
)
_SPACES = {"style", "script", "head", "title"}


@dataclass(frozen=True, slots=True)
class MessageId:
    """Which mail of a mailbox is meant. Flows see it as one word, and must not look into it.

    Attributes:
        folder: The folder that it lies in; a mail that is moved gets another id.
        validity: What tells the folder's numbers from those before.
        uid: Its number there.
    """

    folder: str
    validity: int
    uid: int

    def __str__(self) -> str:
        text = f"{self.validity}.{self.uid}.{self.folder}".encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(text).decode("ascii").rstrip("=")

    @classmethod
    def read(cls, text: str) -> MessageId:
        """Return what a word means.

        Raises:
            MailNotFound: It means no mail.
        """
        try:
            padded = text + "=" * (-len(text) % 4)
            plain = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
            match = _ID.match(plain.decode("utf-8", "surrogatepass"))
        except ValueError:
            match = None
        if match is None:
            raise MailNotFound("mail", text)
        return cls(match["folder"], int(match["validity"]), int(match["uid"]))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail in a mailbox.

    Attributes:
        id: Which one.
        received: When it arrived.
        is_read: Whether somebody has read it.
        content: The message; its headers alone, if it is too large.
        is_whole: Whether it is the whole message.
    """

    id: MessageId
    received: datetime
    is_read: bool
    content: bytes = field(repr=False)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A mail that was read.

    Attributes:
        parsed: What its bytes say; None if nobody can make sense of them.
    """

    arrival: Arrival
    parsed: EmailMessage | None = field(repr=False)

    def header(self, name: str) -> str:
        """Return a header as people read it; empty if it is not there."""
        try:
            value = self.parsed[name] if self.parsed is not None else None
        except Exception:  # the library stumbles over some headers in ways of its own
            return ""
        return "" if value is None else " ".join(str(value).split())

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a header, without names."""
        return [address for _, address in getaddresses([self.header(name)]) if address]

    @property
    def fingerprint(self) -> str:
        """Return what tells the mail from others, also when its number in the mailbox has changed."""
        known = self.header("Message-ID") or self.arrival.content.partition(b"\r\n\r\n")[0].decode("latin-1")
        return hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def importance(self) -> str:
        """Return ``low``, ``normal`` or ``high``."""
        said = self.header("Importance").casefold()
        if said in ("low", "normal", "high"):
            return said
        return {"1": "high", "2": "high", "4": "low", "5": "low"}.get(self.header("X-Priority")[:1], "normal")


def read_message(arrival: Arrival) -> Message:
    """Read a mail."""
    try:
        parsed = email.message_from_bytes(arrival.content, policy=email.policy.default)
    except Exception:  # parts within parts without end, or what the library stumbles over
        return Message(arrival, None)
    return Message(arrival, parsed if isinstance(parsed, EmailMessage) else None)


def attachments_of(message: Message) -> list[EmailMessage]:
    """Return the parts that are attached, pictures within the text among them."""
    if message.parsed is None:
        return []
    return list(_attached(message.parsed))[:_MOST_ATTACHMENTS]


def _attached(parsed: EmailMessage) -> Iterator[EmailMessage]:
    for part in parsed.walk():
        is_container = part.is_multipart() and part.get_content_type() != "message/rfc822"
        if isinstance(part, EmailMessage) and not is_container and _is_attachment(part):
            yield part


def _is_attachment(part: EmailMessage) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return part.get_content_maintype() not in ("text", "multipart")


def message_value(message: Message, *, with_attachments: bool) -> dict[str, Value]:
    """Return a mail as triggers and actions give it. Source: cloud-flows 2.5 (push connectors).

    Args:
        message: The mail.
        with_attachments: Whether the contents of attachments are given.
    """
    body, is_html = _body(message)
    attached = attachments_of(message)
    arrival = message.arrival
    return {
        "id": str(arrival.id),
        "receivedDateTime": to_wire(arrival.received),
        "hasAttachments": bool(attached),
        "internetMessageId": message.header("Message-ID"),
        "subject": message.header("Subject"),
        "bodyPreview": _preview(body, is_html=is_html),
        "importance": message.importance,
        "conversationId": _conversation(message),
        "isRead": arrival.is_read,
        "isHtml": is_html,
        "body": body,
        "from": next(iter(message.addresses("From")), ""),
        "toRecipients": ";".join(message.addresses("To")),
        "ccRecipients": ";".join(message.addresses("Cc")),
        "bccRecipients": ";".join(message.addresses("Bcc")),
        "replyTo": ";".join(message.addresses("Reply-To")),
        "attachments": [
            _attachment(part, number, arrival, with_content=with_attachments)
            for number, part in enumerate(attached)
        ],
    }


def attachment_value(message: Message, name: str) -> dict[str, Value]:
    """Return one attachment of a mail with its content.

    Args:
        message: The mail.
        name: Its id.

    Raises:
        MailNotFound: The mail has none of that id.
        MailTooLarge: Its headers alone were read.
    """
    if not message.arrival.is_whole:
        raise MailTooLarge(str(message.arrival.id))
    for number, part in enumerate(attachments_of(message)):
        if _attachment_id(message.arrival, number) == name:
            return _attachment(part, number, message.arrival, with_content=True)
    raise MailNotFound("attachment", name)


def _attachment_id(arrival: Arrival, number: int) -> str:
    return f"{arrival.id}.{number}"


def _conversation(message: Message) -> str:
    """Return the first mail that this one goes back to."""
    references = message.header("References").split()
    return references[0] if references else message.header("Message-ID")


def _body(message: Message) -> tuple[str, bool]:
    """Return the text, and whether it is HTML."""
    if message.parsed is None:
        return "", False
    try:
        part = message.parsed.get_body(("html", "plain"))
    except Exception:  # parts that contradict each other
        return "", False
    if part is None:
        return "", False
    return _text(part), part.get_content_subtype() == "html"


def _text(part: MIMEPart) -> str:
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # a character set that nobody knows
        return _bytes(part).decode("utf-8", "replace").replace("\r\n", "\n")


def _bytes(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, Part) else b""
    try:
        content = part.get_payload(decode=True)
    except ValueError:
        return b""
    return content if isinstance(content, bytes) else b""


def _attachment(part: EmailMessage, number: int, arrival: Arrival, *, with_content: bool) -> dict[str, Value]:
    content = _bytes(part)
    value: dict[str, Value] = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": _attachment_id(arrival, number),
        "lastModifiedDateTime": to_wire(arrival.received),
        "name": part.get_filename() or f"attachment-{number + 1}",
        "contentType": part.get_content_type(),
        "size": len(content),
        "isInline": part.get_content_disposition() == "inline",
        "contentId": str(part["Content-ID"] or "").strip("<> "),
    }
    return value | ({"contentBytes": base64.b64encode(content).decode("ascii")} if with_content else {})


class _Reader(HTMLParser):
    """Collects what a page says."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Pass over what is not shown."""
        self._hidden += tag in _SPACES

    def handle_endtag(self, tag: str) -> None:
        """Come to the end of what is not shown."""
        self._hidden -= tag in _SPACES and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._hidden:
            self.texts.append(data)


def _preview(body: str, *, is_html: bool) -> str:
    if is_html:
        reader = _Reader()
        reader.feed(body[: 64 * _PREVIEW])
        body = " ".join(reader.texts)
    return " ".join(body.split())[:_PREVIEW]
