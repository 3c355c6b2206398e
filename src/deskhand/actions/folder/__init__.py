"""The Folder module: create, list, copy, move, rename, empty and delete folders."""

from deskhand.actions.folder.actions import folder

__all__ = ["folder"]
