"""A flow's tree to a program: Python's own syntax tree with Robin's file names and line numbers.

Flow text never becomes Python text, and what is generated sees nothing but the names that the runtime
binds for it: no builtins, no modules.

The variables of Main and the global subflows are cells of one enclosing function, or plain locals of
Main where no other subflow names them; a local subflow's variables are its own locals (robin 15).
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType

from deskhand.robin.call_sites import CallSite, Place
from deskhand.robin.catalog import Catalog
from deskhand.robin.checker import FlowErrors, check
from deskhand.robin.diagnostics import Diagnostic, Severity
from deskhand.robin.enabled_rows import enabled
from deskhand.robin.expression_code import variable_name
from deskhand.robin.nodes import (
    Function,
    LoopForEach,
    LoopFrom,
    Name,
    Node,
    Script,
    Span,
)
from deskhand.robin.parameters import FlowParameter, flow_inputs, flow_outputs, sensitive_names
from deskhand.robin.parser import parse
from deskhand.robin.python_tree import Code, PythonTree
from deskhand.robin.semantic_codes import SemanticCode
from deskhand.robin.spaces import Space, Spaces, is_local, spaces_of
from deskhand.robin.starting import Start, check_start, subflow_of
from deskhand.robin.statement_code import FlowCode, StatementCode
from deskhand.robin.values import Value
from deskhand.robin.walking import walk_all

_FLOW = "flow"
_MAIN = "Main"
_STARTED = "started"


@dataclass(frozen=True, slots=True)
class Program:
    """A flow that is ready to run, any number of times.

    Attributes:
        code: A function that takes the inputs in their order and returns Main and a function that reads
            the variables.
        constants: Values that the code names.
        sites: The calls of actions; the code names them by their position.
        rows: The rows that log themselves, by their position.
        loops: What loops are called in the log, by their position among these rows.
        places: Where each line of each subflow is.
        subflows: The display names of subflows by their names in the code.
        inputs: What callers give.
        outputs: What the flow gives back.
        sensitive: The variables whose values nobody may see, in lower case.
        warnings: What is odd about the flow's text.
        file: Where Main was read from.
    """

    code: CodeType
    constants: Mapping[str, Value]
    sites: tuple[CallSite, ...]
    rows: tuple[Place, ...]
    loops: Mapping[int, str]
    places: Mapping[tuple[str, int], Place]
    subflows: Mapping[str, str]
    inputs: tuple[FlowParameter, ...]
    outputs: tuple[FlowParameter, ...]
    sensitive: frozenset[str]
    warnings: tuple[Diagnostic, ...]
    file: str


def compile_flow(
    script: Script,
    catalog: Catalog,
    *,
    sources: Mapping[str, str] | None = None,
    logs_loops: bool = False,
    traced: bool = False,
    start: Start | None = None,
) -> Program:
    """Check and compile a flow.

    Args:
        script: The flow's tree.
        catalog: The action library.
        sources: The flow's texts by file, so that Python's own tracebacks can quote them.
        logs_loops: Whether SET and CALL are logged inside loops too.
        traced: Whether the environment's debugger is asked before each statement; slower.
        start: The row at which a traced run begins, if not with Main's first.

    Raises:
        FlowErrors: The flow cannot run; it carries every reason.
        CannotStartHere: No run can begin at that row.
    """
    diagnostics = check(script, catalog)
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    if errors:
        raise FlowErrors(errors)
    _remember(sources or {})
    flow = enabled(script)
    if start is not None:
        check_start(script, start)
    return _Writer(flow, catalog, logs_loops, traced, start).program(script, diagnostics)


def compile_text(
    text: str,
    catalog: Catalog,
    *,
    file: str = "Main.robin",
    logs_loops: bool = False,
    traced: bool = False,
) -> Program:
    """Parse, check and compile a flow that is one text; see :func:`compile_flow`.

    Args:
        text: The flow.
        catalog: The action library, which also tells the parser what is an action.
        file: What diagnostics and tracebacks call the text.
        logs_loops: Whether SET and CALL are logged inside loops too.
        traced: Whether the environment's debugger is asked before each statement; slower.

    Raises:
        SyntaxErrors: The text breaks the language's rules.
        FlowErrors: The flow cannot run.
    """
    script = parse(text, file, is_action=lambda name: catalog.resolve(name) is not None)
    return compile_flow(script, catalog, sources={file: text}, logs_loops=logs_loops, traced=traced)


def _remember(sources: Mapping[str, str]) -> None:
    for file, text in sources.items():
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


class _Writer:
    """Writes one flow.

    Args:
        script: The flow's enabled rows.
        catalog: The action library.
        logs_loops: Whether SET and CALL are logged inside loops too.
        traced: Whether a debugger is asked before each statement.
        start: The row at which a traced run begins, if not with Main's first.
    """

    def __init__(
        self, script: Script, catalog: Catalog, logs_loops: bool, traced: bool, start: Start | None = None
    ) -> None:
        self._script = script
        self._start = start
        self._spaces: Spaces = spaces_of(script, catalog)
        self._python = PythonTree()
        functions = {one.name.casefold(): one for one in script.functions}
        self._flow = FlowCode(catalog, functions, sensitive_names(script), logs_loops, traced)
        self._inputs = flow_inputs(script)
        self._outputs = flow_outputs(script)
        self._private = self._private_names(traced)

    def program(self, original: Script, diagnostics: Sequence[Diagnostic]) -> Program:
        flow = self._flow
        code = self._compiled()
        return Program(
            code=code,
            constants=flow.constants.values,
            sites=tuple(flow.sites),
            rows=tuple(flow.rows),
            loops=flow.loops,
            places=flow.places,
            subflows=self._display_names(),
            inputs=self._inputs,
            outputs=self._outputs,
            sensitive=flow.sensitive,
            warnings=tuple(diagnostics),
            file=original.file,
        )

    def _display_names(self) -> dict[str, str]:
        functions = self._flow.functions.values()
        started = {} if self._start is None else {_STARTED: subflow_of(self._script, self._start)[0]}
        return {
            _MAIN: _MAIN,
            **started,
            **{self._flow.subflow_name(one.name): one.name for one in functions},
        }

    def _compiled(self) -> CodeType:
        module = ast.Module([self._enclosing()], [])
        try:
            code = compile(module, self._script.file, "exec", dont_inherit=True, optimize=0)
        except (SyntaxError, RecursionError) as problem:
            raise FlowErrors([self._too_deep(problem)]) from problem
        files = {self._flow.subflow_name(one.name): one.file for one in self._script.functions}
        function = next(one for one in code.co_consts if isinstance(one, CodeType))
        return _with_files(function, files)

    def _too_deep(self, problem: SyntaxError | RecursionError) -> Diagnostic:
        line = getattr(problem, "lineno", None) or 1
        message = "loops and blocks stand inside each other too deeply; move the inner ones to a subflow"
        return Diagnostic(SemanticCode.TOO_DEEP, message, Span(line, 1, line, 1), file=self._script.file)

    # Variables

    def _private_names(self, traced: bool) -> frozenset[str]:
        """Return the variables that Main alone names, and no caller asks for."""
        if traced:
            return frozenset()
        shared = (one for one in self._script.functions if not is_local(one))
        elsewhere = _names_in(statement for one in shared for statement in one.body)
        interface = {one.variable.casefold() for one in (*self._inputs, *self._outputs)}
        return frozenset(self._spaces.shared.spelling) - elsewhere - interface

    def _cells(self) -> list[str]:
        return [name for name in self._spaces.shared.spelling if name not in self._private]

    def _emptied(self, names: Iterable[str]) -> Code:
        python = self._python
        return [python.assign(variable_name(name), python.constant(None)) for name in names]

    # Functions

    def _enclosing(self) -> ast.stmt:
        inputs = list(dict.fromkeys(one.variable.casefold() for one in self._inputs))
        body = self._emptied(name for name in self._cells() if name not in inputs)
        body += [self._subflow(one) for one in self._script.functions]
        body.append(self._main())
        body += self._accessors(self._cells(), self._spaces.shared)
        parts = [self._python.name(_MAIN), self._python.name("variables")]
        if self._start is not None:
            body.append(self._started(self._start))
            parts[0] = self._python.name(_STARTED)
        body.append(self._python.give(self._python.grouped(parts)))
        return self._python.function(_FLOW, [variable_name(name) for name in inputs], body)

    def _main(self) -> ast.stmt:
        script, space = self._script, self._spaces.shared
        code = StatementCode(self._flow, _MAIN, script.file, space, script.body).write()
        used = _names_in(script.body)
        start = self._python.outer([variable_name(one) for one in self._cells() if one in used])
        start += self._emptied(one for one in space.spelling if one in self._private)
        return self._python.function(_MAIN, [], start + code)

    def _subflow(self, function: Function) -> ast.stmt:
        if is_local(function):
            return self._local_subflow(function)
        space = self._spaces.shared
        code = StatementCode(self._flow, function.name, function.file, space, function.body).write()
        used = _names_in(function.body)
        start = self._python.outer([variable_name(one) for one in self._cells() if one in used])
        return self._python.function(self._flow.subflow_name(function.name), [], start + code)

    def _local_subflow(self, function: Function) -> ast.stmt:
        space: Space = self._spaces.local[function.name.casefold()]
        outputs = tuple(one.name.casefold() for one in function.outputs)
        inputs = list(dict.fromkeys(one.name.casefold() for one in function.inputs))
        writer = StatementCode(self._flow, function.name, function.file, space, function.body)
        start = self._emptied(name for name in space.spelling if name not in inputs)
        if self._flow.traced:
            start += self._accessors(space.spelling, space)
        parameters = [variable_name(name) for name in inputs]
        name = self._flow.subflow_name(function.name)
        return self._python.function(name, parameters, start + writer.write(outputs))

    def _started(self, start: Start) -> ast.stmt:
        """Write the rows of a subflow from one on, as what runs in Main's place."""
        name, file, body = subflow_of(self._script, start)
        rows = [one for one in body if one.row >= start.row]
        function = self._flow.functions.get(name.casefold())
        is_own = function is not None and is_local(function)
        space = self._spaces.local[name.casefold()] if is_own else self._spaces.shared
        code = StatementCode(self._flow, name, file, space, rows).write()
        if is_own:
            first = self._emptied(space.spelling) + self._accessors(space.spelling, space)
        else:
            used = _names_in(rows)
            first = self._python.outer([variable_name(one) for one in self._cells() if one in used])
        return self._python.function(_STARTED, [], first + code)

    def _accessors(self, names: Iterable[str], space: Space) -> Code:
        """Write what reads the variables by their spelled names and, for whoever debugs, sets one."""
        python, known = self._python, list(names)
        entries = [(space.spelling[name], python.name(variable_name(name))) for name in known]
        read = python.function("variables", [], [python.give(python.dictionary(entries))])
        if not self._flow.traced:
            return [read]
        body = python.outer([variable_name(name) for name in known])
        for name in known:
            is_this = python.comparison(python.name("name"), ast.Eq(), python.constant(name))
            body.append(python.when(is_this, [python.assign(variable_name(name), python.name("value"))]))
        return [read, python.function("store", ["name", "value"], body)]


def _names_in(nodes: Iterable[Node]) -> frozenset[str]:
    found: set[str] = set()
    for node in walk_all(nodes):
        if isinstance(node, Name):
            found.add(node.name.casefold())
        elif isinstance(node, LoopFrom | LoopForEach) and node.variable is not None:
            found.add(node.variable.casefold())
    return frozenset(found)


def _with_files(code: CodeType, files: Mapping[str, str]) -> CodeType:
    """Give each subflow's code the name of the file that it was read from."""
    inner = tuple(_with_files(one, files) if isinstance(one, CodeType) else one for one in code.co_consts)
    file = files.get(code.co_name, code.co_filename)
    return code.replace(co_consts=inner, co_filename=file)
