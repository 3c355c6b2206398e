"""Which variables a flow has, and what each is proved to hold. Source: robin 15.

One space of variables belongs to Main and the global subflows, and one to each local subflow. What a
variable holds is inferred without regard to the order of statements: it is a number if everything that
is ever assigned to it is one. The empty value, which it has before its first assignment, is left out
of that, so generated code must still be ready for it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from deskhand.robin.catalog import ActionSpec, Catalog
from deskhand.robin.nodes import (
    ActionCall,
    Binary,
    BinaryOperator,
    BooleanLiteral,
    CallSubflow,
    Expression,
    Function,
    FunctionCall,
    Grouped,
    Index,
    Input,
    LastError,
    LoopForEach,
    LoopFrom,
    Name,
    Node,
    NumberLiteral,
    Output,
    OutputArgument,
    Property,
    Scope,
    Script,
    Set,
    Statement,
    Target,
    TextLiteral,
    Unary,
    UnaryOperator,
)
from deskhand.robin.numbers import fitted
from deskhand.robin.walking import walk, walk_all

_SMALL = 10**9
_SMALL_STEP = 1000
_SMALL_FACTOR = 10**6


class Kind(IntEnum):
    """What a value is known to be; numbers are ordered by how little is known of them."""

    NEVER = 0
    """Nothing is ever assigned."""
    BOUNDED = 1
    """A whole number that stays small: a literal, a loop's counter."""
    COUNTER = 2
    """A whole number that grows by bounded steps: no run lasts long enough to overflow it."""
    NUMBER = 3
    BOOLEAN = 4
    TEXT = 5
    ANYTHING = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """What is proved of a value.

    Attributes:
        kind: What it is.
        never_negative: Whether a number is 0 or more.
        never_empty: Whether it cannot be the empty value.
    """

    kind: Kind
    never_negative: bool = False
    never_empty: bool = False


NEVER = Fact(Kind.NEVER, never_negative=True)
ANYTHING = Fact(Kind.ANYTHING)
_NUMBER = Fact(Kind.NUMBER, never_empty=True)
_BOOLEAN = Fact(Kind.BOOLEAN, never_empty=True)
_TEXT = Fact(Kind.TEXT, never_empty=True)

Facts = Mapping[str, Fact]
"""What is known of the variables of one space, by their names in lower case."""


def is_local(function: Function) -> bool:
    """Return whether a subflow has variables of its own (robin 5.5)."""
    return function.scope is Scope.LOCAL or bool(function.inputs or function.outputs)


def root_of(target: Expression) -> Name | None:
    """Return the variable in which a target's place is, if it is one."""
    while isinstance(target, Property | Index | Grouped):
        target = target.inner if isinstance(target, Grouped) else target.of
    return target if isinstance(target, Name) else None


# What is assigned


@dataclass(frozen=True, slots=True)
class Assignment:
    """One place where a variable gets a value.

    Attributes:
        name: The variable, as it is spelled there.
        source: The value, or the loop that counts in it; None where nothing is known.
    """

    name: str
    source: Expression | LoopFrom | None = None


def assignments(roots: Iterable[Node], catalog: Catalog) -> Iterator[Assignment]:
    """Yield every assignment of a whole variable among some nodes."""
    for node in walk_all(roots):
        if isinstance(node, Set):
            yield from _to(node.target, node.value)
        elif isinstance(node, LoopFrom) and node.variable is not None:
            yield Assignment(node.variable, node)
        elif isinstance(node, LoopForEach):
            yield Assignment(node.variable)
        elif isinstance(node, OutputArgument | LastError):
            yield from _to(node.target)
        elif isinstance(node, ActionCall):
            yield from (Assignment(one.name) for one in references(node, catalog))
        elif isinstance(node, Input | Output):
            yield Assignment(node.name)


def _to(target: Target, source: Expression | None = None) -> Iterator[Assignment]:
    if isinstance(target, Name):
        yield Assignment(target.name, source)


def references(call: ActionCall, catalog: Catalog) -> Iterator[Name]:
    """Yield the variables that an action changes in place."""
    spec = catalog.resolve(call.name)
    if not isinstance(spec, ActionSpec):
        return
    for argument in call.arguments:
        parameter = spec.parameter(argument.name)
        root = root_of(argument.value)
        if parameter is not None and parameter.by_reference and root is not None:
            yield root


def changed_in_place(roots: Iterable[Node], catalog: Catalog) -> frozenset[str]:
    """Return the variables of which an item, key or cell is assigned, in lower case."""
    found: set[str] = set()
    for node in walk_all(roots):
        targets: list[Expression] = []
        if isinstance(node, Set | OutputArgument | LastError):
            targets = [node.target]
        elif isinstance(node, ActionCall):
            targets = list(references(node, catalog))
        roots_found = (
            root_of(one) for one in targets if isinstance(node, ActionCall) or not isinstance(one, Name)
        )
        found |= {one.name.casefold() for one in roots_found if one is not None}
    return frozenset(found)


