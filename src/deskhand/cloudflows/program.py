"""A definition made ready to run: each action with its type and its place, levels with their graph.

Made once for each version of a flow, and shared by all its runs. Source: cloud-flows 3.1 to 3.3 and 3.13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from deskhand.cloudflows.declare import ACTION_TYPES, ActionType, Status
from deskhand.cloudflows.secrecy import Secrecy, secrecy_of
from deskhand.wdl.containers import Container, read_container
from deskhand.wdl.definition import Action, Definition, Trigger, member
from deskhand.wdl.values import Value, find_key

STATUSES: Mapping[str, Status] = {
    "succeeded": Status.SUCCEEDED,
    "failed": Status.FAILED,
    "skipped": Status.SKIPPED,
    "timedout": Status.TIMED_OUT,
}
"""What ``runAfter`` can ask for. Source: cloud-flows 3.2."""

_DEFAULT_RUNS = 25
_MOST_RUNS = 100
_WAITING_BESIDE = 10
_MOST_WAITING = 100


@dataclass(slots=True, eq=False)
class Node:
    """An action in its place.

    Attributes:
        type: Its type; None if no such type is built.
        level: The list of actions it belongs to.
        loops: The loops around it, outermost first.
        predecessors: The actions it runs after, and the statuses it takes of each.
        followers: The actions that run after it.
        branches: The lists of actions within it, by name.
        hides_inputs: Whether nobody may see what it is given.
        hides_outputs: Whether nobody may see what it returns.
    """

    action: Action
    type: ActionType | None
    level: Plan
    loops: tuple[str, ...]
    predecessors: tuple[tuple[str, frozenset[Status]], ...] = ()
    followers: list[Node] = field(default_factory=list, repr=False)
    branches: dict[str, Plan] = field(default_factory=dict, repr=False)
    hides_inputs: bool = False
    hides_outputs: bool = False

    @property
    def name(self) -> str:
        """Return the action's name."""
        return self.action.name

    @property
    def repeats(self) -> bool:
        """Return whether the actions within it are repeated."""
        return self.type is not None and self.type.repeats

    def configuration(self, *path: str) -> Value:
        """Return a member below ``runtimeConfiguration``, each step found in any case; None if absent."""
        found = self.action.member("runtimeConfiguration")
        for step in path:
            found = member(found, step) if isinstance(found, Mapping) else None
        return found


@dataclass(slots=True, eq=False)
class Plan:
    """One list of actions: the run's, a branch's, or a loop's body.

    Attributes:
        branch: Which list of its owner it is; empty for the run's.
        owner: The action around it; None for the run's.
    """

    branch: str
    owner: Node | None
    nodes: dict[str, Node] = field(default_factory=dict, repr=False)
    case: Value = None

    @property
    def roots(self) -> Iterator[Node]:
        """Yield the actions that begin with the level."""
        return (node for node in self.nodes.values() if not node.predecessors)

    @property
    def leaves(self) -> Iterator[Node]:
        """Yield the actions that no other runs after. Source: cloud-flows 3.3."""
        return (node for node in self.nodes.values() if not node.followers)

    def descendants(self) -> Iterator[Node]:
        """Yield its actions and all those within them."""
        for node in self.nodes.values():
            yield node
            for plan in node.branches.values():
                yield from plan.descendants()


