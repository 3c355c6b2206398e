"""A flow's UI elements and images with their uses: listing, renaming, removing. Source: robin 14."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from deskhand.core.ids import new_id
from deskhand.editor.errors import (
    ElementInUse,
    ElementMissing,
    ElementNameRefused,
    ImageRefused,
    RepositoryBroken,
)
from deskhand.editor.json_places import Json, spliced, with_member
from deskhand.editor.outline import Outline, row_starts
from deskhand.editor.repository import (
    CONTROLS,
    IMAGES,
    ElementPlace,
    ElementSelector,
    Repository,
    Section,
    chosen_of,
    empty_section,
    holder_of,
    is_web,
    selectors_of,
    with_image,
    write_selectors,
)
from deskhand.robin.nodes import Expression, Index, Name, Quote, Script, Span, TextLiteral
from deskhand.robin.printer import print_expression
from deskhand.robin.walking import walk

Path: TypeAlias = tuple[str, ...]
"""A repository's name, and the names that lead to something; compared in lower case."""

LONGEST_NAME = 200
LARGEST_IMAGE = 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class UseOfElement:
    """A row that uses a UI element or image.

    Attributes:
        subflow: The subflow.
        row: The place among its rows, from 0.
    """

    subflow: str
    row: int


@dataclass(frozen=True, slots=True)
class UiElement:
    """A UI element.

    Attributes:
        name: Its name.
        type: What it is for people: Button, Edit …
        tag: What kind of element it is.
        protocol: How it was captured; empty where that is not said.
        selectors: How it is found, the first that finds it counts.
        reference: How a row names it.
        uses: The rows that use it.
    """

    name: str
    type: str
    tag: str
    protocol: str
    selectors: tuple[ElementSelector, ...]
    reference: str
    uses: tuple[UseOfElement, ...]


@dataclass(frozen=True, slots=True)
class UiScreen:
    """A window or web page with its UI elements.

    Attributes:
        repository: What its repository is called in the flow.
        name: Its name.
        type: What it is for people.
        web: Whether it is a web page.
        selectors: How it is found.
        elements: Its elements.
        reference: How a row names it.
        uses: The rows that use it or one of its elements.
    """

    repository: str
    name: str
    type: str
    web: bool
    selectors: tuple[ElementSelector, ...]
    elements: tuple[UiElement, ...]
    reference: str
    uses: tuple[UseOfElement, ...]


@dataclass(frozen=True, slots=True)
class FlowImage:
    """An image that actions look for on the screen.

    Attributes:
        path: The folder that it stands in, if any, and its name.
        png: Its file in base64; empty where the flow came without it.
        reference: How a row names it.
        uses: The rows that use it.
    """

    path: tuple[str, ...]
    png: str
    reference: str
    uses: tuple[UseOfElement, ...]


@dataclass(frozen=True, slots=True)
class MissingElement:
    """Something that rows use and that the flow does not have.

    Attributes:
        reference: How rows name it.
        uses: The rows.
    """

    reference: str
    uses: tuple[UseOfElement, ...]


