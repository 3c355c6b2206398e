"""The function table: one file for each of the service's groups.

Importing this package declares every function.
"""

from __future__ import annotations

from deskhand.wdl.declare import FUNCTIONS
from deskhand.wdl.functions import (
    collection,
    conversion,
    datetime,
    json,
    logical,
    math,
    string,
    uri,
    workflow,
    xml,
)

__all__ = [
    "FUNCTIONS",
    "collection",
    "conversion",
    "datetime",
    "json",
    "logical",
    "math",
    "string",
    "uri",
    "workflow",
    "xml",
]
