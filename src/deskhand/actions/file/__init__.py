"""The File module: read, write, copy, move, rename and delete files."""

from deskhand.actions.file.actions import file

__all__ = ["file"]
