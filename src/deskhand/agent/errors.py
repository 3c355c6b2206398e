"""What can go wrong on the machine's side."""

from __future__ import annotations

from pathlib import Path

from deskhand.core.errors import DeskhandError


class NotRegistered(DeskhandError):
    """The agent has no credentials: this machine was never registered, or with another server.

    Get a one-time token with ``deskhand machine token`` on the server, then run
    ``deskhand machine register`` here.
    """

    code = "DH3050"

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"this machine is not registered: ‘{directory}’ holds no credentials; "
            "run ‘deskhand machine register’ with a token from the server"
        )


class AlreadyRegistered(DeskhandError):
    """The machine has an identity already; a new one would break the connections that use the old.

    Delete the credentials file first if that is what you want.
    """

    code = "DH3051"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"this machine is registered already: ‘{path}’ exists; "
            "connections to this machine end when it is registered anew, so delete that file first"
        )


class BadCredentials(DeskhandError):
    """The file with the agent's credentials cannot be read or does not have its shape."""

    code = "DH3052"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"the credentials in ‘{path}’ cannot be used: {problem}; register this machine anew")


class InsecureServer(DeskhandError):
    """A server's address has no TLS and leaves this machine, so keys and inputs would travel in clear."""

    code = "DH3053"

    def __init__(self, url: str) -> None:
        super().__init__(f"‘{url}’ is no address to send secrets to: use https, or http on this machine only")


class ServerUnreachable(DeskhandError):
    """The server did not answer: no connection, a broken one, a wrong certificate or an error of its own."""

    code = "DH3054"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"the server at {url} cannot be reached: {problem}")


class ServerRefused(DeskhandError):
    """The server answered that it will not take the request, and asking again cannot help.

    The machine's key is no longer valid, the versions differ, or the request is too large.
    """

    code = "DH3055"

    def __init__(self, url: str, status: int, problem: str) -> None:
        super().__init__(f"the server at {url} refused with status {status}: {problem}")
        self.status = status
        self.problem = problem


class AgentRunning(DeskhandError):
    """Another agent works with the same data directory."""

    code = "DH3056"

    def __init__(self, directory: Path) -> None:
        super().__init__(f"an agent already works in ‘{directory}’; stop it, or use another --data directory")


class ProcessNotStarted(DeskhandError):
    """A flow's process could not be started: the machine is out of processes or memory, or a file is gone."""

    code = "DH3057"

    def __init__(self, problem: str) -> None:
        super().__init__(f"the flow's process could not be started: {problem}")
