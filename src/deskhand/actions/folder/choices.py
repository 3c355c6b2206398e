"""The Folder module and the choices that its actions offer."""

from __future__ import annotations

from enum import StrEnum

from deskhand.actions.declare import Module

folder = Module("Folder", "Folder")


@folder.enum("Folder.IfExists")
class IfExists(StrEnum):
    """What to do where a folder of that name is already there."""

    DO_NOTHING = "DoNothing"
    OVERWRITE = "Overwrite"


@folder.enum("Folder.SortBy")
class SortBy(StrEnum):
    """What a list of files or folders is sorted by."""

    NO_SORT = "NoSort"
    FULL_NAME = "FullName"
    ROOT_PATH = "RootPath"
    DIRECTORY = "Directory"
    NAME = "Name"
    NAME_WITHOUT_EXTENSION = "NameWithoutExtension"
    EXTENSION = "Extension"
    SIZE = "Size"
    CREATION_TIME = "CreationTime"
    LAST_ACCESSED = "LastAccessed"
    LAST_MODIFIED = "LastModified"
    IS_HIDDEN = "IsHidden"
    IS_SYSTEM = "IsSystem"
    IS_READ_ONLY = "IsReadOnly"
    IS_ARCHIVE = "IsArchive"
    EXISTS = "Exists"


@folder.enum("Folder.SpecialFolder")
class SpecialFolder(StrEnum):
    """A folder that has a meaning to the user or the system."""

    PROGRAMS = "Programs"
    PERSONAL = "Personal"
    FAVORITES = "Favorites"
    STARTUP = "Startup"
    RECENT = "Recent"
    SEND_TO = "SendTo"
    START_MENU = "StartMenu"
    MY_MUSIC = "MyMusic"
    DESKTOP_DIRECTORY = "DesktopDirectory"
    TEMPLATES = "Templates"
    APPLICATION_DATA = "ApplicationData"
    LOCAL_APPLICATION_DATA = "LocalApplicationData"
    INTERNET_CACHE = "InternetCache"
    COOKIES = "Cookies"
    HISTORY = "History"
    COMMON_APPLICATION_DATA = "CommonApplicationData"
    SYSTEM = "System"
    PROGRAM_FILES = "ProgramFiles"
    MY_PICTURES = "MyPictures"
    COMMON_PROGRAM_FILES = "CommonProgramFiles"
