from __future__ import annotations

import json
from enum import StrEnum
from typing import NamedTuple

from deskhand.actions.declare import Module, OneOrMany
from deskhand.actions.library import standard_library
from deskhand.actions.manifest import library_manifest, module_manifest
from deskhand.robin.catalog import ActionContext, ActionError, ActionKind, Platform
from deskhand.robin.values import File, Reference, Secret

lamp = Module("Lamp", "Lamps")


@lamp.enum("Lamp.Colour")
class Colour(StrEnum):
    RED = "Red"
    GREEN = "Green"


class NoPower(ActionError):
    """The lamp has no
    power.

    Ask somebody to plug it in.
    """

    code = "DH4999"
    error_name = "NoPower"


class Light(NamedTuple):
    """What shines.

    Attributes:
        bright: Whether it is bright.
        lumen: How bright it is.
    """

    bright: bool
    lumen: int


@lamp.action(
    "Switch",
    variant="On",
    kind=ActionKind.WAIT,
    label="Switch lamp",
    summary="Switch {Lamps} on",
    outputs=("Lumen",),
    variables=("Brightness",),
    errors=(NoPower,),
    labels={"lamps": "Lamp(s)"},
    parameter_aliases={"lamps": ("Lamp",)},
    aliases=("Lamp.TurnOn",),
    differs="It shines.\nIt hums.",
    platform=Platform.WINDOWS,
    dynamic=True,
)
def switch_on(
    lamps: OneOrMany[File],
    code: Secret,
    count: Reference[int],
    context: ActionContext,
    colour: Colour = Colour.GREEN,
    note: str | None = None,
) -> Light:
    """Switch lamps on.

    Args:
        lamps: Which lamps.
        code: Who may.
        count: How many shine.
        colour: In which colour.
        note: Why.
    """
    return Light(True, 1)


def parameter(name: str, kind: str, doc: str, **other: object) -> dict[str, object]:
    plain = {
        "name": name,
        "type": kind,
        "required": False,
        "default": None,
        "enum": None,
        "label": name,
        "doc": doc,
        "aliases": [],
        "byReference": False,
        "secret": False,
    }
    return {**plain, **other}


def test_a_module_is_told_whole() -> None:
    colours = {"name": "Lamp.Colour", "values": ["Red", "Green"]}

    assert module_manifest(lamp) == {
        "name": "Lamp",
        "title": "Lamps",
        "actions": [
            {
                "name": "Lamp.Switch.On",
                "module": "Lamp",
                "action": "Switch",
                "variant": "On",
                "kind": "wait",
                "label": "Switch lamp",
                "summary": "Switch {Lamps} on",
                "help": "Switch lamps on.",
                "parameters": [
                    parameter(
                        "Lamps",
                        "List<File>",
                        "Which lamps.",
                        required=True,
                        label="Lamp(s)",
                        aliases=["Lamp"],
                    ),
                    parameter("Code", "Encryptable", "Who may.", required=True, secret=True),
                    parameter("Count", "Int32", "How many shine.", required=True, byReference=True),
                    parameter("Colour", "Lamp.Colour", "In which colour.", default="Green", enum=colours),
                    parameter("Note", "String", "Why."),
                ],
                "outputs": [
                    {"name": "Lumen", "type": "Int32", "variable": "Brightness", "doc": "How bright it is."}
                ],
                "errors": [{"name": "NoPower", "code": "DH4999", "doc": "The lamp has no power."}],
                "dynamic": True,
                "platform": "windows-only",
                "differs": ["It shines.", "It hums."],
                "aliases": ["Lamp.TurnOn"],
                "legacy": False,
            }
        ],
        "enums": [colours],
    }


def test_the_whole_library_is_json() -> None:
    manifest = library_manifest(standard_library())

    assert json.loads(json.dumps(manifest)) == manifest
    assert [one["name"] for one in manifest["modules"]] == sorted(one["name"] for one in manifest["modules"])


def test_every_default_of_an_enumeration_is_one_of_its_values() -> None:
    manifest = library_manifest(standard_library())

    strangers = [
        (action["name"], one["name"], one["default"])
        for module in manifest["modules"]
        for action in module["actions"]
        for one in action["parameters"]
        if one["enum"] and one["default"] not in (None, *one["enum"]["values"])
    ]

    assert strangers == []
