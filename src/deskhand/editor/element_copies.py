"""UI elements and images that travel with copied rows: taking along what they use, joining two flows' ones.

Source: robin 14, experience 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deskhand.editor.elements import Path, Workbench, folded, reference_text, references
from deskhand.editor.json_places import Change, Json, plain, with_items, with_member, written
from deskhand.editor.outline import Outline
from deskhand.editor.repository import Repository, Section, added, chosen_of, named, same
from deskhand.editor.rows import is_action
from deskhand.robin.diagnostics import SyntaxErrors
from deskhand.robin.parser import parse

_MEMBERS = ("InternalId", "ConnectionName", "LogicalName")
"""How a row may name a connection reference."""


@dataclass(frozen=True, slots=True)
class RenamedElement:
    """Something that got another name, since the flow has another thing of its name.

    Attributes:
        old: How the copied rows named it.
        new: How they name it now.
    """

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Copied rows that fit a flow.

    Attributes:
        text: The copied text; its rows name things as the flow does, and below them stands the flow's
            section with what is new. Nothing stands there where nothing of the kind was copied.
        added: How many screens, elements and images are new in the flow.
        reused: How many it had already.
        renamed: What got another name.
    """

    text: str
    added: int
    reused: int
    renamed: tuple[RenamedElement, ...]


def with_elements(rows: str, repository: str) -> str:
    """Return rows with the UI elements, images and connection references that they use, for the clipboard.

    Args:
        rows: The rows' text.
        repository: The section of their flow.

    Raises:
        RepositoryBroken: The section is not as Power Automate for desktop writes it.
    """
    section = Section(repository)
    used = _used_by(rows, [one.alias for one in section.controls])
    if used is None:
        return f"{rows}\n\n{repository}\n"
    connections = _connections(section, lambda one: any(name in rows for name in _names(one)))
    if not used and not connections[0]:
        return f"{rows}\n"
    changes = chosen_of(section, lambda path: folded(path) in used)
    return f"{rows}\n\n{section.changed([*changes, *connections[1]])}\n"


def _used_by(rows: str, aliases: Sequence[str]) -> set[Path] | None:
    """Return what rows use, with the screens of elements; None where they cannot be read on their own."""
    for around in ("{}", "IF True THEN\n{}\nEND", "SWITCH 1\n{}\nEND"):  # a branch needs its block
        try:
            script = parse(around.replace("{}", rows), is_action=is_action)
        except SyntaxErrors:
            continue
        found = [one.key for one in references(script, aliases)]
        return {path[:length] for path in found for length in range(2, len(path) + 1)}
    return None


def _connections(section: Section, keep: Callable[[Json], bool]) -> tuple[int, list[Change]]:
    found = section.root.get("ConnectionReferences")
    if found is None or found.items is None:
        return 0, []
    kept = [section.text[one.start : one.end] for one in found.items if keep(one)]
    changes = [] if len(kept) == len(found.items) else [with_items(section.text, found, kept)]
    return len(kept), changes


def _names(connection: Json) -> Iterator[str]:
    yield from filter(None, (connection.text(one) for one in _MEMBERS))


def joined(flow: Outline, copied: Outline) -> Joined:
    """Return copied rows as a flow takes them: what it has is reused, what clashes gets another name.

    Args:
        flow: The flow.
        copied: What was copied.

    Raises:
        RepositoryBroken: A section is not as Power Automate for desktop writes it.
    """
    if not copied.repository:
        return Joined(copied.text, 0, 0, ())
    theirs = Workbench(copied)
    if not flow.repository:
        count = sum(1 + len(one.each("Controls")) for _, one in theirs.section.screens())
        return Joined(copied.text, count + sum(1 for _ in theirs.section.pictures()), 0, ())
    ours = Section(flow.repository)
    join = _Join(ours, theirs.section)
    changes = [*join.screens(), *join.images(), *join.connections()]
    text = theirs.written(ours.changed(changes), join.names)
    renamed = tuple(
        RenamedElement(reference_text(old), reference_text(new)) for old, new in join.renamed.items()
    )
    return Joined(text, join.added, join.reused, renamed)


