"""What nobody may see of a flow's runs, found in its definition. Source: cloud-flows 3.13.

A flow says so itself (``secureData``, secure parameters). What reads a secret directly is hidden too; we
go on where the service stops: a variable that was set to a secret is one, and so is an element of a loop
over one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from deskhand.wdl import nodes
from deskhand.wdl.definition import Action, Definition, member
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.references import strings_of, trees_of
from deskhand.wdl.templates import parse_template
from deskhand.wdl.values import Value

_OF_OUTPUTS = frozenset(
    {"outputs", "body", "actionoutputs", "actionbody", "formdatavalue", "formdatamultivalues"}
    | {"multipartbody"}
)
_OF_TRIGGER = frozenset(
    {"triggeroutputs", "triggerbody", "triggerformdatavalue", "triggerformdatamultivalues"}
    | {"triggermultipartbody"}
)
_OF_ITEMS = frozenset({"item", "items", "repeatitem", "repeatitems"})
_WRITES_VARIABLE = frozenset(
    {"initializevariable", "setvariable", "appendtoarrayvariable", "appendtostringvariable"}
    | {"incrementvariable", "decrementvariable"}
)
_DATA = ("inputs", "expression", "foreach", "trackedProperties")


@dataclass(frozen=True, slots=True)
class Secrecy:
    """What is hidden, by name.

    Attributes:
        inputs: Actions whose inputs are.
        outputs: Actions whose outputs are.
        variables: Variables, in lower case.
        parameters: Parameters, in lower case.
        trigger: Sides of the trigger: ``inputs``, ``outputs``.
        returned: Outputs of the flow itself.
    """

    inputs: frozenset[str]
    outputs: frozenset[str]
    variables: frozenset[str]
    parameters: frozenset[str]
    trigger: frozenset[str]
    returned: frozenset[str]


def secrecy_of(definition: Definition, inheriting: frozenset[str]) -> Secrecy:
    """Find what is hidden.

    Args:
        definition: The flow.
        inheriting: Actions that show their inputs again in their outputs.
    """
    return _Search(definition, inheriting).run()


def secure_sides(source: Mapping[str, Value]) -> frozenset[str]:
    """Return the sides that an action or trigger declares secure."""
    found: Value = source
    for step in ("runtimeConfiguration", "secureData", "properties"):
        found = member(found, step) if isinstance(found, Mapping) else None
    return frozenset(str(one).casefold() for one in found) if isinstance(found, list) else frozenset()


class _Search:
    """Repeats until nothing more is found: secrets flow from action to action."""

    def __init__(self, definition: Definition, inheriting: frozenset[str]) -> None:
        self._actions = list(_placed(definition.actions, ()))
        self._calls = {action.name: list(_calls_of(action)) for action, _ in self._actions}
        self._within = {action.name.casefold(): list(_directly_within(action)) for action, _ in self._actions}
        self._inheriting = inheriting
        # What begins with a dollar is the service's own, and every connector action names it.
        self._parameters = frozenset(
            name.casefold()
            for name, one in definition.parameters.items()
            if "secure" in one.type.casefold() and not name.startswith("$")
        )
        self._triggers = frozenset(name.casefold() for name in definition.triggers)
        self._trigger = frozenset[str]().union(
            *(secure_sides(one.source) for one in definition.triggers.values())
        )
        self._returned = definition.outputs
        sides = {action.name: secure_sides(action.source) for action, _ in self._actions}
        self._inputs = {name for name, given in sides.items() if "inputs" in given}
        self._outputs = {name for name, given in sides.items() if "outputs" in given}
        self._variables: set[str] = set()

    def run(self) -> Secrecy:
        size = -1
        while size != (size := len(self._inputs) + len(self._outputs) + len(self._variables)):
            for action, loops in self._actions:
                self._look(action, loops)
        return Secrecy(
            inputs=frozenset(self._inputs),
            outputs=frozenset(self._outputs),
            variables=frozenset(self._variables),
            parameters=self._parameters,
            trigger=self._trigger,
            returned=frozenset(name for name, one in self._returned.items() if self._is_secret(one)),
        )

    def _look(self, action: Action, loops: tuple[str, ...]) -> None:
        if action.name not in self._inputs:
            if not any(self._reads_secret(name, what, loops) for name, what in self._calls[action.name]):
                return
            self._inputs.add(action.name)
        if action.name in self._inheriting:
            self._outputs.add(action.name)
        if action.type.casefold() in _WRITES_VARIABLE:
            self._variables.update(_variables_of(action))
            self._outputs.add(action.name)

    def _is_secret(self, returned: Value) -> bool:
        """Tell whether an output of the flow says that it is secret, or reads what is."""
        kind = member(returned, "type") if isinstance(returned, Mapping) else None
        if isinstance(kind, str) and "secure" in kind.casefold():
            return True
        return any(self._reads_secret(name, what, ()) for name, what in _calls_in(returned))

    def _reads_secret(self, function: str, name: str | None, loops: tuple[str, ...]) -> bool:
        if function in _OF_TRIGGER:
            return "outputs" in self._trigger
        if function == "trigger":
            return bool(self._trigger)
        if function in _OF_ITEMS:
            return any(loop in self._inputs for loop in loops)
        known = self._known(function)
        # A name that only the run knows may be any.
        return bool(known) if name is None else name in known

    def _known(self, function: str) -> AbstractSet[str]:
        """Return the names for which a function gives a secret, in lower case."""
        if function in _OF_OUTPUTS:
            return _folded(self._outputs) | (self._triggers if "outputs" in self._trigger else frozenset())
        if function in ("actions", "result"):
            secret = _folded(self._inputs | self._outputs)
            if function == "actions":
                return secret | (self._triggers if self._trigger else frozenset())
            return {name for name, within in self._within.items() if not secret.isdisjoint(within)}
        return {"variables": self._variables, "parameters": self._parameters}.get(function, frozenset())


def _folded(names: AbstractSet[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _directly_within(action: Action) -> Iterator[str]:
    """Yield the actions that ``result()`` of an action shows, in lower case."""
    for branch in action.branches:
        yield from (name.casefold() for name in branch.actions)


def _placed(
    actions: Mapping[str, Action], loops: tuple[str, ...]
) -> Iterator[tuple[Action, tuple[str, ...]]]:
    """Yield every action with the names of the actions around it, loops among them."""
    for action in actions.values():
        yield action, loops
        for branch in action.branches:
            yield from _placed(branch.actions, (*loops, action.name))


def _variables_of(action: Action) -> Iterator[str]:
    inputs = action.inputs if isinstance(action.inputs, Mapping) else {}
    several = member(inputs, "variables")
    for one in several if isinstance(several, list) else [inputs]:
        name = member(one, "name") if isinstance(one, Mapping) else None
        if isinstance(name, str):
            yield name.casefold()


def _calls_of(action: Action) -> Iterator[tuple[str, str | None]]:
    """Yield the functions that an action's own data calls, and what they name if that is a literal."""
    for part in _DATA:
        yield from _calls_in(action.member(part))


def _calls_in(value: Value) -> Iterator[tuple[str, str | None]]:
    for text in strings_of(value):
        try:
            trees = list(trees_of(parse_template(text)))
        except ExpressionError:
            continue  # It fails when it is evaluated, and reads nothing before.
        for tree in trees:
            yield from _calls(tree)


def _calls(tree: nodes.Expression) -> Iterator[tuple[str, str | None]]:
    match tree:
        case nodes.Call():
            yield tree.name.casefold(), _literal(tree)
            for argument in tree.arguments:
                yield from _calls(argument)
        case nodes.Property():
            yield from _calls(tree.target)
        case nodes.Index():
            yield from _calls(tree.target)
            yield from _calls(tree.key)


def _literal(call: nodes.Call) -> str | None:
    first = call.arguments[0] if call.arguments else None
    return (
        first.value.casefold() if isinstance(first, nodes.Literal) and isinstance(first.value, str) else None
    )
