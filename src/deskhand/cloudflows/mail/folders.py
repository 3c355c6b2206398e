"""The folders of a mailbox, over IMAP: opening them, and reading and searching the mails in them.

Mails are read without marking anything in the mailbox.
"""

from __future__ import annotations

import base64
import imaplib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deskhand.cloudflows.mail.arrived import Arrival, Message, MessageId, read_message

_MOST_HEADER_BYTES = 256 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_SEEN = re.compile(rb"FLAGS \([^)]*\\Seen", re.IGNORECASE)
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?P<separator>"(?:[^"\\]|\\.)"|NIL) (?P<name>.+)\Z', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is open.

    Attributes:
        name: Its name as flows give it.
        validity: What makes its numbers differ from those before.
        following: The number that the next mail in it will have.
    """

    name: str
    validity: int
    following: int


def open_folder(client: imaplib.IMAP4, name: str, *, to_change: bool = False) -> Folder:
    """Open a folder.

    Args:
        client: A conversation that has logged in.
        name: The folder; ``/`` stands between a folder and one in it.
        to_change: Whether something in it may change.

    Raises:
        IMAP4.error: There is no such folder.
    """
    if name.casefold() == "inbox":
        name = "INBOX"
    done(client.select(mailbox_name(client, name), readonly=not to_change))
    validity = client.response("UIDVALIDITY")[1][0]
    following = client.response("UIDNEXT")[1][0]
    if validity is None or following is None:
        raise imaplib.IMAP4.error("the server does not number its mails")
    return Folder(name, int(validity), int(following))


def search(client: imaplib.IMAP4, criteria: str, text: str = "") -> list[int]:
    """Return the numbers of the mails in the open folder that fit, upwards.

    Args:
        client: A conversation with a folder open.
        criteria: What they must fit, as IMAP spells it.
        text: What must stand in them, in any language.
    """
    if text:
        client.literal = text.encode("utf-8", "replace")  # type: ignore[assignment]
        found = done(client.uid("SEARCH", "CHARSET", "UTF-8", criteria, "TEXT"))
    else:
        found = done(client.uid("SEARCH", criteria))
    return sorted(int(one) for one in b" ".join(part for part in found if isinstance(part, bytes)).split())


def fetch(client: imaplib.IMAP4, folder: Folder, uid: int, most_bytes: int) -> Message | None:
    """Return a mail of the open folder; None if it is not there any more.

    One that is larger than allowed comes with its headers alone.
    """
    size = _SIZE.search(_joined(done(client.uid("FETCH", str(uid), "(RFC822.SIZE)"))))
    if size is None:
        return None
    is_whole = int(size[1]) <= most_bytes
    part = "BODY.PEEK[]" if is_whole else f"BODY.PEEK[HEADER]<0.{_MOST_HEADER_BYTES}>"
    found = done(client.uid("FETCH", str(uid), f"(FLAGS INTERNALDATE {part})"))
    content = next((one[1] for one in found if isinstance(one, tuple)), None)
    about = _joined(found)
    moment = imaplib.Internaldate2tuple(about)
    if content is None or moment is None:
        return None
    received = datetime.fromtimestamp(time.mktime(moment), UTC)
    message_id = MessageId(folder.name, folder.validity, uid)
    return read_message(Arrival(message_id, received, bool(_SEEN.search(about)), content, is_whole))


def is_there(client: imaplib.IMAP4, uid: int) -> bool:
    """Return whether the open folder holds a mail of that number."""
    return any(done(client.uid("FETCH", str(uid), "(UID)")))


def _joined(found: Sequence[Any]) -> bytes:
    """Return what an answer says beside the mail itself."""
    return b" ".join(one[0] if isinstance(one, tuple) else one for one in found if one)


def done(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what a server answered.

    Raises:
        IMAP4.error: It said no.
    """
    status, data = answer
    if status != "OK":
        said = data[0] if data else b""
        raise imaplib.IMAP4.error(said.decode("utf-8", "replace") if isinstance(said, bytes) else status)
    return data


def mailbox_name(client: imaplib.IMAP4, folder: str) -> str:
    """Return a folder's name as the server spells it, with whatever it puts between a folder and one in it.

    Raises:
        IMAP4.error: The name holds a line break or control character.
    """
    if _CONTROL.search(folder):
        raise imaplib.IMAP4.error("the name of the folder holds a line break or control character")
    if "/" in folder:
        listed = done(client.list('""', '""'))
        match = re.search(rb'\) "?([^" ]+)"? ', listed[0]) if listed and listed[0] else None
        folder = folder.replace("/", match[1].decode("ascii") if match else "/")
    escaped = encode_name(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def folder_for_waste(client: imaplib.IMAP4) -> str | None:
    """Return the folder that deleted mails go to (RFC 6154), as the server spells it; None if it has none."""
    for line in done(client.list('""', '"*"')):
        match = _LISTED.match(line) if isinstance(line, bytes) else None
        if match and b"\\trash" in match["flags"].lower().split():
            return match["name"].decode("ascii", "replace")
    return None


def encode_name(name: str) -> str:
    """Write a folder's name in the UTF-7 of IMAP (RFC 3501, 5.1.3)."""
    return "".join(_encoded_pieces(name))


def _encoded_pieces(name: str) -> Iterator[str]:
    for plain, other in re.findall(r"([ -~]+)|([^ -~]+)", name):
        yield plain.replace("&", "&-")
        if other:
            letters = base64.b64encode(other.encode("utf-16-be", "surrogatepass")).decode("ascii")
            yield f"&{letters.rstrip('=').replace('/', ',')}-"