@dataclass(frozen=True, slots=True)
class Program:
    """A version of a flow, ready to run.

    Attributes:
        version_id: The version.
        root: The run's own list of actions.
        nodes: Every action, by its name in lower case.
        secrecy: What nobody may see of its runs.
        is_power_automate: Whether it came from Power Automate rather than Logic Apps (cloud-flows 9).
    """

    version_id: UUID
    workflow_id: UUID
    container: Container = field(repr=False)
    root: Plan = field(repr=False)
    nodes: Mapping[str, Node] = field(repr=False)
    secrecy: Secrecy = field(repr=False)
    is_power_automate: bool

    @property
    def definition(self) -> Definition:
        """Return the definition."""
        return self.container.definition

    @property
    def trigger(self) -> Trigger | None:
        """Return its first trigger; a definition may have none."""
        return next(iter(self.definition.triggers.values()), None)

    @property
    def runs_at_once(self) -> int | None:
        """Return how many runs there may be at the same time; None for any number (cloud-flows 2.1)."""
        return None if self.trigger is None else concurrency_of(self.trigger).runs

    def node(self, name: str) -> Node | None:
        """Return an action by its name, in any case."""
        return self.nodes.get(name.casefold())

    def trigger_named(self, name: str) -> Trigger | None:
        """Return a trigger by its name, in any case."""
        key = find_key(self.definition.triggers, name)
        return None if key is None else self.definition.triggers[key]


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many runs of a flow there may be at once.

    Attributes:
        runs: At the same time; None for any number.
        waiting: That wait for their turn.
        skips: Whether a trigger that looks by itself does not look while a run is active.
    """

    runs: int | None = None
    waiting: int = 0
    skips: bool = False


def concurrency_of(trigger: Trigger) -> Concurrency:
    """Return what a trigger says of its flow's runs. Source: cloud-flows 2.1 and 6."""
    if any(one.casefold() == "singleinstance" for one in trigger.options):
        return Concurrency(runs=1, waiting=_WAITING_BESIDE + 1, skips=True)
    found: Value = trigger.source
    for step in ("runtimeConfiguration", "concurrency"):
        found = member(found, step) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        return Concurrency()
    runs = _count(member(found, "runs"), _MOST_RUNS) or _DEFAULT_RUNS
    return Concurrency(
        runs,
        _count(member(found, "maximumWaitingRuns"), _MOST_WAITING)
        or min(_MOST_WAITING, _WAITING_BESIDE + runs),
    )


def _count(value: Value, most: int) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    is_count = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return min(value, most) if is_count else None


def compile_program(version_id: UUID, workflow_id: UUID, document: str, beside: str | None = None) -> Program:
    """Make a flow's document ready to run.

    Args:
        version_id: The version.
        workflow_id: The flow.
        document: The document as it came.
        beside: What stood beside it in its container.

    Raises:
        DefinitionUnreadable: There is no definition in it.
    """
    container = read_container(document, beside)
    definition = container.definition
    root = Plan("", None)
    _fill(root, definition.actions, ())
    nodes = {node.name.casefold(): node for node in root.descendants()}
    secrecy = secrecy_of(definition, _inheriting(nodes.values()))
    for node in nodes.values():
        node.hides_inputs = node.name in secrecy.inputs
        node.hides_outputs = node.name in secrecy.outputs
    return Program(
        version_id=version_id,
        workflow_id=workflow_id,
        container=container,
        root=root,
        nodes=nodes,
        secrecy=secrecy,
        is_power_automate=container.is_power_automate,
    )


def _inheriting(nodes: Iterable[Node]) -> frozenset[str]:
    return frozenset(node.name for node in nodes if node.type is not None and node.type.inherits_secrecy)


def _fill(plan: Plan, actions: Mapping[str, Action], loops: tuple[str, ...]) -> None:
    for action in actions.values():
        plan.nodes[action.name] = _node(plan, action, loops)
    for node in plan.nodes.values():
        node.predecessors = tuple(_predecessors(node.action, plan.nodes))
        for name, _ in node.predecessors:
            plan.nodes[name].followers.append(node)


def _node(plan: Plan, action: Action, loops: tuple[str, ...]) -> Node:
    node = Node(action, ACTION_TYPES.get(action.type.lower()), plan, loops)
    within = (*loops, action.name) if node.repeats else loops
    for branch in action.branches:
        inside = Plan(branch.name, node, case=branch.case)
        _fill(inside, branch.actions, within)
        node.branches[branch.name] = inside
    return node


def _predecessors(action: Action, level: Mapping[str, Node]) -> Iterator[tuple[str, frozenset[Status]]]:
    """Yield what an action runs after; names that the level does not have were refused before."""
    for name, statuses in action.run_after.items():
        key = find_key(level, name)
        if key is not None:
            yield key, frozenset(STATUSES[one.casefold()] for one in statuses if one.casefold() in STATUSES)
