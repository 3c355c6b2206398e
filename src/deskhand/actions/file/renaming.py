"""New names for files: the rules of *Rename file(s)*."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from deskhand.actions.file.choices import AddTextPosition, DateTimeToAdd, IfExists, Separator
from deskhand.actions.file.errors import CantRenameFile
from deskhand.actions.path_errors import reported_as
from deskhand.actions.paths import can_be_name
from deskhand.dotnet.cultures import culture_named
from deskhand.dotnet.dates import format_date
from deskhand.dotnet.errors import BadFormat
from deskhand.robin.catalog import ActionContext
from deskhand.robin.errors import FileUnavailable
from deskhand.robin.properties import get_property
from deskhand.robin.values import File

Rule = Callable[[Path], str]
"""Gives one file its new name, called once a file in their order."""

_SEPARATORS: Mapping[Separator, str] = {
    Separator.NOTHING: "",
    Separator.SPACE: " ",
    Separator.DASH: "-",
    Separator.PERIOD: ".",
    Separator.UNDERSCORE: "_",
}


def rename_all(files: Sequence[Path], rule: Rule, if_exists: IfExists) -> list[File]:
    """Rename files one after the other and return them under their new names.

    A file whose new name is taken is left alone, and left out, unless it should be overwritten.
    """
    renamed = []
    for path in files:
        if path.is_dir():
            raise CantRenameFile(path, "it is a folder")
        target = path.with_name(_checked(path, rule(path)))
        if target != path and os.path.lexists(target) and if_exists is IfExists.DO_NOTHING:
            continue
        if target.is_dir():
            raise CantRenameFile(path, f"there is a folder ‘{target.name}’")
        with reported_as(CantRenameFile, path):
            path.rename(target)
        renamed.append(File(target))
    return renamed


def _checked(path: Path, name: str) -> str:
    if not can_be_name(name):
        raise CantRenameFile(path, f"{name!r} cannot be a file's name")
    return name


def with_text(text: str, position: AddTextPosition, separator: str = "") -> Rule:
    """Return the rule that adds a text before the name, or between it and its extension."""
    return lambda path: _joined(path.stem, path.suffix, text, position, separator)


def _joined(stem: str, extension: str, added: str, position: AddTextPosition, separator: str) -> str:
    if position is AddTextPosition.BEFORE_NAME:
        return f"{added}{separator}{stem}{extension}"
    return f"{stem}{separator}{added}{extension}"


def whole_name(name: str, keep_extension: bool) -> Rule:
    """Return the rule that gives every file the same name."""
    return lambda path: name + path.suffix if keep_extension else name


def replacing(text: str, replacement: str = "") -> Rule:
    """Return the rule that replaces a text in the name before the extension."""
    return lambda path: (path.stem.replace(text, replacement) if text else path.stem) + path.suffix


def with_extension(extension: str) -> Rule:
    """Return the rule that gives every file another extension, written with or without its dot."""
    ending = f".{extension.removeprefix('.')}" if extension.strip(".") else ""
    return lambda path: path.stem + ending


def with_moment(
    moment_of: Callable[[Path], datetime],
    separator: Separator,
    date_format: str,
    position: AddTextPosition,
    context: ActionContext,
) -> Rule:
    """Return the rule that adds a date or time, printed by a .NET format in the run's culture."""
    culture = culture_named(context.culture)

    def rule(path: Path) -> str:
        try:
            text = format_date(moment_of(path), date_format, culture)
        except BadFormat as problem:
            raise CantRenameFile(path, problem.message) from problem
        return _joined(path.stem, path.suffix, text, position, _SEPARATORS[separator])

    return rule


def moment_of(kind: DateTimeToAdd, context: ActionContext) -> Callable[[Path], datetime]:
    """Return where a file's moment comes from; the present one is the same for all of them."""
    if kind is DateTimeToAdd.CURRENT:
        now = context.now().replace(tzinfo=None)
        return lambda path: now
    return lambda path: _property(path, kind.value)


def _property(path: Path, name: str) -> datetime:
    try:
        moment = get_property(File(path), name)
    except FileUnavailable as problem:
        raise CantRenameFile(path, problem.message) from problem
    assert isinstance(moment, datetime)
    return moment


def numbered(
    new_name: str | None,
    position: AddTextPosition,
    numbers: Iterator[str],
    separator: Separator,
) -> Rule:
    """Return the rule that numbers files, under their own name or under a new one."""

    def rule(path: Path) -> str:
        stem = path.stem if new_name is None else new_name
        return _joined(stem, path.suffix, next(numbers), position, _SEPARATORS[separator])

    return rule


def sequence(start: int, step: int, digits: int) -> Iterator[str]:
    """Yield numbers as text, filled up with zeros to a number of digits."""
    while True:
        sign = "-" if start < 0 else ""
        yield sign + str(abs(start)).zfill(digits)
        start += step
