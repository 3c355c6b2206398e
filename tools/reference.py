"""The generated reference: actions, compatibility, settings and errors, from their declarations."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from itertools import groupby
from typing import Any

import deskhand
from deskhand.actions.library import standard_library
from deskhand.actions.manifest import action_manifest, module_manifest
from deskhand.actions.unbuilt import DATA, unbuilt_forms
from deskhand.core.errors import DeskhandError, error_classes
from deskhand.core.settings import Settings
from deskhand.wdl.declare import Function, examples
from deskhand.wdl.functions import FUNCTIONS

_HEAD = "<!-- Generated from declarations by tools/generate.py; edit those. -->\n\n"
_MANY = 2
"""A note that more forms than these share stands once at the end of their page."""
_PLATFORMS = {
    "any": "",
    "needs-display": "needs a display",
    "browser": "needs a browser",
    "windows-only": "Windows only",
    "external-service": "needs a service elsewhere",
}


def as_page(*parts: str) -> str:
    """Return the parts of a generated page as its text."""
    return _HEAD + "\n\n".join(part for part in parts if part) + "\n"


def as_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def as_code(text: str) -> str:
    """Return a text as code; nothing for the empty one."""
    return f"`{text}`" if text else ""


def unbuilt_names() -> str:
    """Return the names of actions that cannot run yet, without those that now can."""
    known = json.loads(DATA.read_text(encoding="utf-8"))
    built = {spec.name.casefold() for spec in standard_library().specs}
    forms = {name: form for name, form in known["forms"].items() if name.casefold() not in built}
    aliases = {old: name for old, name in known["aliases"].items() if name in forms}
    return f'{{\n"forms": {_lines(forms)},\n"aliases": {_lines(aliases)}\n}}\n'


def _lines(entries: Mapping[str, Any]) -> str:
    """One entry a line, so that a change of one shows as one."""
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def action_pages() -> dict[str, str]:
    """Return a page for each module and one that lists them."""
    manifests = [module_manifest(one) for one in standard_library().modules]
    pages = {f"{one['name'].lower()}.md": _module_page(one) for one in manifests}
    return {"README.md": _module_list(manifests), **pages}


def _module_list(manifests: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [f"[{one['title']}]({one['name'].lower()}.md)", as_code(one["name"]), str(len(one["actions"]))]
        for one in manifests
    ]
    return as_page(
        "# Actions",
        "What a desktop flow can do here, by module. How it differs from the original, and what cannot run "
        "yet, stands in [compatibility](../compatibility.md).",
        as_table(["Module", "Name in flow text", "Forms"], rows),
    )


def _module_page(manifest: Mapping[str, Any]) -> str:
    shared = {
        note: names for note, names in _by_difference(manifest["actions"]).items() if len(names) > _MANY
    }
    parts = [f"# {manifest['title']}"]
    for label, forms in groupby(manifest["actions"], key=lambda one: one["label"]):
        parts += [f"## {label}", *(_form(one, shared) for one in forms)]
    if shared:
        parts += ["## What differs in several actions", *_notes(shared, manifest["actions"])]
    if manifest["enums"]:
        rows = [[as_code(one["name"]), ", ".join(map(as_code, one["values"]))] for one in manifest["enums"]]
        parts += ["## Enumerations", as_table(["Enumeration", "Values"], rows)]
    return as_page(*parts)


def _form(action: Mapping[str, Any], told_elsewhere: Container[str]) -> str:
    kinds = {"action": "", "condition": " (condition, inside `IF`)", "wait": " (inside `WAIT`)"}
    parts = [
        f"### `{action['name']}`{kinds[action['kind']]}",
        f"Older text only. {action['help']}" if action["legacy"] else action["help"],
        _parameters(action),
        _outputs(action),
        _listed("Errors", [f"`{one['name']}` ({one['code']})" for one in action["errors"]]),
        _listed("Older names", map(as_code, action["aliases"])),
        _listed("Runs only where", filter(None, [_PLATFORMS[action["platform"]]])),
        *(f"> Differs: {note}" for note in action["differs"] if note not in told_elsewhere),
    ]
    return "\n\n".join(part for part in parts if part)


def _listed(title: str, items: Iterable[str]) -> str:
    text = ", ".join(items)
    return f"{title}: {text}." if text else ""


def _parameters(action: Mapping[str, Any]) -> str:
    rows = [
        [as_code(one["name"]), one["label"], _type_of(one), _default_of(one), one["doc"]]
        for one in action["parameters"]
    ]
    if action["dynamic"]:
        rows.append(
            ["`@…`", "", "Any", "", "The inputs (`@Name:`) and outputs (`@Name=>`) of what is called."]
        )
    return as_table(["Parameter", "Caption", "Type", "Default", "Meaning"], rows) if rows else ""


def _type_of(parameter: Mapping[str, Any]) -> str:
    return as_code(parameter["type"]) + (", changed in place" if parameter["byReference"] else "")


def _default_of(parameter: Mapping[str, Any]) -> str:
    if parameter["required"]:
        return "*required*"
    default = parameter["default"]
    return "*empty*" if default in (None, "") else as_code(str(default))


def _outputs(action: Mapping[str, Any]) -> str:
    rows = [
        [as_code(one["name"]), as_code(one["variable"]), as_code(one["type"]), one["doc"]]
        for one in action["outputs"]
    ]
    return as_table(["Output", "Proposed variable", "Type", "Meaning"], rows) if rows else ""


def compatibility_page() -> str:
    """Return how actions knowingly differ from the original, and which cannot run yet."""
    actions = [action_manifest(spec) for spec in standard_library().specs]
    built = {action["name"].casefold() for action in actions}
    waiting = [form for form in unbuilt_forms() if form.action.name.casefold() not in built]
    parts = [
        "# Compatibility with Power Automate for desktop",
        f"{len(actions)} forms of actions can run. {len(waiting)} are known by name and cannot yet: "
        "a flow that uses one is refused before it runs, with the whole list.",
        "## What differs",
        *_notes(_by_difference(actions), actions),
        "## What cannot run yet",
    ]
    by_group = sorted(waiting, key=lambda form: (form.group, form.action.label, form.action.name))
    for group, forms in groupby(by_group, key=lambda form: form.group):
        parts += [f"### {group}", "\n".join(_unbuilt_actions([form.action for form in forms]))]
    return as_page(*parts)


def _by_difference(actions: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the names of the forms that differ in the same way."""
    by_note: dict[str, list[str]] = {}
    for action in actions:
        for note in action["differs"]:
            by_note.setdefault(note, []).append(action["name"])
    return by_note


