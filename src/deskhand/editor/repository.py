"""The UI elements and images below a flow's rows: what there is, and changes that leave the rest as it is.

Source: robin 14. The section is JSON; the repositories in it are JSON within its texts.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from deskhand.editor.errors import ElementMissing, RepositoryBroken, SelectorsRefused
from deskhand.editor.json_places import (
    Change,
    Embedded,
    Json,
    JsonFault,
    plain,
    read,
    spliced,
    with_items,
    with_member,
    written,
)
from deskhand.robin.printer import REPOSITORY_LINE

CONTROLS, IMAGES = "appmask", "imgrepo"
"""What repositories are called in flow text, unless a flow says otherwise."""
OPERATORS = {
    "EqualTo": "=",
    "NotEqualTo": "<>",
    "Contains": "*=",
    "StartsWith": "^=",
    "EndsWith": "$=",
    "RegularExpression": "~=",
}
"""How an attribute is compared, and the sign for it in a selector's text."""
_WEB = "domcontainer"
_NO_IMAGES = '{\r\n  "Folders": [],\r\n  "Images": [],\r\n  "Version": 1\r\n}'
_EMPTY_IMAGES = {"Repository": _NO_IMAGES, "ImportMetadata": {}, "Name": IMAGES}
_EMPTY = {
    "ControlRepositorySymbols": [],
    "ImageRepositorySymbol": _EMPTY_IMAGES,
    "ConnectionReferences": [],
}
_UNEQUAL = frozenset({"InstanceId", "ScreenShot", "ScreenshotPath", "Handle", "Id", "Controls", "Name"})
"""What may differ between two captures of the same thing."""


@dataclass(frozen=True, slots=True)
class ElementAttribute:
    """An attribute that a selector compares.

    Attributes:
        name: Its name.
        operator: How it is compared: EqualTo, Contains …
        value: With what.
        enabled: Whether it is compared at all.
    """

    name: str
    operator: str
    value: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class SelectorPart:
    """One level of a selector; the outermost comes first.

    Attributes:
        name: Its name for people.
        tag: What kind of element it is.
        enabled: Whether it counts.
        attributes: Its attributes.
    """

    name: str
    tag: str
    enabled: bool
    attributes: tuple[ElementAttribute, ...]


@dataclass(frozen=True, slots=True)
class ElementSelector:
    """One way to find an element; the first that finds it counts.

    Attributes:
        name: Its name.
        enabled: Whether it is tried.
        custom: Whether its text counts, and not its parts.
        text: Its text; of one with parts what they come to.
        parts: Its parts.
        source: Which selector it was, from 0; null for a new one.
    """

    name: str
    enabled: bool
    custom: bool
    text: str
    parts: tuple[SelectorPart, ...]
    source: int | None


@dataclass(frozen=True, slots=True)
class ElementPlace:
    """Which screen or element is meant.

    Attributes:
        repository: What its repository is called in the flow.
        screen: The screen's name.
        element: The element's name; null for the screen itself.
    """

    repository: str
    screen: str
    element: str | None = None


class Repository:
    """One repository of a section: its JSON, and what it is called."""

    def __init__(self, section: str, symbol: Json, alias: str) -> None:
        """Read it.

        Args:
            section: The section's text.
            symbol: The object that holds it.
            alias: Its name where the object has none.

        Raises:
            RepositoryBroken: It is not as Power Automate for desktop writes it.
        """
        place = symbol.get("Repository")
        self.alias = symbol.text("Name") or alias
        if place is None:
            raise RepositoryBroken(f"‘{self.alias}’ has no Repository")
        try:
            self._embedded = Embedded(section, place)
        except JsonFault as error:
            raise RepositoryBroken(f"in ‘{self.alias}’ {error}") from error
        self.text, self.root = self._embedded.text, self._embedded.root

    def each(self, name: str) -> tuple[Json, ...]:
        """Return the screens or images."""
        return self.root.each(name)

    def outside(self, changes: Sequence[Change]) -> list[Change]:
        """Return changes of its text as changes of the section."""
        return self._embedded.outside(changes)

    def items(self, holder: Json, name: str, items: Sequence[str]) -> list[Change]:
        """Return what gives a member that is a list other items."""
        found = holder.get(name)
        if found is None or found.items is None:
            return with_member(self.text, holder, name, [plain(one, read(one)) for one in items])
        return [with_items(self.text, found, items)]

    def slice(self, found: Json, changes: Sequence[Change] = ()) -> str:
        """Return a value's text, with changes of what is in it."""
        start = found.start
        return spliced(
            self.text[start : found.end], [(one - start, two - start, new) for one, two, new in changes]
        )

    def chosen(self, holder: Json, name: str, text_of: Callable[[Json], str | None]) -> list[Change]:
        """Return what leaves some items of a list out and rewrites others.

        Args:
            holder: The object with the list.
            name: Its member.
            text_of: The new text of an item; None for one that is left out.
        """
        found = holder.get(name)
        texts = [(one, text_of(one)) for one in holder.each(name)]
        if found is None or all(text == self.slice(one) for one, text in texts):
            return []
        kept = [text for _, text in texts if text is not None]
        if len(kept) == len(texts):
            return [(one.start, one.end, text) for one, text in texts if text is not None]
        return [with_items(self.text, found, kept)]

    def plain(self, found: Json) -> Any:
        """Return a value as Python has it."""
        return plain(self.text, found)


