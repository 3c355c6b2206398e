"""What the Folder actions do to the file system."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PureWindowsPath

from deskhand.actions import user_folders
from deskhand.actions.folder.choices import IfExists, SpecialFolder
from deskhand.actions.folder.errors import (
    CantCopyFolder,
    CantCreateFolder,
    CantDeleteFolder,
    CantDeleteFoldersContents,
    CantMoveFolder,
    CantRenameFolder,
    DestinationFolderDoesntExist,
    FolderDoesntExist,
)
from deskhand.actions.path_errors import PathError, reported_as
from deskhand.actions.paths import can_be_name, is_empty, is_root, locate
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import Folder


def find_folder(folder: Folder, context: ActionContext, missing: type[PathError] = FolderDoesntExist) -> Path:
    """Return where a folder is that must be there."""
    path = locate(folder, context)
    if not path.is_dir():
        raise missing(path)
    return path


def create(parent: Path, name: str) -> Path:
    """Create a folder, and those between it and its parent; one that is there stays as it is."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if name[:1] in ("/", "\\") or PureWindowsPath(name).drive or not all(map(can_be_name, parts)):
        raise CantCreateFolder(parent, f"{name!r} is not the name of a folder inside it")
    target = parent.joinpath(*parts)
    with reported_as(CantCreateFolder, target):
        target.mkdir(parents=True, exist_ok=True)
    return target


def delete(folder: Folder, context: ActionContext) -> None:
    """Delete a folder with all it holds; of a link only the link."""
    path = find_folder(folder, context)
    _refuse_careless(folder, path, CantDeleteFolder)
    with reported_as(CantDeleteFolder, path):
        _delete_tree(path)


def empty(folder: Folder, context: ActionContext) -> None:
    """Delete all that a folder holds."""
    path = find_folder(folder, context)
    _refuse_careless(folder, path, CantDeleteFoldersContents)
    with reported_as(CantDeleteFoldersContents, path):
        for entry in list(path.iterdir()):
            _delete_tree(entry)


def _refuse_careless(folder: Folder, path: Path, failed: type[PathError]) -> None:
    """Keep an empty variable from costing the working directory, or a short one the machine."""
    if is_empty(folder):
        raise failed(path, "the path is empty")
    if is_root(path):
        raise failed(path, "it is the root of a drive or of the file system")


def _delete_tree(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def destination_of(source: Path, destination: Folder, context: ActionContext) -> Path:
    """Return the path that a folder has once it lies in another."""
    return find_folder(destination, context, DestinationFolderDoesntExist) / source.name


def copy(source: Path, target: Path, if_exists: IfExists) -> None:
    """Copy a folder with all it holds; links are copied as links.

    A new folder appears when it is whole. One that is there gets the files added and those of the same
    names replaced, or is left alone.
    """
    _refuse_inside(source, target, CantCopyFolder)
    if not os.path.lexists(target):
        _copy_new(source, target)
    elif if_exists is IfExists.OVERWRITE:
        with reported_as(CantCopyFolder, source):
            _copy_tree(source, target)


def _copy_new(source: Path, target: Path) -> None:
    draft = target.with_name(f".{secrets.token_hex(8)}.draft")
    try:
        with reported_as(CantCopyFolder, source):
            _copy_tree(source, draft)
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copy_tree(source: Path, target: Path) -> None:
    waiting = [(source, target)]
    while waiting:
        origin, goal = waiting.pop()
        goal.mkdir(exist_ok=True)
        for entry in origin.iterdir():
            copied = goal / entry.name
            if entry.is_symlink():
                copied.unlink(missing_ok=True)
                copied.symlink_to(entry.readlink())
            elif entry.is_dir():
                waiting.append((entry, copied))
            else:
                shutil.copy2(entry, copied)
        shutil.copystat(origin, goal)


def move(source: Path, target: Path) -> None:
    """Move a folder with all it holds, also to another file system."""
    _refuse_inside(source, target, CantMoveFolder)
    if os.path.lexists(target):
        raise CantMoveFolder(source, f"there is already a ‘{target.name}’ in ‘{target.parent}’")
    with reported_as(CantMoveFolder, source):
        shutil.move(source, target)


def _refuse_inside(source: Path, target: Path, failed: type[PathError]) -> None:
    if target.resolve().is_relative_to(source.resolve()):
        raise failed(source, f"‘{target.parent}’ lies inside it, or it is there already")


def rename(source: Path, name: str) -> Path:
    """Give a folder another name."""
    if not can_be_name(name):
        raise CantRenameFolder(source, f"{name!r} cannot be a folder's name")
    target = source.with_name(name)
    if target != source and os.path.lexists(target):
        raise CantRenameFolder(source, f"there is already a ‘{name}’ beside it")
    with reported_as(CantRenameFolder, source):
        source.rename(target)
    return target


def special_folder(which: SpecialFolder) -> Path:
    """Return where a special folder is on this machine."""
    return _SPECIAL[which]()


_SPECIAL: Mapping[SpecialFolder, Callable[[], Path]] = {
    SpecialFolder.PROGRAMS: lambda: user_folders.data() / "applications",
    SpecialFolder.PERSONAL: lambda: user_folders.media("DOCUMENTS", "Documents"),
    SpecialFolder.FAVORITES: lambda: user_folders.data() / "favorites",
    SpecialFolder.STARTUP: lambda: user_folders.configuration() / "autostart",
    SpecialFolder.RECENT: lambda: user_folders.data() / "recent",
    SpecialFolder.SEND_TO: lambda: user_folders.data() / "send-to",
    SpecialFolder.START_MENU: lambda: user_folders.data() / "applications",
    SpecialFolder.MY_MUSIC: lambda: user_folders.media("MUSIC", "Music"),
    SpecialFolder.DESKTOP_DIRECTORY: lambda: user_folders.media("DESKTOP", "Desktop"),
    SpecialFolder.TEMPLATES: lambda: user_folders.media("TEMPLATES", "Templates"),
    SpecialFolder.APPLICATION_DATA: user_folders.configuration,
    SpecialFolder.LOCAL_APPLICATION_DATA: user_folders.data,
    SpecialFolder.INTERNET_CACHE: user_folders.cache,
    SpecialFolder.COOKIES: lambda: user_folders.state() / "cookies",
    SpecialFolder.HISTORY: lambda: user_folders.state() / "history",
    SpecialFolder.COMMON_APPLICATION_DATA: lambda: Path("/var/lib"),
    SpecialFolder.SYSTEM: lambda: Path("/usr/bin"),
    SpecialFolder.PROGRAM_FILES: lambda: Path("/opt"),
    SpecialFolder.MY_PICTURES: lambda: user_folders.media("PICTURES", "Pictures"),
    SpecialFolder.COMMON_PROGRAM_FILES: lambda: Path("/usr/lib"),
}