# Spaces


@dataclass(frozen=True, slots=True)
class Space:
    """The variables of Main and the global subflows, or of one local subflow.

    Attributes:
        spelling: Every variable's first spelling by its name in lower case.
        facts: What is proved of each.
        changed: Those of which an item, key or cell is assigned.
        reassigned: Those that the global subflows assign; a CALL may change them.
    """

    spelling: Mapping[str, str]
    facts: Facts
    changed: frozenset[str]
    reassigned: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spaces:
    """All spaces of a flow.

    Attributes:
        shared: That of Main and the global subflows.
        local: Those of the local subflows, by the subflow's name in lower case.
    """

    shared: Space
    local: Mapping[str, Space]


def spaces_of(script: Script, catalog: Catalog) -> Spaces:
    """Return the spaces of a flow of which only enabled rows are left."""
    shared = [one for one in script.functions if not is_local(one)]
    roots: list[Node] = [*script.headers, *script.body]
    called: list[Node] = [statement for one in shared for statement in one.body]
    return Spaces(
        _space([*roots, *called], called, catalog),
        {
            one.name.casefold(): _space([*one.inputs, *one.outputs, *one.body], (), catalog)
            for one in script.functions
            if is_local(one)
        },
    )


def _space(roots: list[Node], called: Iterable[Node], catalog: Catalog) -> Space:
    assigned = list(assignments(roots, catalog))
    spelling: dict[str, str] = {}
    for one in assigned:
        spelling.setdefault(one.name.casefold(), one.name)
    for node in walk_all(roots):
        if isinstance(node, Set | OutputArgument | LastError) and not isinstance(node.target, Name):
            root = root_of(node.target)
            if root is not None:
                spelling.setdefault(root.name.casefold(), root.name)
    reassigned = frozenset(one.name.casefold() for one in assignments(called, catalog))
    return Space(
        spelling,
        _Inference(assigned, reassigned, catalog).run(),
        changed_in_place(roots, catalog),
        reassigned,
    )


def may_change(
    name: str, body: Iterable[Statement], space_reassigned: frozenset[str], catalog: Catalog
) -> bool:
    """Return whether a loop's rows, or subflows that they call, may assign a variable."""
    folded = name.casefold()
    statements = list(body)
    if any(one.name.casefold() == folded for one in assignments(statements, catalog)):
        return True
    calls = any(isinstance(node, CallSubflow) for node in walk_all(statements))
    return calls and folded in space_reassigned


# Inference


class _Inference:
    """Raises what is known of each variable until every assignment agrees."""

    def __init__(self, assigned: list[Assignment], reassigned: frozenset[str], catalog: Catalog) -> None:
        self._assigned = assigned
        self._reassigned = reassigned
        self._catalog = catalog
        self._facts: dict[str, Fact] = {one.name.casefold(): NEVER for one in assigned}

    def run(self) -> Facts:
        readers: dict[str, list[Assignment]] = defaultdict(list)
        for one in self._assigned:
            for name in _read_by(one):
                readers[name].append(one)
        waiting = deque(self._assigned)
        while waiting:
            one = waiting.popleft()
            name = one.name.casefold()
            fact = _joined(self._facts[name], self._fact_of(one))
            if fact != self._facts[name]:
                self._facts[name] = fact
                waiting.extend(readers[name])
        return self._facts

    def _fact_of(self, one: Assignment) -> Fact:
        if one.source is None:
            return ANYTHING
        if isinstance(one.source, LoopFrom):
            return self._counter(one.name, one.source)
        return infer(one.source, self._facts)

    def _counter(self, name: str, loop: LoopFrom) -> Fact:
        start, step = _operand(infer(loop.start, self._facts)), _literal(loop.step)
        if step is None or abs(step) > _SMALL_STEP or start.kind not in (Kind.BOUNDED, Kind.COUNTER):
            return Fact(Kind.NUMBER)
        never_negative = start.never_negative and step >= 0
        if may_change(name, loop.body, self._reassigned, self._catalog):
            after = _sum(_operand(self._facts[name.casefold()]), Fact(Kind.BOUNDED, step >= 0))
            return _joined(start, after)
        return Fact(start.kind, never_negative)


def _read_by(one: Assignment) -> set[str]:
    if one.source is None:
        return set()
    if isinstance(one.source, LoopFrom):
        own = {one.name.casefold()}
        return own | {node.name.casefold() for node in walk(one.source.start) if isinstance(node, Name)}
    return {node.name.casefold() for node in walk(one.source) if isinstance(node, Name)}


def _joined(left: Fact, right: Fact) -> Fact:
    """Return what holds of a value that is one or the other."""
    if Kind.NEVER in (left.kind, right.kind):
        other = right if left.kind is Kind.NEVER else left
        return Fact(other.kind, other.never_negative)
    highest = max(left.kind, right.kind)
    is_one_kind = left.kind == right.kind or highest <= Kind.NUMBER
    return Fact(highest if is_one_kind else Kind.ANYTHING, left.never_negative and right.never_negative)


