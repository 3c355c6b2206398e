"""What editing a flow's text can get wrong."""

from __future__ import annotations

from deskhand.core.errors import DeskhandError


class TextTooLong(DeskhandError):
    """A flow's text is longer than the designer works on. Split the flow: a desktop flow may run others."""

    code = "DH2600"

    def __init__(self, most: int) -> None:
        super().__init__(f"The flow's text is too long to edit; {most:,} characters are the most.")


class RowUnreadable(DeskhandError):
    """A row's text is not one row of a flow, so that no panel can show its fields. Mend it in the text."""

    code = "DH2601"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The row cannot be read: {problem}")


class UnknownForm(DeskhandError):
    """No action or statement has the name that somebody asked for. The palette lists all there are."""

    code = "DH2602"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no action ‘{name[:120]}’ that could be written here.")


class NameRefused(DeskhandError):
    """A variable's new name is no name. Names begin with a letter and hold letters, digits and _."""

    code = "DH2603"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"‘{name[:60]}’ is no name for a variable. A name holds letters, digits and _, and begins with a "
            "letter."
        )


class RepositoryBroken(DeskhandError):
    """What stands below ``# [ControlRepository]`` is not as Power Automate for desktop writes it.

    The flow runs without it. Copy its actions in Power Automate again, or remove the section from the text.
    """

    code = "DH2606"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The flow's UI elements and images cannot be read: {problem}.")


class ElementNameRefused(DeskhandError):
    """A UI element or image cannot have a name that is empty, too long, or taken beside it."""

    code = "DH2607"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"‘{name[:60]}’ {problem}.")


class ElementMissing(DeskhandError):
    """A flow has no UI element or image of a name; it was renamed or removed meanwhile."""

    code = "DH2608"

    def __init__(self, name: str) -> None:
        super().__init__(f"The flow has no ‘{name[:120]}’ any more. Look at its UI elements anew.")


class ElementInUse(DeskhandError):
    """A UI element or image that actions use is not removed, since they would fail then.

    *Find usages* shows these actions. Change or remove them first.
    """

    code = "DH2609"

    def __init__(self, name: str, count: int, place: str) -> None:
        actions = "1 action uses" if count == 1 else f"{count} actions use"
        super().__init__(f"{actions} ‘{name[:120]}’, the first at {place}. Change them first.")


class SelectorsRefused(DeskhandError):
    """An element's selectors cannot be written so: it needs one at least, and each custom one its text."""

    code = "DH2610"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The selectors were not taken: {problem}.")


class ImageRefused(DeskhandError):
    """Images of a flow are PNG files of at most one megabyte, as Power Automate for desktop keeps them."""

    code = "DH2611"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The image was not taken: {problem}.")