class Section:
    """What stands below a flow's rows, from its own line on."""

    def __init__(self, text: str) -> None:
        """Read it.

        Args:
            text: The section, with the line that it begins with.

        Raises:
            RepositoryBroken: It is not as Power Automate for desktop writes it.
        """
        self.text = text
        begin = text.find("\n") + 1
        try:
            self.root = read(text, begin) if text[begin:].strip() else Json(0, 0, members={})
        except JsonFault as error:
            raise RepositoryBroken(str(error)) from error
        if self.root.members is None:
            raise RepositoryBroken("it is no object")
        self.controls = tuple(
            Repository(text, one, CONTROLS) for one in self.root.each("ControlRepositorySymbols")
        )
        symbol = self.root.get("ImageRepositorySymbol")
        self.images = (
            Repository(text, symbol, IMAGES) if symbol is not None and symbol.members is not None else None
        )

    def changed(self, changes: Sequence[Change]) -> str:
        """Return the section's text with changes."""
        return spliced(self.text, changes)

    def repository(self, alias: str) -> Repository | None:
        """Return the repository of UI elements of a name."""
        return next((one for one in self.controls if one.alias.casefold() == alias.casefold()), None)

    def screens(self) -> Iterator[tuple[Repository, Json]]:
        """Yield every screen with its repository."""
        for repository in self.controls:
            for screen in repository.each("Screens"):
                yield repository, screen

    def pictures(self) -> Iterator[tuple[tuple[str, ...], Json]]:
        """Yield every image with its path: the folder, if it stands in one, and its name."""
        if self.images is not None:
            yield from _pictures(self.images.root, ())


def empty_section() -> str:
    """Return a section that holds nothing yet."""
    return f"{REPOSITORY_LINE}\n\n{json.dumps(_EMPTY, indent=2)}"


def section_of_files(
    controls: Sequence[bytes], images: bytes | None, pictures: Mapping[str, bytes]
) -> str | None:
    """Return the section for the files of a solution; None if they hold nothing, or are not readable.

    Args:
        controls: The files of UI elements.
        images: The file of images.
        pictures: The pictures that stand in files of their own, by file name in lower case.
    """
    try:
        screens = [one for one in map(_file_text, controls) if read(one).each("Screens")]
        shown = _with_pictures(images, pictures)
    except (JsonFault, UnicodeDecodeError):
        return None
    if not screens and shown is None:
        return None
    symbols = [
        {
            "IgnoreImagesOnSerialization": False,
            "Repository": one,
            "ImportMetadata": {
                "DisplayName": "Computer",
                "ConnectionString": "",
                "Type": "Local",
                "DesktopType": "local",
            },
            "Name": CONTROLS if index == 0 else f"{CONTROLS}{index + 1}",
        }
        for index, one in enumerate(screens)
    ]
    image_symbol = {**_EMPTY_IMAGES, "Repository": shown or _NO_IMAGES}
    whole = {**_EMPTY, "ControlRepositorySymbols": symbols, "ImageRepositorySymbol": image_symbol}
    return f"{REPOSITORY_LINE}\n\n{json.dumps(whole, indent=2, ensure_ascii=False)}"


def _file_text(content: bytes) -> str:
    return content.decode("utf-8-sig")


def _with_pictures(content: bytes | None, pictures: Mapping[str, bytes]) -> str | None:
    """Return a repository of images with the pictures that its records name; None without any image."""
    text = "" if content is None else _file_text(content)
    found = list(_pictures(read(text), ())) if text.strip() else []
    changes: list[Change] = []
    for _, image in found:
        name = image.text("ScreenshotPath").replace("\\", "/").rpartition("/")[2].casefold()
        if not image.text("Screenshot") and name in pictures:
            png = base64.b64encode(pictures[name]).decode("ascii")
            changes += with_member(text, image, "Screenshot", png)
    return spliced(text, changes) if found else None


