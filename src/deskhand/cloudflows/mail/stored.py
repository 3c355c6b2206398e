"""The mails that lie in a mailbox, over IMAP: found, read, marked, moved and deleted."""

from __future__ import annotations

import imaplib
import re

from deskhand.cloudflows.mail.arrived import Message, MessageId
from deskhand.cloudflows.mail.errors import MailNotFound, MailServerRefused
from deskhand.cloudflows.mail.filters import MailFilter
from deskhand.cloudflows.mail.folders import (
    Folder,
    done,
    fetch,
    folder_for_waste,
    is_there,
    mailbox_name,
    open_folder,
    search,
)

MOST_EXAMINED = 1000
"""How many mails of those that a server finds are looked at, the newest first."""

_COPIED = re.compile(rb"(?P<validity>\d+) \d+ (?P<uid>\d+)\Z")


def find_mails(
    client: imaplib.IMAP4,
    name: str,
    wanted: MailFilter,
    *,
    most: int,
    most_bytes: int,
    only_unread: bool = False,
    text: str = "",
) -> list[Message]:
    """Return mails of a folder, the newest first.

    Args:
        client: A conversation that has logged in.
        name: The folder.
        wanted: What they must be like.
        most: How many are asked for.
        most_bytes: How large they may be together; those beyond that come with their headers alone.
        only_unread: Whether nobody may have read them.
        text: What must stand in them.
    """
    folder = open_folder(client, name)
    criteria = wanted.criteria() + (" UNSEEN" if only_unread else "")
    found: list[Message] = []
    left = most_bytes
    for uid in search(client, criteria, text)[: -MOST_EXAMINED - 1 : -1]:
        if len(found) == most:
            break
        message = fetch(client, folder, uid, left)
        if message is not None and wanted.fits(message):
            found.append(message)
            left = max(0, left - len(message.arrival.content))
    return found


def read_mail(client: imaplib.IMAP4, message_id: MessageId, *, most_bytes: int) -> Message:
    """Return a mail; one that is larger than allowed comes with its headers alone.

    Raises:
        MailNotFound: It is not there any more.
    """
    folder = _folder_of(client, message_id, to_change=False)
    message = fetch(client, folder, message_id.uid, most_bytes)
    if message is None:
        raise MailNotFound("mail", str(message_id))
    return message


def mark(client: imaplib.IMAP4, message_id: MessageId, flag: str, *, is_on: bool) -> None:
    r"""Set or take away a flag of a mail, such as ``\Seen``.

    Raises:
        MailNotFound: It is not there any more.
    """
    _open(client, message_id)
    done(client.uid("STORE", str(message_id.uid), "+FLAGS" if is_on else "-FLAGS", f"({flag})"))


def move(client: imaplib.IMAP4, message_id: MessageId, folder: str) -> MessageId:
    """Move a mail to another folder, and return the id that it has there.

    Raises:
        MailNotFound: It is not there any more.
        MailServerRefused: The server cannot tell the new id.
    """
    _open(client, message_id)
    _move(client, message_id.uid, mailbox_name(client, folder))
    copied = client.response("COPYUID")[1][0]
    match = _COPIED.match(copied) if copied else None
    if match is None:
        raise MailServerRefused(client.host, "it does not tell the number of a mail that was moved")
    name = "INBOX" if folder.casefold() == "inbox" else folder
    return MessageId(name, int(match["validity"]), int(match["uid"]))


def delete(client: imaplib.IMAP4, message_id: MessageId) -> None:
    """Move a mail to the folder for deleted ones; delete it for good if it lies there, or there is none.

    Raises:
        MailNotFound: It is not there any more.
        MailServerRefused: The server can delete nothing without deleting more.
    """
    _open(client, message_id)
    waste = folder_for_waste(client)
    if waste is None or waste.strip('"') == mailbox_name(client, message_id.folder).strip('"'):
        _remove(client, message_id.uid)
    else:
        _move(client, message_id.uid, waste)


def _open(client: imaplib.IMAP4, message_id: MessageId) -> None:
    """Open the folder of a mail that is to be changed."""
    _folder_of(client, message_id, to_change=True)
    if not is_there(client, message_id.uid):
        raise MailNotFound("mail", str(message_id))


def _folder_of(client: imaplib.IMAP4, message_id: MessageId, *, to_change: bool) -> Folder:
    folder = open_folder(client, message_id.folder, to_change=to_change)
    if folder.validity != message_id.validity:
        raise MailNotFound("mail", str(message_id))
    return folder


def _move(client: imaplib.IMAP4, uid: int, mailbox: str) -> None:
    abilities = _abilities(client)
    if "MOVE" in abilities:
        done(client.uid("MOVE", str(uid), mailbox))
        return
    _require_removal(client, abilities)
    done(client.uid("COPY", str(uid), mailbox))
    _expunge(client, uid)


def _remove(client: imaplib.IMAP4, uid: int) -> None:
    _require_removal(client, _abilities(client))
    _expunge(client, uid)


def _expunge(client: imaplib.IMAP4, uid: int) -> None:
    done(client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)"))
    done(client.uid("EXPUNGE", str(uid)))


def _require_removal(client: imaplib.IMAP4, abilities: set[str]) -> None:
    if "UIDPLUS" not in abilities:
        raise MailServerRefused(client.host, "it cannot delete one mail alone (UIDPLUS, RFC 4315)")


def _abilities(client: imaplib.IMAP4) -> set[str]:
    """Return what the server can do, which it tells in full only to those who have logged in."""
    return set(done(client.capability())[-1].decode("ascii", "replace").upper().split())
