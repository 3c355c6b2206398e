"""Parameters of operations that are addressed by paths: ``item/Name``, ``emailMessage/To``.

Source: cloud-flows 3.11.
"""

from __future__ import annotations

from collections.abc import Mapping

from deskhand.wdl.values import Value


def parameter_object(parameters: Mapping[str, Value], name: str) -> Value:
    """Return a parameter that is an object: given as a whole, by the paths of its members, or both.

    Numbers in a path are members like any others. Returns None if it is not given at all.
    """
    folded = name.casefold()
    whole: Value = next((value for key, value in parameters.items() if key.casefold() == folded), None)
    parts = {
        key[len(name) + 1 :]: value
        for key, value in parameters.items()
        if key.casefold().startswith(f"{folded}/")
    }
    if not parts:
        return whole
    found: dict[str, Value] = dict(whole) if isinstance(whole, Mapping) else {}
    for path, value in parts.items():
        _put(found, path.split("/"), value)
    return found


def _put(target: dict[str, Value], path: list[str], value: Value) -> None:
    for step in path[:-1]:
        inside = target.get(step)
        if not isinstance(inside, dict):
            inside = {}
            target[step] = inside
        target = inside
    target[path[-1]] = value