def _notes(by_note: Mapping[str, Sequence[str]], actions: Iterable[Mapping[str, Any]]) -> list[str]:
    every = [action["name"] for action in actions]
    return [
        f"- {note}\n  In {', '.join(map(as_code, _shortened(names, every)))}."
        for note, names in by_note.items()
    ]


def _shortened(names: Sequence[str], every: Sequence[str]) -> list[str]:
    """Write an action whose forms are all meant by its first two words."""
    meant = set(names)
    short: list[str] = []
    for name in names:
        action = ".".join(name.split(".")[:2])
        forms = [one for one in every if one == action or one.startswith(f"{action}.")]
        short.append(action if meant.issuperset(forms) else name)
    return list(dict.fromkeys(short))


def _unbuilt_actions(actions: Sequence[Any]) -> Iterable[str]:
    for label, forms in groupby(actions, key=lambda one: one.label):
        same = list(forms)
        platform = _PLATFORMS[same[0].platform.value]
        remark = f" ({platform})" if platform else ""
        yield f"- {label}{remark}: {', '.join(as_code(one.name) for one in same)}"


def settings_page() -> str:
    """Return every setting with its meaning, its default and its bounds."""
    rows = []
    for one in fields(Settings):
        bounds = [
            f"{word} {one.metadata[key]}"
            for word, key in (("at least", "least"), ("at most", "most"))
            if one.metadata[key] is not None
        ]
        default = json.dumps(one.default)
        rows.append([as_code(one.name), as_code(default), ", ".join(bounds), one.metadata["doc"]])
    return as_page(
        "# Settings",
        "Each may stand in `deskhand.toml` in the data directory, or in the environment as `DESKHAND_` and "
        "the name in capitals; the environment wins.",
        as_table(["Setting", "Default", "Bounds", "Meaning"], rows),
    )


def errors_page() -> str:
    """Return every error by its code, with its help."""
    parts = ["# Errors", "Every message carries a code; `deskhand help CODE` prints its entry."]
    for error in declared_errors():
        parts += [f"## {error.code} {error.__name__}", _help_of(error)]
    return as_page(*parts)


def declared_errors() -> list[type[DeskhandError]]:
    """Return the error classes that have a code of their own, in the order of their codes."""
    _import_everything()
    own = {error for error in error_classes() if "code" in vars(error) and _is_ours(error)}
    return sorted(own, key=lambda error: (error.code, error.__name__))


def _is_ours(error: type[DeskhandError]) -> bool:
    return error.__module__.partition(".")[0] == deskhand.__name__


def _help_of(error: type[DeskhandError]) -> str:
    """Return an error's docstring without the list of its fields."""
    text = (error.__doc__ or "").partition("\n\n    Attributes:")[0]
    return "\n".join(line.strip() for line in text.strip().splitlines()).replace("``", "`")


def _import_everything() -> None:
    for module in pkgutil.walk_packages(deskhand.__path__, f"{deskhand.__name__}."):
        # Migrations run when they are imported, and so does the command line's entry.
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


def functions_page() -> str:
    """Return the page of the cloud-flow language's functions, by group."""
    declared = sorted(set(FUNCTIONS.values()), key=lambda one: (_group(one), one.name.lower()))
    sections = [
        f"## {group.capitalize()}\n\n" + "\n\n".join(map(_function_entry, functions))
        for group, functions in groupby(declared, key=_group)
    ]
    return as_page(
        "# Functions",
        "What the expressions of cloud flows can call. Names are found in any case.",
        *sections,
    )


def _group(declared: Function) -> str:
    return str(declared.body.__module__).rpartition(".")[2]


def _function_entry(declared: Function) -> str:
    parameters = [f"{one.name}{'?' if one.optional else ''}: {one.type}" for one in declared.parameters]
    listed = ", ".join([*parameters, *(["..."] if declared.most is None else [])])
    text = declared.documentation.partition("Examples:")[0].strip()
    aliases = f"Also {', '.join(map(as_code, declared.aliases))}." if declared.aliases else ""
    shown = "\n".join(f"{expression} -> {value}" for expression, value in examples(declared))
    parts = (f"### {declared.name}({listed})", text, declared.differs, aliases, f"```text\n{shown}\n```")
    return "\n\n".join(part for part in parts if part)
