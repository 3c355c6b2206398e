"""Statements as Python. Source: robin 4, 5 and 12."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from deskhand.robin.call_sites import CallSite, Place, call_site, mentions
from deskhand.robin.catalog import ActionSpec, Catalog
from deskhand.robin.expression_code import (
    CAREFUL_OPERATORS,
    Constants,
    ExpressionCode,
    variable_name,
)
from deskhand.robin.jumps import Jump, Jumps
from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Block,
    BlockHandler,
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
    HandlerCase,
    If,
    Index,
    Label,
    LastError,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    Name,
    NextAction,
    NextLoop,
    Node,
    Property,
    RepeatAction,
    RepeatBlock,
    Row,
    Set,
    Statement,
    Switch,
    Target,
    ThrowError,
    Wait,
    WaitFor,
)
from deskhand.robin.python_tree import Code, PythonTree
from deskhand.robin.spaces import Space, is_local, may_change, root_of, whole_literal
from deskhand.robin.walking import walk_all

ACTION_ERROR = "ActionError"
ANY_ERROR = "AnyError"
"""What generated code calls the classes that handlers catch."""

UNSHELTERED, ACTIONS_SHELTERED, SHELTERED = 0, 1, 2
"""Whether a handler of the same subflow waits for an error: none, one for errors of actions, one for all."""


@dataclass(slots=True)
class FlowCode:
    """What the subflows of one flow have in common while they are written.

    Attributes:
        catalog: The action library.
        functions: The subflows other than Main, by their names in lower case.
        sensitive: The variables whose values nobody may see, in lower case.
        logs_loops: Whether SET and CALL are logged inside loops too.
        traced: Whether a debugger is asked before each statement, and where one fails.
        constants: Values that generated code needs.
        sites: The calls of actions.
        rows: The rows that log themselves.
        loops: What loops are called in the log, by their position among these rows.
        places: Where each line of each subflow is, for errors.
    """

    catalog: Catalog
    functions: dict[str, Function]
    sensitive: frozenset[str]
    logs_loops: bool
    traced: bool
    constants: Constants = field(default_factory=Constants)
    sites: list[CallSite] = field(default_factory=list)
    rows: list[Place] = field(default_factory=list)
    loops: dict[int, str] = field(default_factory=dict)
    places: dict[tuple[str, int], Place] = field(default_factory=dict)
    telling: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Find out which subflows log anything when they are called from a loop."""
        calls = {name: _called(one.body) for name, one in self.functions.items()}
        found = {name for name, one in self.functions.items() if _logs_itself(one.body, self.logs_loops)}
        while more := {name for name, names in calls.items() if name not in found and names & found}:
            found |= more
        self.telling = frozenset(found)

    def tells(self, body: Sequence[Statement]) -> bool:
        """Return whether a loop's rows log anything."""
        return _logs_itself(body, self.logs_loops) or not self.telling.isdisjoint(_called(body))

    def subflow_name(self, name: str) -> str:
        """Return what a subflow is called in generated code."""
        return f"s_{list(self.functions).index(name.casefold())}"


@dataclass(frozen=True, slots=True)
class _RobinLoop:
    leave: Jump
    next: Jump


@dataclass(frozen=True, slots=True)
class _Resumption:
    """The handler of a block that goes on with the next action wherever one fails."""

    handler: BlockHandler