def _pictures(holder: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    for one in holder.each("Images"):
        yield (*path, one.text("Name")), one
    for folder in holder.each("Folders"):
        yield from _pictures(folder, (*path, folder.text("Name")))


def named(found: Sequence[Json], name: str) -> Json | None:
    """Return the one of a name, in any case of its letters."""
    return next((one for one in found if one.text("Name").casefold() == name.casefold()), None)


def holder_of(section: Section, place: ElementPlace) -> tuple[Repository, Json]:
    """Return the object that a place means, with its repository.

    Raises:
        ElementMissing: There is none.
    """
    repository = section.repository(place.repository)
    found = None if repository is None else named(repository.each("Screens"), place.screen)
    if found is not None and place.element is not None:
        found = named(found.each("Controls"), place.element)
    if repository is None or found is None:
        raise ElementMissing(place.element or place.screen)
    return repository, found


def is_web(screen: Json) -> bool:
    """Tell whether a screen is a web page, and not a window."""
    return screen.text("Tag").casefold() == _WEB


def same(one: Any, other: Any) -> bool:
    """Tell whether two screens, elements or images are found in the same way, whatever they are called."""
    return bool(_comparable(one) == _comparable(other))


def _comparable(value: Any) -> Any:
    return {name: member for name, member in value.items() if name not in _UNEQUAL}


# What is kept of a section

Keep: TypeAlias = Callable[[tuple[str, ...]], bool]
"""Whether something stays, by its path: the repository's name, and the names that lead to it."""


def chosen_of(section: Section, keep: Keep) -> list[Change]:
    """Return what leaves screens, elements and images out of a section; a screen goes with its elements."""
    changes: list[Change] = []
    for repository in section.controls:
        changes += repository.outside(
            repository.chosen(repository.root, "Screens", _screen_chooser(repository, keep))
        )
    if section.images is not None:
        alias, repository = (section.images.alias,), section.images
        changes += repository.outside(_image_changes(repository, repository.root, alias, keep))
    return changes


def _screen_chooser(repository: Repository, keep: Keep) -> Callable[[Json], str | None]:
    def text_of(screen: Json) -> str | None:
        path = repository.alias, screen.text("Name")
        if not keep(path):
            return None
        changes = repository.chosen(
            screen,
            "Controls",
            lambda one: repository.slice(one) if keep((*path, one.text("Name"))) else None,
        )
        return repository.slice(screen, changes)

    return text_of


def _image_changes(repository: Repository, holder: Json, path: tuple[str, ...], keep: Keep) -> list[Change]:
    def folder_text(folder: Json) -> str:
        inner = _image_changes(repository, folder, (*path, folder.text("Name")), keep)
        return repository.slice(folder, inner)

    return [
        *repository.chosen(
            holder, "Images", lambda one: repository.slice(one) if keep((*path, one.text("Name"))) else None
        ),
        *repository.chosen(holder, "Folders", folder_text),
    ]


def with_image(section: Section, image: Mapping[str, Any]) -> str:
    """Return a section with one more image."""
    images = section.images
    if images is None:
        symbol = {**_EMPTY_IMAGES, "Repository": json.dumps({"Folders": [], "Images": [image], "Version": 1})}
        return section.changed(with_member(section.text, section.root, "ImageRepositorySymbol", symbol))
    return section.changed(images.outside(added(images, images.root, "Images", [image])))


def added(repository: Repository, holder: Json, name: str, values: Sequence[Any]) -> list[Change]:
    """Return what puts new values at the end of a list of an object."""
    found = holder.get(name)
    if found is None or found.items is None:
        return with_member(repository.text, holder, name, list(values))
    texts = [repository.slice(one) for one in found.items]
    texts += [written(repository.text, found.start, one) for one in values]
    return [with_items(repository.text, found, texts)]


# Selectors


def selectors_of(holder: Json) -> tuple[ElementSelector, ...]:
    """Return how a screen or element is found."""
    return tuple(_selector(one, index) for index, one in enumerate(holder.each("Selectors")))


def _selector(found: Json, index: int) -> ElementSelector:
    parts = tuple(_part(one) for one in found.each("Elements"))
    custom = found.flag("IsCustom")
    return ElementSelector(
        name=found.text("Name"),
        enabled=not found.flag("Ignore"),
        custom=custom,
        text=found.text("CustomSelector") if custom else selector_text(parts),
        parts=parts,
        source=index,
    )


def _part(found: Json) -> SelectorPart:
    return SelectorPart(
        found.text("Name"),
        found.text("Tag"),
        not found.flag("Ignore"),
        tuple(
            ElementAttribute(
                one.text("Name"),
                one.text("Operation") or "EqualTo",
                _shown(one.get("Value")),
                not one.flag("Ignore"),
            )
            for one in found.each("Attributes")
        ),
    )


def _shown(found: Json | None) -> str:
    value = None if found is None else found.value
    return "" if value is None else str(value)


def selector_text(parts: Sequence[SelectorPart]) -> str:
    """Return the text of a selector that has parts. Source: robin 14.3."""
    return " > ".join(f"{one.tag}{''.join(_attribute_texts(one))}" for one in parts if one.enabled)


def _attribute_texts(part: SelectorPart) -> Iterator[str]:
    for one in part.attributes:
        if one.enabled and one.name.casefold() == "ordinal":
            yield f":eq({one.value})"
        elif one.enabled:
            value = one.value.replace("\\", "\\\\").replace('"', '\\"')
            yield f'[{one.name}{OPERATORS.get(one.operator, "=")}"{value}"]'


def write_selectors(section: Section, place: ElementPlace, selectors: Sequence[ElementSelector]) -> str:
    """Return a section with other selectors of a screen or element; what stays the same keeps its bytes.

    Raises:
        ElementMissing: There is no such element.
        SelectorsRefused: There would be none, or one would be empty.
    """
    repository, holder = holder_of(section, place)
    former = holder.each("Selectors")
    if not selectors:
        raise SelectorsRefused("an element needs one selector at least")
    texts = [_selector_written(repository, former, one, index) for index, one in enumerate(selectors)]
    if texts == [repository.slice(one) for one in former]:
        return section.text
    changes = repository.items(holder, "Selectors", texts)
    if holder.get("SelectorCount") is not None:
        changes += with_member(repository.text, holder, "SelectorCount", len(texts))
    return section.changed(repository.outside(changes))


def _selector_written(
    repository: Repository, former: Sequence[Json], selector: ElementSelector, index: int
) -> str:
    if selector.custom and not selector.text.strip():
        raise SelectorsRefused(f"‘{selector.name}’ has no text")
    if selector.source is None:
        return _new_selector(repository, former, selector, index)
    if not 0 <= selector.source < len(former):
        raise SelectorsRefused(f"there is no selector {selector.source + 1} to begin with")
    found = former[selector.source]
    text = repository.text
    changes = [
        *with_member(text, found, "Name", selector.name),
        *with_member(text, found, "Ignore", not selector.enabled),
        *with_member(text, found, "IsCustom", selector.custom),
        *(with_member(text, found, "CustomSelector", selector.text) if selector.custom else ()),
        *(with_member(text, found, "Order", index) if found.get("Order") is not None else ()),
        *(() if selector.custom else _part_changes(text, found, selector)),
    ]
    return repository.slice(found, changes)


def _part_changes(text: str, found: Json, selector: ElementSelector) -> Iterator[Change]:
    elements = found.each("Elements")
    if [len(one.each("Attributes")) for one in elements] != [len(one.attributes) for one in selector.parts]:
        raise SelectorsRefused(f"‘{selector.name}’ has other parts than before")
    for element, part in zip(elements, selector.parts, strict=True):
        yield from with_member(text, element, "Ignore", not part.enabled)
        for attribute, given in zip(element.each("Attributes"), part.attributes, strict=True):
            yield from with_member(text, attribute, "Ignore", not given.enabled)
            if given.operator != (attribute.text("Operation") or "EqualTo"):
                yield from with_member(text, attribute, "Operation", given.operator)
            if given.value != _shown(attribute.get("Value")):
                yield from with_member(text, attribute, "Value", _typed(attribute.get("Value"), given.value))


def _typed(former: Json | None, text: str) -> Any:
    """Return a value of the kind that stood there, where the text is one."""
    kept = None if former is None else former.value
    if isinstance(kept, bool) and text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if isinstance(kept, int) and not isinstance(kept, bool) and re.fullmatch(r"-?\d{1,9}", text):
        return int(text)
    return text


def _new_selector(
    repository: Repository, former: Sequence[Json], selector: ElementSelector, index: int
) -> str:
    if not selector.custom:
        raise SelectorsRefused(f"‘{selector.name}’ is new, so it needs a text")
    value: Mapping[str, Any] = {
        "CustomSelector": selector.text,
        "Elements": [],
        "Ignore": not selector.enabled,
        "ImageSelector": None,
        "IsCustom": True,
        "IsImageBased": False,
        "IsWindowsInstance": False,
        "Order": index,
        "Name": selector.name,
        "Properties": [],
    }
    place = former[0].start if former else 0
    return written(repository.text, place, value, 0)
