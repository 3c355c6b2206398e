"""What the checker says of desktop flows, remembered by their versions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from deskhand.actions.library import standard_library
from deskhand.entities.workflow import Workflow
from deskhand.robin.checker import check
from deskhand.robin.diagnostics import Diagnostic, Severity, SyntaxErrors
from deskhand.robin.nodes import ActionCall, Comment, End, EndRegion, Region, Row, Script
from deskhand.robin.parser import parse
from deskhand.robin.walking import walk
from deskhand.store.database import Transaction

_KEPT = 5_000
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the checker found in a desktop flow.

    Attributes:
        severity: ``error`` where the flow cannot run, or ``warning``.
        code: The code that ``deskhand help`` explains.
        message: What is wrong, and what would be right.
        line: The line in the flow's text.
        column: The column there.
    """

    severity: str
    code: str
    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """What is known of a flow's text.

    Attributes:
        actions: How many rows with actions it has; None where it cannot be read.
        subflows: How many subflows, Main included.
        findings: What the checker found.
        modules: The modules whose actions it uses, by name.
    """

    actions: int | None
    subflows: int | None
    findings: tuple[Finding, ...]
    modules: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many things keep it from running."""
        return sum(one.severity == Severity.ERROR.value for one in self.findings)

    @property
    def warnings(self) -> int:
        """Return how many other things were found."""
        return len(self.findings) - self.errors


class FlowChecks:
    """Checks flows, each version once, in a thread of its own. Safe to use from any thread.

    Args:
        read: Runs a function that only reads, in a transaction of its own.
    """

    def __init__(self, read: Callable[[Callable[[Transaction], Any]], Any]) -> None:
        self._read = read
        self._lock = Lock()
        self._known: OrderedDict[tuple[UUID, int], Future[FlowCheck]] = OrderedDict()
        # One thread: checking takes a core, and others have to be answered meanwhile.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flow-checks")

    def of(self, rows: Collection[Mapping[Any, Any]], seconds: float) -> Mapping[UUID, FlowCheck]:
        """Return what the checker says of flows, by the id of their version, as far as it is known in time.

        Args:
            rows: Their rows, with ``workflowidunique`` and ``versionnumber``.
            seconds: How long to wait for those that are not known yet.
        """
        asked = {row["workflowidunique"]: self._ask(row) for row in rows}
        wait(asked.values(), seconds)
        return {one: known.result() for one, known in asked.items() if _is_known(known)}

    def close(self) -> None:
        """Check nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask(self, row: Mapping[Any, Any]) -> Future[FlowCheck]:
        key = row["workflowidunique"], row["versionnumber"]
        with self._lock:
            known = self._known.get(key)
            if known is None or (known.done() and not _is_known(known)):
                known = self._known[key] = self._thread.submit(self._check, key[0])
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            return known

    def _check(self, version_id: UUID) -> FlowCheck:
        query = sa.select(Workflow.c.definition).where(Workflow.c.workflowidunique == version_id)
        text = self._read(lambda tx: tx.execute(query).scalar())
        return check_text(text or "")


def _is_known(check: Future[FlowCheck]) -> bool:
    """Tell whether a check came to its end; one that failed is made again when it is asked for."""
    return check.done() and not check.cancelled() and check.exception() is None


def check_text(text: str) -> FlowCheck:
    """Return what the checker says of a flow's text."""
    if len(text) > _LARGEST:
        return FlowCheck(None, None, ())
    library = standard_library()
    try:
        script = parse(text, "Main.robin", is_action=lambda name: library.resolve(name) is not None)
    except SyntaxErrors as error:
        return FlowCheck(None, None, tuple(map(_finding, error.diagnostics)))
    findings = tuple(map(_finding, check(script, library)))
    return FlowCheck(_rows(script), 1 + len(script.functions), findings, _modules(script))


def _rows(script: Script) -> int:
    unseen = (End, Comment, Region, EndRegion)
    return sum(isinstance(one, Row) and not isinstance(one, unseen) for one in walk(script))


def _modules(script: Script) -> tuple[str, ...]:
    names = {one.name.partition(".")[0] for one in walk(script) if isinstance(one, ActionCall)}
    return tuple(sorted(names, key=str.casefold))


def _finding(one: Diagnostic) -> Finding:
    return Finding(one.severity.value, one.code, one.message, one.span.line, one.span.column)
