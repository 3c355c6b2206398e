"""What a flow's text means: names, actions, arguments, labels. Source: robin 5, 9, 12 and 19.

Only rows that run are checked; a disabled one merely declares its variables (robin 2.6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deskhand.core.errors import DeskhandError, did_you_mean
from deskhand.robin.action_checks import CallPosition, check_call
from deskhand.robin.catalog import Catalog
from deskhand.robin.diagnostics import Diagnostic
from deskhand.robin.enabled_rows import enabled
from deskhand.robin.expression_checks import ExpressionChecks, declared_names
from deskhand.robin.findings import Findings
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Block,
    CallSubflow,
    Case,
    Condition,
    ErrorHandler,
    Exit,
    ExitBlock,
    ExitFunction,
    ExitLoop,
    Expression,
    Function,
    FunctionCall,
    Goto,
    If,
    Input,
    Label,
    LastError,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    Name,
    NextAction,
    NextLoop,
    Output,
    RepeatAction,
    RepeatBlock,
    Script,
    Set,
    Statement,
    Switch,
    ThrowError,
    Wait,
    WaitFor,
)
from deskhand.robin.parameters import PARAMETER_MEMBERS
from deskhand.robin.property_checks import check_properties, variable_types
from deskhand.robin.semantic_codes import SemanticCode
from deskhand.robin.spaces import is_local
from deskhand.robin.walking import walk_all


class FlowErrors(DeskhandError):
    """A flow's text is well-formed and cannot run: names, actions or arguments in it do not fit.

    Every reason is in :attr:`diagnostics`, in the order of the lines, among them every action that the
    flow needs and that cannot run here yet.
    """

    code = "DH2099"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(one) for one in diagnostics))
        self.diagnostics = tuple(diagnostics)


def check(script: Script, catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return what is wrong or odd about a flow, in the order of its text.

    Args:
        script: The flow, with its disabled rows.
        catalog: The action library.
    """
    found: list[Diagnostic] = []
    running = enabled(script)
    functions = {one.name.casefold(): one for one in reversed(running.functions)}  # the first of a name
    _check_names(script, found)
    shared = declared_names(script, None)
    global_rows = [row for one in running.functions if not is_local(one) for row in one.body]
    types = variable_types([*running.headers, *running.body, *global_rows], catalog)
    findings = Findings(script.file, found)
    _Subflow(None, catalog, functions, shared, findings).check(running.body)
    check_properties(running.body, types, findings)
    for function in running.functions:
        own = is_local(function)
        names = declared_names(script, function) if own else shared
        findings = Findings(function.file, found)
        _Subflow(function, catalog, functions, names, findings).check(function.body)
        roots = [*function.inputs, *function.body]
        check_properties(function.body, variable_types(roots, catalog) if own else types, findings)
    return tuple(dict.fromkeys(found))


def _check_names(script: Script, found: list[Diagnostic]) -> None:
    """Report subflows, inputs and outputs of the same name."""
    seen: set[str] = {"main"}
    for function in script.functions:
        name = function.name.casefold()
        if name in seen:
            message = f"there is another subflow ‘{function.name}’; rename one of them"
            Findings(function.file, found).error(SemanticCode.DUPLICATE_SUBFLOW, message, function)
        seen.add(name)
    findings = Findings(script.file, found)
    for kind in (Input, Output):
        headers = [one for one in script.headers if isinstance(one, kind)]
        count = Counter(one.name.casefold() for one in headers)
        for one in headers:
            if count[one.name.casefold()] > 1:
                message = f"the {kind.__name__.lower()} ‘{one.name}’ is declared more than once"
                findings.error(SemanticCode.DUPLICATE_PARAMETER, message, one)
            _check_members(one, findings)


def _check_members(header: Input | Output, findings: Findings) -> None:
    """Report what is said of an input or an output and has no effect: above all that it were sensitive."""
    for entry in header.properties.entries if header.properties else ():
        known = PARAMETER_MEMBERS[type(header)]
        if entry.key.casefold() in {one.casefold() for one in known}:
            continue
        hint = did_you_mean(entry.key, known)
        if "sensitive" in entry.key.casefold():
            hint = f"; what is sensitive stands in a line of its own: @SENSITIVE: [{header.name}]"
        message = f"‘{entry.key}’ of ‘{header.name}’ has no effect{hint}"
        findings.warning(SemanticCode.UNKNOWN_MEMBER, message, header)


