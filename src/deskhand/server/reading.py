"""From a file to checked flows: what an import, a check and a local run begin with. No database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from deskhand.actions.library import standard_library
from deskhand.core.errors import DeskhandError
from deskhand.robin.checker import check
from deskhand.robin.diagnostics import Diagnostic, Severity, SyntaxErrors
from deskhand.robin.nodes import Function, Input, Name, Output, Scope, Script
from deskhand.robin.parser import parse
from deskhand.robin.schema import inputs_schema, outputs_schema
from deskhand.robin.semantic_codes import SemanticCode
from deskhand.robin.walking import walk
from deskhand.solutions.content import Content, DesktopFlow
from deskhand.solutions.folder import SubflowFile, read_subflows
from deskhand.solutions.source import read_source
from deskhand.wdl.containers import read_container

LONGEST_NAME = 100


class FlowNameTooLong(DeskhandError):
    """A flow's name has more than the 100 characters that the table allows."""

    code = "DH5010"

    def __init__(self, source: str, name: str) -> None:
        super().__init__(
            f"{source}: the flow name ‘{name[:40]}…’ has {len(name)} characters; {LONGEST_NAME} are the "
            "most. Nothing was imported."
        )


@dataclass(frozen=True, slots=True)
class CheckedFlow:
    """A desktop flow, ready to be stored or run, with what the checker says of it.

    Attributes:
        flow: The flow; its schemas are filled in.
        diagnostics: What stands in its way, and what is worth a look.
        open_names: Of a fragment that declares nothing, the variables that nothing in it gives a
            value: probably inputs, or variables of other subflows (robin 11).
    """

    flow: DesktopFlow
    diagnostics: tuple[Diagnostic, ...]
    open_names: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Return whether it can run here as it is."""
        return not self.errors

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Return what stands in its way."""
        return tuple(one for one in self.diagnostics if one.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a person names, its desktop flows checked."""

    content: Content
    flows: tuple[CheckedFlow, ...]


def read_content(path: Path) -> Checked:
    """Read and check what a person names; nothing is stored.

    A text or a folder must parse, and so must a cloud flow outside of solutions. A flow of a solution that
    does not is kept as it stands and reported: an export is imported whole.

    Raises:
        SyntaxErrors: A text or a folder breaks the rules of the language.
        DefinitionUnreadable: A file holds no cloud flow's definition.
        DeskhandError: It cannot be read (see :func:`~deskhand.solutions.source.read_source`).
    """
    content = read_source(path)
    names = [one.name for one in content.desktop_flows] + [one.name for one in content.cloud_flows]
    for name in names:
        if len(name) > LONGEST_NAME:
            raise FlowNameTooLong(content.source, name)
    if content.solution is not None:
        return Checked(content, tuple(map(_exported, content.desktop_flows)))
    if content.cloud_flows:
        for one in content.cloud_flows:
            read_container(one.client_data)
        return Checked(content, ())
    if len(content.desktop_flows) != 1:
        return Checked(
            content,
            tuple(
                _checked(one, _parse(one.definition, f"{one.name}.robin")) for one in content.desktop_flows
            ),
        )
    (flow,) = content.desktop_flows
    parts = parse_folder(path) if path.is_dir() else None
    whole = _parse(flow.definition, str(path))
    checked = _checked(flow, parts or whole)
    return Checked(content, (checked if parts else _with_open_names(checked, whole),))


def check_text(flow: DesktopFlow) -> CheckedFlow:
    """Check a flow that is known by its name and not by a file.

    Raises:
        SyntaxErrors: It breaks the rules of the language.
    """
    script = _parse(flow.definition, f"{flow.name}.robin")
    return _with_open_names(_checked(flow, script), script)


def _exported(flow: DesktopFlow) -> CheckedFlow:
    try:
        return _checked(flow, _parse(flow.definition, f"{flow.name}.robin"))
    except SyntaxErrors as error:
        return CheckedFlow(flow, error.diagnostics)


def _checked(flow: DesktopFlow, script: Script) -> CheckedFlow:
    complete = replace(
        flow,
        inputs=flow.inputs if flow.inputs is not None else json.dumps(inputs_schema(script)),
        outputs=flow.outputs if flow.outputs is not None else json.dumps(outputs_schema(script)),
    )
    return CheckedFlow(complete, tuple(check(script, standard_library())))


def _parse(text: str, file: str) -> Script:
    library = standard_library()
    return parse(text, file, is_action=lambda name: library.resolve(name) is not None)


def parse_folder(path: Path) -> Script:
    """Parse the files of a flow folder, each by itself: faults are told by file and line.

    Raises:
        SyntaxErrors: What is wrong in any of them.
        NothingToImport: The folder holds no flow.
    """
    faults: list[Diagnostic] = []
    scripts: list[Script] = []
    for one in read_subflows(path):
        try:
            scripts.append(_script_of(one, _parse(one.text, str(path / one.file)), is_main=not scripts))
        except SyntaxErrors as error:
            faults += error.diagnostics
            scripts.append(Script((), (), ()))
    if faults:
        raise SyntaxErrors(faults)
    main = scripts[0]
    return replace(
        main,
        headers=tuple(header for one in scripts for header in one.headers),
        body=tuple(statement for one in scripts for statement in one.body),
        functions=tuple(function for one in scripts for function in one.functions),
    )


def _script_of(subflow: SubflowFile, script: Script, *, is_main: bool) -> Script:
    """Return a file's tree as a part of its flow's: a bare body is the subflow of the file's name."""
    if is_main or subflow.is_function:
        return script
    function = Function(subflow.name, Scope.GLOBAL, (), (), script.body, file=script.file)
    return replace(script, body=(), functions=(function, *script.functions))


def _with_open_names(flow: CheckedFlow, script: Script) -> CheckedFlow:
    """Tell of a fragment, which is a text alone without a declaration, which names it leaves open."""
    if any(isinstance(header, Input | Output) for header in script.headers):
        return flow
    spans = {one.span for one in flow.diagnostics if one.code == SemanticCode.UNKNOWN_VARIABLE}
    names: dict[str, str] = {}
    for node in walk(script):
        if isinstance(node, Name) and node.span in spans:
            names.setdefault(node.name.casefold(), node.name)
    return replace(flow, open_names=tuple(names.values()))
