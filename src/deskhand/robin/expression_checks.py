"""What expressions may name: variables, functions, and values that can be read. Source: robin 6 and 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deskhand.core.errors import did_you_mean
from deskhand.robin.findings import Findings
from deskhand.robin.functions import FUNCTIONS
from deskhand.robin.nodes import (
    Expression,
    Function,
    FunctionCall,
    Import,
    Input,
    LastError,
    LoopForEach,
    LoopFrom,
    Name,
    Node,
    Output,
    OutputArgument,
    PowerFxLiteral,
    ProtectedLiteral,
    Script,
    Sensitive,
    Set,
    UnparsedLiteral,
)
from deskhand.robin.semantic_codes import SemanticCode
from deskhand.robin.spaces import is_local
from deskhand.robin.walking import walk, walk_all

_ALIASES = ("appmask", "imgrepo")
"""The repositories of UI elements and images; fragments name them without an import (robin 14.1)."""


def declared_names(script: Script, local: Function | None) -> dict[str, str]:
    """Return the variables of a space by their names in lower case, disabled rows included.

    Args:
        script: The flow.
        local: The local subflow whose variables are wanted; None for those that all others share.
    """
    roots: list[Node]
    if local is None:
        functions = [one for one in script.functions if not is_local(one)]
        roots = [*script.headers, *script.body, *(row for one in functions for row in one.body)]
    else:
        original = next(one for one in script.functions if one.name.casefold() == local.name.casefold())
        roots = [*original.inputs, *original.outputs, *original.body]
    names = {one.casefold(): one for one in _ALIASES}
    names |= {one.alias.casefold(): one.alias for one in script.headers if isinstance(one, Import)}
    for name in _assigned(roots):
        names.setdefault(name.casefold(), name)
    return names


def _assigned(roots: list[Node]) -> Iterator[str]:
    for node in walk_all(roots):
        if isinstance(node, Set | OutputArgument | LastError) and isinstance(node.target, Name):
            yield node.target.name
        elif isinstance(node, LoopFrom | LoopForEach) and node.variable is not None:
            yield node.variable
        elif isinstance(node, Input | Output):
            yield node.name
        elif isinstance(node, Sensitive):
            yield from node.names


@dataclass(frozen=True, slots=True)
class ExpressionChecks:
    """Checks the expressions of one subflow.

    Attributes:
        names: The variables that exist, by their names in lower case.
        findings: Where problems go.
    """

    names: Mapping[str, str]
    findings: Findings

    def check(self, tree: Expression) -> None:
        """Report unknown variables and functions, and values that cannot be read."""
        for node in walk(tree):
            match node:
                case Name():
                    self._name(node)
                case FunctionCall():
                    self._function(node, given=0)
                case PowerFxLiteral() | ProtectedLiteral() | UnparsedLiteral():
                    self._literal(node)

    def predicate(self, call: FunctionCall) -> None:
        """Check a CASE's predicate, whose first argument is the SWITCH's subject."""
        self._function(call, given=1)
        for argument in call.arguments:
            self.check(argument)

    def knows(self, name: str) -> bool:
        """Return whether a variable exists."""
        return name.casefold() in self.names

    def _name(self, node: Name) -> None:
        if not self.knows(node.name):
            hint = did_you_mean(node.name, self.names.values())
            message = f"nothing in the flow gives a value to a variable ‘{node.name}’{hint}"
            self.findings.error(SemanticCode.UNKNOWN_VARIABLE, message, node)

    def _function(self, call: FunctionCall, given: int) -> None:
        function = FUNCTIONS.get(call.name.casefold())
        if function is None:
            hint = did_you_mean(call.name, (one.name for one in FUNCTIONS.values()))
            message = f"there is no function ‘{call.name}’{hint}"
            self.findings.error(SemanticCode.UNKNOWN_FUNCTION, message, call)
            return
        count = len(call.arguments) + given
        if not function.fewest <= count <= function.most:
            fewest, most = function.fewest - given, function.most - given
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            message = f"‘{function.name}’ takes {wanted} values here, not {len(call.arguments)}"
            self.findings.error(SemanticCode.ARGUMENT_COUNT, message, call)

    def _literal(self, node: PowerFxLiteral | ProtectedLiteral | UnparsedLiteral) -> None:
        if isinstance(node, PowerFxLiteral):
            if node.source.startswith("=") or "${" in node.source:
                message = "Power Fx formulas cannot be run yet; write this flow without Power Fx"
                self.findings.error(SemanticCode.POWER_FX, message, node)
        elif isinstance(node, ProtectedLiteral):
            message = (
                "this value is encrypted for the machine that wrote the flow; "
                "give it to the flow as a sensitive input instead"
            )
            self.findings.error(SemanticCode.PROTECTED, message, node)
        else:
            message = (
                f"nothing could read this value: {node.text}" if node.text else "a value is missing here"
            )
            self.findings.error(SemanticCode.NOT_FILLED_IN, message, node)
