"""Advances one run, in memory: what is ready acts, what follows becomes ready. Source: cloud-flows 3.

A *turn* is what happens between two commits. It does no more than evaluate and note; what reaches outside is
listed for whoever drives the run (:mod:`deskhand.cloudflows.driver`), who journals the turn first. So a crash
loses at most a turn that nobody was told of, and repeats no action that had ended.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID

from deskhand.cloudflows.declare import (
    NOTHING,
    ActionFailed,
    ActionType,
    Answered,
    Call,
    CallInterrupted,
    Done,
    Due,
    End,
    Enter,
    Event,
    LevelEnded,
    Outcome,
    Problem,
    Signalled,
    Started,
    Status,
    Transact,
    Wait,
)
from deskhand.cloudflows.durations import DurationUnreadable, MomentBeyondCalendar, read_duration
from deskhand.cloudflows.ends import ACTION_FAILED
from deskhand.cloudflows.program import Node, Plan
from deskhand.cloudflows.resuming import (
    beginning,
    copy_of,
    earlier_record,
    go_on,
    is_taken_over,
    take_over,
)
from deskhand.cloudflows.retry import (
    LOGIC_APPS_DEFAULT,
    POWER_AUTOMATE_DEFAULT,
    RetryPolicy,
    RetryPolicyInvalid,
    delay,
    read_retry_policy,
)
from deskhand.cloudflows.runstate import (
    Level,
    Record,
    Repetition,
    RunState,
    deadline_of,
    level_key,
    level_status,
)
from deskhand.cloudflows.scope import RunScope, wire_time
from deskhand.cloudflows.static_results import static_result
from deskhand.cloudflows.steps import ActionStep, Surroundings
from deskhand.wdl.definition import member
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.evaluator import evaluate_template
from deskhand.wdl.values import Value

_LOG = logging.getLogger(__name__)

TURN_STEPS = 2_000
TURN_SECONDS = 0.1
"""How much one turn may do before it is journaled, and other runs have theirs."""

_TRACKED_MOST = 16_000


@dataclass(slots=True)
class Turn:
    """What a turn asks of whoever drives the run.

    Attributes:
        calls: What is to be called once the turn is journaled.
        transacts: What is to be done in the transaction that journals it.
        released: Records that stopped waiting, with what their types had noted: these let go, there too, of
            what they waited for.
        signals: Signals that have been dealt with.
    """

    calls: list[tuple[Record, Call]] = field(default_factory=list)
    transacts: list[tuple[Record, Transact]] = field(default_factory=list)
    released: list[tuple[Record, dict[str, Value]]] = field(default_factory=list)
    signals: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An action is not done: an earlier run, from which this one goes on, has done it."""

    earlier: Record


