"""The errors of the Folder actions, by their documented names."""

from __future__ import annotations

from deskhand.actions.path_errors import PathError


class FolderDoesntExist(PathError):
    """A folder that the flow named is not there."""

    code = "DH4240"
    error_name = "FolderDoesntExist"
    what = "There is no folder ‘{path}’"
    advice = "check the path, its letter case, and whether it is mounted on this machine"


class DestinationFolderDoesntExist(PathError):
    """The folder that another folder should go into is not there; the actions do not create it."""

    code = "DH4241"
    error_name = "DestinationFolderDoesntExist"
    what = "There is no folder ‘{path}’ to put a folder into"
    advice = "create it first with Folder.Create, or check the path"


class CantCopyFolder(PathError):
    """A folder could not be copied."""

    code = "DH4242"
    error_name = "CantCopyFolder"
    what = "The folder ‘{path}’ could not be copied"


class CantMoveFolder(PathError):
    """A folder could not be moved."""

    code = "DH4243"
    error_name = "CantMoveFolder"
    what = "The folder ‘{path}’ could not be moved"


class CantRenameFolder(PathError):
    """A folder could not be renamed."""

    code = "DH4244"
    error_name = "CantRenameFolder"
    what = "The folder ‘{path}’ could not be renamed"


class CantDeleteFolder(PathError):
    """A folder could not be deleted."""

    code = "DH4245"
    error_name = "CantDeleteFolder"
    what = "The folder ‘{path}’ could not be deleted"


class CantDeleteFoldersContents(PathError):
    """What a folder holds could not be deleted, or not all of it."""

    code = "DH4246"
    error_name = "CantDeleteFoldersContents"
    what = "The folder ‘{path}’ could not be emptied"


class CantCreateFolder(PathError):
    """A folder could not be created."""

    code = "DH4247"
    error_name = "CantCreateFolder"
    what = "The folder ‘{path}’ could not be created"


class NewFolderPathAndNameAreEmpty(PathError):
    """A folder should be created, and neither its place nor its name is given."""

    code = "DH4248"
    error_name = "NewFolderPathAndNameAreEmpty"
    what = "No folder can be created where both its path and its name are empty"


class CantRetrieveListOfFiles(PathError):
    """The files of a folder could not be listed."""

    code = "DH4249"
    error_name = "CantRetrieveListOfFiles"
    what = "The files in ‘{path}’ could not be listed"


class CantRetrieveListOfSubfolders(PathError):
    """The subfolders of a folder could not be listed."""

    code = "DH4250"
    error_name = "CantRetrieveListOfSubfolders"
    what = "The subfolders of ‘{path}’ could not be listed"