@dataclass(slots=True)
class _Subflow:
    """Checks one subflow.

    Attributes:
        function: The subflow; None for Main.
        catalog: The action library.
        functions: The subflows that CALL may name, by their names in lower case.
        names: The variables that exist, by their names in lower case.
        findings: Where problems go.
        labels: All labels of the subflow, by their names in lower case.
        scopes: The labels of the bodies that are open, the innermost last.
        loops: How many loops are open.
    """

    function: Function | None
    catalog: Catalog
    functions: dict[str, Function]
    names: dict[str, str]
    findings: Findings
    labels: dict[str, str] = field(default_factory=dict)
    scopes: list[frozenset[str]] = field(default_factory=list)
    loops: int = 0

    @property
    def expressions(self) -> ExpressionChecks:
        return ExpressionChecks(self.names, self.findings)

    def check(self, body: Sequence[Statement]) -> None:
        for label in (one for one in walk_all(body) if isinstance(one, Label)):
            if label.name.casefold() in self.labels:
                message = f"the label ‘{label.name}’ stands twice in this subflow; rename one"
                self.findings.error(SemanticCode.DUPLICATE_LABEL, message, label)
            self.labels.setdefault(label.name.casefold(), label.name)
        self.rows(body)

    def rows(self, body: Sequence[Statement]) -> None:
        self.scopes.append(frozenset(one.name.casefold() for one in body if isinstance(one, Label)))
        for statement in body:
            self.statement(statement)
        self.scopes.pop()

    def statement(self, statement: Statement) -> None:
        match statement:
            case If() | Switch() | LoopFrom() | LoopForEach() | LoopWhile() | Block():
                self.compound(statement)
            case ActionStatement():
                self.action(statement.action, CallPosition.ROW)
            case WaitFor():
                self.action(statement.action, CallPosition.WAIT)
                self.values(statement.seconds)
            case CallSubflow():
                self.call(statement)
            case Set():
                self.values(statement.target, statement.value)
                self.handler(statement.handler)
            case Wait():
                self.values(statement.seconds)
                self.handler(statement.handler)
            case _:
                self.flow_word(statement)

    def flow_word(self, statement: Statement) -> None:
        match statement:
            case Exit():
                self.values(statement.code, statement.message)
            case LastError():
                self.values(statement.target, statement.reset)
            case ExitLoop() | NextLoop() if not self.loops:
                message = f"{_words(statement)} stands inside a loop, and none is open here"
                self.findings.error(SemanticCode.NO_LOOP, message, statement)
            case ExitFunction() if self.function is None:
                message = "Main is no subflow that one could leave; write EXIT to end the flow"
                self.findings.error(SemanticCode.EXIT_FUNCTION_IN_MAIN, message, statement)
            case Goto():
                self.goto(statement)
            case ThrowError() | RepeatAction() | NextAction() | RepeatBlock() | ExitBlock():
                message = f"{_words(statement)} belongs to an error handler"
                self.findings.error(SemanticCode.NO_HANDLER, message, statement)

    def values(self, *trees: Expression | None) -> None:
        for tree in trees:
            if tree is not None:
                self.expressions.check(tree)

    # Compound statements

    def compound(self, statement: If | Switch | LoopFrom | LoopForEach | LoopWhile | Block) -> None:
        match statement:
            case If():
                for branch in statement.branches:
                    self.condition(branch.condition)
                    self.rows(branch.body)
                self.rows(statement.otherwise.body if statement.otherwise else ())
            case Switch():
                self.switch(statement)
            case Block():
                self.handler_rows(statement.handler.body, _BLOCK_WORDS)
                self.rows(statement.body)
            case LoopFrom():
                self.values(statement.start, statement.stop, statement.step)
                self.loop(statement.body)
            case LoopForEach():
                self.values(statement.sequence)
                self.loop(statement.body)
            case LoopWhile():
                self.loops += 1
                self.condition(statement.condition)
                self.loops -= 1
                self.loop(statement.body)

    def loop(self, body: Sequence[Statement]) -> None:
        self.loops += 1
        self.rows(body)
        self.loops -= 1

    def condition(self, condition: Condition) -> None:
        if isinstance(condition, ActionCall):
            self.action(condition, CallPosition.CONDITION)
        else:
            self.values(condition)

    def switch(self, statement: Switch) -> None:
        self.values(statement.subject)
        for case in statement.cases:
            self.case(case)
            self.rows(case.body)
        self.rows(statement.default.body if statement.default else ())

    def case(self, case: Case) -> None:
        if case.operator is None and isinstance(case.value, FunctionCall):
            self.expressions.predicate(case.value)
            return
        self.values(case.value)
        if (
            case.operator is None
            and isinstance(case.value, Name)
            and case.value.name.casefold() in self.names
        ):
            message = f"a CASE compares; write CASE = {case.value.name}"
            self.findings.error(SemanticCode.WRONG_CASE, message, case)

    # Actions and calls

    def action(self, call: ActionCall, position: CallPosition) -> None:
        check_call(call, position, self.catalog, self.expressions)
        self.handler(call.handler)

    def call(self, statement: CallSubflow) -> None:
        for argument in statement.arguments:
            self.values(argument.value)
        for output in statement.outputs:
            self.values(output.target)
        self.handler(statement.handler)
        function = self.functions.get(statement.name.casefold())
        if function is None:
            known = [one.name for one in self.functions.values()]
            message = f"there is no subflow ‘{statement.name}’{did_you_mean(statement.name, known)}"
            self.findings.error(SemanticCode.UNKNOWN_SUBFLOW, message, statement)
        else:
            self.call_arguments(statement, function)

    def call_arguments(self, statement: CallSubflow, function: Function) -> None:
        sides = (
            (statement.arguments, function.inputs, "input"),
            (statement.outputs, function.outputs, "output"),
        )
        for given, declared, word in sides:
            known = [one.name for one in declared]
            for one in given:
                if one.name.casefold() not in (name.casefold() for name in known):
                    hint = did_you_mean(one.name, known) if is_local(function) else _SHARES
                    message = f"the subflow ‘{function.name}’ has no {word} ‘{one.name}’{hint}"
                    self.findings.error(SemanticCode.CALL_ARGUMENT, message, one)

    # Labels

    def goto(self, statement: Goto) -> None:
        name = statement.name.casefold()
        if any(name in scope for scope in self.scopes):
            return
        if name in self.labels:
            message = (
                f"‘{statement.name}’ lies inside a block, loop, IF or SWITCH that this GOTO is not in; "
                "put the label outside of it"
            )
            self.findings.error(SemanticCode.JUMP_INTO_BLOCK, message, statement)
            return
        hint = did_you_mean(statement.name, self.labels.values())
        message = f"this subflow has no label ‘{statement.name}’{hint}"
        self.findings.error(SemanticCode.UNKNOWN_LABEL, message, statement)

    # Handlers

    def handler(self, handler: ErrorHandler | None) -> None:
        if handler is None:
            return
        if handler.retry is not None:
            self.values(handler.retry.times, handler.retry.seconds)
        for case in handler.cases:
            self.handler_rows(case.body, _ACTION_WORDS)

    def handler_rows(self, body: Iterable[Statement], words: tuple[type, ...]) -> None:
        for statement in body:
            if isinstance(statement, words):
                continue
            if isinstance(statement, _HANDLER_ROWS):
                self.statement(statement)
            else:
                message = f"{_words(statement)} cannot stand in an error handler; CALL a subflow that has it"
                self.findings.error(SemanticCode.NOT_IN_HANDLER, message, statement)


_SHARES = "; it is a global subflow, which shares the variables of its caller"
_ACTION_WORDS = (ThrowError, RepeatAction, NextAction)
_BLOCK_WORDS = (ThrowError, RepeatBlock, NextAction, ExitBlock)
_HANDLER_ROWS = (Set, CallSubflow, Goto, ExitLoop, NextLoop, ExitFunction, Exit)


def _words(statement: Statement) -> str:
    """Return what a statement begins with."""
    if isinstance(statement, ActionStatement):
        return statement.action.name
    spelled = {
        ExitLoop: "EXIT LOOP",
        NextLoop: "NEXT LOOP",
        ThrowError: "THROW ERROR",
        RepeatAction: "REPEAT ACTION",
        NextAction: "NEXT ACTION",
        RepeatBlock: "REPEAT BLOCK",
        ExitBlock: "EXIT BLOCK",
        LastError: "ERROR",
        LoopFrom: "LOOP",
        LoopForEach: "LOOP FOREACH",
        LoopWhile: "LOOP WHILE",
        WaitFor: "WAIT",
    }
    return spelled.get(type(statement), type(statement).__name__.upper())
