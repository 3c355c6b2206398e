"""Sections of UI elements and images in the form that Power Automate for desktop puts on the clipboard."""

from __future__ import annotations

import json
from typing import Any

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OTHER_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def attribute(name: str, value: Any, *, ignore: bool = False) -> dict[str, Any]:
    return {
        "Ignore": ignore,
        "IsOrdinal": name == "Ordinal",
        "Name": name,
        "Operation": "EqualTo",
        "Value": value,
    }


def selector(
    *attributes: dict[str, Any], tag: str = "button", name: str = "Default Selector"
) -> dict[str, Any]:
    element = {"Attributes": list(attributes), "CustomValue": None, "Ignore": False, "Name": tag, "Tag": tag}
    return {
        "CustomSelector": None,
        "Elements": [element],
        "Ignore": False,
        "ImageSelector": None,
        "IsCustom": False,
        "IsImageBased": False,
        "IsWindowsInstance": False,
        "Name": name,
        "Properties": [],
    }


def custom(text: str, order: int = 0) -> dict[str, Any]:
    return {
        "CustomSelector": text,
        "Elements": [],
        "Ignore": False,
        "IsCustom": True,
        "IsWindowsInstance": False,
        "Order": order,
        "Name": "Selector",
    }


def control(name: str, *selectors: dict[str, Any], tag: str = "button") -> dict[str, Any]:
    return {
        "AutomationProtocol": "uia3",
        "ScreenShot": None,
        "ElementTypeName": tag.capitalize(),
        "InstanceId": "44ef9488-65c5-4673-be46-aa9c5a02595d",
        "Name": name,
        "SelectorCount": len(selectors),
        "Selectors": list(selectors),
        "Tag": tag,
        "ScreenshotPath": "controlRepo-screenshots\\da229120.png",
    }


def screen(name: str, *controls: dict[str, Any], process: str = "erp", web: bool = False) -> dict[str, Any]:
    tag = "domcontainer" if web else "window"
    return {
        "Controls": list(controls),
        "Handle": {"value": 0},
        "ProcessName": None,
        "ScreenShot": None,
        "ElementTypeName": "Web Page" if web else "Window",
        "InstanceId": "2a2c0634-d743-4111-b145-677d39e8c67c",
        "Name": name,
        "SelectorCount": 1,
        "Selectors": [selector(attribute("Process", process), attribute("Ordinal", 0, ignore=True), tag=tag)],
        "Tag": tag,
    }


def image(name: str, png: str = PNG) -> dict[str, Any]:
    return {
        "Id": "0c8cf720-9f18-4209-91f6-1572cc1779cf",
        "Name": name,
        "Screenshot": png,
        "ScreenshotPath": "imageRepo-screenshots\\cf7be69e.png",
    }


def section(*screens: dict[str, Any], images: tuple[dict[str, Any], ...] = (), **more: Any) -> str:
    """Write a section: its own line, a blank one, and JSON whose repositories are JSON in CRLF lines."""
    symbol = {
        "IgnoreImagesOnSerialization": False,
        "Repository": _inner({"Screens": list(screens), "Version": 1}),
        "ImportMetadata": {"DisplayName": "Computer", "ConnectionString": "", "Type": "Local"},
        "Name": "appmask",
    }
    whole = {
        "ControlRepositorySymbols": [symbol] if screens else [],
        "ImageRepositorySymbol": {
            "Repository": _inner({"Folders": [], "Images": list(images), "Version": 1}),
            "ImportMetadata": {},
            "Name": "imgrepo",
        },
        "ConnectionReferences": [],
        **more,
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    return f"# [ControlRepository][PowerAutomateDesktop]\n\n{text}"


def _inner(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\r\n")
