"""The errors of the File actions, by their documented names."""

from __future__ import annotations

from deskhand.actions.path_errors import PathError


class FileNotFound(PathError):
    """A file that the flow named is not there.

    Check the path, the letter case of its names, and whether its folder is mounted on the machine that ran
    the flow.
    """

    code = "DH4210"
    error_name = "FileNotFound"
    what = "There is no file ‘{path}’"
    advice = "check the path, its letter case, and whether its folder is mounted on this machine"


class DirectoryNotFound(PathError):
    """The folder of a file that the flow named is not there."""

    code = "DH4211"
    error_name = "DirectoryNotFound"
    what = "There is no folder ‘{path}’"
    advice = "check the path, its letter case, and whether it is mounted on this machine"


class FilePathDoesntExist(PathError):
    """The folder of a file that should be deleted is not there."""

    code = "DH4212"
    error_name = "FilePathDoesntExist"
    what = "There is no folder ‘{path}’, so nothing in it can be deleted"
    advice = "check the path and its letter case"


class SourceFolderDoesntExist(PathError):
    """The folder of a file that should be copied or moved is not there."""

    code = "DH4213"
    error_name = "SourceFolderDoesntExist"
    what = "There is no folder ‘{path}’ to take files from"
    advice = "check the path, its letter case, and whether it is mounted on this machine"


class DestinationFolderDoesntExist(PathError):
    """The folder that files should go to is not there; the actions do not create it."""

    code = "DH4214"
    error_name = "DestinationFolderDoesntExist"
    what = "There is no folder ‘{path}’ to put files into"
    advice = "create it first with Folder.Create, or check the path"


class InvalidDirectoryForFile(PathError):
    """The folder that a file should be written to is not there; writing does not create it."""

    code = "DH4215"
    error_name = "InvalidDirectoryForFile"
    what = "There is no folder ‘{path}’ to write a file into"
    advice = "create it first with Folder.Create, or check the path"


class CantCopyFile(PathError):
    """A file could not be copied."""

    code = "DH4216"
    error_name = "CantCopyFile"
    what = "The file ‘{path}’ could not be copied"


class CantMoveFile(PathError):
    """A file could not be moved."""

    code = "DH4217"
    error_name = "CantMoveFile"
    what = "The file ‘{path}’ could not be moved"


class CantDeleteFile(PathError):
    """A file could not be deleted."""

    code = "DH4218"
    error_name = "CantDeleteFile"
    what = "The file ‘{path}’ could not be deleted"


class CantRenameFile(PathError):
    """A file could not be renamed."""

    code = "DH4219"
    error_name = "CantRenameFile"
    what = "The file ‘{path}’ could not be renamed"


class FailedToReadFromFile(PathError):
    """A text file could not be read."""

    code = "DH4220"
    error_name = "FailedToReadFromFile"
    what = "The file ‘{path}’ could not be read"


class FailedToWriteTextToFile(PathError):
    """A text could not be written to a file."""

    code = "DH4221"
    error_name = "FailedToWriteTextToFile"
    what = "The text could not be written to ‘{path}’"


class ReadFromCSVFailed(PathError):
    """A CSV file could not be read as a table."""

    code = "DH4222"
    error_name = "ReadFromCSVFailed"
    what = "The CSV file ‘{path}’ could not be read"


class WriteFailed(PathError):
    """A table could not be written to a CSV file."""

    code = "DH4223"
    error_name = "WriteFailed"
    what = "The CSV file ‘{path}’ could not be written"


class FilePathContainsInvalidCharacters(PathError):
    """A text that should be taken apart as a path holds characters that no path can hold."""

    code = "DH4224"
    error_name = "FilePathContainsInvalidCharacters"
    what = "‘{path}’ cannot be the path of a file"


class FailedToCreateTemporaryFile(PathError):
    """No temporary file could be created."""

    code = "DH4225"
    error_name = "FailedToCreateTemporaryFile"
    what = "No temporary file could be created in ‘{path}’"
    advice = "check that the folder is there and has room, or set TMPDIR"


class CantConvertFileToBase64(PathError):
    """A file could not be read as Base64."""

    code = "DH4226"
    error_name = "CantConvertFileToBase64"
    what = "The file ‘{path}’ could not be read as Base64"


class CantConvertBase64ToFile(PathError):
    """A Base64 text could not be written to a file, or is no Base64."""

    code = "DH4227"
    error_name = "CantConvertBase64ToFile"
    what = "The Base64 text could not be written to ‘{path}’"


class CantConvertFileToBinaryData(PathError):
    """A file could not be read as binary data."""

    code = "DH4228"
    error_name = "CantConvertFileToBinaryData"
    what = "The file ‘{path}’ could not be read"


class CantConvertBinaryDataToFile(PathError):
    """Binary data could not be written to a file."""

    code = "DH4229"
    error_name = "CantConvertBinaryDataToFile"
    what = "The data could not be written to ‘{path}’"