class _Join:
    """What is new in one section, on its way into another."""

    def __init__(self, ours: Section, theirs: Section) -> None:
        self._ours, self._theirs = ours, theirs
        self.names: dict[Path, Path] = {}
        self.renamed: dict[Path, Path] = {}
        self.added = 0
        self.reused = 0

    def screens(self) -> list[Change]:
        """Return what puts the other section's screens and elements in."""
        changes: list[Change] = []
        symbols: list[Json] = []
        for repository in self._theirs.controls:
            own = self._ours.repository(repository.alias)
            if own is None:
                symbols += _symbols(self._theirs, repository.alias)
                self.added += sum(1 + len(one.each("Controls")) for one in repository.each("Screens"))
            else:
                changes += own.outside(self._screens_of(repository, own))
        return [*changes, *_with_symbols(self._ours, self._theirs, symbols)]

    def _screens_of(self, theirs: Repository, ours: Repository) -> list[Change]:
        changes: list[Change] = []
        new: list[Any] = []
        taken = [one.text("Name") for one in ours.each("Screens")]
        for screen in theirs.each("Screens"):
            old = theirs.alias, screen.text("Name")
            twin = _twin(ours, ours.each("Screens"), theirs, screen)
            if twin is not None:
                self._note(old, (ours.alias, twin.text("Name")))
                self.reused += 1
                changes += self._elements_of(theirs, screen, ours, twin)
                continue
            value = theirs.plain(screen) | {"Name": _free(old[-1], taken)}
            taken.append(value["Name"])
            self._note(old, (ours.alias, value["Name"]))
            self.added += 1 + len(screen.each("Controls"))
            new.append(value)
        return [*changes, *(added(ours, ours.root, "Screens", new) if new else ())]

    def _elements_of(self, theirs: Repository, screen: Json, ours: Repository, twin: Json) -> list[Change]:
        new: list[Any] = []
        own = twin.each("Controls")
        taken = [one.text("Name") for one in own]
        for element in screen.each("Controls"):
            old = theirs.alias, screen.text("Name"), element.text("Name")
            known = _twin(ours, own, theirs, element)
            value = theirs.plain(element)
            if known is None:
                value |= {"Name": _free(old[-1], taken)}
                taken.append(value["Name"])
                new.append(value)
                self.added += 1
            else:
                self.reused += 1
            name = value["Name"] if known is None else known.text("Name")
            self._note(old, (ours.alias, twin.text("Name"), name))
        return added(ours, twin, "Controls", new) if new else []

    def images(self) -> list[Change]:
        """Return what puts the other section's images in."""
        theirs, ours = self._theirs.images, self._ours.images
        if theirs is None or not any(True for _ in self._theirs.pictures()):
            return []
        if ours is None:
            self.added += sum(1 for _ in self._theirs.pictures())
            symbol = self._theirs.root.get("ImageRepositorySymbol")
            value = None if symbol is None else plain(self._theirs.text, symbol)
            return with_member(self._ours.text, self._ours.root, "ImageRepositorySymbol", value)
        new: list[Any] = []
        top = ours.each("Images")
        taken = [one.text("Name") for one in top]
        for path, image in self._theirs.pictures():
            old = (theirs.alias, *path)
            if self._has(path, theirs, image, ours):
                self.reused += 1
                continue
            twin = _twin(ours, top, theirs, image)
            value = theirs.plain(image)
            if twin is None:
                value |= {"Name": _free(path[-1], taken)}
                taken.append(value["Name"])
                new.append(value)
                self.added += 1
            else:
                self.reused += 1
            self._note(old, (ours.alias, value["Name"] if twin is None else twin.text("Name")))
        return ours.outside(added(ours, ours.root, "Images", new)) if new else []

    def _has(self, path: tuple[str, ...], theirs: Repository, image: Json, ours: Repository) -> bool:
        """Tell whether the flow has the same image in the same folder."""
        return any(
            folded(names) == folded(path) and same(theirs.plain(image), ours.plain(one))
            for names, one in self._ours.pictures()
        )

    def connections(self) -> list[Change]:
        """Return what puts the other section's connection references in."""
        known = {name for one in self._ours.root.each("ConnectionReferences") for name in _names(one)}
        new = [
            plain(self._theirs.text, one)
            for one in self._theirs.root.each("ConnectionReferences")
            if known.isdisjoint(_names(one))
        ]
        return _with_more(self._ours, "ConnectionReferences", new)

    def _note(self, old: Path, new: Path) -> None:
        if old != new:
            self.names[folded(old)] = new
        if old[-1].casefold() != new[-1].casefold():
            self.renamed[old] = new


def _symbols(section: Section, alias: str) -> Iterator[Json]:
    for one, repository in zip(section.root.each("ControlRepositorySymbols"), section.controls, strict=True):
        if repository.alias == alias:
            yield one


def _with_symbols(ours: Section, theirs: Section, symbols: Iterable[Json]) -> list[Change]:
    return _with_more(ours, "ControlRepositorySymbols", [plain(theirs.text, one) for one in symbols])


def _with_more(section: Section, name: str, values: Sequence[Any]) -> list[Change]:
    """Return what puts values at the end of a list of the section itself."""
    found = section.root.get(name)
    if not values:
        return []
    if found is None or found.items is None:
        return with_member(section.text, section.root, name, list(values))
    texts = [section.text[one.start : one.end] for one in found.items]
    texts += [written(section.text, found.start, one) for one in values]
    return [with_items(section.text, found, texts)]


def _twin(ours: Repository, beside: Sequence[Json], theirs: Repository, found: Json) -> Json | None:
    """Return what is found in the same way, and has the same name or that name with a number."""
    name, value = found.text("Name"), theirs.plain(found)
    same_name = named(beside, name)
    numbered = [
        one
        for one in beside
        if one is not same_name
        and one.text("Name").casefold().startswith(f"{name.casefold()} ")
        and one.text("Name")[len(name) + 1 :].isdigit()
    ]
    candidates = ([] if same_name is None else [same_name]) + numbered
    return next((one for one in candidates if same(ours.plain(one), value)), None)


def _free(name: str, taken: Sequence[str]) -> str:
    known = {one.casefold() for one in taken}
    free, number = name, 2
    while free.casefold() in known:
        free, number = f"{name} {number}", number + 1
    return free
