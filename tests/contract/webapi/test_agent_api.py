"""Agents over HTTP: registration, the long poll, reports."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from deskhand.entities.flowsession import FlowSessionRunMode
from deskhand.identity.keyring import KeyRing
from deskhand.identity.tokens import TokenService
from deskhand.orchestrator.connections import ConnectionTarget
from deskhand.orchestrator.machines import create_registration_token
from deskhand.orchestrator.wakeups import Wakeups
from deskhand.pages.installation import About
from deskhand.protocol.codec import decode, encode
from deskhand.protocol.messages import (
    Claim,
    Confirmed,
    Finished,
    MachineRegistered,
    Orders,
    RegisterMachine,
    Replies,
    Reply,
    Report,
    RunResult,
)
from deskhand.server.portal_imports import PortalImports
from deskhand.webapi.agent_api import agent_routes
from deskhand.webapi.services import Services
from tests.contract.orchestrator.queue import Queue
from tests.web_server import cloud_flows

M = TypeVar("M")
NOTHING = Orders((), (), (), 15.0)
LONG = 30.0
"""How long claims are held open; a test that waits so long is broken."""


@dataclass
class Agents:
    """The agents' API over a queue."""

    queue: Queue
    app: Starlette
    wakeups: Wakeups

    async def post(self, path: str, message: Any, key: str = "") -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            content = message if isinstance(message, (str, bytes)) else encode(message)
            return await client.post(f"/api/agent/v1/{path}", content=content, headers=headers, timeout=None)

    async def ask(self, path: str, message: Any, expected: type[M], key: str = "") -> M:
        answer = await self.post(path, message, key)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        return decode(answer.content, expected)

    async def claim(
        self, machine: MachineRegistered, *running: tuple[UUID, int], wait: float = LONG
    ) -> Orders:
        return await self.ask("claim", Claim(2, running, wait, "1.0"), Orders, machine.key)

    async def until_waiting(self, machine: MachineRegistered, claims: int = 1) -> None:
        """Wait until that many claims of a machine listen."""
        while len(self.wakeups._following._waiters.get(f"cancels:{machine.machine_id}", ())) != claims:
            await asyncio.sleep(0)

    async def act(self, function: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(function)

    def refusal(self, answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, json.loads(answer.content)["error"]["code"]


@pytest.fixture
def agents(queue: Queue, tmp_path: Path) -> Agents:
    keyring = KeyRing.open(tmp_path)
    wakeups = Wakeups(queue.database)
    tokens = TokenService(keyring, queue.settings, queue.clock, queue.owner.organization_id)
    flows = cloud_flows(queue.database, queue.settings, queue.clock, keyring)
    services = Services(
        database=queue.database,
        settings=queue.settings,
        clock=queue.clock,
        keyring=keyring,
        vault=queue.vault,
        tokens=tokens,
        wakeups=wakeups,
        cloudflows=flows,
        version="1.0",
        about=About("1.0", queue.clock.now(), "", {}),
        imports=PortalImports(),
    )
    app = Starlette(routes=agent_routes(services))
    return Agents(queue, app, wakeups)


def go(test: Awaitable[None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await test

    asyncio.run(bounded())


def test_a_machine_registers_claims_and_reports(agents: Agents) -> None:
    async def test() -> None:
        queue = agents.queue
        token = queue.database.write(lambda tx: create_registration_token(tx, queue.owner.user_id))
        introduction = RegisterMachine(token, "FIN-01", "", "1.0", "ada")
        machine = await agents.ask("register", introduction, MachineRegistered)
        run = queue.request(queue.flow(), queue.connection(machine.group_id))
        (order,) = (await agents.claim(machine)).runs
        assert (order.run_id, order.flow.name) == (run, "Greet")
        confirmed = Confirmed(run, order.fencing_token, "ada", "1.0")
        replies = await agents.ask("messages", Report((confirmed,)), Replies, machine.key)
        assert replies == Replies((Reply(accepted=True),))
        finished = Finished(run, order.fencing_token, RunResult.SUCCEEDED, {"Total": 5})
        await agents.ask("messages", Report((finished,)), Replies, machine.key)
        assert (queue.status(run), queue.file(run, "outputs")) == (4, {"Total": 5})

    go(test())


def test_a_waiting_claim_is_answered_when_a_run_is_requested(
    agents: Agents, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    async def test() -> None:
        flow = agents.queue.flow()
        waiting = asyncio.create_task(agents.claim(machine))
        await agents.until_waiting(machine)
        run = await agents.act(lambda: agents.queue.request(flow, connection))
        assert [order.run_id for order in (await waiting).runs] == [run]
        await agents.until_waiting(machine, 0)

    go(test())


def test_a_waiting_claim_is_answered_when_a_run_is_cancelled(
    agents: Agents, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    async def test() -> None:
        run = agents.queue.request(agents.queue.flow(), connection)
        order = agents.queue.begin(machine)
        waiting = asyncio.create_task(agents.claim(machine, (run, order.fencing_token)))
        await agents.until_waiting(machine)
        await agents.act(lambda: agents.queue.cancel(run))
        assert [cancel.run_id for cancel in (await waiting).cancels] == [run]

    go(test())


def test_a_waiting_claim_is_answered_when_an_attended_session_comes_free(
    agents: Agents, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    async def test() -> None:
        queue, flow = agents.queue, agents.queue.flow()
        attended = {"run_mode": FlowSessionRunMode.ATTENDED}
        queue.request(flow, connection, **attended)
        second = queue.request(flow, connection, **attended)
        order = queue.begin_next(machine)
        waiting = asyncio.create_task(agents.claim(machine, (order.run_id, order.fencing_token)))
        await agents.until_waiting(machine)
        await agents.act(lambda: queue.finish(machine, order, outputs={}))
        assert [one.run_id for one in (await waiting).runs] == [second]

    go(test())


def test_a_claim_whose_wait_ends_without_work_is_empty(agents: Agents, machine: MachineRegistered) -> None:
    async def test() -> None:
        assert await agents.claim(machine, wait=0.01) == NOTHING
        assert await agents.claim(machine, wait=0) == NOTHING

    go(test())


def test_a_newer_claim_of_a_machine_ends_the_older_one(
    agents: Agents, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    async def test() -> None:
        flow = agents.queue.flow()
        older = asyncio.create_task(agents.claim(machine))
        await agents.until_waiting(machine)
        newer = asyncio.create_task(agents.claim(machine))
        await agents.until_waiting(machine, 2)
        run = await agents.act(lambda: agents.queue.request(flow, connection))
        assert await older == NOTHING
        assert [order.run_id for order in (await newer).runs] == [run]

    go(test())


def test_waiting_claims_end_when_the_server_stops(agents: Agents, machine: MachineRegistered) -> None:
    async def test() -> None:
        waiting = asyncio.create_task(agents.claim(machine))
        await agents.until_waiting(machine)
        agents.wakeups.close()
        assert await waiting == NOTHING

    go(test())


def test_large_reports_are_read_from_known_machines_only(
    agents: Agents, machine: MachineRegistered, connection: ConnectionTarget
) -> None:
    async def test() -> None:
        run = agents.queue.request(agents.queue.flow(), connection)
        order = agents.queue.begin(machine)
        text = "x" * 1_000_000
        report = Report((Finished(run, order.fencing_token, RunResult.SUCCEEDED, {"Text": text}),))
        assert agents.refusal(await agents.post("messages", report, "dhm_unknown")) == (401, "DH3312")
        replies = await agents.ask("messages", report, Replies, machine.key)
        assert replies == Replies((Reply(accepted=True),))
        assert agents.queue.file(run, "outputs") == {"Text": text}

    go(test())


def test_refusals_tell_agents_what_to_do(agents: Agents, machine: MachineRegistered) -> None:
    async def test() -> None:
        agents.queue.claim(machine)
        owner = agents.queue.owner.user_id
        token = agents.queue.database.write(lambda tx: create_registration_token(tx, owner))
        named = RegisterMachine(token, "FIN-01", "", "1.0", "ada")
        claim = Claim(1, (), 0, "1.0")
        wrong_key = machine.key[:-1]
        refused = [
            await agents.post("claim", claim),
            await agents.post("claim", claim, wrong_key),
            await agents.post("messages", Report(()), wrong_key),
            await agents.post("claim", Claim(1, (), 0, "1.0", 1), machine.key),
            await agents.post("claim", "{", machine.key),
            await agents.post("messages", '{"messages": [{"type": "Nonsense"}]}', machine.key),
            await agents.post("register", named),
            await agents.post("register", RegisterMachine("made up", "FIN-02", "", "1.0", "ada")),
            await agents.post("claim", b" " * 5_000_000, machine.key),
        ]
        assert [agents.refusal(one) for one in refused] == [
            (401, "DH3312"),
            (401, "DH3312"),
            (401, "DH3312"),
            (400, "DH3313"),
            (400, "DH3010"),
            (400, "DH3010"),
            (409, "DH3311"),
            (403, "DH3310"),
            (413, "DH1505"),
        ]

    go(test())
