"""What of a run's values may be shown. Source: robin 11, machines-and-runs 6.3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from deskhand.core.log import MASK, SecretMask
from deskhand.robin.rendering import Rendering
from deskhand.robin.values import CustomObject, DataRow, DataTable, Secret, Value

SHOWN_MAX = 200
"""Characters of a value that are shown."""

_ITEMS_MAX = 8


class Masking:
    """Knows the secret values of one run, and shortens the others.

    Args:
        text: How values become text.
    """

    def __init__(self, text: Rendering) -> None:
        self._text = text
        self._mask = SecretMask()

    def guard(self, value: Value) -> None:
        """Show a value, and whatever is in it, nowhere from now on."""
        self._mask.add(self._texts_in(value))

    def mask(self, text: str) -> str:
        """Return a text with every guarded value replaced."""
        return self._mask.mask(text)

    def shown(self, value: Value, *, hidden: bool = False) -> str:
        """Return a value for people to see: short, secrets masked."""
        return MASK if hidden else self.shortened(self.mask(self._short(value)))

    def shortened(self, text: str) -> str:
        """Return the beginning of a long text."""
        return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"

    def _short(self, value: Value) -> str:
        """Return a value's text, of long collections only the beginning."""
        if isinstance(value, DataTable):
            return f"{len(value.rows)} rows of {len(value.columns)} columns"
        if isinstance(value, list | DataRow):
            return f"[{self._listed(map(self._short, value))}]"
        if isinstance(value, CustomObject):
            return f"{{{self._listed(f'{key}: {self._short(item)}' for key, item in value.items())}}}"
        return self._text(value)

    def _listed(self, items: Iterable[str]) -> str:
        shown = list(islice(items, _ITEMS_MAX + 1))
        return ", ".join([*shown[:_ITEMS_MAX], *(["…"] if len(shown) > _ITEMS_MAX else [])])

    def _texts_in(self, value: Value) -> Iterator[str]:
        if isinstance(value, Secret):
            yield value.text
        elif isinstance(value, dict):
            for item in value.values():
                yield from self._texts_in(item)
        elif isinstance(value, list | DataRow | DataTable):
            for item in value:
                yield from self._texts_in(item)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            yield self._text(value)