@dataclass(frozen=True, slots=True)
class FlowElements:
    """The UI elements and images of a flow.

    Attributes:
        screens: Windows and web pages.
        images: Images.
        missing: What rows use and the flow does not have.
    """

    screens: tuple[UiScreen, ...]
    images: tuple[FlowImage, ...]
    missing: tuple[MissingElement, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a text names a UI element or image.

    Attributes:
        path: The repository, and the names.
        spans: Where the names stand.
        line: The line.
    """

    path: Path
    spans: tuple[Span, ...]
    line: int

    @property
    def key(self) -> Path:
        """Return the path as it is compared."""
        return folded(self.path)


def folded(path: Sequence[str]) -> Path:
    """Return a path in lower case."""
    return tuple(one.casefold() for one in path)


def references(script: Script, aliases: Sequence[str] = ()) -> Iterator[Reference]:
    """Yield where a flow names UI elements and images, in the order of its text.

    Args:
        script: The flow.
        aliases: What its repositories are called, beside the usual names.
    """
    known = {one.casefold() for one in (CONTROLS, IMAGES, *aliases)}
    inner: set[int] = set()
    for node in walk(script):
        if isinstance(node, Index) and id(node) not in inner:
            inner.add(id(node.of))
            found = _reference(node)
            if found is not None and found.path[0].casefold() in known:
                yield found


def _reference(node: Index) -> Reference | None:
    names: list[tuple[str, Span]] = []
    at: Expression = node
    while isinstance(at, Index):
        literal = at.index
        if not isinstance(literal, TextLiteral) or not all(isinstance(one, str) for one in literal.parts):
            return None
        names.insert(0, ("".join(map(str, literal.parts)), literal.span))
        at = at.of
    if not isinstance(at, Name):
        return None
    return Reference((at.name, *(one for one, _ in names)), tuple(one for _, one in names), node.span.line)


def reference_text(path: Path) -> str:
    """Return how a row names something."""
    return path[0] + "".join(f"[{_quoted(one)}]" for one in path[1:])


def _quoted(name: str) -> str:
    return print_expression(TextLiteral((name,) if name else (), Quote.PLAIN))


def renamed_text(text: str, found: Sequence[Reference], names: Mapping[Path, Path]) -> str:
    """Return a text whose references have other names.

    Args:
        text: The text.
        found: Its references.
        names: The new paths by the old ones in lower case; a path stands for all that begin with it.
    """
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    changes: dict[tuple[int, int], str] = {}
    for one in found:
        for length in range(len(one.path), 1, -1):
            new = names.get(one.key[:length])
            if new is None:
                continue
            for at, (name, span) in enumerate(zip(new[1:], one.spans, strict=False), 1):
                if at == length - 1 or name.casefold() != one.key[at]:
                    changes[_letters(starts, span)] = _quoted(name)
            break
    return spliced(text, [(start, end, new) for (start, end), new in changes.items()])


def _letters(starts: Sequence[int], span: Span) -> tuple[int, int]:
    """Return where a span begins and ends, counted in letters of the whole text."""
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


class Workbench:
    """A flow whose UI elements and images are looked at or changed."""

    def __init__(self, outline: Outline) -> None:
        """Take the flow's section apart.

        Args:
            outline: The flow.

        Raises:
            RepositoryBroken: Its text cannot be read, or what stands below its rows.
        """
        if outline.script is None:
            raise RepositoryBroken("the flow's text has errors; mend them first")
        self.text = outline.text
        self._script = outline.script
        self._place = self.text.rfind(outline.repository) if outline.repository else len(self.text)
        self._former = outline.repository
        self.section = Section(outline.repository or empty_section())
        aliases = [one.alias for one in self.section.controls]
        self.references = tuple(references(outline.script, aliases))

    @property
    def image_alias(self) -> str:
        """Return what the images' repository is called."""
        return IMAGES if self.section.images is None else self.section.images.alias

    def uses(self) -> Mapping[Path, tuple[UseOfElement, ...]]:
        """Return the rows that use something, by its path in lower case; a screen's with its elements'."""
        starts = row_starts(self._script)
        found: dict[Path, dict[UseOfElement, None]] = {}
        for one in self.references:
            use = _row_of(starts, one.line)
            for length in range(2, len(one.path) + 1):
                found.setdefault(one.key[:length], {})[use] = None
        return {path: tuple(uses) for path, uses in found.items()}

    def written(self, section: str, names: Mapping[Path, Path] | None = None) -> str:
        """Return the flow's text with another section, and its rows with other names."""
        head = renamed_text(self.text, self.references, names or {}) if names else self.text
        head = head[: len(head) - (len(self.text) - self._place)]
        if self._former:
            return head + section + self.text[self._place + len(self._former) :]
        return f"{head.rstrip()}\n\n{section}\n" if head.strip() else f"{section}\n"


def _row_of(starts: Sequence[tuple[str, Sequence[int]]], line: int) -> UseOfElement:
    found = UseOfElement("Main", 0)
    for name, lines in starts:
        if lines and lines[0] <= line:
            found = UseOfElement(name, sum(start <= line for start in lines) - 1)
    return found


def flow_elements(outline: Outline) -> FlowElements:
    """Return a flow's UI elements and images with their uses."""
    bench = Workbench(outline)
    uses = bench.uses()
    screens = tuple(_screen(repository, one, uses) for repository, one in bench.section.screens())
    images = tuple(_image(bench.image_alias, path, one, uses) for path, one in bench.section.pictures())
    known = {folded(path) for path, _ in _everything(bench.section)}
    missing: dict[Path, str] = {}
    for one in bench.references:
        if one.key not in known:
            missing.setdefault(one.key, reference_text(one.path))
    return FlowElements(
        screens, images, tuple(MissingElement(text, uses[path]) for path, text in missing.items())
    )


def _everything(section: Section) -> Iterator[tuple[Path, Json]]:
    for repository, screen in section.screens():
        path = repository.alias, screen.text("Name")
        yield path, screen
        for one in screen.each("Controls"):
            yield (*path, one.text("Name")), one
    alias = IMAGES if section.images is None else section.images.alias
    for names, image in section.pictures():
        yield (alias, *names), image


def named_things(section: Section) -> Iterator[tuple[str, str]]:
    """Yield how rows name each screen, element and image, with what it is but for its elements."""
    for repository, screen in section.screens():
        path = repository.alias, screen.text("Name")
        selectors = screen.get("Selectors")
        yield reference_text(path), "" if selectors is None else repository.slice(selectors)
        for one in screen.each("Controls"):
            yield reference_text((*path, one.text("Name"))), repository.slice(one)
    if section.images is not None:
        for names, image in section.pictures():
            yield reference_text((section.images.alias, *names)), section.images.slice(image)


def _screen(repository: Repository, found: Json, uses: Mapping[Path, tuple[UseOfElement, ...]]) -> UiScreen:
    path = repository.alias, found.text("Name")
    return UiScreen(
        repository=repository.alias,
        name=found.text("Name"),
        type=found.text("ElementTypeName"),
        web=is_web(found),
        selectors=selectors_of(found),
        elements=tuple(_element(path, one, uses) for one in found.each("Controls")),
        reference=reference_text(path),
        uses=uses.get(folded(path), ()),
    )


def _element(screen: Path, found: Json, uses: Mapping[Path, tuple[UseOfElement, ...]]) -> UiElement:
    path = (*screen, found.text("Name"))
    return UiElement(
        name=found.text("Name"),
        type=found.text("ElementTypeName"),
        tag=found.text("Tag"),
        protocol=found.text("AutomationProtocol"),
        selectors=selectors_of(found),
        reference=reference_text(path),
        uses=uses.get(folded(path), ()),
    )


def _image(
    alias: str, names: tuple[str, ...], found: Json, uses: Mapping[Path, tuple[UseOfElement, ...]]
) -> FlowImage:
    path = (alias, *names)
    return FlowImage(names, found.text("Screenshot"), reference_text(path), uses.get(folded(path), ()))


# Changes


def rename_element(outline: Outline, place: ElementPlace, name: str) -> str:
    """Return the flow's text with another name for a screen or element, wherever rows use it.

    Raises:
        ElementMissing: There is no such element.
        ElementNameRefused: The name is none, or taken.
    """
    bench = Workbench(outline)
    repository, found = holder_of(bench.section, place)
    beside: Sequence[Json] = repository.each("Screens")
    old: Path = (repository.alias, place.screen)
    if place.element is not None:
        beside = holder_of(bench.section, ElementPlace(place.repository, place.screen))[1].each("Controls")
        old = (*old, place.element)
    _require_free(name, [one.text("Name") for one in beside if one is not found])
    changes = repository.outside(with_member(repository.text, found, "Name", name))
    return bench.written(bench.section.changed(changes), {folded(old): (*old[:-1], name)})


def rename_image(outline: Outline, path: Sequence[str], name: str) -> str:
    """Return the flow's text with another name for an image, wherever rows use it.

    Raises:
        ElementMissing: There is no such image.
        ElementNameRefused: The name is none, or taken.
    """
    bench = Workbench(outline)
    images, found = _picture(bench.section, path)
    beside = [
        names[-1]
        for names, one in bench.section.pictures()
        if one is not found and folded(names[:-1]) == folded(path[:-1])
    ]
    _require_free(name, beside)
    changes = images.outside(with_member(images.text, found, "Name", name))
    old = (images.alias, *path)
    return bench.written(bench.section.changed(changes), {folded(old): (*old[:-1], name)})


def _picture(section: Section, path: Sequence[str]) -> tuple[Repository, Json]:
    found = next((one for names, one in section.pictures() if folded(names) == folded(path)), None)
    if section.images is None or found is None:
        raise ElementMissing(path[-1] if path else "")
    return section.images, found


def _require_free(name: str, taken: Sequence[str]) -> None:
    if not name.strip() or any(ord(one) < 32 for one in name):
        raise ElementNameRefused(name, "is no name. A name is one line and not empty")
    if len(name) > LONGEST_NAME:
        raise ElementNameRefused(name, f"is too long; {LONGEST_NAME} characters are the most")
    if name.casefold() in {one.casefold() for one in taken}:
        raise ElementNameRefused(name, "is taken. Choose another name")


def set_selectors(outline: Outline, place: ElementPlace, selectors: Sequence[ElementSelector]) -> str:
    """Return the flow's text with other selectors of a screen or element.

    Raises:
        ElementMissing: There is no such element.
        SelectorsRefused: They cannot be written.
    """
    bench = Workbench(outline)
    return bench.written(write_selectors(bench.section, place, selectors))


def remove_elements(
    outline: Outline, elements: Sequence[ElementPlace], images: Sequence[Sequence[str]] = ()
) -> str:
    """Return the flow's text without some screens, elements and images; a screen goes with its elements.

    Raises:
        ElementMissing: One is not there.
        ElementInUse: Rows use one.
    """
    bench = Workbench(outline)
    uses = bench.uses()
    gone: set[Path] = set()
    for place in elements:
        repository, _ = holder_of(bench.section, place)
        names = (place.screen,) if place.element is None else (place.screen, place.element)
        gone.add(_unused(uses, (repository.alias, *names)))
    for path in images:
        _picture(bench.section, path)
        gone.add(_unused(uses, (bench.image_alias, *path)))
    changes = chosen_of(bench.section, lambda path: folded(path) not in gone)
    return bench.written(bench.section.changed(changes))


def _unused(uses: Mapping[Path, tuple[UseOfElement, ...]], path: Path) -> Path:
    """Return a path as it is compared, if no row uses it."""
    found = uses.get(folded(path), ())
    if found:
        raise ElementInUse(path[-1], len(found), f"{found[0].subflow} {found[0].row + 1}")
    return folded(path)


def import_image(outline: Outline, name: str, png: str) -> str:
    """Return the flow's text with one more image.

    Args:
        outline: The flow.
        name: The image's name.
        png: A PNG file in base64.

    Raises:
        ImageRefused: It is no PNG file, or too large.
        ElementNameRefused: The name is none, or taken.
    """
    _require_png(png)
    bench = Workbench(outline)
    _require_free(name, [names[-1] for names, _ in bench.section.pictures() if len(names) == 1])
    image = {
        "Id": str(new_id()),
        "Name": name,
        "Screenshot": png,
        "ScreenshotPath": f"imageRepo-screenshots\\{new_id()}.png",
    }
    return bench.written(with_image(bench.section, image))


def _require_png(png: str) -> None:
    try:
        content = base64.b64decode(png, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageRefused("it is no base64 text") from error
    if not content.startswith(_PNG):
        raise ImageRefused("it is no PNG file. Save it as PNG first")
    if len(content) > LARGEST_IMAGE:
        raise ImageRefused("it is larger than 1 MB. Cut out the part to look for")
