"""The Folder actions. Source: actions.yaml, group Folder."""

from __future__ import annotations

from deskhand.actions.folder import driver
from deskhand.actions.folder.choices import IfExists, SortBy, SpecialFolder, folder
from deskhand.actions.folder.errors import (
    CantCopyFolder,
    CantCreateFolder,
    CantDeleteFolder,
    CantDeleteFoldersContents,
    CantMoveFolder,
    CantRenameFolder,
    CantRetrieveListOfFiles,
    CantRetrieveListOfSubfolders,
    DestinationFolderDoesntExist,
    FolderDoesntExist,
    NewFolderPathAndNameAreEmpty,
)
from deskhand.actions.folder.listing import Search, list_paths
from deskhand.actions.paths import CREATION_DIFFERS, DIFFERS, is_empty, locate
from deskhand.robin.catalog import ActionContext, ActionKind
from deskhand.robin.values import File, Folder

__all__ = ["folder"]

_LISTS_DIFFER = (
    f"{DIFFERS}\nUnsorted lists come by name, a folder's own entries before its subfolders'.\nHidden means "
    f"that the name begins with a dot; nothing carries the system or archive mark.\n{CREATION_DIFFERS}"
)
_SORT_LABELS = {
    "sort_by_1": "Sort by",
    "sort_descending_1": "Descending",
    "sort_by_2": "Then by",
    "sort_descending_2": "Descending",
    "sort_by_3": "Then by",
    "sort_descending_3": "Descending",
}


@folder.action(
    "IfFolderExists",
    variant="Exists",
    kind=ActionKind.CONDITION,
    label="If folder exists",
    summary="If {Path} exists",
    labels={"path": "Folder path"},
    differs=DIFFERS,
)
def if_folder_exists(path: Folder, context: ActionContext) -> bool:
    """Hold if a folder is there.

    Args:
        path: The folder to look for; a file of that name does not count.
    """
    return locate(path, context).is_dir()


@folder.action(
    "IfFolderExists",
    variant="DoesNotExist",
    kind=ActionKind.CONDITION,
    label="If folder exists",
    summary="If {Path} does not exist",
    labels={"path": "Folder path"},
    differs=DIFFERS,
)
def if_folder_does_not_exist(path: Folder, context: ActionContext) -> bool:
    """Hold if a folder is not there.

    Args:
        path: The folder to look for; a file of that name does not count.
    """
    return not locate(path, context).is_dir()


@folder.action(
    "GetFiles",
    label="Get files in folder",
    summary="Get the files in {Folder} that match {FileFilter}",
    outputs=("Files",),
    errors=(FolderDoesntExist, CantRetrieveListOfFiles),
    labels={"fail_on_access_denied": "Fail upon denied access to any subfolder", **_SORT_LABELS},
    differs=_LISTS_DIFFER,
)
def get_files(
    folder: Folder,
    context: ActionContext,
    file_filter: str = "*",
    include_subfolders: bool = False,
    fail_on_access_denied: bool = True,
    sort_by_1: SortBy = SortBy.NO_SORT,
    sort_descending_1: bool = False,
    sort_by_2: SortBy = SortBy.NO_SORT,
    sort_descending_2: bool = False,
    sort_by_3: SortBy = SortBy.NO_SORT,
    sort_descending_3: bool = False,
) -> list[File]:
    """List the files of a folder.

    Args:
        folder: The folder to look in.
        file_filter: Which names: `*` stands for any letters, `?` for one, and `;` separates several filters.
        include_subfolders: Whether files in subfolders count; links to folders are not followed.
        fail_on_access_denied: Whether a subfolder that may not be read is an error; else it is passed over.
        sort_by_1: What the list is sorted by.
        sort_descending_1: Whether the greatest comes first.
        sort_by_2: What files are sorted by that the first leaves equal.
        sort_descending_2: Whether the greatest comes first.
        sort_by_3: What files are sorted by that the first two leave equal.
        sort_descending_3: Whether the greatest comes first.

    Returns:
        The files.
    """
    search = Search(
        folder=driver.find_folder(folder, context),
        name_filter=file_filter,
        folders=False,
        subfolders=include_subfolders,
        fail_on_denied=fail_on_access_denied,
        orders=(
            (sort_by_1, sort_descending_1),
            (sort_by_2, sort_descending_2),
            (sort_by_3, sort_descending_3),
        ),
        failed=CantRetrieveListOfFiles,
    )
    return [File(path) for path in list_paths(search)]


