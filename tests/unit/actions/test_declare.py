from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import pytest

from deskhand.actions.declare import BadDeclaration, Library, Module, OneOrMany, robin_name, type_name
from deskhand.robin.catalog import (
    ActionContext,
    ActionError,
    ActionKind,
    ActionSpec,
    EnumSpec,
    Output,
    Parameter,
    Platform,
    UnbuiltAction,
)
from deskhand.robin.values import CustomObject, DataTable, File, Folder, Instance, Reference, Secret


class Colour(StrEnum):
    RED = "Red"
    BLUE = "DarkBlue"


class Spilt(ActionError):
    error_name = "Spilt"


class Mixed(NamedTuple):
    """What mixing yields.

    Attributes:
        tone: The new tone,
            in words.
        amount: How much there is.
    """

    tone: str
    amount: int


class Pot(Instance):
    pass


@pytest.fixture
def paint() -> Module:
    module = Module("Paint", "Painting")
    module.enum("Paint.Colour")(Colour)
    return module


def declare(module: Module, function: Callable[..., Any], **options: Any) -> ActionSpec:
    module.action(
        options.pop("action", "Mix"), label="Mix", summary=options.pop("summary", "Mix"), **options
    )(function)
    return module.specs[-1]


def mix(
    context: ActionContext, base: str, first_colour: Colour = Colour.RED, times: int | None = None
) -> Mixed:
    """Mix paint.

    It takes a while.

    Args:
        base: What to mix into,
            if anything.
        first_colour: The colour to add.
        times: How often to stir.

    Returns:
        The paint.
    """
    return Mixed(base, times or 0)


def test_a_typed_function_becomes_a_whole_specification(paint: Module) -> None:
    spec = declare(
        paint,
        mix,
        variant="ByHand",
        summary="Mix {FirstColour} into {Ground}",
        outputs=("Tone", "Amount"),
        variables=("NewTone",),
        errors=(Spilt,),
        names={"base": "Ground"},
        labels={"times": "How often"},
        parameter_aliases={"base": ("Base",)},
        aliases=("Paint.Stir",),
        differs="It dries slower.",
        platform=Platform.DISPLAY,
    )

    colour = EnumSpec("Paint.Colour", Colour)
    assert spec == ActionSpec(
        name="Paint.Mix.ByHand",
        kind=ActionKind.ACTION,
        label="Mix",
        summary="Mix {FirstColour} into {Ground}",
        help="Mix paint.\n\nIt takes a while.",
        parameters=(
            Parameter(
                "Ground",
                "base",
                "String",
                required=True,
                aliases=("Base",),
                label="Ground",
                doc="What to mix into, if anything.",
            ),
            Parameter(
                "FirstColour",
                "first_colour",
                "Paint.Colour",
                required=False,
                default=Colour.RED,
                enum=colour,
                label="First colour",
                doc="The colour to add.",
            ),
            Parameter("Times", "times", "Int32", required=False, label="How often", doc="How often to stir."),
        ),
        outputs=(
            Output("Tone", "String", "NewTone", "The new tone, in words."),
            Output("Amount", "Int32", "Amount", "How much there is."),
        ),
        errors=(Spilt,),
        function=mix,
        wants_context=True,
        differs="It dries slower.",
        platform=Platform.DISPLAY,
        aliases=("Paint.Stir",),
    )


def test_a_single_output_is_explained_by_the_returns_section(paint: Module) -> None:
    def tone() -> str:
        """Name the tone.

        Returns:
            The tone
            in words.
        """
        return "dark"

    assert declare(paint, tone, outputs=("Tone",)).outputs == (
        Output("Tone", "String", "Tone", "The tone in words."),
    )


def test_the_answer_of_a_condition_is_no_output(paint: Module) -> None:
    def is_dry() -> bool:
        """Ask whether the paint is dry."""
        return True

    spec = declare(paint, is_dry, kind=ActionKind.CONDITION)

    assert (spec.kind, spec.outputs) == (ActionKind.CONDITION, ())