class Machine:
    """Advances one run.

    Args:
        run: The run.
        around: What it is advanced with.
    """

    def __init__(self, run: RunState, around: Surroundings) -> None:
        self.run = run
        self._around = around
        self._ready: deque[tuple[Record, Event, UUID | None]] = deque()
        self._turn = Turn()
        self._is_resumed = False

    @property
    def is_ready(self) -> bool:
        """Return whether there is something to do at once."""
        return bool(self._ready) or not (self.run.has_entered or self.run.status.is_final)

    @property
    def turn(self) -> Turn:
        """Return what the turn asks for so far."""
        return self._turn

    def work(self) -> Turn:
        """Do what is ready, up to the bounds of a turn; return what it asks for."""
        if not self.run.has_entered and not self.run.status.is_final:
            self.run.has_entered = True
            self._enter(self.run.program.root, None, None, ())
        end = perf_counter() + TURN_SECONDS
        steps = 0
        while self._ready and steps < TURN_STEPS and (steps % 64 or perf_counter() < end):
            record, event, signal_id = self._ready.popleft()
            self._advance(record, event)
            if signal_id is not None:
                self._turn.signals.append(signal_id)
            steps += 1
        return self._turn

    def begin_turn(self) -> None:
        """Forget what the last turn asked for: it has been journaled."""
        self._turn = Turn()
        self.run.close_records()

    # What happens

    def fire(self, now: datetime) -> None:
        """Let happen what is due."""
        if now >= self.run_deadline:
            self._stop(Status.TIMED_OUT, "WorkflowRunTimedOut", _run_timed_out(self.run))
            return
        for record in self.run.open_records():
            deadline = deadline_of(record)
            if deadline is not None and deadline <= now:
                self._time_out(record)
            elif record.due is not None and record.due <= now:
                record.due = None
                again = record.notes.pop("pausing", False)
                self._ready.append((record, Started() if again else Due(), None))

    def signal(self, signal_id: UUID, tracking_id: UUID | None, event: Signalled) -> None:
        """Let something from outside happen to an action, or to the whole run."""
        if tracking_id is None:
            if not self.run.status.is_final:
                self._stop(Status.CANCELLED, "Cancelled", None)
            self._turn.signals.append(signal_id)
            return
        record = next((one for one in self.run.open_records() if one.id == tracking_id), None)
        if record is None:
            self._turn.signals.append(signal_id)
        else:
            self._ready.append((record, event, signal_id))

    def answer(self, record: Record, answered: Answered) -> None:
        """Tell an action what its call has brought."""
        record.notes.pop("calling", None)
        self._ready.append((record, answered, None))

    def settled(self, record: Record) -> None:
        """Go on after an action whose transaction has brought its end."""
        if record.status.is_final and not self.run.status.is_final:
            self._follow(record)

    @property
    def run_deadline(self) -> datetime:
        """Return when the run's time is up. Source: cloud-flows 6."""
        return self.run.started + timedelta(days=self._around.settings.cloudflow_run_days_max)

    @property
    def next_due(self) -> datetime | None:
        """Return when something happens by itself; None once the run has ended."""
        if self.run.status.is_final:
            return None
        instant = self.run.next_due
        return self.run_deadline if instant is None else min(instant, self.run_deadline)

    def resume(self) -> None:
        """Make ready what was under way when the run was journaled last.

        Whatever had ended is final in the journal. What was evaluating begins anew; a call that was under way
        counts as interrupted; a list of actions that had ended is reported to its owner again. An end that a
        transaction brought was journaled before what follows it, and is followed now.
        """
        for record in self.run.open_records():
            if record.notes.get("calling"):
                self.answer(record, Answered(error=CallInterrupted()))
            elif not (record.due or record.notes.get("waits") or record.notes.get("levels")):
                self._ready.append((record, Started(), None))
        for level in list(self.run.levels.values()):
            if level.left == 0:
                self._end_level(level)
            else:
                self._follow_all(level)

    # Actions

    def _advance(self, record: Record, event: Event) -> None:
        if record.status.is_final or self.run.status.is_final:
            return
        record.notes.pop("waits", None)
        self.run.changed[record] = None
        self._apply(record, self._outcome(record, event))
        if isinstance(event, LevelEnded):
            self._leave(record, event)

    def _outcome(self, record: Record, event: Event) -> Outcome | TakenOver:
        """Ask the action's type what follows; whatever goes wrong ends the action, not the run."""
        if isinstance(event, Started) and (taken := self._taken_over(record)):
            return taken
        step = ActionStep(self.run, record, event, self._around)
        try:
            if isinstance(event, Started):
                return self._start(record, step)
            return _type_of(record.node).advance(step)
        except ActionFailed as failure:
            return Done(
                Status.FAILED,
                failure.action_code,
                outputs=failure.outputs,
                problem=failure.problem,
            )
        except ExpressionError as error:
            return Done(Status.FAILED, "BadRequest", problem=_template_problem(record.name, error))
        except Exception:
            _LOG.exception("action %s of run %s met a fault of ours", record.name, self.run.name)
            problem = Problem("InternalServerError", "Encountered internal server error; the log says more.")
            return Done(Status.FAILED, "InternalServerError", problem=problem)

    def _taken_over(self, record: Record) -> TakenOver | None:
        """Return what an earlier run has done, if this one goes on from it and need not do it again."""
        earlier = earlier_record(self.run, record.node, record.repetition, self._around.earlier)
        if earlier is None:
            return None
        if is_taken_over(earlier, self.run):
            return TakenOver(earlier)
        go_on(record, earlier)
        return None

    def _start(self, record: Record, step: ActionStep) -> Outcome:
        node = record.node
        if node.type is None:
            raise ActionFailed(
                "ActionNotImplemented",
                f"The action '{node.name}' is of type '{node.action.type}', which Deskhand cannot run yet.",
                action_code="NotImplemented",
            )
        if node.type.limited and "deadline" not in record.notes:
            self._limit(record, step)
        mocked = static_result(self.run.program.definition, node)
        if mocked is not None:
            record.notes["mocked"] = True
            _ = step.inputs
            return mocked
        return node.type.advance(step)

    def _limit(self, record: Record, step: ActionStep) -> None:
        """Note until when an action may take. Source: cloud-flows 3.12."""
        limit = record.node.action.member("limit")
        timeout = member(limit, "timeout") if isinstance(limit, Mapping) else None
        if timeout is None:
            return
        try:
            deadline = read_duration(step.evaluate(timeout)).after(self._around.now())
        except (DurationUnreadable, MomentBeyondCalendar) as error:
            raise ActionFailed("InvalidTemplate", error.message) from error
        record.notes["deadline"] = deadline.isoformat()

    def _apply(self, record: Record, outcome: Outcome | TakenOver) -> None:
        match outcome:
            case TakenOver():
                take_over(record, outcome.earlier)
                self._find_by(record)
                self._take_over_within(record)
                self._follow(record)
            case Done():
                self.conclude(record, outcome)
                if record.status.is_final:
                    self._follow(record)
            case Wait():
                self.rest(record, outcome)
            case Enter():
                if self.run.resumed_id is not None and "entered" not in record.notes:
                    self._take_over_within(record, before=min(index or 0 for _, index in outcome.levels))
                record.notes["entered"] = True
                self._skip_other_branches(record, {branch for branch, _ in outcome.levels})
                for branch, index in outcome.levels:
                    self._enter_branch(record, branch, index)
            case Call():
                record.notes["calling"] = True
                self._turn.calls.append((record, outcome))
            case Transact():
                self._turn.transacts.append((record, outcome))
            case End():
                self.settle(record, Done(code="Terminated"))
                problem = _discreet(record.node, Done(problem=outcome.problem)).problem
                self._stop(outcome.status, "Terminated", problem)

    def conclude(self, record: Record, outcome: Done | Wait) -> None:
        """Note what an action's transaction has brought; :meth:`settled` goes on once it is journaled."""
        if isinstance(outcome, Wait):
            self.rest(record, outcome)
            return
        done = _discreet(record.node, outcome)
        if not self._tries_again(record, done):
            self.settle(record, done)

    def rest(self, record: Record, wait: Wait) -> None:
        """Let an action wait."""
        record.notes["waits"] = True
        record.due = wait.until
        record.linked_id = wait.linked_id or record.linked_id
        self.run.changed[record] = None

    def settle(self, record: Record, done: Done) -> None:
        """Note an action's end; says nothing yet to the actions after it."""
        record.status, record.code, record.problem = done.status, done.code, done.problem
        record.outputs, record.shown_outputs = done.outputs, done.shown
        record.ended = self._around.now()
        record.due = None
        has_entered = record.notes.get("entered", False)
        record.state, record.notes = {}, {key: True for key in ("mocked",) if key in record.notes}
        self.run.changed[record] = None
        if record.node.branches and not has_entered:
            self._skip_within(record, lambda node: _dependency_problem(node, record), "ActionSkipped")
        self._track(record)

    def _tries_again(self, record: Record, done: Done) -> bool:
        """Pause before another attempt, if the failure may pass and the policy allows one more."""
        if not (done.transient and done.status is Status.FAILED and _type_of(record.node).retried):
            return False
        policy = self._policy(record)
        asked = None if done.retry_after is None else timedelta(seconds=done.retry_after)
        pause = delay(policy, len(record.attempts) + 1, self._around.random, asked)
        if pause is None:
            return False
        now = self._around.now()
        record.attempts.append(_attempt(record, done, now))
        record.due = now + pause
        record.notes["pausing"] = True
        record.state = {}
        return True

    def _policy(self, record: Record) -> RetryPolicy:
        default = POWER_AUTOMATE_DEFAULT if self.run.is_power_automate else LOGIC_APPS_DEFAULT
        action = record.node.action
        try:
            return read_retry_policy(action.inputs, action.member("runtimeConfiguration"), default=default)
        except RetryPolicyInvalid:
            return default  # What is wrong with it is told when the flow is checked.

    def _track(self, record: Record) -> None:
        """Evaluate tracked properties; what goes wrong there fails the action. Source: cloud-flows 3.13."""
        declared = record.node.action.member("trackedProperties")
        if not isinstance(declared, Mapping) or not declared or record.status is Status.SKIPPED:
            return
        scope = RunScope(
            self.run,
            record.repetition,
            record.node.loops,
            self._around.archive,
            self._around.now,
            record=record,
        )
        try:
            found = evaluate_template(dict(declared), scope)
        except ExpressionError as error:
            record.status, record.code = Status.FAILED, "TrackedPropertiesEvaluationFailed"
            record.problem = Problem("TrackedPropertiesEvaluationFailed", error.message)
            return
        if not (record.node.hides_inputs or record.node.hides_outputs):
            record.tracked = found
            self._find_by(record)

    def _find_by(self, record: Record) -> None:
        """Let the run be found by an action's tracked properties."""
        if record.tracked is not NOTHING:
            self.run.found += [(name, str(one)[:_TRACKED_MOST]) for name, one in record.tracked.items()]

    def _time_out(self, record: Record) -> None:
        message = (
            f"The execution of template action '{record.name}' timed out. "
            "Its time limit is set by 'limit.timeout' of the action."
        )
        self._turn.released.append((record, record.state))
        self.settle(
            record,
            Done(Status.TIMED_OUT, "ActionTimedOut", problem=Problem("ActionTimedOut", message)),
        )
        self._follow(record)

    # Levels

    def _enter_branch(self, record: Record, branch: str, index: int | None) -> None:
        plan = record.node.branches.get(branch)
        levels = record.notes.setdefault("levels", [])
        levels.append([branch, index])
        if plan is None:
            plan = Plan(branch, record.node)
        self._enter(plan, record, index, record.repetition)

    def _enter(self, plan: Plan, owner: Record | None, index: int | None, outer: Repetition) -> None:
        repetition = outer if index is None else (*outer, index)
        level = Level(plan, owner, index, repetition, left=len(plan.nodes))
        self.run.levels[level_key(plan, repetition)] = level
        for node in plan.roots:
            self._begin(node, level)
        if level.left == 0:
            self._end_level(level)

    def _take_over_within(self, record: Record, before: int | None = None) -> None:
        """Take over what an earlier run recorded within an action: all of it, or iterations before one."""
        if before == 0 or not record.node.branches:
            return
        names = [one.name for plan in record.node.branches.values() for one in plan.descendants()]
        depth = len(record.repetition)
        for earlier in self._around.earlier.within(self.run, names):
            iteration = earlier.repetition[depth : depth + 1]
            if earlier.repetition[:depth] == record.repetition and (before is None or iteration < (before,)):
                copy = copy_of(earlier)
                self._find_by(copy)
                self.run.changed[copy] = None
                if not iteration:
                    self.run.add(copy)

    def _begin(self, node: Node, level: Level) -> None:
        started = beginning(self.run, node, level.repetition, self._around.earlier, self._around.now())
        record = Record(node, level.repetition, started)
        self.run.add(record)
        self._ready.append((record, Started(), None))

    def _follow(self, record: Record) -> None:
        """Begin or skip what runs after an action, and so on along what is skipped."""
        ended = deque([record])
        while ended:
            one = ended.popleft()
            level = self.run.level_of(one)
            level.left -= 1
            ended.extend(self._followers(one, level))
            if level.left == 0:
                self._end_level(level)

    def _follow_all(self, level: Level) -> None:
        """Begin or skip what runs after the actions of a level that have ended, where that was not done."""
        for record in list(self.run.records[level.repetition].values()):
            if record.node.level is level.plan and record.status.is_final:
                for skipped in self._followers(record, level):
                    self._follow(skipped)

    def _followers(self, record: Record, level: Level) -> Iterable[Record]:
        known = self.run.records[level.repetition]
        for node in record.node.followers:
            before = [(known.get(name), statuses) for name, statuses in node.predecessors]
            if node.name in known or not all(one and one.status.is_final for one, _ in before):
                continue
            unmet = next(((one, wanted) for one, wanted in before if one and one.status not in wanted), None)
            if unmet is None:
                self._begin(node, level)
            else:
                yield self._skip(node, level.repetition, _condition_problem(node, *unmet))

    def _skip(
        self, node: Node, repetition: Repetition, problem: Problem, code: str = "ActionSkipped"
    ) -> Record:
        """Note that an action is skipped, and all those within it."""
        record = self._skipped(node, repetition, problem, code)
        self._skip_within(record, lambda inner: _dependency_problem(inner, record), code)
        return record

    def _skipped(self, node: Node, repetition: Repetition, problem: Problem | None, code: str) -> Record:
        now = self._around.now()
        record = Record(node, repetition, now, status=Status.SKIPPED, code=code, problem=problem, ended=now)
        self.run.add(record)
        return record

    def _skip_within(self, record: Record, problem: Callable[[Node], Problem], code: str) -> None:
        """Note that whatever stands within an action and has not begun is skipped."""
        for plan in record.node.branches.values():
            self._skip_branch(plan, record, problem, code)

    def _skip_branch(
        self, plan: Plan, owner: Record, problem: Callable[[Node], Problem], code: str = "ActionSkipped"
    ) -> None:
        for node in plan.nodes.values():
            if self.run.record(node, owner.repetition) is None:
                self._skip(node, owner.repetition, problem(node), code)

    def _skip_other_branches(self, record: Record, taken: set[str]) -> None:
        """Note that the branches of a condition that are not taken are skipped."""
        if not record.node.repeats:
            for name, plan in record.node.branches.items():
                if name not in taken:
                    self._skip_branch(plan, record, _branching_problem)

    def _end_level(self, level: Level) -> None:
        records = self.run.records.get(level.repetition, {})
        status = level_status(level.plan, lambda name: records[name].status)
        del self.run.levels[level_key(level.plan, level.repetition)]
        if level.owner is None:
            self._end_run(status)
        else:
            event = LevelEnded(level.plan.branch, level.index, status)
            self._ready.append((level.owner, event, None))

    def _leave(self, record: Record, ended: LevelEnded) -> None:
        """Let go of a level that its owner has dealt with."""
        levels = record.notes.get("levels", [])
        if [ended.branch, ended.index] in levels:
            levels.remove([ended.branch, ended.index])
        if ended.index is not None:
            self.run.forget(record, ended.index)

    # The run

    def _end_run(self, status: Status) -> None:
        problem = ACTION_FAILED if status is Status.FAILED else None
        if status is Status.SUCCEEDED and self.run.program.definition.outputs:
            status, problem = self._return()
        self._finish(status, problem.code if problem else "", problem)

    def _return(self) -> tuple[Status, Problem | None]:
        """Evaluate what the flow returns. Source: cloud-flows 1.1 (``outputs``)."""
        scope = RunScope(self.run, (), (), self._around.archive, self._around.now)
        declared = self.run.program.definition.outputs
        try:
            values = {
                name: evaluate_template(member(one, "value") if isinstance(one, Mapping) else one, scope)
                for name, one in declared.items()
            }
        except ExpressionError as error:
            return Status.FAILED, Problem("InvalidTemplate", error.message)
        hidden = self.run.program.secrecy.returned
        self.run.outputs = {
            name: _returned(one, values[name], is_hidden=name in hidden) for name, one in declared.items()
        }
        return Status.SUCCEEDED, None

    def _stop(self, status: Status, code: str, problem: Problem | None) -> None:
        """End the run at once: what runs is cancelled, what has not begun is skipped."""
        for level in list(self.run.levels.values()):
            self._skip_rest(level, code)
        for record in self.run.open_records():
            self._turn.released.append((record, record.state))
            self.settle(record, Done(Status.CANCELLED, "ActionCancelled"))
        self.run.levels.clear()
        self._finish(status, code, problem)

    def _skip_rest(self, level: Level, code: str) -> None:
        known = self.run.records.get(level.repetition, {})
        for node in level.plan.nodes.values():
            if node.name not in known:
                self._skip(node, level.repetition, _ended_problem(node), code)

    def _finish(self, status: Status, code: str, problem: Problem | None) -> None:
        self.run.status, self.run.code, self.run.problem = status, code, problem
        self.run.ended = self._around.now()
        self._ready.clear()


