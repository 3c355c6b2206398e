"""The designer of desktop flows: UI elements, images, and the clipboard that brings them.

A flow's text goes in and comes out, so that what is done here can be undone like any other change. Source:
experience 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from deskhand.editor.element_copies import Joined, RenamedElement, joined, with_elements
from deskhand.editor.elements import (
    FlowElements,
    flow_elements,
    import_image,
    remove_elements,
    rename_element,
    rename_image,
    set_selectors,
)
from deskhand.editor.outline import outline
from deskhand.editor.repository import ElementPlace, ElementSelector
from deskhand.pages.declare import PageContext, Preparation, endpoint
from deskhand.pages.desktop_designer import FlowOutline, FlowText, flow_outline
from deskhand.pages.errors import BadParameter


@dataclass(frozen=True, slots=True)
class ElementRenaming:
    """A screen, UI element or image to rename.

    Attributes:
        text: The flow's text.
        name: The name that it shall have.
        element: The screen or element; null for an image.
        image: The path of the image; null for an element.
    """

    text: str
    name: str
    element: ElementPlace | None = None
    image: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ElementsToRemove:
    """Screens, UI elements and images to remove.

    Attributes:
        text: The flow's text.
        elements: The screens, which go with their elements, and elements.
        images: The paths of images.
    """

    text: str
    elements: tuple[ElementPlace, ...] = ()
    images: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SelectorsToWrite:
    """The selectors of a screen or UI element.

    Attributes:
        text: The flow's text.
        place: The screen or element.
        selectors: Its selectors, in order.
    """

    text: str
    place: ElementPlace
    selectors: tuple[ElementSelector, ...]


@dataclass(frozen=True, slots=True)
class ImageToImport:
    """An image to import.

    Attributes:
        text: The flow's text.
        name: The image's name.
        png: A PNG file in base64.
    """

    text: str
    name: str
    png: str


@dataclass(frozen=True, slots=True)
class RowsToCopy:
    """Rows for the clipboard.

    Attributes:
        rows: Their text.
        repository: What stands below the rows of their flow.
    """

    rows: str
    repository: str


@dataclass(frozen=True, slots=True)
class TextToPaste:
    """What shall be pasted into a flow.

    Attributes:
        text: The flow's text.
        copied: What was copied, here or in Power Automate for desktop.
    """

    text: str
    copied: str


@dataclass(frozen=True, slots=True)
class PastedText:
    """Copied rows that fit a flow.

    Attributes:
        outline: The rows; below them stands the flow's section with what is new, or nothing where nothing of
            the kind was copied.
        added: How many screens, elements and images are new in the flow.
        reused: How many it had already.
        renamed: What got another name, since the flow has another thing of its name.
    """

    outline: FlowOutline
    added: int
    reused: int
    renamed: tuple[RenamedElement, ...]


def _elements(preparation: Preparation, body: FlowText) -> FlowElements:
    return flow_elements(outline(body.text))


@endpoint("POST", "/robin/elements", writes=False, prepare=_elements)
def robin_elements(context: PageContext, *, body: FlowText, prepared: FlowElements) -> FlowElements:
    """Return the UI elements and images of a flow's text with their uses.

    Args:
        body: The text.
    """
    return prepared


def _renamed(preparation: Preparation, body: ElementRenaming) -> FlowText:
    found = outline(body.text)
    if body.element is not None:
        return FlowText(rename_element(found, body.element, body.name.strip()))
    if body.image is not None:
        return FlowText(rename_image(found, body.image, body.name.strip()))
    raise BadParameter("element", "is missing, and so is image; one of them says what to rename.")


@endpoint("POST", "/robin/elements/rename", writes=False, prepare=_renamed)
def rename_robin_element(context: PageContext, *, body: ElementRenaming, prepared: FlowText) -> FlowText:
    """Return a flow's text with another name for a screen, UI element or image, wherever rows use it.

    Args:
        body: The text and the names.
    """
    return prepared


def _removed(preparation: Preparation, body: ElementsToRemove) -> FlowText:
    return FlowText(remove_elements(outline(body.text), body.elements, body.images))


@endpoint("POST", "/robin/elements/remove", writes=False, prepare=_removed)
def remove_robin_elements(context: PageContext, *, body: ElementsToRemove, prepared: FlowText) -> FlowText:
    """Return a flow's text without some UI elements and images; refused for what rows use.

    Args:
        body: The text, and what shall go.
    """
    return prepared


def _selected(preparation: Preparation, body: SelectorsToWrite) -> FlowText:
    return FlowText(set_selectors(outline(body.text), body.place, body.selectors))


@endpoint("POST", "/robin/elements/selectors", writes=False, prepare=_selected)
def write_robin_selectors(context: PageContext, *, body: SelectorsToWrite, prepared: FlowText) -> FlowText:
    """Return a flow's text with other selectors of a screen or UI element.

    Args:
        body: The text, the element and its selectors.
    """
    return prepared


def _with_image(preparation: Preparation, body: ImageToImport) -> FlowText:
    return FlowText(import_image(outline(body.text), body.name.strip(), body.png))


@endpoint("POST", "/robin/images", writes=False, prepare=_with_image)
def import_robin_image(context: PageContext, *, body: ImageToImport, prepared: FlowText) -> FlowText:
    """Return a flow's text with one more image.

    Args:
        body: The text, and the image.
    """
    return prepared


def _copied(preparation: Preparation, body: RowsToCopy) -> FlowText:
    return FlowText(with_elements(body.rows, body.repository) if body.repository else f"{body.rows}\n")


@endpoint("POST", "/robin/copy", writes=False, prepare=_copied)
def copy_robin_rows(context: PageContext, *, body: RowsToCopy, prepared: FlowText) -> FlowText:
    """Return rows for the clipboard, with the UI elements and images that they use.

    Args:
        body: The rows, and what their flow has.
    """
    return prepared


def _joined(preparation: Preparation, body: TextToPaste) -> PastedText:
    copied = outline(body.copied)
    if copied.script is None:
        return PastedText(flow_outline(copied), 0, 0, ())
    flow = outline(body.text)
    if flow.script is None:
        raise BadParameter("text", "cannot be read; mend it before something is pasted.")
    done: Joined = joined(flow, copied)
    return PastedText(flow_outline(outline(done.text)), done.added, done.reused, done.renamed)


@endpoint("POST", "/robin/paste", writes=False, prepare=_joined)
def paste_robin_text(context: PageContext, *, body: TextToPaste, prepared: PastedText) -> PastedText:
    """Return copied rows as a flow takes them: what it has is reused, what clashes gets another name.

    Args:
        body: The flow's text, and what was copied.
    """
    return prepared
