"""Why content cannot be imported."""

from __future__ import annotations

from deskhand.core.errors import DeskhandError


class NothingToImport(DeskhandError):
    """The path holds no desktop flow and no cloud flow in any of their forms, or does not exist."""

    code = "DH5001"
    exit_code = 3

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(
            f"{source}: {problem}. An import takes a solution .zip or its folder, a folder with a flow.toml, "
            "a Robin text, a cloud flow's .json or package, or a Logic Apps project."
        )


class BrokenArchive(DeskhandError):
    """The zip is damaged, cut off or encrypted; export it again from Power Automate."""

    code = "DH5002"

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"{source} cannot be read: {problem}. Nothing was imported; export it again.")


class ArchiveTooLarge(DeskhandError):
    """The zip would unpack to more than an import may take: it is no export, or a zip bomb."""

    code = "DH5003"

    def __init__(self, source: str, what: str) -> None:
        super().__init__(f"{source} unpacks to {what}. Nothing was imported.")


class UnsafeName(DeskhandError):
    """An entry's name points outside of the zip, or stands in it twice."""

    code = "DH5004"

    def __init__(self, source: str, name: str, problem: str) -> None:
        super().__init__(f"{source}: entry ‘{name}’ {problem}. Nothing was imported.")


class BrokenContent(DeskhandError):
    """A file of the export does not hold what it should."""

    code = "DH5005"

    def __init__(self, source: str, where: str, problem: str) -> None:
        super().__init__(f"{source}: {where} {problem}. Nothing was imported.")
