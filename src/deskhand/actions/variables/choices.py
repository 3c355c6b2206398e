"""The enumerations of the Variables module."""

from __future__ import annotations

from enum import StrEnum

from deskhand.actions.declare import Module

variables = Module("Variables", "Variables")


@variables.enum("Variables.CSVColumnsSeparator")
class CSVColumnsSeparator(StrEnum):
    """What stands between the columns of delimited text."""

    SYSTEM_DEFAULT = "SystemDefault"
    COMMA = "Comma"
    SEMICOLON = "Semicolon"
    TAB = "Tab"


@variables.enum("Variables.JoinOperationType")
class JoinOperationType(StrEnum):
    """Which rows stay when two tables are joined."""

    INNER = "Inner"
    LEFT = "Left"
    FULL = "Full"


@variables.enum("Variables.MergeMode")
class MergeMode(StrEnum):
    """What happens to columns that only the second table has."""

    ADD_EXTRA = "AddExtraColumns"
    IGNORE_EXTRA = "IgnoreExtraColumns"
    ERROR_ON_EXTRA = "ErrorOnExtraColumns"


@variables.enum("Variables.SortDirection")
class SortDirection(StrEnum):
    """Whether the smallest or the greatest comes first."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"
