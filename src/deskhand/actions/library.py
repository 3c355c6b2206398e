"""The standard library: every module of this room, and those that other packages add."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from deskhand.actions.declare import Library, Module
from deskhand.actions.unbuilt import unbuilt_actions
from deskhand.core.errors import DeskhandError

ENTRY_POINTS = "deskhand.actions"
"""The entry-point group under which a package offers a :class:`~deskhand.actions.declare.Module`."""

_MODULES = (
    "date_time",
    "external",
    "file",
    "flow_control",
    "folder",
    "logging",
    "text",
    "variables",
)


class BadActionPackage(DeskhandError):
    """An installed package promises actions for flows and does not deliver them.

    Its entry point in the group ``deskhand.actions`` must name a ``Module``. Mend the package or
    uninstall it.
    """

    code = "DH0121"

    def __init__(self, entry_point: EntryPoint, problem: str) -> None:
        package = entry_point.dist.name if entry_point.dist else "an installed package"
        super().__init__(
            f"{package}: the entry point ‘{entry_point.name}’ ({entry_point.value}) in the group "
            f"{ENTRY_POINTS} cannot be used: {problem}"
        )


def standard_library() -> Library:
    """Return every action that can run here, with those known by name only.

    Raises:
        BadActionPackage: A package that offers actions cannot be used.
    """
    modules = [_standard_module(name) for name in _MODULES]
    modules += [_offered_module(one) for one in entry_points(group=ENTRY_POINTS)]
    return Library(modules, unbuilt_actions())


def _standard_module(name: str) -> Module:
    module = getattr(import_module(f"deskhand.actions.{name}"), name)
    assert isinstance(module, Module)
    return module


def _offered_module(entry_point: EntryPoint) -> Module:
    try:
        module = entry_point.load()
    except (ImportError, AttributeError, DeskhandError) as problem:
        raise BadActionPackage(entry_point, str(problem)) from problem
    if not isinstance(module, Module):
        raise BadActionPackage(entry_point, f"it names a {type(module).__name__}, not a Module")
    return module
