"""The File actions. Source: actions.yaml, group File."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from deskhand.actions.declare import OneOrMany
from deskhand.actions.file import delimited, driver, renaming
from deskhand.actions.file.choices import (
    AddTextPosition,
    CSVColumnsSeparator,
    CSVEncoding,
    DateTimeToAdd,
    FileEncoding,
    IfExists,
    IfFileExists,
    Separator,
    TextFileEncoding,
    file,
)
from deskhand.actions.file.errors import (
    CantConvertBase64ToFile,
    CantConvertBinaryDataToFile,
    CantConvertFileToBase64,
    CantConvertFileToBinaryData,
    CantCopyFile,
    CantDeleteFile,
    CantMoveFile,
    CantRenameFile,
    DestinationFolderDoesntExist,
    DirectoryNotFound,
    FailedToCreateTemporaryFile,
    FailedToReadFromFile,
    FailedToWriteTextToFile,
    FileNotFound,
    FilePathContainsInvalidCharacters,
    FilePathDoesntExist,
    InvalidDirectoryForFile,
    ReadFromCSVFailed,
    SourceFolderDoesntExist,
    WriteFailed,
)
from deskhand.actions.file.written import as_csv
from deskhand.actions.paths import CREATION_DIFFERS, DIFFERS, can_be_path, is_windows_path, locate
from deskhand.dotnet.cultures import culture_named
from deskhand.robin.catalog import ActionContext, ActionKind
from deskhand.robin.rendering import LINE_END, rendering
from deskhand.robin.values import DataTable, File, Folder

__all__ = ["file"]

_ENCODINGS_DIFFER = (
    f"{DIFFERS}\nThe system's default encoding is UTF-8 without a byte order mark; ANSI is Windows-1252."
)
_RENAME_ERRORS = (DirectoryNotFound, FileNotFound, CantRenameFile)
_SEPARATORS = {
    CSVColumnsSeparator.COMMA: ",",
    CSVColumnsSeparator.SEMICOLON: ";",
    CSVColumnsSeparator.TAB: "\t",
}


@file.action(
    "IfFile",
    variant="Exists",
    kind=ActionKind.CONDITION,
    label="If file exists",
    summary="If {File} exists",
    labels={"file": "File path"},
    differs=DIFFERS,
)
def if_file_exists(file: File, context: ActionContext) -> bool:
    """Hold if a file is there.

    Args:
        file: The file to look for; a folder of that name does not count.
    """
    return locate(file, context).is_file()


@file.action(
    "IfFile",
    variant="DoesNotExist",
    kind=ActionKind.CONDITION,
    label="If file exists",
    summary="If {File} does not exist",
    labels={"file": "File path"},
    differs=DIFFERS,
)
def if_file_does_not_exist(file: File, context: ActionContext) -> bool:
    """Hold if a file is not there.

    Args:
        file: The file to look for; a folder of that name does not count.
    """
    return not locate(file, context).is_file()


@file.action(
    "WaitForFile",
    variant="Created",
    kind=ActionKind.WAIT,
    label="Wait for file",
    summary="Wait until {File} is created",
    labels={"file": "File path"},
    differs=DIFFERS,
)
def wait_for_file_created(file: File, context: ActionContext) -> bool:
    """Pause the flow until a file is there.

    Args:
        file: The file to wait for.
    """
    return locate(file, context).is_file()


@file.action(
    "WaitForFile",
    variant="Deleted",
    kind=ActionKind.WAIT,
    label="Wait for file",
    summary="Wait until {File} is deleted",
    labels={"file": "File path"},
    differs=DIFFERS,
)
def wait_for_file_deleted(file: File, context: ActionContext) -> bool:
    """Pause the flow until a file is gone.

    Args:
        file: The file to wait for.
    """
    return not locate(file, context).is_file()


@file.action(
    "Copy",
    label="Copy file(s)",
    summary="Copy {Files} into {Destination}",
    outputs=("CopiedFiles",),
    errors=(SourceFolderDoesntExist, DestinationFolderDoesntExist, FileNotFound, CantCopyFile),
    labels={
        "files": "File(s) to copy",
        "destination": "Destination folder",
        "if_file_exists": "If file exists",
    },
    differs=DIFFERS,
)
def copy(
    files: OneOrMany[File],
    destination: Folder,
    context: ActionContext,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Copy files into a folder.

    Every file is looked for before the first is copied, and a copy appears under its name only when it is
    whole.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        destination: The folder to copy into; it must be there.
        if_file_exists: What to do where the folder holds a file of that name.

    Returns:
        The copies, without those that were left alone.
    """
    sources = driver.find_files(files, context, SourceFolderDoesntExist)
    folder = driver.destination_folder(destination, context)
    return driver.place_all(sources, folder, if_file_exists, driver.copy_file, CantCopyFile)