def _literal(tree: Expression) -> int | None:
    """Return the whole number that a literal is, with its sign."""
    if isinstance(tree, Grouped):
        return _literal(tree.inner)
    if isinstance(tree, Unary) and tree.operator is UnaryOperator.MINUS:
        positive = _literal(tree.operand)
        return None if positive is None else -positive
    if isinstance(tree, NumberLiteral):
        value = fitted(Decimal(tree.value))
        return value if isinstance(value, int) else None
    return None


whole_literal = _literal
"""The value of a whole number's literal with its sign; None for any other expression."""


def infer(tree: Expression, facts: Facts) -> Fact:
    """Return what is known of an expression's value."""
    match tree:
        case NumberLiteral():
            return _of_number(tree)
        case BooleanLiteral() | FunctionCall():
            return _BOOLEAN
        case TextLiteral(parts=(part,)) if not isinstance(part, str):
            return infer(part, facts)
        case TextLiteral():
            return _TEXT
        case Name():
            return facts.get(tree.name.casefold(), ANYTHING)
        case Grouped():
            return infer(tree.inner, facts)
        case Unary():
            return _of_unary(tree, facts)
        case Binary():
            return _of_binary(tree, facts)
        case _:
            return ANYTHING


def _of_number(tree: NumberLiteral) -> Fact:
    value = fitted(Decimal(tree.value))
    if not isinstance(value, int):
        return Fact(Kind.NUMBER, never_negative=True, never_empty=True)
    kind = Kind.BOUNDED if value <= _SMALL else Kind.NUMBER
    return Fact(kind, never_negative=True, never_empty=True)


def _of_unary(tree: Unary, facts: Facts) -> Fact:
    if tree.operator is UnaryOperator.NOT:
        return _BOOLEAN
    operand = _operand(infer(tree.operand, facts))
    return Fact(min(operand.kind, Kind.NUMBER), never_empty=True)


_COMPARISONS = frozenset(
    {
        BinaryOperator.EQUAL,
        BinaryOperator.NOT_EQUAL,
        BinaryOperator.LESS,
        BinaryOperator.LESS_OR_EQUAL,
        BinaryOperator.GREATER,
        BinaryOperator.GREATER_OR_EQUAL,
    }
)
_LOGICAL = frozenset({BinaryOperator.AND, BinaryOperator.OR, BinaryOperator.XOR})


def _of_binary(tree: Binary, facts: Facts) -> Fact:
    if tree.operator in _COMPARISONS or tree.operator in _LOGICAL:
        return _BOOLEAN
    left, right = (_operand(infer(one, facts)) for one in (tree.left, tree.right))
    match tree.operator:
        case BinaryOperator.ADD:
            return _sum(left, right)
        case BinaryOperator.SUBTRACT:
            total = _sum(left, right)
            return Fact(total.kind if total.kind is Kind.COUNTER else Kind.NUMBER, never_empty=True)
        case BinaryOperator.MULTIPLY:
            return _product(tree, left, right)
        case BinaryOperator.MODULO:
            return _rest(tree, left)
        case _:
            return _NUMBER


def _operand(fact: Fact) -> Fact:
    """Return what an operator sees: a variable that has no value counts as 0."""
    return Fact(Kind.BOUNDED, never_negative=True) if fact.kind is Kind.NEVER else fact


def _sum(left: Fact, right: Fact) -> Fact:
    highest, lowest = max(left.kind, right.kind), min(left.kind, right.kind)
    if highest <= Kind.COUNTER and lowest is Kind.BOUNDED:
        return Fact(Kind.COUNTER, left.never_negative and right.never_negative, never_empty=True)
    if highest <= Kind.NUMBER:
        return _NUMBER
    if _is_surely_text(left):
        return _TEXT
    if _is_surely_text(right) and left.kind is not Kind.ANYTHING:
        return _TEXT
    return ANYTHING


def _is_surely_text(fact: Fact) -> bool:
    return fact.kind is Kind.TEXT and fact.never_empty


def _product(tree: Binary, left: Fact, right: Fact) -> Fact:
    factor = _literal(tree.right) if _literal(tree.left) is None else _literal(tree.left)
    if left.kind is right.kind is Kind.BOUNDED and factor is not None and abs(factor) <= _SMALL_FACTOR:
        return Fact(Kind.COUNTER, left.never_negative and right.never_negative, never_empty=True)
    return _NUMBER


def _rest(tree: Binary, left: Fact) -> Fact:
    divisor = _literal(tree.right)
    if left.kind in (Kind.BOUNDED, Kind.COUNTER) and divisor is not None and 0 < divisor <= _SMALL:
        return Fact(Kind.BOUNDED, left.never_negative, never_empty=True)
    return _NUMBER
