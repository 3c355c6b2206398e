"""Properties that no value of a variable can have. Source: robin 6.4 and 8.

A variable's type is known where everything that assigns it agrees on one; elsewhere nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from deskhand.core.errors import did_you_mean
from deskhand.robin.call_sites import dotted
from deskhand.robin.catalog import ActionSpec, Catalog
from deskhand.robin.findings import Findings
from deskhand.robin.kinds import name_of_kind
from deskhand.robin.nodes import (
    ActionCall,
    Argument,
    Binary,
    BinaryOperator,
    BooleanLiteral,
    CallSubflow,
    DateLiteral,
    Expression,
    FunctionCall,
    Grouped,
    Input,
    LastError,
    ListLiteral,
    LoopForEach,
    LoopFrom,
    Name,
    Node,
    NumberLiteral,
    OutputArgument,
    Property,
    Set,
    TableLiteral,
    TextLiteral,
)
from deskhand.robin.properties import PROPERTIES
from deskhand.robin.semantic_codes import SemanticCode
from deskhand.robin.values import DataRow, DataTable, ErrorValue, File, Folder
from deskhand.robin.walking import walk, walk_all

Types = Mapping[str, type | None]
"""The type of each variable by its name in lower case; None where none is known."""

_DECLARED: Mapping[str, type] = {
    "String": str,
    "Int32": int,
    "Int64": int,
    "Double": int,
    "Decimal": int,
    "Boolean": bool,
    "DateTime": datetime,
    "DataTable": DataTable,
    "DataRow": DataRow,
    "File": File,
    "Folder": Folder,
}


def check_properties(roots: Iterable[Node], types: Types, findings: Findings) -> None:
    """Report every ``Name.Property`` that the variable's type does not have."""
    paths = {id(node.value) for node in walk_all(roots) if isinstance(node, Argument) and _is_path(node)}
    for node in walk(*roots, but=paths):
        if isinstance(node, Property) and isinstance(node.of, Name):
            _check_property(node, node.of.name, types, findings)


def _is_path(argument: Argument) -> bool:
    """Return whether an argument may be the path of an enumeration value, which is no property."""
    return (dotted(argument.value) or "").count(".") == 2


def _check_property(node: Property, variable: str, types: Types, findings: Findings) -> None:
    kind = types.get(variable.casefold())
    if kind is not None and not _has(kind, node.name):
        hint = did_you_mean(node.name, PROPERTIES.get(kind, ()))
        message = f"‘{variable}’ is {name_of_kind(kind)}, which has no property ‘{node.name}’{hint}"
        findings.error(SemanticCode.UNKNOWN_PROPERTY, message, node)


def _has(kind: type, name: str) -> bool:
    return any(name.casefold() == known.casefold() for known in PROPERTIES.get(kind, ()))


def variable_types(roots: Iterable[Node], catalog: Catalog) -> Types:
    """Return the types of the variables that some rows assign."""
    found: dict[str, set[type | None]] = {}
    for name, kind in _assigned(roots, catalog):
        found.setdefault(name.casefold(), set()).add(kind)
    return {name: kinds.pop() if len(kinds) == 1 else None for name, kinds in found.items()}


def _assigned(roots: Iterable[Node], catalog: Catalog) -> Iterator[tuple[str, type | None]]:
    for node in walk_all(roots):
        if isinstance(node, Set) and isinstance(node.target, Name):
            yield node.target.name, _type_of(node.value)
        elif isinstance(node, ActionCall):
            yield from _outputs(node, catalog)
        elif isinstance(node, CallSubflow):
            yield from _targets((one, None) for one in node.outputs)
        elif isinstance(node, LastError) and isinstance(node.target, Name):
            yield node.target.name, ErrorValue
        elif isinstance(node, LoopFrom) and node.variable is not None:
            yield node.variable, int
        elif isinstance(node, LoopForEach):
            yield node.variable, None
        elif isinstance(node, Input):
            yield node.name, None


def _outputs(call: ActionCall, catalog: Catalog) -> Iterator[tuple[str, type | None]]:
    spec = catalog.resolve(call.name)
    known = {one.name.casefold(): one.type for one in spec.outputs} if isinstance(spec, ActionSpec) else {}
    return _targets((one, _declared(known.get(one.name.casefold(), ""))) for one in call.outputs)


def _targets(
    outputs: Iterable[tuple[OutputArgument, type | None]],
) -> Iterator[tuple[str, type | None]]:
    for output, kind in outputs:
        if isinstance(output.target, Name):
            yield output.target.name, kind


def _declared(type_name: str) -> type | None:
    return list if type_name.startswith("List<") else _DECLARED.get(type_name)


def _type_of(tree: Expression) -> type | None:
    """Return the type of an expression that can have but one."""
    if isinstance(tree, Grouped):
        return _type_of(tree.inner)
    if isinstance(tree, TextLiteral) and len(tree.parts) == 1 and not isinstance(tree.parts[0], str):
        return _type_of(tree.parts[0])
    if isinstance(tree, Binary):
        return _type_of(tree.left) if _grows(tree) else None
    return _LITERALS.get(type(tree))


def _grows(tree: Binary) -> bool:
    """Return whether a list or datatable is given more items: it stays what it is."""
    return tree.operator is BinaryOperator.ADD and _type_of(tree.left) in (list, DataTable)


_LITERALS: Mapping[type, type] = {
    BooleanLiteral: bool,
    DateLiteral: datetime,
    FunctionCall: bool,
    ListLiteral: list,
    NumberLiteral: int,
    TableLiteral: DataTable,
    TextLiteral: str,
}
