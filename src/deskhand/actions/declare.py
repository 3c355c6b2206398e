"""``@module.action``: a typed function becomes an :class:`ActionSpec`.

The signature is the parameter list, the docstring the help, the return type the outputs. What a
declaration leaves out fails at import, not in a nightly run.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from deskhand.core.errors import DeskhandError
from deskhand.robin.catalog import (
    ActionError,
    ActionKind,
    ActionSpec,
    EnumSpec,
    Output,
    Parameter,
    Platform,
)
from deskhand.robin.values import CustomObject, DataTable, File, Folder, Instance, Reference, Secret

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


class BadDeclaration(DeskhandError):
    """An action's function does not declare all that the language needs to know of it."""

    code = "DH0120"

    def __init__(self, function: Callable[..., Any], problem: str) -> None:
        super().__init__(f"{function.__module__}.{function.__qualname__}: {problem}")


class OneOrMany(list[T], Generic[T]):
    """A list parameter that also takes a single item (catalogue type ``List<T>``)."""


_TYPE_NAMES: Mapping[Any, str] = {
    str: "String",
    int: "Int32",
    float: "Double",
    Decimal: "Decimal",
    bool: "Boolean",
    datetime: "DateTime",
    bytes: "Binary",
    list: "List<Any>",
    CustomObject: "CustomObject",
    DataTable: "DataTable",
    File: "File",
    Folder: "Folder",
    Secret: "Encryptable",
    int | Decimal: "Decimal",
    object: "Object",
    Any: "Any",
}
"""A number is ``int | Decimal`` and anything at all is ``object``; see robin 7 and actions 6."""


def robin_name(python_name: str) -> str:
    """Return the Robin spelling of a Python parameter: ``text_to_find`` becomes ``TextToFind``."""
    return "".join(part[:1].upper() + part[1:] for part in python_name.strip("_").split("_"))