class StatementCode:
    """Writes the statements of one subflow.

    Args:
        flow: What all subflows share.
        subflow: The subflow's name.
        file: Where it was read from.
        space: The variables that it sees.
        body: Its rows.
    """

    def __init__(
        self, flow: FlowCode, subflow: str, file: str, space: Space, body: Sequence[Statement]
    ) -> None:
        self._flow = flow
        self._subflow = subflow
        self._file = file
        self._space = space
        self._variables = frozenset(space.spelling)
        self._body = body
        self._python = PythonTree()
        self._jumps = Jumps(self._python)
        self._labels: list[dict[str, Jump]] = []
        self._robin_loops: list[_RobinLoop] = []
        self._resumption: _Resumption | None = None
        self._shelter = UNSHELTERED
        self._temporaries = 0
        self._rounds: str | None = None
        self._result: tuple[str, ...] = ()
        self._goals = frozenset(one.name.casefold() for one in walk_all(body) if isinstance(one, Goto))
        self._backward = _backward_rows(body)

    def write(self, result: tuple[str, ...] = ()) -> Code:
        """Return the subflow's code.

        Args:
            result: The variables that it returns, in lower case.
        """
        self._result = result
        code = self._rows(self._body)
        return [*self._jumps.start(), *code, *([self._return()] if result else [])]

    # Rows

    def _rows(self, statements: Sequence[Statement]) -> Code:
        if any(isinstance(one, Label) and one.name.casefold() in self._goals for one in statements):
            return self._labelled_rows(statements)
        return [line for one in statements for line in self._statement(one)]

    def _labelled_rows(self, statements: Sequence[Statement]) -> Code:
        """Write rows with labels: a loop whose rounds each start at the label that was jumped to."""
        python = self._python
        state = self._temporary("at")
        loop = self._jumps.open()
        parts = _split_at_labels(statements, self._goals)
        scope = {
            name: Jump(loop, True, (state, number))
            for number, (name, _) in enumerate(parts)
            if name is not None
        }
        self._labels.append(scope)
        body: Code = []
        for number, (_, part) in enumerate(parts):
            code = [line for one in part for line in self._statement(one)]
            is_from_here = python.comparison(python.name(state), ast.LtE(), python.constant(number))
            body += code if number == len(parts) - 1 or not code else [python.when(is_from_here, code)]
        self._labels.pop()
        after = self._jumps.close()
        whole = python.repeat(python.constant(True), [*body, python.leave()])
        return [python.assign(state, python.constant(0)), whole, *after]

    def _statement(self, statement: Statement) -> Code:
        line = self._python.line
        self._python.line = statement.span.line
        try:
            code = self._traced(statement) + self._resumed(statement)
        finally:
            self._python.line = line
        return code

    def _traced(self, statement: Statement) -> Code:
        if not self._flow.traced:
            return []
        python = self._python
        place = (python.constant(one) for one in (self._subflow, statement.row, statement.span.line))
        shelter = (python.constant(one) for one in (self._shelter, _own_shelter(statement)))
        return [self._do("hook", *place, *shelter, python.name("variables"), python.name("store"))]

    def _watched(self, write: Callable[[], Code]) -> Code:
        """Write something so that whoever debugs may try it again, or skip it, where it fails."""
        if not self._flow.traced:
            return write()
        python = self._python
        self._jumps.open()
        code = write()
        after = self._jumps.close()
        verdict = self._temporary("verdict")
        rescue = [
            python.assign(verdict, python.call("failed", python.name("_caught"))),
            python.when(
                python.comparison(python.name(verdict), ast.Is(), python.constant(None)), [python.throw()]
            ),
            python.when(python.name(verdict), [python.next()]),
        ]
        attempt = python.attempt(code, python.name(ANY_ERROR), "_caught", rescue)
        return [python.repeat(python.constant(True), [attempt, python.leave()]), *after]

    def _resumed(self, statement: Statement) -> Code:
        """Write one row; inside a block that resumes, an error of the row is handled around it."""
        if isinstance(statement, _SIMPLE):
            code = self._watched(lambda: self._one(statement))
        else:
            code = self._one(statement)
        if self._resumption is None or not isinstance(statement, _SIMPLE):
            return code
        handler = self._resumption.handler
        error = self._temporary("error")
        rescue = self._handler_rows(handler.body, error, None)
        return self._protected(code, _classes(handler), error, rescue)

    def _one(self, statement: Statement) -> Code:
        match statement:
            case Set():
                return self._set(statement)
            case CallSubflow():
                return self._call(statement)
            case ActionStatement():
                return self._action(statement.action, statement)
            case If():
                return self._if(statement)
            case LoopFrom() | LoopForEach() | LoopWhile():
                return self._told(statement)
            case Switch():
                return self._switch(statement)
            case Block():
                return self._block(statement)
            case _:
                return self._flow_word(statement)

    def _flow_word(self, statement: Statement) -> Code:
        match statement:
            case Wait():
                return self._wait(statement)
            case WaitFor():
                return self._wait_for(statement)
            case ExitLoop():
                return self._jumps.go(self._robin_loops[-1].leave)
            case NextLoop():
                return self._jumps.go(self._robin_loops[-1].next)
            case Goto():
                return self._goto(statement)
            case ExitFunction():
                return [self._return()]
            case Exit():
                self._place(statement, "EXIT")
                values = (self._optional(statement.code), self._optional(statement.message))
                return [self._do("leave_flow", *values)]
            case LastError():
                return self._last_error(statement)
            case ThrowError():
                return [self._do("throw_error")]
            case _:
                return []

    def _goto(self, statement: Goto) -> Code:
        name = statement.name.casefold()
        for scope in reversed(self._labels):
            if name in scope:
                return self._jumps.go(scope[name])
        raise AssertionError(f"the checker lets no GOTO through without its label: {statement.name}")

    # Small pieces

    def _temporary(self, purpose: str) -> str:
        self._temporaries += 1
        return f"_{purpose}{self._temporaries}"

    def _do(self, function: str, *arguments: ast.expr) -> ast.stmt:
        return self._python.do(self._python.call(function, *arguments))

    def _expressions(self, *, careful: bool) -> ExpressionCode:
        return ExpressionCode(
            self._python,
            self._space.facts,
            self._variables,
            self._flow.constants,
            careful,
        )

    def _careful(self, tree: Expression) -> ast.expr:
        return self._expressions(careful=True).value(tree)

    def _optional(self, tree: Expression | None) -> ast.expr:
        return self._python.constant(None) if tree is None else self._careful(tree)

    def _into(self, name: str, build: Callable[[ExpressionCode], ast.expr]) -> Code:
        """Assign a value; where Python's operators may fail on the empty value, carefully again."""
        quick = self._expressions(careful=False)
        code: Code = [self._python.assign(name, build(quick))]
        if not quick.guarded:
            return code
        again = self._python.assign(name, build(self._expressions(careful=True)))
        return [self._python.attempt(code, self._python.name("TypeError"), None, [again])]

    def _tested(self, build: Callable[[ExpressionCode], ast.expr]) -> tuple[Code, ast.expr]:
        """Return what a test needs before it, and the test."""
        quick = self._expressions(careful=False)
        test = build(quick)
        if not quick.guarded:
            return [], test
        name = self._temporary("test")
        return self._into(name, build), self._python.name(name)

    def _place(self, row: Row, action: str) -> Place:
        """Note where a row is, so that errors can tell."""
        place = Place(self._subflow, row.row, row.span.line, row.span.column, action, self._file)
        self._flow.places[self._subflow, row.span.line] = place
        return place

    def _logs(self, statement: Row) -> bool:
        if self._flow.logs_loops:
            return True
        return not self._robin_loops and statement.row not in self._backward

    def _logged_row(self, place: Place) -> ast.expr:
        self._flow.rows.append(place)
        return self._python.constant(len(self._flow.rows) - 1)

    # Assignment

    def _assign(self, target: Target, value: ast.expr) -> Code:
        python, expressions = self._python, self._expressions(careful=True)
        match target:
            case Name():
                code = [python.assign(variable_name(target.name), value)]
            case Property():
                name = python.constant(target.name)
                code = [self._do("set_property", expressions.place(target.of), name, value)]
            case Index():
                index = expressions.value(target.index)
                code = [self._do("set_item", expressions.place(target.of), index, value)]
        return code + self._guard_secret(target)

    def _guard_secret(self, target: Target) -> Code:
        root = root_of(target)
        if root is None or root.name.casefold() not in self._flow.sensitive:
            return []
        return [self._do("guard", self._python.name(variable_name(root.name)))]

    def _set(self, statement: Set) -> Code:
        place = self._place(statement, "SET")
        if isinstance(statement.target, Name):
            name = variable_name(statement.target.name)
            code = self._into(name, lambda expressions: expressions.stored(statement.value))
            code += self._guard_secret(statement.target)
        else:
            name = self._temporary("value")
            code = self._into(name, lambda expressions: expressions.stored(statement.value))
            code += self._assign(statement.target, self._python.name(name))
        if self._logs(statement):
            code.append(self._log_set(statement, place, name))
        return self._handled(code, statement.handler, ANY_ERROR)

    def _log_set(self, statement: Set, place: Place, name: str) -> ast.stmt:
        root = root_of(statement.target)
        is_hidden = mentions(statement.value, self._flow.sensitive) or mentions(
            statement.target, self._flow.sensitive
        )
        shown = self._python.constant(root.name if root is not None else "")
        value = self._python.name(name)
        hidden = self._python.constant(is_hidden)
        return self._do("set_done", self._logged_row(place), shown, value, hidden)

    def _last_error(self, statement: LastError) -> Code:
        self._place(statement, "ERROR")
        reset = statement.reset
        flag = self._python.constant(False) if reset is None else self._careful(reset)
        return self._assign(statement.target, self._python.call("last_error", flag))

    # Conditions

    def _if(self, statement: If) -> Code:
        line = self._python.line
        written: list[tuple[Code, ast.expr, Code, int]] = []
        for branch in statement.branches:
            self._python.line = branch.span.line or line
            self._place(branch, "IF")
            before, test = self._condition(branch.condition, branch)
            written.append((before, test, self._rows(branch.body), self._python.line))
        otherwise = [] if statement.otherwise is None else self._rows(statement.otherwise.body)
        return self._chain(written, otherwise, line)

    def _chain(self, written: list[tuple[Code, ast.expr, Code, int]], otherwise: Code, line: int) -> Code:
        """Nest branches into each other's ``else``, from the last one outwards."""
        for before, test, body, at in reversed(written):
            self._python.line = at
            otherwise = [*before, self._python.when(test, body, otherwise)]
        self._python.line = line
        return otherwise

    def _condition(self, condition: Condition, row: Row) -> tuple[Code, ast.expr]:
        if not self._flow.traced:
            return self._condition_once(condition, row)
        python, name = self._python, self._temporary("test")

        def write() -> Code:
            before, test = self._condition_once(condition, row)
            return [*before, python.assign(name, test)]

        return [python.assign(name, python.constant(False)), *self._watched(write)], python.name(name)

    def _condition_once(self, condition: Condition, row: Row) -> tuple[Code, ast.expr]:
        if isinstance(condition, ActionCall):
            name = self._temporary("test")
            first = self._python.assign(name, self._python.constant(False))
            return [first, *self._action(condition, row, name)], self._python.name(name)
        return self._tested(lambda expressions: expressions.test(condition))

    def _switch(self, statement: Switch) -> Code:
        line = self._python.line
        self._place(statement, "SWITCH")
        subject = self._temporary("subject")
        code = self._into(subject, lambda expressions: expressions.value(statement.subject))
        written: list[tuple[Code, ast.expr, Code, int]] = []
        for case in statement.cases:
            self._python.line = case.span.line or line
            self._place(case, "CASE")
            written.append(([], self._case(case, subject), self._rows(case.body), self._python.line))
        otherwise = [] if statement.default is None else self._rows(statement.default.body)
        return code + self._chain(written, otherwise, line)

    def _case(self, case: Case, subject: str) -> ast.expr:
        expressions = self._expressions(careful=True)
        if case.operator is not None:
            operator = CAREFUL_OPERATORS[case.operator]
            return self._python.call(operator, self._python.name(subject), expressions.value(case.value))
        assert isinstance(case.value, FunctionCall), "the checker lets only predicates through"
        arguments = map(expressions.value, case.value.arguments)
        return expressions.function(case.value.name, self._python.name(subject), *arguments)

    # Loops

    def _told(self, statement: LoopFrom | LoopForEach | LoopWhile) -> Code:
        """Write a loop which, if anything in it is logged, tells when it begins and ends."""
        if not self._flow.tells(statement.body):
            self._rounds = None
            return self._any_loop(statement)
        python, rounds = self._python, self._temporary("rounds")
        self._rounds = rounds
        whole = self._any_loop(statement)
        row = self._logged_row(self._flow.places[self._subflow, statement.span.line])
        self._flow.loops[len(self._flow.rows) - 1] = _loop_summary(statement)
        begin = python.assign(rounds, python.call("loop_began", row))
        return [begin, python.ensure(whole, [self._do("loop_ended", python.name(rounds))])]

    def _any_loop(self, statement: LoopFrom | LoopForEach | LoopWhile) -> Code:
        match statement:
            case LoopFrom():
                return self._loop_from(statement)
            case LoopForEach():
                return self._loop_for_each(statement)
            case LoopWhile():
                return self._loop_while(statement)

    def _round(self) -> Code:
        """Count a round of the loop that is being written, if it tells of itself."""
        rounds, self._rounds = self._rounds, None
        return [] if rounds is None else [self._do("loop_round", self._python.name(rounds))]

    def _loop(self, body: Sequence[Statement]) -> tuple[Code, Code]:
        """Write a loop's rows; return them, and what must follow the loop."""
        loop = self._jumps.open()
        self._robin_loops.append(_RobinLoop(Jump(loop, False), Jump(loop, True)))
        code = [*self._round(), *self._rows(body)]
        self._robin_loops.pop()
        return code, self._jumps.close()

    def _loop_from(self, statement: LoopFrom) -> Code:
        self._place(statement, "LOOP")
        variable = statement.variable
        if variable is not None and may_change(
            variable, statement.body, self._space.reassigned, self._flow.catalog
        ):
            return self._changing_loop(statement, variable)
        values = self._counted(statement)
        body, after = self._loop(statement.body)
        name = self._temporary("pass") if variable is None else variable_name(variable)
        guard = [] if variable is None else self._guard_secret(Name(variable))
        return [self._python.each(name, values, guard + body), *after]

    def _counted(self, statement: LoopFrom) -> ast.expr:
        """Return the values of a counter: a plain ``range`` where the text says all."""
        python = self._python
        numbers = [whole_literal(one) for one in (statement.start, statement.stop, statement.step)]
        if all(one is not None for one in numbers) and numbers[2]:
            start, stop, step = (0 if one is None else one for one in numbers)
            end = stop + (1 if step > 0 else -1)
            return python.call("range", *map(python.constant, (start, end, step)))
        bounds = (self._careful(one) for one in (statement.start, statement.stop, statement.step))
        return python.call("counting", *bounds)

    def _changing_loop(self, statement: LoopFrom, variable: str) -> Code:
        """Write a loop whose rows may set the counter: it goes on from what they leave there."""
        python, name = self._python, variable_name(variable)
        following, stop, step = (self._temporary(one) for one in ("next", "stop", "step"))
        is_first = self._temporary("first")
        code: Code = [
            python.assign(following, python.call("number", self._careful(statement.start))),
            python.assign(stop, python.call("number", self._careful(statement.stop))),
            python.assign(step, python.call("number", self._careful(statement.step))),
            python.assign(is_first, python.constant(True)),
        ]
        advance = python.assign(following, python.call("advance", python.name(name), python.name(step)))
        within = python.call("within", *map(python.name, (following, stop, step)))
        head: Code = [
            python.when(python.name(is_first), [python.assign(is_first, python.constant(False))], [advance]),
            python.when(python.unary(ast.Not(), within), [python.leave()]),
            python.assign(name, python.name(following)),
            *self._guard_secret(Name(variable)),
        ]
        body, after = self._loop(statement.body)
        return [*code, python.repeat(python.constant(True), head + body), *after]

    def _loop_for_each(self, statement: LoopForEach) -> Code:
        self._place(statement, "LOOP FOREACH")
        name = statement.variable
        is_changed = name.casefold() in self._space.changed
        items = self._python.call(
            "copies_of" if is_changed else "items_of", self._careful(statement.sequence)
        )
        body, after = self._loop(statement.body)
        guard = self._guard_secret(Name(name))
        return [self._python.each(variable_name(name), items, guard + body), *after]

    def _loop_while(self, statement: LoopWhile) -> Code:
        self._place(statement, "LOOP WHILE")
        python = self._python
        loop = self._jumps.open()
        before, test = self._condition(statement.condition, statement)
        self._robin_loops.append(_RobinLoop(Jump(loop, False), Jump(loop, True)))
        body = [*self._round(), *self._rows(statement.body)]
        self._robin_loops.pop()
        after = self._jumps.close()
        if not before:
            return [python.repeat(test, body), *after]
        end = python.when(python.unary(ast.Not(), test), [python.leave()])
        return [python.repeat(python.constant(True), [*before, end, *body]), *after]

    # Calls

    def _call(self, statement: CallSubflow) -> Code:
        place = self._place(statement, f"CALL {statement.name}")
        function = self._flow.functions[statement.name.casefold()]
        subflow = self._python.name(self._flow.subflow_name(statement.name))
        logs = self._logs(statement)
        caller = "call" if logs else "call_quietly"
        arguments = self._local_arguments(statement, function) if is_local(function) else []
        call = self._python.call(caller, subflow, *arguments)
        code = self._with_outputs(statement, function, call)
        if logs:
            began = self._temporary("began")
            code.insert(0, self._python.assign(began, self._python.call("begin")))
            code.append(self._do("call_done", self._logged_row(place), self._python.name(began)))
        return self._handled(code, statement.handler, ACTION_ERROR)

    def _local_arguments(self, statement: CallSubflow, function: Function) -> list[ast.expr]:
        given = {one.name.casefold(): one.value for one in statement.arguments}
        expressions = self._expressions(careful=True)
        return [
            expressions.stored(given[one.name.casefold()])
            if one.name.casefold() in given
            else self._python.constant(None)
            for one in function.inputs
        ]

    def _with_outputs(self, statement: CallSubflow, function: Function, call: ast.expr) -> Code:
        if not function.outputs:
            return [self._python.do(call)]
        targets = {one.name.casefold(): one.target for one in statement.outputs}
        names = [self._temporary("output") for _ in function.outputs]
        code: Code = [self._python.unpack(names, call)]
        for output, name in zip(function.outputs, names, strict=True):
            target = targets.get(output.name.casefold())
            if target is not None:
                code += self._assign(target, self._python.name(name))
        return code

    def _return(self) -> ast.stmt:
        values = [self._python.name(f"v_{name}") for name in self._result]
        return self._python.give(self._python.grouped(values) if values else self._python.constant(None))

    # Actions

    def _site(self, call: ActionCall, row: Row) -> CallSite:
        spec = self._flow.catalog.resolve(call.name)
        assert isinstance(spec, ActionSpec), "the checker lets only actions through that can run"
        place = self._place(row, spec.name)
        return call_site(call, spec, place, self._flow.catalog, self._flow.sensitive)

    def _action(self, call: ActionCall, row: Row, test: str | None = None) -> Code:
        site = self._site(call, row)
        function = self._add_site("a", site)
        code = self._site_call(site, function, test)
        return self._handled(code, call.handler, ACTION_ERROR)

    def _add_site(self, prefix: str, site: CallSite) -> str:
        self._flow.sites.append(site)
        return f"{prefix}{len(self._flow.sites) - 1}"

    def _site_call(self, site: CallSite, function: str, test: str | None, *before: ast.expr) -> Code:
        """Call an action and put what it gives where it belongs."""
        expressions = self._expressions(careful=True)
        values = [expressions.value(one.value) for one in site.arguments]
        call = self._python.call(function, *before, *values)
        names: list[str] = []
        if site.is_condition:
            names.append(test or self._temporary("answer"))
        after: Code = []
        for target in (*(one.target for one in site.targets), *_reference_targets(site)):
            name = variable_name(target.name) if isinstance(target, Name) else self._temporary("output")
            names.append(name)
            if isinstance(target, Name):
                after += self._guard_secret(target)
            else:
                after += self._assign(target, self._python.name(name))
        return [self._python.unpack(names, call) if names else self._python.do(call), *after]

    def _wait(self, statement: Wait) -> Code:
        place = self._place(statement, "WAIT")
        row = self._logged_row(place)
        code: Code = [self._do("wait", row, self._careful(statement.seconds))]
        return self._handled(code, statement.handler, ANY_ERROR)

    def _wait_for(self, statement: WaitFor) -> Code:
        site = self._site(statement.action, statement)
        function = self._add_site("w", site)
        code = self._site_call(site, function, None, self._optional(statement.seconds))
        return self._handled(code, statement.action.handler, ACTION_ERROR)

    # Errors

    def _handled(self, code: Code, handler: ErrorHandler | None, classes: str) -> Code:
        """Put a statement's own handler around it (robin 12.1)."""
        if handler is None:
            return code
        error = self._temporary("error")
        if not any(isinstance(one, RepeatAction) for case in handler.cases for one in case.body):
            return self._attempted(code, handler, classes, error) + self._cases(handler, error, None)
        loop = self._jumps.open()
        whole = self._attempted(code, handler, classes, error)
        whole += self._cases(handler, error, Jump(loop, True))
        after = self._jumps.close()
        return [self._python.repeat(self._python.constant(True), [*whole, self._python.leave()]), *after]

    def _attempted(self, code: Code, handler: ErrorHandler, classes: str, error: str) -> Code:
        """Try a statement as often as its handler says; afterwards the error is in its variable."""
        python = self._python
        caught = python.name("_caught")
        keep: Code = [python.assign(error, python.call("caught", caught))]
        if not handler.cases:
            keep = [python.throw()]
        reset = python.assign(error, python.constant(None))
        if handler.retry is None:
            return [reset, python.attempt(code, python.name(classes), "_caught", keep)]
        left, seconds = self._temporary("left"), self._temporary("seconds")
        retry: Code = [
            python.assign(left, python.operation(python.name(left), ast.Sub(), python.constant(1))),
            self._do("retrying", caught, python.name(seconds)),
            python.next(),
        ]
        has_more = python.comparison(python.name(left), ast.Gt(), python.constant(0))
        attempt = python.attempt(code, python.name(classes), "_caught", [python.when(has_more, retry), *keep])
        return [
            python.assign(left, python.call("retries", self._careful(handler.retry.times))),
            python.assign(seconds, self._careful(handler.retry.seconds)),
            python.repeat(python.constant(True), [reset, attempt, python.leave()]),
        ]

    def _cases(self, handler: ErrorHandler, error: str, again: Jump | None) -> Code:
        """Write what happens for each error; one that no case takes goes on outwards."""
        if not handler.cases:
            return []
        python = self._python
        named = [case for case in handler.cases if case.error is not None]
        rest = [case for case in handler.cases if case.error is None]
        otherwise: Code = [python.throw(error)]
        if rest:
            otherwise = self._handler_rows([row for case in rest for row in case.body], error, again)
        for case in reversed(named):
            otherwise = [self._named_case(case, error, again, otherwise)]
        return [python.when(self._is_set(error), otherwise)]

    def _named_case(self, case: HandlerCase, error: str, again: Jump | None, otherwise: Code) -> ast.stmt:
        python = self._python
        test = python.call("matches", python.name(error), python.constant(case.error))
        return python.when(test, self._handler_rows(case.body, error, again), otherwise)

    def _is_set(self, error: str) -> ast.expr:
        python = self._python
        return python.comparison(python.name(error), ast.IsNot(), python.constant(None))

    def _handler_rows(self, rows: Iterable[Statement], error: str, again: Jump | None) -> Code:
        """Write a handler's rows, up to the word that says how the flow goes on."""
        code: Code = []
        resumption, self._resumption = self._resumption, None
        for row in rows:
            if isinstance(row, NextAction | ExitBlock):
                break
            if isinstance(row, RepeatAction | RepeatBlock):
                assert again is not None, "who writes a repetition opens its loop"
                code += self._jumps.go(again)
                break
            if isinstance(row, ThrowError):
                code.append(self._python.throw(error))
                break
            code += self._statement(row)
        self._resumption = resumption
        return code

    def _protected(self, code: Code, classes: str, error: str, rescue: Code) -> Code:
        """Run some code; if an error of some classes leaves it, run other code afterwards."""
        python = self._python
        keep = python.assign(error, python.call("caught", python.name("_caught")))
        return [
            python.assign(error, python.constant(None)),
            python.attempt(code, python.name(classes), "_caught", [keep]),
            *([python.when(self._is_set(error), rescue)] if rescue else []),
        ]

    def _block(self, statement: Block) -> Code:
        handler, python = statement.handler, self._python
        repeats = any(isinstance(one, RepeatBlock) for one in handler.body)
        loop = self._jumps.open() if repeats else None
        error = self._temporary("error")
        outer, shelter = self._resumption, self._shelter
        resumes = any(isinstance(one, NextAction) for one in handler.body)
        self._resumption = _Resumption(handler) if resumes else None
        self._shelter = max(shelter, SHELTERED if handler.all_errors else ACTIONS_SHELTERED)
        body = self._rows(statement.body)
        self._resumption, self._shelter = outer, shelter
        rescue = self._handler_rows(handler.body, error, None if loop is None else Jump(loop, True))
        code = self._protected(body, _classes(handler), error, rescue)
        if loop is None:
            return code
        after = self._jumps.close()
        return [python.repeat(python.constant(True), [*code, python.leave()]), *after]


