"""Server processes that drive cloud-flow runs on one database, and die when a test says so."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Condition, Event, Lock
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from deskhand.cloudflows.activation import turn_on
from deskhand.cloudflows.called import Called, read_called
from deskhand.cloudflows.declare import Firing
from deskhand.cloudflows.driver import Driver
from deskhand.cloudflows.firing import Starter
from deskhand.cloudflows.http.requests import Request
from deskhand.cloudflows.http.responses import Response
from deskhand.cloudflows.journal import Seals, read_record
from deskhand.cloudflows.launcher import Launcher
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.manual import start_by_hand
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.runstate import Record, RunState
from deskhand.cloudflows.runtime import CloudFlows
from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.flowrun import FlowRun, FlowRunAction
from deskhand.entities.workflow import Category, Workflow
from deskhand.identity.accounts import create_user, ensure_organization
from deskhand.identity.keyring import KeyRing
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.orchestrator.parents import CLOUD_RUNS, signal
from deskhand.records.service import create
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed
from deskhand.webapi.embedded import EmbeddedWebApi
from tests.clock import StillClock
from tests.cloud_runs import FLOW_ID

T = TypeVar("T")

_R, _A = FlowRun.c, FlowRunAction.c
ADDRESS = "http://deskhand.example"
MANUAL = {"manual": {"type": "Request", "kind": "Http", "inputs": {}}}
WAIT_SECONDS = 60.0
"""Only keeps a broken build from hanging."""


class MortalDatabase(Database):
    """The database as one process sees it, until that process dies at one of its commits.

    Args:
        database: The database.
        dies_at: At which commit, counted from 0; None to live on.
        loses: Whether that commit is lost, rather than made without anybody's being told.
    """

    def __init__(self, database: Database, dies_at: int | None = None, *, loses: bool = False) -> None:
        self._database = database
        self._dies_at = dies_at
        self._loses = loses
        self._commits = 0
        self._lock = Lock()
        self.changed = Condition()
        self.died = Event()

    def submit(self, function: Callable[[Transaction], T]) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(self._commit(function))
        except BaseException as error:
            done.set_exception(error)
        return done

    def _commit(self, function: Callable[[Transaction], T]) -> T:
        with self._lock:
            self._require_life()
            is_last = self._commits == self._dies_at
            self._commits += 1
            if is_last and self._loses:
                self._die()
            result = self._database.write(function)
            if is_last:
                self._die()
        self._tell()
        return result

    def _die(self) -> None:
        self.died.set()
        self._tell()
        self._require_life()

    def _require_life(self) -> None:
        if self.died.is_set():
            raise DatabaseClosed("dead")

    def _tell(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def read(self, function: Callable[[Transaction], T]) -> T:
        self._require_life()
        return self._database.read(function)

    def migrate(self) -> str:
        return self._database.migrate()

    def notify(self, channel: str) -> None:
        self._database.notify(channel)

    def listen(self, channel: str, wake: Callable[[], None]) -> None:
        self._database.listen(channel, wake)

    def close(self) -> None:
        self._database.close()


@dataclass
class Web:
    """What flows call: it answers at once, and remembers which action called."""

    calls: list[str] = field(default_factory=list)
    answer: Callable[[Request], Response] = lambda _: Response(
        200, {"Content-Type": "application/json"}, b'"ok"'
    )

    def send(self, request: Request) -> Response:
        self.calls.append(str(request.header("x-ms-action-tracking-id")))
        return self.answer(request)

    def abort(self) -> None:
        """Nothing is under way for long."""


@dataclass
class Server:
    """One process that drives runs."""

    database: MortalDatabase
    driver: Driver
    launcher: Launcher
    flows: CloudFlows

    def call(self, flow_id: UUID, body: Any = None, **starter: Any) -> list[RunState]:
        """Call a flow's trigger, as its address does."""
        called = self.launcher.read(flow_id, None)
        return self.launcher.start(
            called, Firing({"headers": {}, "body": body}), self.starter(called, **starter)
        )

    def starter(self, called: Called, **members: Any) -> Starter:
        return Starter(called.flow.owner.user_id, **members)


