"""The rows of a flow that run. Source: robin 2.6.

``DISABLE`` switches off one row. Where that row opens a block, the block's own rows run as if its first
and last line were absent; a disabled ``ELSE`` or ``CASE`` lets its rows join those before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from deskhand.robin.nodes import (
    ActionCall,
    ActionStatement,
    Block,
    BlockHandler,
    CallSubflow,
    Case,
    Comment,
    Default,
    ElseBranch,
    EndRegion,
    ErrorHandler,
    Function,
    If,
    IfBranch,
    LoopForEach,
    LoopFrom,
    LoopWhile,
    Region,
    Script,
    Set,
    Statement,
    Switch,
    Unreadable,
    Wait,
    WaitFor,
)


def enabled(script: Script) -> Script:
    """Return a flow without comments, regions and disabled rows."""
    return replace(
        script,
        body=tuple(_rows(script.body)),
        functions=tuple(map(_function, script.functions)),
    )


def _function(function: Function) -> Function:
    return replace(function, body=tuple(_rows(function.body)))


def _rows(statements: Iterable[Statement]) -> Iterator[Statement]:
    for statement in statements:
        if isinstance(statement, Comment | Region | EndRegion | Unreadable):
            continue
        if isinstance(statement, If | Switch | LoopFrom | LoopForEach | LoopWhile | Block):
            yield from _block(statement)
        elif not statement.disabled:
            yield _simple(statement)


def _body(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(_rows(statements))


def _block(statement: If | Switch | LoopFrom | LoopForEach | LoopWhile | Block) -> Iterator[Statement]:
    if isinstance(statement, If):
        yield from _if(statement)
    elif isinstance(statement, Switch):
        yield from _switch(statement)
    elif statement.disabled:
        yield from _rows(statement.body)
    elif isinstance(statement, Block):
        handler = BlockHandler(
            statement.handler.all_errors, _body(statement.handler.body), span=statement.handler.span
        )
        yield replace(statement, handler=handler, body=_body(statement.body))
    elif isinstance(statement, LoopWhile):
        condition = statement.condition
        if isinstance(condition, ActionCall):
            condition = _call(condition)
        yield replace(statement, condition=condition, body=_body(statement.body))
    else:
        yield replace(statement, body=_body(statement.body))


def _if(statement: If) -> Iterator[Statement]:
    if statement.disabled:
        for branch in statement.branches:
            yield from _rows(branch.body)
        if statement.otherwise is not None:
            yield from _rows(statement.otherwise.body)
        return
    branches: list[IfBranch] = []
    for branch in statement.branches:
        if branch.disabled and branches:
            branches[-1] = _longer(branches[-1], branch.body)
        else:
            condition = branch.condition
            if isinstance(condition, ActionCall):
                condition = _call(condition)
            branches.append(replace(branch, condition=condition, body=_body(branch.body)))
    otherwise = statement.otherwise
    if otherwise is not None and otherwise.disabled:
        branches[-1] = _longer(branches[-1], otherwise.body)
        otherwise = None
    elif otherwise is not None:
        otherwise = ElseBranch(_body(otherwise.body), row=otherwise.row, span=otherwise.span)
    yield replace(statement, branches=tuple(branches), otherwise=otherwise)


def _longer(branch: IfBranch, more: Iterable[Statement]) -> IfBranch:
    return replace(branch, body=branch.body + _body(more))


def _switch(statement: Switch) -> Iterator[Statement]:
    parts: list[Case | Default] = [*statement.cases]
    if statement.default is not None:
        parts.append(statement.default)
    if statement.disabled:
        for part in parts:
            yield from _rows(part.body)
        return
    kept: list[Case | Default] = []
    for part in parts:
        if not part.disabled:
            kept.append(replace(part, body=_body(part.body)))
        elif kept:
            kept[-1] = replace(kept[-1], body=kept[-1].body + _body(part.body))
    yield replace(
        statement,
        before=(),
        cases=tuple(one for one in kept if isinstance(one, Case)),
        default=next((one for one in kept if isinstance(one, Default)), None),
    )


def _simple(statement: Statement) -> Statement:
    if isinstance(statement, ActionStatement | WaitFor):
        return replace(statement, action=_call(statement.action))
    if isinstance(statement, Set | CallSubflow | Wait) and statement.handler is not None:
        return replace(statement, handler=_handler(statement.handler))
    return statement


def _call(call: ActionCall) -> ActionCall:
    return call if call.handler is None else replace(call, handler=_handler(call.handler))


def _handler(handler: ErrorHandler) -> ErrorHandler:
    return replace(handler, cases=tuple(replace(case, body=_body(case.body)) for case in handler.cases))
