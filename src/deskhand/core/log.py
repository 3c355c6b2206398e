"""Logging: one line per event, with secrets masked before they reach any handler."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from threading import Lock

MASK = "********"
"""What stands in place of a secret, wherever one would otherwise be shown."""


class SecretMask(logging.Filter):
    """Replaces registered secret values in every record that passes.

    Values shorter than four characters are not registered: masking them would blank ordinary text
    and give their length away.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._secrets: tuple[str, ...] = ()

    def add(self, values: Iterable[str]) -> None:
        """Mask these values from now on."""
        with self._lock:
            known = {*self._secrets, *(value for value in values if len(value) >= 4)}
            self._secrets = tuple(sorted(known, key=len, reverse=True))

    def mask(self, text: str) -> str:
        """Return the text with every registered secret replaced."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask one record's message in place; never drops it."""
        if self._secrets:
            record.msg, record.args = self.mask(record.getMessage()), ()
        return True


def configure(level: str = "INFO") -> SecretMask:
    """Send the process's log to standard error and return the mask that guards it."""
    mask = SecretMask()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s  %(message)s"))
    handler.addFilter(mask)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    return mask