def _type_of(node: Node) -> ActionType:
    assert node.type is not None, "an action without a type has failed when it began"
    return node.type


def _returned(declared: Value, value: Value, *, is_hidden: bool) -> Value:
    """Return an output of the flow as history keeps it; a hidden one without its value."""
    shown = {} if is_hidden else {"value": value}
    kind = member(declared, "type") if isinstance(declared, Mapping) else None
    return shown if kind is None else {"type": kind, **shown}


def _discreet(node: Node, done: Done) -> Done:
    """Return an end without the reason of a failure, where that may quote what nobody may see."""
    is_hidden = node.hides_inputs if done.outputs is NOTHING else node.hides_outputs
    if done.problem is None or done.problem is ACTION_FAILED or not is_hidden:
        return done
    message = f"The execution of template action '{node.name}' failed. The reason is hidden as its data is."
    return replace(done, problem=Problem(done.problem.code, message))


def _attempt(record: Record, done: Done, now: datetime) -> dict[str, Value]:
    """Return an attempt as history keeps it. Source: cloud-flows 3.12."""
    began = record.attempts[-1]["endTime"] if record.attempts else wire_time(record.started)
    attempt = {"startTime": began, "endTime": wire_time(now), "code": done.code}
    return attempt if done.problem is None else {**attempt, "error": done.problem.as_value()}