def _logs_itself(rows: Iterable[Node], logs_loops: bool) -> bool:
    """Return whether any row logs anything, inside a loop too, but for what it calls."""
    kinds = (ActionCall, Wait, Set, CallSubflow) if logs_loops else (ActionCall, Wait)
    return any(isinstance(one, kinds) for one in walk_all(rows))


def _called(rows: Iterable[Node]) -> frozenset[str]:
    return frozenset(one.name.casefold() for one in walk_all(rows) if isinstance(one, CallSubflow))


def _loop_summary(loop: LoopFrom | LoopForEach | LoopWhile) -> str:
    match loop:
        case LoopForEach():
            return f"For each {loop.variable}"
        case LoopFrom():
            return "Loop" if loop.variable is None else f"Loop {loop.variable}"
        case LoopWhile():
            return "Loop condition"


_SIMPLE = (Set, CallSubflow, ActionStatement, Wait, WaitFor, LastError)


def _own_shelter(statement: Statement) -> int:
    """Return what a call's own handler means for the rows of the subflow that it calls."""
    has_handler = isinstance(statement, CallSubflow) and statement.handler is not None
    return ACTIONS_SHELTERED if has_handler else UNSHELTERED


def _classes(handler: BlockHandler) -> str:
    return ANY_ERROR if handler.all_errors else ACTION_ERROR


def _reference_targets(site: CallSite) -> list[Target]:
    targets = [one.value for one in site.references]
    return [one for one in targets if isinstance(one, Name | Property | Index)]


def _split_at_labels(
    statements: Sequence[Statement], goals: frozenset[str]
) -> list[tuple[str | None, list[Statement]]]:
    """Return the rows before the first label that is jumped to, and those after each."""
    parts: list[tuple[str | None, list[Statement]]] = [(None, [])]
    for statement in statements:
        if isinstance(statement, Label) and statement.name.casefold() in goals:
            parts.append((statement.name.casefold(), []))
        else:
            parts[-1][1].append(statement)
    return parts


def _backward_rows(body: Iterable[Node]) -> frozenset[int]:
    """Return the rows between a label and a GOTO back to it: they too are a loop."""
    nodes = list(walk_all(body))
    labels = {one.name.casefold(): one.row for one in nodes if isinstance(one, Label)}
    rows: set[int] = set()
    for node in nodes:
        if isinstance(node, Goto):
            rows.update(range(labels.get(node.name.casefold(), node.row), node.row + 1))
    return frozenset(rows)