@folder.action(
    "GetSubfolders",
    label="Get subfolders in folder",
    summary="Get the subfolders of {Folder} that match {FolderFilter}",
    outputs=("Subfolders",),
    variables=("Folders",),
    errors=(FolderDoesntExist, CantRetrieveListOfSubfolders),
    labels={"fail_on_access_denied": "Fail upon denied access to any subfolder", **_SORT_LABELS},
    differs=_LISTS_DIFFER,
)
def get_subfolders(
    folder: Folder,
    context: ActionContext,
    folder_filter: str = "*",
    include_subfolders: bool = False,
    fail_on_access_denied: bool = True,
    sort_by_1: SortBy = SortBy.NO_SORT,
    sort_descending_1: bool = False,
    sort_by_2: SortBy = SortBy.NO_SORT,
    sort_descending_2: bool = False,
    sort_by_3: SortBy = SortBy.NO_SORT,
    sort_descending_3: bool = False,
) -> list[Folder]:
    """List the subfolders of a folder.

    Args:
        folder: The folder to look in.
        folder_filter: Which names: `*` stands for any letters, `?` for one, `;` separates several filters.
        include_subfolders: Whether folders in subfolders count; links to folders are listed, not followed.
        fail_on_access_denied: Whether a subfolder that may not be read is an error; else it is passed over.
        sort_by_1: What the list is sorted by.
        sort_descending_1: Whether the greatest comes first.
        sort_by_2: What folders are sorted by that the first leaves equal.
        sort_descending_2: Whether the greatest comes first.
        sort_by_3: What folders are sorted by that the first two leave equal.
        sort_descending_3: Whether the greatest comes first.

    Returns:
        The subfolders.
    """
    search = Search(
        folder=driver.find_folder(folder, context),
        name_filter=folder_filter,
        folders=True,
        subfolders=include_subfolders,
        fail_on_denied=fail_on_access_denied,
        orders=(
            (sort_by_1, sort_descending_1),
            (sort_by_2, sort_descending_2),
            (sort_by_3, sort_descending_3),
        ),
        failed=CantRetrieveListOfSubfolders,
    )
    return [Folder(path) for path in list_paths(search)]


@folder.action(
    "Create",
    label="Create folder",
    summary="Create the folder {FolderName} in {FolderPath}",
    outputs=("Folder",),
    variables=("NewFolder",),
    errors=(FolderDoesntExist, CantCreateFolder, NewFolderPathAndNameAreEmpty),
    labels={"folder_path": "Create new folder into", "folder_name": "New folder name"},
    differs=f"{DIFFERS}\nThe new folder lies inside the given one: a name that leads out of it is refused.",
)
def create(folder_path: Folder, folder_name: str, context: ActionContext) -> Folder:
    r"""Create a folder; one that is there already stays as it is.

    Args:
        folder_path: The folder to create it in; it must be there.
        folder_name: The new folder's name; `a\b` creates `b` inside `a`.

    Returns:
        The folder.
    """
    if is_empty(folder_path) and not folder_name:
        raise NewFolderPathAndNameAreEmpty("")
    return Folder(driver.create(driver.find_folder(folder_path, context), folder_name))


@folder.action(
    "Delete",
    label="Delete folder",
    summary="Delete {Folder}",
    errors=(FolderDoesntExist, CantDeleteFolder),
    labels={"folder": "Folder to delete"},
    differs=DIFFERS,
)
def delete(folder: Folder, context: ActionContext) -> None:
    """Delete a folder with all it holds, for good.

    Of a link only the link is deleted. An empty path and the root of the file system are refused.

    Args:
        folder: The folder to delete.
    """
    driver.delete(folder, context)


