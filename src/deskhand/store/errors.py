"""What can go wrong between a function and the database."""

from __future__ import annotations

from deskhand.core.errors import DeskhandError


class DatabaseAddressUnknown(DeskhandError):
    """A database address is neither a SQLite path nor a PostgreSQL URL.

    Write ``/var/lib/deskhand/deskhand.db``, ``sqlite:///deskhand.db`` or
    ``postgresql://user@host/database``.
    """

    code = "DH0200"

    def __init__(self, scheme: str) -> None:
        super().__init__(
            f"there is no database behind addresses that begin with ‘{scheme}:’; "
            "give a file path for SQLite or a postgresql:// URL"
        )


class DatabaseUnreachable(DeskhandError):
    """The database cannot be opened or reached, or a server process holds it locked for too long."""

    code = "DH0201"

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"the database {address} cannot be used: {reason}; nothing was changed")
        self.address = address
        self.reason = reason


class SchemaTooNew(DeskhandError):
    """A newer Deskhand has already brought the database's schema further than this one knows.

    Start that newer version, or restore the backup made before it.
    """

    code = "DH0202"

    def __init__(self, address: str, revision: str, newest_known: str) -> None:
        super().__init__(
            f"the database {address} is at schema revision ‘{revision}’, and this version of Deskhand knows "
            f"none after ‘{newest_known}’; use the version that wrote it"
        )


class DatabaseClosed(DeskhandError):
    """Something was submitted to a database after the server had begun to stop."""

    code = "DH0203"

    def __init__(self, address: str) -> None:
        super().__init__(f"the database {address} is closed: the server is stopping; send the request again")


class CommitFailed(DeskhandError):
    """The database refused to make a transaction durable, for example because the disk is full.

    Nothing of the transaction was kept, and the server goes on: free what is exhausted and send the
    request again.
    """

    code = "DH0204"

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"the database {address} did not keep the change: {reason}; nothing was changed")
        self.address = address
        self.reason = reason


class CommitUncertain(DeskhandError):
    """The connection to the database broke while a commit was under way.

    Whether the change was kept is unknown: read the data before sending the request again.
    """

    code = "DH0205"

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"the connection to the database {address} broke during a commit: {reason}; "
            "the change may or may not have been kept, so read before you repeat it"
        )


class ReadOnlyTransaction(DeskhandError):
    """A function that was to read only asked for what only a writing one may have. A fault in Deskhand."""

    code = "DH0206"

    def __init__(self) -> None:
        super().__init__("a version number was asked for in a transaction that only reads")


class WriteWouldWaitForItself(DeskhandError):
    """The one thread that writes was asked to wait for a write. A fault in Deskhand.

    What runs inside a transaction, or right after its commit, may submit work but not wait for it.
    """

    code = "DH0207"

    def __init__(self) -> None:
        super().__init__("a transaction waits for another one that can only begin after it")


class StatementFailedBefore(DeskhandError):
    """A function went on after one of its statements had failed. A fault in Deskhand.

    Nothing of its transaction was kept.
    """

    code = "DH0208"

    def __init__(self) -> None:
        super().__init__(
            "a transaction went on after one of its statements had failed; nothing of it was kept"
        )
