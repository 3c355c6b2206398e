"""Workflow JSON → a typed definition: parameters, triggers, actions and their runAfter graph.

Source: cloud-flows 1.1, 1.2, 2.1, 3.1 and 3.6.

Known members are found in any case, unknown ones are kept: every part holds the JSON it came from.
Nothing is checked here beyond shape; :mod:`deskhand.wdl.validation` lists what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from deskhand.core.errors import DeskhandError
from deskhand.wdl.values import Value, find_key, type_name

Json = Mapping[str, Value]


class DefinitionUnreadable(DeskhandError):
    """A workflow definition does not have the shape of one."""

    code = "DH6020"

    def __init__(self, path: str, expected: str, found: Value) -> None:
        super().__init__(
            f"The workflow definition cannot be read: ‘{path}’ must be {expected}, and is of type "
            f"{type_name(found)}."
        )
        self.path = path


@dataclass(frozen=True, slots=True)
class Parameter:
    """A workflow parameter.

    Attributes:
        type: Its type as the definition spells it.
        default: Its default value; meaningless unless ``has_default``.
        allowed: The values it may have; None for any.
    """

    name: str
    type: str
    default: Value
    has_default: bool
    allowed: tuple[Value, ...] | None
    source: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a run."""

    name: str
    type: str
    kind: str
    inputs: Value
    recurrence: Value
    split_on: str | None
    conditions: tuple[str, ...]
    options: tuple[str, ...]
    source: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """A list of actions within an action.

    Attributes:
        name: ``actions``, ``else``, ``default``, or the name of a case or of an agent's tool.
        case: The value of a Switch's case; None for others.
    """

    name: str
    actions: Mapping[str, Action]
    case: Value = None


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    Attributes:
        run_after: The statuses that each predecessor may end with, by its name.
        branches: The lists of actions within it.
        options: Its operation options.
    """

    name: str
    type: str
    kind: str
    inputs: Value
    run_after: Mapping[str, tuple[str, ...]]
    branches: tuple[Branch, ...]
    options: tuple[str, ...]
    source: Json = field(repr=False)

    def member(self, name: str) -> Value:
        """Return one of its members, found in any case; None if it has none."""
        return member(self.source, name)


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole workflow definition."""

    schema: str | None
    parameters: Mapping[str, Parameter]
    triggers: Mapping[str, Trigger]
    actions: Mapping[str, Action]
    outputs: Json
    source: Json = field(repr=False)


def read_definition(source: Value) -> Definition:
    """Return the typed form of a definition.

    Raises:
        DefinitionUnreadable: A part has the wrong JSON type, or it is nested beyond all measure.
    """
    try:
        return _definition(_object(source, "definition"))
    except RecursionError:
        raise DefinitionUnreadable("actions", "nested at most a few levels", source) from None


def _definition(members: Json) -> Definition:
    return Definition(
        schema=_optional_text(members, "$schema"),
        parameters={
            name: _parameter(name, _object(one, f"parameters/{name}"))
            for name, one in _members(members, "parameters", "").items()
        },
        triggers={
            name: _trigger(name, _object(one, f"triggers/{name}"))
            for name, one in _members(members, "triggers", "").items()
        },
        actions=_actions(members, "actions", ""),
        outputs=_members(members, "outputs", ""),
        source=members,
    )


def member(members: Json, name: str) -> Value:
    """Return a member, found in any case; None if there is none."""
    key = find_key(members, name)
    return None if key is None else members[key]


def walk(actions: Mapping[str, Action]) -> Iterator[Action]:
    """Yield actions with all those within them, outer ones first."""
    for action in actions.values():
        yield action
        for branch in action.branches:
            yield from walk(branch.actions)


def _object(value: Value, path: str) -> Json:
    if not isinstance(value, dict):
        raise DefinitionUnreadable(path, "an object", value)
    return value


def _members(members: Json, name: str, path: str) -> Json:
    value = member(members, name)
    return {} if value is None else _object(value, f"{path}{name}")


def _optional_text(members: Json, name: str) -> str | None:
    value = member(members, name)
    return value if isinstance(value, str) else None


def _text(members: Json, name: str, path: str) -> str:
    value = member(members, name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DefinitionUnreadable(f"{path}/{name}", "a text", value)
    return value


def _options(members: Json, path: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in _text(members, "operationOptions", path).split(","))))


def _parameter(name: str, members: Json) -> Parameter:
    allowed = member(members, "allowedValues")
    return Parameter(
        name=name,
        type=_text(members, "type", f"parameters/{name}"),
        default=member(members, "defaultValue"),
        has_default=find_key(members, "defaultValue") is not None,
        allowed=tuple(allowed) if isinstance(allowed, list) else None,
        source=members,
    )


def _trigger(name: str, members: Json) -> Trigger:
    path = f"triggers/{name}"
    conditions = member(members, "conditions") or []
    if not isinstance(conditions, list):
        raise DefinitionUnreadable(f"{path}/conditions", "an array", conditions)
    return Trigger(
        name=name,
        type=_text(members, "type", path),
        kind=_text(members, "kind", path),
        inputs=member(members, "inputs"),
        recurrence=member(members, "recurrence"),
        split_on=_optional_text(members, "splitOn"),
        conditions=tuple(_text(_object(one, path), "expression", path) for one in conditions),
        options=_options(members, path),
        source=members,
    )


def _actions(members: Json, name: str, path: str) -> dict[str, Action]:
    return {
        key: _action(key, _object(one, f"{path}{name}/{key}"), f"{path}{name}/{key}")
        for key, one in _members(members, name, path).items()
    }


def _action(name: str, members: Json, path: str) -> Action:
    return Action(
        name=name,
        type=_text(members, "type", path),
        kind=_text(members, "kind", path),
        inputs=member(members, "inputs"),
        run_after=_run_after(members, path),
        branches=tuple(_branches(members, path)),
        options=_options(members, path),
        source=members,
    )


def _run_after(members: Json, path: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, statuses in _members(members, "runAfter", f"{path}/").items():
        if not isinstance(statuses, list):
            raise DefinitionUnreadable(f"{path}/runAfter/{name}", "an array", statuses)
        found[name] = tuple(map(str, statuses))
    return found


def _branches(members: Json, path: str) -> Iterator[Branch]:
    if find_key(members, "actions") is not None:
        yield Branch("actions", _actions(members, "actions", f"{path}/"))
    for kind in ("cases", "tools"):
        for name, one in _members(members, kind, f"{path}/").items():
            inside = _object(one, f"{path}/{kind}/{name}")
            yield Branch(name, _actions(inside, "actions", f"{path}/{kind}/{name}/"), member(inside, "case"))
    for name in ("else", "default"):
        if member(members, name) is not None:
            inside = _members(members, name, f"{path}/")
            yield Branch(name, _actions(inside, "actions", f"{path}/{name}/"))