def _template_problem(name: str, error: ExpressionError) -> Problem:
    message = (
        f"Unable to process template language expressions in action '{name}' inputs at line '0' and "
        f"column '0': '{error.message}'."
    )
    return Problem(error.service_code, message)


def _condition_problem(node: Node, before: Record, wanted: Iterable[Status]) -> Problem:
    expected = ", ".join(str(one) for one in Status if one in wanted)
    return Problem(
        "ActionConditionFailed",
        f"The execution of template action '{node.name}' is skipped: the 'runAfter' condition for action "
        f"'{before.name}' is not satisfied. Expected status values '{expected}' and actual value "
        f"'{before.status}'.",
    )


def _branching_problem(node: Node) -> Problem:
    """Return why an action of a branch that is not taken is skipped. Source: cloud-flows 3.2."""
    return Problem(
        "ActionBranchingConditionNotSatisfied",
        f"The execution of template action '{node.name}' skipped: the branching condition for this action is "
        "not satisfied.",
    )


def _dependency_problem(node: Node, owner: Record) -> Problem:
    return Problem(
        "ActionDependencyFailed",
        f"The execution of template action '{node.name}' is skipped: dependant action '{owner.name}' "
        f"completed with status '{owner.status}' and code '{owner.code}'.",
    )


def _ended_problem(node: Node) -> Problem:
    return Problem(
        "ActionSkipped", f"The execution of template action '{node.name}' is skipped: the run has ended."
    )


def _run_timed_out(run: RunState) -> Problem:
    return Problem("WorkflowRunTimedOut", f"The workflow run '{run.name}' timed out.")