def test_a_reference_names_its_variable_type(paint: Module) -> None:
    def stir(pots: Reference[list[object]], lid: Secret) -> None:
        """Stir.

        Args:
            pots: The pots.
            lid: The lid's code.
        """

    parameters = declare(paint, stir).parameters

    assert [(one.type, one.by_reference, one.secret) for one in parameters] == [
        ("List<Object>", True, False),
        ("Encryptable", False, True),
    ]


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        (str, "String"),
        (int, "Int32"),
        (float, "Double"),
        (int | Decimal, "Decimal"),
        (Decimal | int, "Decimal"),
        (int | Decimal | None, "Decimal"),
        (bool, "Boolean"),
        (datetime, "DateTime"),
        (str | None, "String"),
        (list[int], "List<Int32>"),
        (OneOrMany[File], "List<File>"),
        (list, "List<Any>"),
        (object, "Object"),
        (Any, "Any"),
        (DataTable, "DataTable"),
        (CustomObject, "CustomObject"),
        (Folder, "Folder"),
        (bytes, "Binary"),
        (Pot, "Pot"),
        (int | str, "Any"),
    ],
)
def test_annotations_name_the_types_of_the_catalogue(annotation: Any, name: str) -> None:
    assert type_name(annotation) == name


@pytest.mark.parametrize(
    ("python", "robin"),
    [("text_to_find", "TextToFind"), ("property1", "Property1"), ("from_", "From"), ("x", "X")],
)
def test_python_names_become_robin_names(python: str, robin: str) -> None:
    assert robin_name(python) == robin


def untyped(base: str) -> None:
    """Do.

    Args:
        base: The base.
    """


def unexplained(base: str) -> None:
    """Do."""


def undocumented() -> None:
    pass


def unfinished() -> None:
    """Do."""


# Strict typing forbids to leave these out, so they are taken away.
del untyped.__annotations__["base"]
del unfinished.__annotations__["return"]


def plain(base: str) -> None:
    """Do.

    Args:
        base: The base.
    """


class Shape(StrEnum):
    ROUND = "Round"


def shaped(shape: Shape) -> None:
    """Do.

    Args:
        shape: The shape.
    """


@pytest.mark.parametrize(
    ("function", "options", "problem"),
    [
        (untyped, {}, "parameter base has no type"),
        (unexplained, {}, "parameter base has no line under Args"),
        (undocumented, {}, "the docstring is missing"),
        (unfinished, {}, "the return type is missing"),
        (shaped, {}, "Shape is no declared enumeration of Paint"),
        (plain, {"outputs": ("Tone",)}, "1 outputs are named, 0 are returned"),
        (plain, {"names": {"basis": "Ground"}}, "it has no parameter basis"),
        (plain, {"labels": {"basis": "Ground"}}, "it has no parameter basis"),
        (plain, {"summary": "Mix {Basis}"}, "the summary names Basis, which is no parameter"),
    ],
)
def test_a_declaration_that_leaves_something_out_fails(
    paint: Module, function: Callable[..., Any], options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(BadDeclaration) as caught:
        declare(paint, function, **options)

    assert str(caught.value) == f"{function.__module__}.{function.__qualname__}: {problem}"
    assert paint.specs == []


def test_a_form_is_declared_once(paint: Module) -> None:
    declare(paint, plain)

    with pytest.raises(BadDeclaration, match=r"Paint\.Mix is declared twice"):
        declare(paint, plain)


def test_a_library_resolves_current_older_and_short_names_in_any_case(paint: Module) -> None:
    by_hand = declare(paint, plain, variant="ByHand", aliases=("Old.Mix",))
    dry = declare(paint, plain, action="Dry", variant="Fast")
    unbuilt = UnbuiltAction("Paint.Spray", "Spray", Platform.WINDOWS)

    library = Library([paint], {"Paint.Spray": unbuilt})

    found = [
        library.resolve(name)
        for name in ("paint.mix.byhand", "OLD.MIX", "Paint.Mix", "Paint.Fast", "paint.spray", "Paint.Nope")
    ]
    assert found == [by_hand, by_hand, by_hand, dry, unbuilt, None]
    assert library.names() == ["Paint.Mix.ByHand", "Paint.Dry.Fast"]


def test_a_short_name_that_two_forms_share_is_unknown(paint: Module) -> None:
    declare(paint, plain, variant="ByHand")
    declare(paint, plain, variant="ByMachine")

    assert Library([paint]).resolve("Paint.Mix") is None


def test_a_library_resolves_enumeration_members_in_any_case(paint: Module) -> None:
    library = Library([paint])

    assert library.enum("paint.colour.darkblue") == (EnumSpec("Paint.Colour", Colour), Colour.BLUE)
    assert library.enum("Paint.Colour.Green") is None
    assert library.enum("Paint.Shape.Round") is None
