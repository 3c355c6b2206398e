"""The File module and the choices that its actions offer."""

from __future__ import annotations

from enum import StrEnum

from deskhand.actions.declare import Module

file = Module("File", "File")


@file.enum("File.IfExists")
class IfExists(StrEnum):
    """What to do where a file of that name is already there."""

    DO_NOTHING = "DoNothing"
    OVERWRITE = "Overwrite"


@file.enum("File.IfFileExists")
class IfFileExists(StrEnum):
    """How to write to a file that is already there."""

    OVERWRITE = "Overwrite"
    APPEND = "Append"


@file.enum("File.TextFileEncoding")
class TextFileEncoding(StrEnum):
    """How a text file's bytes become letters."""

    DEFAULT_ENCODING = "DefaultEncoding"
    UTF8 = "UTF8"
    UNICODE = "Unicode"
    BIG_ENDIAN_UNICODE = "BigEndianUnicode"
    ANSI = "ANSI"


@file.enum("File.FileEncoding")
class FileEncoding(StrEnum):
    """How letters become a text file's bytes."""

    DEFAULT_ENCODING = "DefaultEncoding"
    UTF8 = "UTF8"
    UNICODE = "Unicode"
    BIG_ENDIAN_UNICODE = "BigEndianUnicode"
    UTF8_NO_BOM = "UTF8NoBOM"
    UNICODE_NO_BOM = "UnicodeNoBOM"
    ANSI = "ANSI"


@file.enum("File.CSVEncoding")
class CSVEncoding(StrEnum):
    """How letters stand in a CSV file."""

    SYSTEM_DEFAULT = "SystemDefault"
    UTF8 = "UTF8"
    UNICODE = "Unicode"
    BIG_ENDIAN_UNICODE = "BigEndianUnicode"
    UTF8_NO_BOM = "UTF8NoBOM"
    UNICODE_NO_BOM = "UnicodeNoBOM"
    ASCII = "ASCII"


@file.enum("File.CSVColumnsSeparator")
class CSVColumnsSeparator(StrEnum):
    """What stands between the columns of a CSV file."""

    SYSTEM_DEFAULT = "SystemDefault"
    COMMA = "Comma"
    SEMICOLON = "Semicolon"
    TAB = "Tab"


@file.enum("File.AddTextPosition")
class AddTextPosition(StrEnum):
    """Where something is added to a file's name."""

    AFTER_NAME = "AfterName"
    BEFORE_NAME = "BeforeName"


@file.enum("File.DateTimeToAdd")
class DateTimeToAdd(StrEnum):
    """Which moment is added to a file's name."""

    CURRENT = "Current"
    CREATION_TIME = "CreationTime"
    LAST_ACCESSED = "LastAccessed"
    LAST_MODIFIED = "LastModified"


@file.enum("File.Separator")
class Separator(StrEnum):
    """What stands between a file's name and what is added to it."""

    NOTHING = "Nothing"
    SPACE = "Space"
    DASH = "Dash"
    PERIOD = "Period"
    UNDERSCORE = "Underscore"