@folder.action(
    "Empty",
    label="Empty folder",
    summary="Empty {Folder}",
    errors=(FolderDoesntExist, CantDeleteFoldersContents),
    labels={"folder": "Folder to empty"},
    differs=DIFFERS,
)
def empty(folder: Folder, context: ActionContext) -> None:
    """Delete all that a folder holds, for good; the folder stays.

    Of links inside only the links are deleted. An empty path and the root of the file system are refused.

    Args:
        folder: The folder to empty.
    """
    driver.empty(folder, context)


@folder.action(
    "Copy",
    label="Copy folder",
    summary="Copy {Folder} into {Destination}",
    outputs=("CopiedFolder",),
    errors=(FolderDoesntExist, DestinationFolderDoesntExist, CantCopyFolder),
    labels={
        "folder": "Folder to copy",
        "destination": "Destination folder",
        "if_folder_exists": "If folder exists",
    },
    differs=DIFFERS,
)
def copy(
    folder: Folder,
    destination: Folder,
    context: ActionContext,
    if_folder_exists: IfExists = IfExists.DO_NOTHING,
) -> Folder:
    """Copy a folder with all it holds into another folder.

    Links are copied as links. A new folder appears under its name only when it is whole.

    Args:
        folder: The folder to copy.
        destination: The folder to copy it into; it must be there.
        if_folder_exists: What to do where that holds a folder of the name: leave it alone, or add the files
            to it and replace those of the same names.

    Returns:
        The folder in its new place.
    """
    source = driver.find_folder(folder, context)
    target = driver.destination_of(source, destination, context)
    driver.copy(source, target, if_folder_exists)
    return Folder(target)


@folder.action(
    "Move",
    label="Move folder",
    summary="Move {Folder} into {Destination}",
    outputs=("MovedFolder",),
    errors=(FolderDoesntExist, DestinationFolderDoesntExist, CantMoveFolder),
    labels={"folder": "Folder to move", "destination": "Destination folder"},
    differs=DIFFERS,
)
def move(folder: Folder, destination: Folder, context: ActionContext) -> Folder:
    """Move a folder with all it holds into another folder.

    Args:
        folder: The folder to move.
        destination: The folder to move it into; it must be there and hold nothing of that name.

    Returns:
        The folder in its new place.
    """
    source = driver.find_folder(folder, context)
    target = driver.destination_of(source, destination, context)
    driver.move(source, target)
    return Folder(target)


@folder.action(
    "Rename",
    label="Rename folder",
    summary="Rename {Folder} to {NewName}",
    outputs=("RenamedFolder",),
    errors=(FolderDoesntExist, CantRenameFolder),
    labels={"folder": "Folder to rename", "new_name": "New folder name"},
    differs=DIFFERS,
)
def rename(folder: Folder, new_name: str, context: ActionContext) -> Folder:
    """Give a folder another name.

    Args:
        folder: The folder to rename.
        new_name: The new name, without a path.

    Returns:
        The folder under its new name.
    """
    return Folder(driver.rename(driver.find_folder(folder, context), new_name))


@folder.action(
    "GetSpecialFolder",
    label="Get special folder",
    summary="Get the folder {SpecialFolder}",
    outputs=("SpecialFolderPath",),
    labels={"special_folder": "Special folder name"},
    differs="The folders are those of the Linux desktop: the user's own as it names them, settings in "
    "`~/.config`, data in `~/.local/share`, caches in `~/.cache`; programs in `/opt`, the system in `/usr`.",
)
def get_special_folder(
    special_folder: SpecialFolder = SpecialFolder.DESKTOP_DIRECTORY,
) -> Folder:
    """Return the path of a folder that has a meaning to the user or the system; it need not be there.

    Args:
        special_folder: Which folder.

    Returns:
        The folder.
    """
    return Folder(driver.special_folder(special_folder))