def _caption(spelling: str) -> str:
    """Return a designer caption for a Robin name: ``TextToFind`` becomes ``Text to find``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", spelling).capitalize()


@dataclass(frozen=True, slots=True)
class _Spellings:
    """What a declaration says of its parameters beyond their signature, each by Python name."""

    names: Mapping[str, str]
    types: Mapping[str, str]
    labels: Mapping[str, str]
    aliases: Mapping[str, Sequence[str]]

    def python_names(self) -> set[str]:
        return {*self.names, *self.types, *self.labels, *self.aliases}


class Module:
    """One module of the library; its :meth:`action` decorator fills :attr:`specs`.

    Args:
        name: The Robin module, such as ``File``.
        title: The group's caption in the designer.
    """

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.specs: list[ActionSpec] = []
        self.enums: dict[str, EnumSpec] = {}

    def enumeration(self, name: str, members: type[Enum]) -> type[Enum]:
        """Declare an enumeration under its full Robin name, ``Module.Enum``, and return it."""
        self.enums[name.casefold()] = EnumSpec(name, members)
        return members

    def enum(self, name: str) -> Callable[[type[T]], type[T]]:
        """Decorate an enumeration class whose member values are the Robin spellings."""

        def declare(members: type[T]) -> type[T]:
            self.enumeration(name, typing.cast("type[Enum]", members))
            return members

        return declare

    def action(
        self,
        action: str,
        *,
        label: str,
        summary: str,
        variant: str | None = None,
        outputs: Sequence[str] = (),
        variables: Sequence[str] = (),
        errors: Sequence[type[ActionError]] = (),
        kind: ActionKind = ActionKind.ACTION,
        names: Mapping[str, str] | None = None,
        types: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        parameter_aliases: Mapping[str, Sequence[str]] | None = None,
        aliases: Sequence[str] = (),
        dynamic: bool = False,
        differs: str | None = None,
        platform: Platform = Platform.ANY,
        legacy: bool = False,
    ) -> Callable[[F], F]:
        """Declare one form of an action.

        Args:
            action: The Robin action, the second part of its name.
            label: The designer's title.
            summary: One line for the card; ``{Parameter}`` places are filled with the arguments.
            variant: The third part of the name; None for two-part names.
            outputs: The Robin names of the outputs, in the order of the result.
            variables: The variable names that the designer proposes; the outputs' own if omitted.
            errors: The error classes that the action documents.
            kind: Whether it is an action, a condition or a wait.
            names: Robin names that do not follow from the Python name: ``{"file": "Path"}``.
            types: Catalogue types that do not follow from the annotation, by Python name.
            labels: Captions that are not the spaced-out Robin name, by Python name.
            parameter_aliases: Older Robin names by Python name.
            aliases: Older full names of this form.
            dynamic: Whether the call may carry ``@name`` arguments.
            differs: How this knowingly departs from the original.
            platform: Where it can run.
            legacy: Whether only older text uses this form.

        Raises:
            BadDeclaration: The function misses a type, a docstring or a line under ``Args``, or the
                declaration names a parameter that the function does not have.
        """
        spellings = _Spellings(names or {}, types or {}, labels or {}, parameter_aliases or {})

        def declare(function: F) -> F:
            signature = inspect.signature(function).parameters
            hints = typing.get_type_hints(function)
            parameters = self._parameters(function, hints, spellings)
            _check_summary(function, summary, parameters)
            spec = ActionSpec(
                name=".".join(filter(None, (self.name, action, variant))),
                kind=kind,
                label=label,
                summary=summary,
                help=_help_of(function),
                parameters=parameters,
                outputs=_outputs_of(function, hints, outputs, variables, kind),
                errors=tuple(errors),
                function=function,
                wants_context="context" in signature,
                dynamic=dynamic,
                differs=differs,
                platform=platform,
                aliases=tuple(aliases),
                legacy=legacy,
            )
            if any(spec.name == known.name for known in self.specs):
                raise BadDeclaration(function, f"{spec.name} is declared twice")
            self.specs.append(spec)
            return function

        return declare

    def _parameters(
        self, function: Callable[..., Any], hints: Mapping[str, Any], spellings: _Spellings
    ) -> tuple[Parameter, ...]:
        docs = _entries_under(function, "Args")
        declared = {
            name: one
            for name, one in inspect.signature(function).parameters.items()
            if name not in ("context", "dynamic_inputs")
        }
        if strangers := spellings.python_names() - declared.keys():
            raise BadDeclaration(function, f"it has no parameter {', '.join(sorted(strangers))}")
        return tuple(
            self._parameter(function, one, hints, docs.get(name), spellings) for name, one in declared.items()
        )

    def _parameter(
        self,
        function: Callable[..., Any],
        declared: inspect.Parameter,
        hints: Mapping[str, Any],
        doc: str | None,
        spellings: _Spellings,
    ) -> Parameter:
        name = declared.name
        if name not in hints:
            raise BadDeclaration(function, f"parameter {name} has no type")
        if doc is None:
            raise BadDeclaration(function, f"parameter {name} has no line under Args")
        annotation, by_reference = _plain(hints[name])
        spelling = spellings.names.get(name, robin_name(name))
        required = declared.default is inspect.Parameter.empty
        return Parameter(
            name=spelling,
            python_name=name,
            type=spellings.types.get(name) or self._type_name(function, annotation),
            required=required,
            default=None if required else declared.default,
            enum=self._enum_of(function, annotation),
            aliases=tuple(spellings.aliases.get(name, ())),
            by_reference=by_reference,
            secret=annotation is Secret,
            label=spellings.labels.get(name) or _caption(spelling),
            doc=doc,
        )

    def _enum_of(self, function: Callable[..., Any], annotation: Any) -> EnumSpec | None:
        if not (isinstance(annotation, type) and issubclass(annotation, Enum)):
            return None
        for one in self.enums.values():
            if one.members is annotation:
                return one
        raise BadDeclaration(function, f"{annotation.__name__} is no declared enumeration of {self.name}")

    def _type_name(self, function: Callable[..., Any], annotation: Any) -> str:
        enum = self._enum_of(function, annotation)
        return enum.name if enum else type_name(annotation)


def type_name(annotation: Any) -> str:
    """Return the catalogue's name of an annotated type (actions 6); ``Any`` for open ones."""
    annotation, _ = _plain(annotation)
    origin = get_origin(annotation)
    if origin in (list, OneOrMany):
        return f"List<{type_name(get_args(annotation)[0])}>"
    if isinstance(annotation, type) and issubclass(annotation, Instance):
        return annotation.__name__
    return _TYPE_NAMES.get(annotation, "Any")


def _plain(annotation: Any) -> tuple[Any, bool]:
    """Strip ``Reference[...]`` and ``| None``; say whether the first was there."""
    by_reference = get_origin(annotation) is Reference
    if by_reference:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        annotation = reduce(or_, (one for one in get_args(annotation) if one is not NoneType))
    return annotation, by_reference


