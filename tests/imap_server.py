"""A real IMAP server for tests: Debian's Dovecot on a free port, with everything it keeps in one folder."""

from __future__ import annotations

import contextlib
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import trustme

PASSWORD = "correct-horse"
_DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_CONFIGURATION = """
base_dir = {run}
state_dir = {run}
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{pem}
ssl_key = <{pem}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
  mailbox Trash {{
    special_use = \\Trash
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/%u
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """A server with a mailbox for everybody who comes.

    Attributes:
        authority: Who issued its certificate, which is for ``localhost``.
        username: Whose mailbox is meant.
    """

    port: int
    authority: trustme.CA
    username: str = "robot"

    def trust(self) -> ssl.SSLContext:
        """Return what trusts the server's certificate."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    @contextlib.contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=self.trust()) as client:
            client.login(self.username, PASSWORD)
            yield client

    def deliver(self, message: EmailMessage | bytes, moment: datetime, folder: str = "INBOX") -> None:
        """Put a mail into the mailbox as if it had arrived then."""
        content = message if isinstance(message, bytes) else message.as_bytes()
        with self.client() as client:
            assert client.append(folder, "", imaplib.Time2Internaldate(moment), content)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """Return the flags of every mail."""
        with self.client() as client:
            client.select(folder, readonly=True)
            return [one for one in client.fetch("1:*", "(FLAGS)")[1] if isinstance(one, bytes)]

    def create(self, folder: str) -> None:
        with self.client() as client:
            assert client.create(f'"{folder}"')[0] == "OK"

    def delete(self, folder: str) -> None:
        with self.client() as client:
            assert client.delete(f'"{folder}"')[0] == "OK"


@contextlib.contextmanager
def running_imap_server() -> Iterator[ImapServer]:
    """Run a server for some tests."""
    with TemporaryDirectory(prefix="imap-") as name:
        os.chmod(name, 0o755)
        with _serving(Path(name)) as server:
            yield server


@contextlib.contextmanager
def _serving(directory: Path) -> Iterator[ImapServer]:
    assert _DOVECOT, "Dovecot is missing: make packages installs it"
    # As root it would not touch mailboxes.
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwnam(getpass.getuser())
    authority = trustme.CA()
    pem, home = directory / "server.pem", directory / "home"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(pem))
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = directory / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            run=directory / "run",
            pem=pem,
            user=user.pw_name,
            group=grp.getgrgid(user.pw_gid).gr_name,
            home=home,
            port=port,
            password=PASSWORD,
            uid=user.pw_uid,
            gid=user.pw_gid,
        )
    )
    command = [_DOVECOT, "-F", "-c", str(configuration)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline()]
        assert "starting up" in lines[0], lines[0] + process.stderr.read()
        drain = Thread(target=process.stderr.read, daemon=True)
        drain.start()
        try:
            yield ImapServer(port, authority)
        finally:
            process.terminate()
            process.wait()
            drain.join()