@dataclass
class House:
    """An installation's database, its flows, and the servers that come and go."""

    connect: Callable[[], Database]
    clock: StillClock
    directory: Path
    settings: Settings = field(default_factory=Settings)
    web: Web = field(default_factory=Web)
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    database: Database = field(init=False)
    owner_id: UUID = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        self.database = self.connect()
        self.vault = Vault(KeyRing.open(self.directory))

        def begin(tx: Transaction) -> UUID:
            ensure_organization(tx)
            return create_user(tx, "Ada Maker", "ada@example.org", roles=("System Administrator",))

        self.owner_id = self.database.write(begin)

    def flow(
        self,
        actions: Mapping[str, Any],
        *,
        name: str | None = None,
        power_automate: bool = False,
        **members: Any,
    ) -> UUID:
        """Create a flow and switch it on; members of its definition can be given beside its actions."""
        self._count += 1
        definition = {"triggers": MANUAL, "actions": actions, **members}
        envelope = {"properties": {"definition": definition, "connectionReferences": {}}}
        columns = {
            "name": name or f"Flow {self._count}",
            "category": Category.MODERN_FLOW.value,
            "clientdata": json.dumps(envelope if power_automate else definition),
        }

        def make(tx: Transaction) -> UUID:
            flow_id = create(tx, Workflow, columns, by=self.owner_id)
            turn_on(tx, flow_id, by=self.owner_id)
            return flow_id

        return self.database.write(make)

    @contextmanager
    def server(self, dies_at: int | None = None, *, loses: bool = False) -> Iterator[Server]:
        """Run a server process; one that dies leaves everything as it is."""
        mortal = MortalDatabase(self.database, dies_at, loses=loses)
        web_api = EmbeddedWebApi(self.settings, self.vault, ADDRESS)
        keyring = KeyRing.open(self.directory)
        flows = CloudFlows(mortal, self.settings, self.clock, keyring, self.vault, ADDRESS, web_api)
        mail = MailDialer(self.settings, trust=self.trust)
        services = replace(flows.services, http=self.web, mail=mail)  # type: ignore[arg-type]
        driver = Driver(mortal, self.settings, self.clock, flows.seals, flows.programs, services)
        launcher = Launcher(mortal, driver, flows.programs, flows.seals, self.clock)
        with suppress(DatabaseClosed):
            driver.start()
        try:
            yield Server(mortal, driver, launcher, flows)
        finally:
            mortal.died.set()
            with suppress(DatabaseClosed, RuntimeError):
                driver.stop()

    def start(self, flow_id: UUID, body: Any = None) -> UUID:
        """Start a run that whichever server comes first begins."""
        programs, seals = Programs(), Seals(self.vault)

        def begin(tx: Transaction) -> UUID:
            called = read_called(tx, programs, flow_id, None)
            (run,) = start_by_hand(tx, called, self.owner_id, {"body": body}, seals)
            return run.id

        return self.database.write(begin)

    # What happened

    def run(self, run_id: UUID) -> Mapping[str, Any]:
        query = sa.select(FlowRun.table).where(_R.flowrunid == run_id)
        return dict(self.database.read(lambda tx: tx.execute(query).mappings().one()))

    def runs_of(self, flow_id: UUID) -> list[Mapping[str, Any]]:
        query = sa.select(FlowRun.table).where(_R.workflow == flow_id).order_by(_R.name.desc())
        return [dict(row) for row in self.database.read(lambda tx: tx.execute(query).mappings().all())]

    def rows(self, run_id: UUID) -> list[Mapping[str, Any]]:
        """Return the journal of a run."""
        query = sa.select(FlowRunAction.table).where(_A.flowrunid == run_id)
        return [dict(row) for row in self.database.read(lambda tx: tx.execute(query).mappings().all())]

    def records(self, server: Server, run_id: UUID) -> dict[str, list[Record]]:
        """Return the journal of a run as its records, by name, in the order of their repetitions."""
        version_id = self.run(run_id)["flowversionid"]
        program = self.database.read(lambda tx: server.flows.programs.find(tx, version_id))
        assert program is not None
        found: dict[str, list[Record]] = {}
        for row in sorted(self.rows(run_id), key=lambda row: (row["name"], row["repetition"])):
            record = read_record(row, program, server.flows.seals)
            assert record is not None
            found.setdefault(record.name, []).append(record)
        return found

    def statuses(self, run_id: UUID) -> dict[str, str]:
        """Return the status of every action that is not in a loop."""
        return {row["name"]: row["status"] for row in self.rows(run_id)}

    # Time

    def wait_for(self, server: Server, is_so: Callable[[], bool], *, jumps: bool = True) -> bool:
        """Wait for what commits of a server bring about.

        Args:
            server: The server.
            is_so: Whether it has come about.
            jumps: Whether time jumps to whatever runs wait for.

        Returns:
            Whether it came about before the server died.
        """
        with server.database.changed:
            assert server.database.changed.wait_for(lambda: self._look(server, is_so, jumps), WAIT_SECONDS)
        return is_so()

    def _look(self, server: Server, is_so: Callable[[], bool], jumps: bool) -> bool:
        # Read before the question: what is due after the very commit that is waited for is not jumped to.
        due = self._next_due() if jumps else None
        if server.database.died.is_set() or is_so():
            return True
        if due is not None and due > self.clock.now():
            self.clock.advance((due - self.clock.now()) / timedelta(seconds=1))
            self.database.notify(CLOUD_RUNS)
        return False

    def _next_due(self) -> Any:
        """Return when the next run goes on, if none is under way."""
        query = sa.select(_R.leaseowner, _R.dueon).where(_R.dueon.is_not(None))
        rows = self.database.read(lambda tx: tx.execute(query).all())
        is_busy = any(row.leaseowner is not None for row in rows)
        return None if is_busy else min((row.dueon for row in rows), default=None)

    def ended(self, *run_ids: UUID) -> Callable[[], bool]:
        query = sa.select(sa.func.count()).where(_R.flowrunid.in_(run_ids), _R.endtime.is_not(None))
        return lambda: self.database.read(lambda tx: tx.execute(query).scalar()) == len(run_ids)

    def finish(self, server: Server, *run_ids: UUID) -> list[Mapping[str, Any]]:
        """Wait until runs have ended, and return their rows."""
        assert self.wait_for(server, self.ended(*run_ids))
        return [self.run(run_id) for run_id in run_ids]

    def cancel(self, run_id: UUID) -> None:
        self.database.write(lambda tx: signal(tx, run_id, None, "cancel"))

    def bury_the_dead(self) -> None:
        """Let the leases of processes that died lapse."""
        self.clock.advance(self.settings.cloudflow_lease_seconds + 1)


def names(records: Sequence[Record]) -> list[tuple[tuple[int, ...], str]]:
    """Return repetitions and statuses."""
    return [(one.repetition, str(one.status)) for one in records]


__all__ = ["House", "MortalDatabase", "Server", "Web", "names", "new_id"]


class Run:
    """What of a run its connections are looked up by."""

    def __init__(self, owner: Principal, *, started_by: Principal | None = None, source: str = "embedded"):
        self.workflow_id = FLOW_ID
        self.owner_id = owner.user_id
        self.started_by = (started_by or owner).user_id
        self.connections = {
            "orders": {
                "runtimeSource": source,
                "connection": {"connectionReferenceLogicalName": "new_orders"},
            }
        }
