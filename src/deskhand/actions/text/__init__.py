"""The Text module: texts, and what can be read from and written into them."""

from deskhand.actions.text.actions import text

__all__ = ["text"]