def _outputs_of(
    function: Callable[..., Any],
    hints: Mapping[str, Any],
    names: Sequence[str],
    variables: Sequence[str],
    kind: ActionKind,
) -> tuple[Output, ...]:
    if "return" not in hints:
        raise BadDeclaration(function, "the return type is missing")
    result = hints["return"]
    if isinstance(result, type) and issubclass(result, tuple) and hasattr(result, "_fields"):
        types = [typing.get_type_hints(result)[one] for one in result._fields]
        entries = _entries_under(result, "Attributes")
        docs = [entries.get(one, "") for one in result._fields]
    else:
        types = [] if result is NoneType else [result]
        docs = [" ".join(_section(function, "Returns").split())] * len(types)
    if kind is not ActionKind.ACTION:
        types, docs = types[1:], docs[1:]
    if len(types) != len(names):
        raise BadDeclaration(function, f"{len(names)} outputs are named, {len(types)} are returned")
    proposed = [*variables, *names[len(variables) :]]
    return tuple(
        Output(name, type_name(one), variable, doc)
        for name, one, variable, doc in zip(names, types, proposed, docs, strict=True)
    )


def _check_summary(function: Callable[..., Any], summary: str, parameters: tuple[Parameter, ...]) -> None:
    known = {one.name for one in parameters}
    for place in re.findall(r"\{(\w+)\}", summary):
        if place not in known:
            raise BadDeclaration(function, f"the summary names {place}, which is no parameter")


def _help_of(function: Callable[..., Any]) -> str:
    text = inspect.getdoc(function)
    if not text:
        raise BadDeclaration(function, "the docstring is missing")
    return re.split(r"\n\s*(?:Args|Returns|Raises|Examples):\n", text)[0].strip()


def _section(documented: Callable[..., Any], title: str) -> str:
    """Return the lines of one section of a docstring, as they are indented."""
    match = re.search(rf"\n{title}:\n((?:[ \t]+.*\n?|\n)+)", inspect.getdoc(documented) or "")
    return match.group(1) if match else ""


def _entries_under(documented: Callable[..., Any], title: str) -> dict[str, str]:
    """Return the lines of a docstring's section by the name that each begins with."""
    found: dict[str, str] = {}
    for line in _section(documented, title).splitlines():
        entry = re.match(r" {4}(\w+): (.*)", line)
        if entry:
            found[entry.group(1)] = entry.group(2).strip()
        elif found and line.strip():
            found[next(reversed(found))] += " " + line.strip()
    return found


class Library:
    """Every declared action by name: the catalog that the language is given.

    Args:
        modules: The modules to offer.
        unbuilt: Actions known by name only, by their names.
    """

    def __init__(self, modules: Sequence[Module], unbuilt: Mapping[str, Any] | None = None) -> None:
        self.modules = tuple(modules)
        self.specs = tuple(spec for module in modules for spec in module.specs)
        self._by_name: dict[str, ActionSpec] = {}
        for spec in self.specs:
            for name in (spec.name, *spec.aliases):
                self._by_name.setdefault(name.casefold(), spec)
        self._short = self._short_names()
        self._enums = {key: enum for module in modules for key, enum in module.enums.items()}
        self._unbuilt = {name.casefold(): known for name, known in (unbuilt or {}).items()}

    def _short_names(self) -> dict[str, ActionSpec]:
        """``Module.X`` for the one ``Module.*.X``: text of 2020 and 2021 (robin 9)."""
        candidates: dict[str, list[ActionSpec]] = {}
        for spec in self.specs:
            parts = spec.name.casefold().split(".")
            if len(parts) == 3:
                for short in (f"{parts[0]}.{parts[2]}", f"{parts[0]}.{parts[1]}"):
                    candidates.setdefault(short, []).append(spec)
        return {short: found[0] for short, found in candidates.items() if len(found) == 1}

    def resolve(self, name: str) -> Any:
        """Return the action with a Robin name, in any case, current or older; None if unknown."""
        folded = name.casefold()
        return self._by_name.get(folded) or self._short.get(folded) or self._unbuilt.get(folded)

    def enum(self, path: str) -> tuple[EnumSpec, Enum] | None:
        """Return the enumeration and member that ``Module.Enum.Value`` names, in any case."""
        name, _, value = path.casefold().rpartition(".")
        spec = self._enums.get(name)
        if spec is None:
            return None
        member = next((one for one in spec.members if str(one.value).casefold() == value), None)
        return (spec, member) if member is not None else None

    def names(self) -> Sequence[str]:
        """Return the full name of every action that can run."""
        return [spec.name for spec in self.specs]