@file.action(
    "Move",
    label="Move file(s)",
    summary="Move {Files} into {Destination}",
    outputs=("MovedFiles",),
    errors=(SourceFolderDoesntExist, DestinationFolderDoesntExist, FileNotFound, CantMoveFile),
    labels={
        "files": "File(s) to move",
        "destination": "Destination folder",
        "if_file_exists": "If file exists",
    },
    differs=DIFFERS,
)
def move(
    files: OneOrMany[File],
    destination: Folder,
    context: ActionContext,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Move files into a folder.

    Every file is looked for before the first is moved.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        destination: The folder to move into; it must be there.
        if_file_exists: What to do where the folder holds a file of that name.

    Returns:
        The files at their new place, without those that were left alone.
    """
    sources = driver.find_files(files, context, SourceFolderDoesntExist)
    folder = driver.destination_folder(destination, context)
    return driver.place_all(sources, folder, if_file_exists, driver.move_file, CantMoveFile)


@file.action(
    "Delete",
    label="Delete file(s)",
    summary="Delete {Files}",
    errors=(FilePathDoesntExist, FileNotFound, CantDeleteFile),
    labels={"files": "File(s) to delete"},
    differs=DIFFERS,
)
def delete(files: OneOrMany[File], context: ActionContext) -> None:
    """Delete files for good.

    Every file is looked for before the first is deleted. Of a link only the link is deleted.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
    """
    for path in driver.find_files(files, context, FilePathDoesntExist):
        driver.delete(path)


@file.action(
    "RenameFiles",
    variant="Rename",
    label="Rename file(s)",
    summary="Rename {Files} to {NewName}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={"files": "File to rename", "new_name": "New file name", "if_file_exists": "If file exists"},
    differs=DIFFERS,
)
def rename(
    files: OneOrMany[File],
    new_name: str,
    context: ActionContext,
    keep_extension: bool = True,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Give files another name.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        new_name: The new name, without a folder.
        keep_extension: Whether the old extension is put after the new name.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    rule = renaming.whole_name(new_name, keep_extension)
    return _rename(files, rule, if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameAddText",
    label="Rename file(s)",
    summary="Add {TextToAdd} to the names of {Files}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={"files": "File to rename", "text_position": "Add text", "if_file_exists": "If file exists"},
    differs=DIFFERS,
)
def rename_add_text(
    files: OneOrMany[File],
    context: ActionContext,
    text_to_add: str = "",
    text_position: AddTextPosition = AddTextPosition.AFTER_NAME,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Add a text to files' names.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        text_to_add: The text to add.
        text_position: Whether it stands before the name, or between the name and its extension.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    rule = renaming.with_text(text_to_add, text_position)
    return _rename(files, rule, if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameRemoveText",
    label="Rename file(s)",
    summary="Remove {TextToRemove} from the names of {Files}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={"files": "File to rename", "if_file_exists": "If file exists"},
    differs=DIFFERS,
)
def rename_remove_text(
    files: OneOrMany[File],
    context: ActionContext,
    text_to_remove: str = "",
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Remove a text from files' names, wherever it stands before the extension.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        text_to_remove: The text to remove; letter case counts.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    return _rename(files, renaming.replacing(text_to_remove), if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameReplaceText",
    label="Rename file(s)",
    summary="Replace {TextToReplace} with {ReplaceWith} in the names of {Files}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={"files": "File to rename", "if_file_exists": "If file exists"},
    differs=DIFFERS,
)
def rename_replace_text(
    files: OneOrMany[File],
    text_to_replace: str,
    context: ActionContext,
    replace_with: str = "",
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Replace a text in files' names, wherever it stands before the extension.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        text_to_replace: The text to replace; letter case counts.
        replace_with: What stands there instead.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    rule = renaming.replacing(text_to_replace, replace_with)
    return _rename(files, rule, if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameChangeExtension",
    label="Rename file(s)",
    summary="Change the extension of {Files} to {NewExtension}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={"files": "File to rename", "if_file_exists": "If file exists"},
    differs=DIFFERS,
)
def rename_change_extension(
    files: OneOrMany[File],
    context: ActionContext,
    new_extension: str = "",
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Give files another extension.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        new_extension: The extension with or without its dot; empty removes it.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    return _rename(files, renaming.with_extension(new_extension), if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameAddDateOrTime",
    label="Rename file(s)",
    summary="Add {DateTimeToAdd} to the names of {Files}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={
        "files": "File to rename",
        "date_time_to_add": "Datetime to add",
        "date_time_separator": "Separator",
        "date_time_format": "Datetime format",
        "if_file_exists": "If file exists",
    },
    differs=f"{DIFFERS}\n{CREATION_DIFFERS}",
)
def rename_add_date_or_time(
    files: OneOrMany[File],
    context: ActionContext,
    date_time_to_add: DateTimeToAdd = DateTimeToAdd.CURRENT,
    date_time_separator: Separator = Separator.SPACE,
    date_time_format: str = "yyyyMMdd",
    date_time_position: AddTextPosition = AddTextPosition.AFTER_NAME,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Add the present moment, or one that the file system keeps of a file, to files' names.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        date_time_to_add: Which moment.
        date_time_separator: What stands between the name and the moment.
        date_time_format: A .NET format for dates.
        date_time_position: Whether it stands before the name, or between the name and its extension.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    moment_of = renaming.moment_of(date_time_to_add, context)
    rule = renaming.with_moment(moment_of, date_time_separator, date_time_format, date_time_position, context)
    return _rename(files, rule, if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameAddCustomDateTime",
    label="Rename file(s)",
    summary="Add {CustomDateTime} to the names of {Files}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={
        "files": "File to rename",
        "custom_date_time": "Use custom datetime",
        "date_time_separator": "Separator",
        "date_time_format": "Datetime format",
        "if_file_exists": "If file exists",
    },
    differs=DIFFERS,
)
def rename_add_custom_date_time(
    files: OneOrMany[File],
    custom_date_time: datetime,
    context: ActionContext,
    date_time_separator: Separator = Separator.SPACE,
    date_time_format: str = "yyyyMMdd",
    date_time_position: AddTextPosition = AddTextPosition.AFTER_NAME,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Add a given moment to files' names.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        custom_date_time: The moment.
        date_time_separator: What stands between the name and the moment.
        date_time_format: A .NET format for dates.
        date_time_position: Whether it stands before the name, or between the name and its extension.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    rule = renaming.with_moment(
        lambda path: custom_date_time, date_time_separator, date_time_format, date_time_position, context
    )
    return _rename(files, rule, if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="RenameAddSequentialSuffix",
    label="Rename file(s)",
    summary="Number {Files} from {StartNumberingAt}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={"files": "File to rename", "sequence_separator": "Separator", "if_file_exists": "If file exists"},
    differs=DIFFERS,
)
def rename_add_sequential_suffix(
    files: OneOrMany[File],
    start_numbering_at: int,
    increment_by: int,
    context: ActionContext,
    sequence_position: AddTextPosition = AddTextPosition.AFTER_NAME,
    sequence_separator: Separator = Separator.SPACE,
    use_padding: bool = False,
    padding: int = 3,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Add a number to each file's name, in the order of the files.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        start_numbering_at: The first file's number.
        increment_by: How much each further number is greater.
        sequence_position: Whether it stands before the name, or between the name and its extension.
        sequence_separator: What stands between the name and the number.
        use_padding: Whether numbers are filled up with zeros.
        padding: How many digits a filled number has.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    numbers = renaming.sequence(start_numbering_at, increment_by, padding if use_padding else 0)
    rule = renaming.numbered(None, sequence_position, numbers, sequence_separator)
    return _rename(files, rule, if_file_exists, context)


@file.action(
    "RenameFiles",
    variant="OverwriteWithSequentialSuffix",
    label="Rename file(s)",
    summary="Rename {Files} to {SequenceNewName}, numbered from {StartNumberingAt}",
    outputs=("RenamedFiles",),
    errors=_RENAME_ERRORS,
    labels={
        "files": "File to rename",
        "sequence_new_name": "New file name",
        "sequence_separator": "Separator",
        "if_file_exists": "If file exists",
    },
    differs=DIFFERS,
)
def rename_overwrite_with_sequential_suffix(
    files: OneOrMany[File],
    sequence_new_name: str,
    start_numbering_at: int,
    increment_by: int,
    context: ActionContext,
    sequence_position: AddTextPosition = AddTextPosition.AFTER_NAME,
    sequence_separator: Separator = Separator.SPACE,
    use_padding: bool = False,
    padding: int = 3,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> list[File]:
    """Give files one name and a number each, in the order of the files; extensions stay.

    Args:
        files: One file, a list of files, or a path whose last part holds `*` or `?`.
        sequence_new_name: The name that all of them get, without extension.
        start_numbering_at: The first file's number.
        increment_by: How much each further number is greater.
        sequence_position: Whether the number stands before or after the name.
        sequence_separator: What stands between the name and the number.
        use_padding: Whether numbers are filled up with zeros.
        padding: How many digits a filled number has.
        if_file_exists: What to do where the new name is taken.

    Returns:
        The files under their new names, without those that were left alone.
    """
    numbers = renaming.sequence(start_numbering_at, increment_by, padding if use_padding else 0)
    rule = renaming.numbered(sequence_new_name, sequence_position, numbers, sequence_separator)
    return _rename(files, rule, if_file_exists, context)


def _rename(
    files: OneOrMany[File], rule: renaming.Rule, if_exists: IfExists, context: ActionContext
) -> list[File]:
    return renaming.rename_all(driver.find_files(files, context, DirectoryNotFound), rule, if_exists)


@file.action(
    "ReadTextFromFile",
    variant="ReadText",
    label="Read text from file",
    summary="Read {File} as one text",
    outputs=("Content",),
    variables=("FileContents",),
    errors=(DirectoryNotFound, FileNotFound, FailedToReadFromFile),
    labels={"file": "File path"},
    differs=_ENCODINGS_DIFFER,
)
def read_text(file: File, context: ActionContext, encoding: TextFileEncoding = TextFileEncoding.UTF8) -> str:
    """Read the contents of a text file as one text.

    Args:
        file: The file to read.
        encoding: How the file's bytes become letters; a byte order mark in the file overrules it.

    Returns:
        The file's text.
    """
    return _text_of(file, encoding, context)


@file.action(
    "ReadTextFromFile",
    variant="ReadTextAsList",
    label="Read text from file",
    summary="Read {File} as a list of lines",
    outputs=("Contents",),
    variables=("FileContents",),
    errors=(DirectoryNotFound, FileNotFound, FailedToReadFromFile),
    labels={"file": "File path"},
    differs=_ENCODINGS_DIFFER,
)
def read_text_as_list(
    file: File, context: ActionContext, encoding: TextFileEncoding = TextFileEncoding.UTF8
) -> list[str]:
    """Read the contents of a text file as a list of its lines.

    Args:
        file: The file to read.
        encoding: How the file's bytes become letters; a byte order mark in the file overrules it.

    Returns:
        The file's lines, without their line ends.
    """
    return driver.lines_of(_text_of(file, encoding, context))


def _text_of(file: File, encoding: TextFileEncoding, context: ActionContext) -> str:
    path = locate(file, context)
    driver.check_source(path, DirectoryNotFound)
    return driver.read_text(path, encoding, FailedToReadFromFile)


@file.action(
    "WriteText",
    label="Write text to file",
    summary="Write {TextToWrite} to {File}",
    errors=(FailedToWriteTextToFile, InvalidDirectoryForFile),
    labels={"file": "File path", "if_file_exists": "If file exists"},
    differs=_ENCODINGS_DIFFER,
)
def write_text(
    file: File,
    context: ActionContext,
    text_to_write: object = None,
    append_new_line: bool = True,
    if_file_exists: IfFileExists = IfFileExists.OVERWRITE,
    encoding: FileEncoding = FileEncoding.UNICODE,
) -> None:
    """Write a text to a file, or append it.

    A list stands one item a line. A file that is overwritten stays as it was until the new content is whole.

    Args:
        file: The file to write; its folder must be there.
        text_to_write: A text, or any other value, which is written as a flow shows it.
        append_new_line: Whether a line end (CR LF) follows.
        if_file_exists: Whether a file that is there is written anew or added to.
        encoding: How letters become bytes.
    """
    text = rendering(context.culture)(text_to_write) + (LINE_END if append_new_line else "")
    path = locate(file, context)
    driver.write_text_file(path, text, encoding, if_file_exists, FailedToWriteTextToFile)


@file.action(
    "ReadFromCSVFile",
    variant="ReadCSV",
    label="Read from CSV file",
    summary="Read the table in {CSVFile}",
    outputs=("CSVTable",),
    errors=(ReadFromCSVFailed,),
    names={"csv_file": "CSVFile"},
    labels={"csv_file": "File path"},
    differs=_ENCODINGS_DIFFER,
)
def read_csv(
    csv_file: File,
    context: ActionContext,
    encoding: CSVEncoding = CSVEncoding.UTF8,
    trim_fields: bool = True,
    first_line_contains_column_names: bool = False,
    columns_separator: CSVColumnsSeparator = CSVColumnsSeparator.SYSTEM_DEFAULT,
) -> DataTable:
    """Read a CSV file as a table of texts.

    Args:
        csv_file: The file to read.
        encoding: How the file's bytes become letters; a byte order mark in the file overrules it.
        trim_fields: Whether white space around fields is dropped.
        first_line_contains_column_names: Whether the first line names the columns.
        columns_separator: What stands between the columns; the system's default is the culture's.

    Returns:
        The table; rows are filled up with empty text to the width of the widest.
    """
    text = _csv_text(csv_file, encoding, context)
    separator = _separator(columns_separator, context)
    rows = delimited.read_delimited(text, separator, trim_fields)
    return delimited.to_table(rows, first_line_contains_column_names)


@file.action(
    "ReadFromCSVFile",
    variant="ReadCSVWithCustomSeparator",
    label="Read from CSV file",
    summary="Read the table in {CSVFile}, whose columns {CustomColumnsSeparator} separates",
    outputs=("CSVTable",),
    errors=(ReadFromCSVFailed,),
    names={"csv_file": "CSVFile"},
    labels={"csv_file": "File path", "custom_columns_separator": "Custom separator"},
    differs=_ENCODINGS_DIFFER,
)
def read_csv_with_custom_separator(
    csv_file: File,
    custom_columns_separator: str,
    context: ActionContext,
    encoding: CSVEncoding = CSVEncoding.UTF8,
    trim_fields: bool = True,
    first_line_contains_column_names: bool = False,
) -> DataTable:
    """Read a CSV file whose columns a text of its own separates.

    Args:
        csv_file: The file to read.
        custom_columns_separator: What stands between the columns, one letter or several.
        encoding: How the file's bytes become letters; a byte order mark in the file overrules it.
        trim_fields: Whether white space around fields is dropped.
        first_line_contains_column_names: Whether the first line names the columns.

    Returns:
        The table; rows are filled up with empty text to the width of the widest.
    """
    if not custom_columns_separator:
        raise ReadFromCSVFailed(csv_file.path, "the custom separator is empty")
    text = _csv_text(csv_file, encoding, context)
    rows = delimited.read_delimited(text, custom_columns_separator, trim_fields)
    return delimited.to_table(rows, first_line_contains_column_names)


@file.action(
    "ReadFromCSVFile",
    variant="ReadCSVWithFixedColumnWidths",
    label="Read from CSV file",
    summary="Read the table in {CSVFile}, whose columns are {FixedColumnWidths} wide",
    outputs=("CSVTable",),
    errors=(ReadFromCSVFailed,),
    names={"csv_file": "CSVFile"},
    labels={"csv_file": "File path"},
    differs=_ENCODINGS_DIFFER,
)
def read_csv_with_fixed_column_widths(
    csv_file: File,
    fixed_column_widths: str,
    context: ActionContext,
    encoding: CSVEncoding = CSVEncoding.UTF8,
    trim_fields: bool = True,
    first_line_contains_column_names: bool = False,
) -> DataTable:
    """Read a file whose columns have fixed widths.

    Args:
        csv_file: The file to read.
        fixed_column_widths: The columns' widths in letters, separated by commas or white space; what a line
            holds beyond the last is dropped.
        encoding: How the file's bytes become letters; a byte order mark in the file overrules it.
        trim_fields: Whether white space around fields is dropped.
        first_line_contains_column_names: Whether the first line names the columns.

    Returns:
        The table; a column that a line does not reach is empty.
    """
    widths = delimited.read_widths(fixed_column_widths)
    if not widths:
        reason = f"‘{fixed_column_widths}’ is no list of widths such as 10,20,5"
        raise ReadFromCSVFailed(csv_file.path, reason)
    text = _csv_text(csv_file, encoding, context)
    rows = delimited.read_fixed_width(text, widths, trim_fields)
    return delimited.to_table(rows, first_line_contains_column_names)


def _csv_text(csv_file: File, encoding: CSVEncoding, context: ActionContext) -> str:
    return driver.read_text(locate(csv_file, context), encoding, ReadFromCSVFailed)


def _separator(choice: CSVColumnsSeparator, context: ActionContext) -> str:
    return _SEPARATORS.get(choice) or culture_named(context.culture).list_separator


@file.action(
    "WriteToCSVFile",
    variant="WriteCSV",
    label="Write to CSV file",
    summary="Write {VariableToWrite} to {CSVFile}",
    errors=(WriteFailed,),
    names={"csv_file": "CSVFile"},
    labels={
        "csv_file": "File path",
        "csv_file_encoding": "Encoding",
        "if_file_exists": "If file exists",
        "columns_separator": "Separator",
    },
    differs=_ENCODINGS_DIFFER,
)
def write_csv(
    variable_to_write: object,
    csv_file: File,
    context: ActionContext,
    csv_file_encoding: CSVEncoding = CSVEncoding.UTF8,
    include_column_names: bool = False,
    if_file_exists: IfFileExists = IfFileExists.OVERWRITE,
    columns_separator: CSVColumnsSeparator = CSVColumnsSeparator.SYSTEM_DEFAULT,
) -> None:
    """Write a table, a list or a text to a CSV file, or append it.

    A list stands one item a line; an item that is itself a list or datarow fills a line.

    Args:
        variable_to_write: What to write.
        csv_file: The file to write.
        csv_file_encoding: How letters become bytes.
        include_column_names: Whether a table's column names come first, also when appending.
        if_file_exists: Whether a file that is there is written anew or added to.
        columns_separator: What stands between the columns; the system's default is the culture's.
    """
    separator = _separator(columns_separator, context)
    text = as_csv(variable_to_write, separator, context.culture, include_column_names)
    driver.write_text(locate(csv_file, context), text, csv_file_encoding, if_file_exists, WriteFailed)


@file.action(
    "WriteToCSVFile",
    variant="WriteCSVWithCustomSeparator",
    label="Write to CSV file",
    summary="Write {VariableToWrite} to {CSVFile}, its columns separated by {CustomColumnsSeparator}",
    errors=(WriteFailed,),
    names={"csv_file": "CSVFile"},
    labels={"csv_file": "File path", "csv_file_encoding": "Encoding", "if_file_exists": "If file exists"},
    differs=_ENCODINGS_DIFFER,
)
def write_csv_with_custom_separator(
    variable_to_write: object,
    csv_file: File,
    custom_columns_separator: str,
    context: ActionContext,
    csv_file_encoding: CSVEncoding = CSVEncoding.UTF8,
    include_column_names: bool = False,
    if_file_exists: IfFileExists = IfFileExists.OVERWRITE,
) -> None:
    """Write a table, a list or a text to a CSV file whose columns a text of its own separates.

    Args:
        variable_to_write: What to write.
        csv_file: The file to write.
        custom_columns_separator: What stands between the columns, one letter or several.
        csv_file_encoding: How letters become bytes.
        include_column_names: Whether a table's column names come first, also when appending.
        if_file_exists: Whether a file that is there is written anew or added to.
    """
    if not custom_columns_separator:
        raise WriteFailed(csv_file.path, "the custom separator is empty")
    text = as_csv(variable_to_write, custom_columns_separator, context.culture, include_column_names)
    driver.write_text(locate(csv_file, context), text, csv_file_encoding, if_file_exists, WriteFailed)


class PathParts(NamedTuple):
    """A path, taken apart.

    Attributes:
        root_path: Where the file system begins: `/`, or a drive or share.
        directory: The folder that holds the file.
        file_name: The file's name with its extension.
        file_name_no_extension: The file's name without its extension.
        extension: The extension with its dot, or empty.
    """

    root_path: str
    directory: Folder
    file_name: str
    file_name_no_extension: str
    extension: str


@file.action(
    "GetPathPart",
    label="Get file path part",
    summary="Take the path of {File} apart",
    outputs=("RootPath", "Directory", "FileName", "FileNameNoExtension", "Extension"),
    variables=("RootPath", "Directory", "FileName", "FileNameNoExtension", "FileExtension"),
    errors=(FilePathContainsInvalidCharacters,),
    labels={"file": "File path"},
    differs="A path of this machine has the root `/`; a Windows path is taken apart as Windows would, "
    "without looking for a folder that stands for its drive.",
)
def get_path_part(file: File, context: ActionContext) -> PathParts:
    """Take a path apart; the file need not be there.

    Args:
        file: The path.
    """
    _check_letters(file)
    path = PureWindowsPath(file.path) if is_windows_path(file) else locate(file, context)
    return PathParts(path.anchor, Folder(Path(str(path.parent))), path.name, path.stem, path.suffix)


def _check_letters(file: File) -> None:
    text = str(file.path)
    if not can_be_path(text):
        raise FilePathContainsInvalidCharacters(repr(text))
    found = sorted({*'<>|"?*'} & {*text}) if is_windows_path(file) else []
    if found:
        raise FilePathContainsInvalidCharacters(text, f"it holds {' '.join(found)}")


@file.action(
    "GetTempPath",
    label="Get temporary file",
    summary="Create a temporary file",
    outputs=("TempFile",),
    errors=(FailedToCreateTemporaryFile,),
)
def get_temp_path() -> File:
    """Create an empty temporary file that only the run's user may read.

    Returns:
        The file; the flow deletes it when it is done with it.
    """
    return File(driver.create_temporary_file())


@file.action(
    "ConvertToBase64",
    label="Convert file to Base64",
    summary="Convert {File} to Base64 text",
    outputs=("Base64Text",),
    errors=(FileNotFound, CantConvertFileToBase64),
    labels={"file": "File path"},
    differs=DIFFERS,
)
def convert_to_base64(file: File, context: ActionContext) -> str:
    """Read a file as Base64 text.

    Args:
        file: The file to read.

    Returns:
        The text, on one line.
    """
    path = locate(file, context)
    driver.check_source(path)
    return base64.b64encode(driver.read_bytes(path, CantConvertFileToBase64)).decode("ascii")


@file.action(
    "ConvertFromBase64",
    label="Convert Base64 to file",
    summary="Convert {Base64Text} to the file {File}",
    errors=(InvalidDirectoryForFile, CantConvertBase64ToFile),
    labels={
        "base64_text": "Base64 encoded text",
        "file": "File path",
        "if_file_exists": "If file exists",
    },
    differs=DIFFERS,
)
def convert_from_base64(
    base64_text: str,
    file: File,
    context: ActionContext,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> None:
    """Write the bytes that a Base64 text stands for to a file.

    Args:
        base64_text: The text; white space in it means nothing.
        file: The file to write; its folder must be there.
        if_file_exists: What to do where the file is there.
    """
    path = locate(file, context)
    content = driver.from_base64(base64_text, path)
    driver.write_bytes(path, content, if_file_exists, CantConvertBase64ToFile)


@file.action(
    "ConvertToBinary",
    label="Convert file to binary data",
    summary="Convert {File} to binary data",
    outputs=("BinaryData",),
    errors=(FileNotFound, CantConvertFileToBinaryData),
    differs=DIFFERS,
)
def convert_to_binary(file: File, context: ActionContext) -> bytes:
    """Read a file as binary data.

    Args:
        file: The file to read.

    Returns:
        The file's bytes.
    """
    path = locate(file, context)
    driver.check_source(path)
    return driver.read_bytes(path, CantConvertFileToBinaryData)


@file.action(
    "ConvertFromBinary",
    label="Convert binary data to file",
    summary="Convert {BinaryData} to the file {File}",
    errors=(InvalidDirectoryForFile, CantConvertBinaryDataToFile),
    differs=DIFFERS,
)
def convert_from_binary(
    binary_data: bytes,
    file: File,
    context: ActionContext,
    if_file_exists: IfExists = IfExists.DO_NOTHING,
) -> None:
    """Write binary data to a file.

    Args:
        binary_data: The file's bytes.
        file: The file to write; its folder must be there.
        if_file_exists: What to do where the file is there.
    """
    path = locate(file, context)
    driver.write_bytes(path, binary_data, if_file_exists, CantConvertBinaryDataToFile)
