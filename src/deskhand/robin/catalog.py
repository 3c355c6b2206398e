"""What the language asks of any action library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar, Protocol

from deskhand.core.errors import DeskhandError


class ActionKind(StrEnum):
    """Where an action may stand."""

    ACTION = "action"
    CONDITION = "condition"
    WAIT = "wait"


class Platform(StrEnum):
    """Where an action can run."""

    ANY = "any"
    DISPLAY = "needs-display"
    BROWSER = "browser"
    WINDOWS = "windows-only"
    SERVICE = "external-service"


@dataclass(frozen=True, slots=True)
class EnumSpec:
    """A named set of values, written ``Module.Enum.Value`` in flow text.

    Attributes:
        name: ``Module.Enum``.
        members: The Python enumeration; its members' values are the Robin spellings.
    """

    name: str
    members: type[Enum]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that an action takes.

    Attributes:
        name: The Robin name, ``TextToFind``.
        python_name: The keyword of the Python function, ``text_to_find``.
        type: The catalogue's type name, such as ``String``, ``Int32``, ``List<File>`` (actions 6).
        required: Whether a call must name it.
        default: What an omitted argument is.
        enum: The values it takes, where it is an enumeration.
        aliases: Older Robin names that mean the same.
        by_reference: Whether the argument must be a variable, which the action changes.
        secret: Whether its value must never be shown.
        label: The designer's caption.
        doc: What it means, for the panel and the reference.
    """

    name: str
    python_name: str
    type: str
    required: bool
    default: object = None
    enum: EnumSpec | None = None
    aliases: tuple[str, ...] = ()
    by_reference: bool = False
    secret: bool = False
    label: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """One variable that an action produces.

    Attributes:
        name: The Robin name, written ``Name=> Variable``.
        type: The catalogue's type name.
        variable: The variable name that the designer proposes.
        doc: What it holds.
    """

    name: str
    type: str
    variable: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One form of one action: everything that the language, designer and docs know of it.

    Attributes:
        name: The full Robin name, ``Module.Action`` or ``Module.Action.Variant``.
        kind: Where it may stand.
        label: The designer's title.
        summary: One line for the card, with ``{Parameter}`` places.
        help: The docstring's text.
        parameters: In the order of the designer.
        outputs: In the order of the function's result.
        errors: The error classes that ``ON ERROR`` may name.
        function: Called with keyword arguments by ``python_name``; returns None, one value, or for
            several outputs a tuple in their order. A condition or wait returns ``bool`` first.
        wants_context: Whether the function takes a ``context`` argument.
        dynamic: Whether ``@name:`` and ``@name=>`` arguments are allowed; they reach the function
            as ``dynamic_inputs`` (a mapping) and come back under ``context.dynamic_outputs``.
        differs: How it knowingly departs from the original, or None.
        platform: Where it can run.
        aliases: Older full names that mean this form.
        legacy: Whether only older text uses this form; the designer does not offer it.
    """

    name: str
    kind: ActionKind
    label: str
    summary: str
    help: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    errors: tuple[type[ActionError], ...]
    function: Callable[..., Any]
    wants_context: bool = False
    dynamic: bool = False
    differs: str | None = None
    platform: Platform = Platform.ANY
    aliases: tuple[str, ...] = ()
    legacy: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter with a Robin name or alias, in any case."""
        folded = name.casefold()
        for one in self.parameters:
            if folded == one.name.casefold() or folded in (alias.casefold() for alias in one.aliases):
                return one
        return None


@dataclass(frozen=True, slots=True)
class UnbuiltAction:
    """An action of Power Automate for desktop that is known by name but cannot run here yet."""

    name: str
    label: str
    platform: Platform


class Catalog(Protocol):
    """An action library, as the language sees it."""

    def resolve(self, name: str) -> ActionSpec | UnbuiltAction | None:
        """Return the action with a Robin name, in any case, current or older; None if unknown."""
        ...

    def enum(self, path: str) -> tuple[EnumSpec, Enum] | None:
        """Return the enumeration and member that ``Module.Enum.Value`` names, in any case."""
        ...

    def names(self) -> Sequence[str]:
        """Return the full name of every action that can run, for *did you mean*."""
        ...


class ActionError(DeskhandError):
    """An action failed in a documented way, which ``ON ERROR Name`` can catch.

    Attributes:
        error_name: The name in flow text: the documented exception, words joined (actions 3.9).
            ``ON ERROR`` accepts it with and without the ending ``Error``.
    """

    code = "DH4000"
    error_name: ClassVar[str] = "Error"

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class ActionContext(Protocol):
    """What the runtime lends an action that asks for ``context``."""

    dynamic_outputs: dict[str, Any]

    @property
    def culture(self) -> str:
        """Return the culture in force, such as ``en-US``."""
        ...

    @property
    def working_directory(self) -> str:
        """Return the folder that relative paths start from."""
        ...

    def now(self) -> datetime:
        """Return the present instant, aware, in the machine's own zone."""
        ...

    def log(self, level: str, message: str) -> None:
        """Write one line of the action log: level ``Info``, ``Warning`` or ``Error``."""
        ...

    def run_flow(
        self, flow_id: str, name: str | None, inputs: Mapping[str, Any], wait: bool
    ) -> dict[str, Any]:
        """Run another desktop flow in this run and return its outputs by external name."""
        ...

    def is_safe_stop_requested(self) -> bool:
        """Return whether somebody asked this run to stop at its next checkpoint."""
        ...
