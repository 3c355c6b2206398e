"""The agent against a server that loses answers, goes away and changes its mind."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import trustme
from msgspec.structs import replace

from deskhand.agent import outbox, poll
from deskhand.agent.errors import AgentRunning, InsecureServer, NotRegistered, ServerRefused
from deskhand.agent.process_tree import marked
from deskhand.agent.processes import AGENT_VARIABLE
from deskhand.agent.registration import is_registered, load_credentials, register
from deskhand.agent.service import run_agent
from deskhand.core.settings import Settings
from deskhand.protocol.messages import (
    AssignFailed,
    Confirmed,
    Finished,
    Reply,
    RunMode,
    RunResult,
)
from tests.fake_server import KEY, MACHINE, TOKEN, FakeServer, fake_server
from tests.flow_runs import ENGINE, ROOT, order, processes_left

SETTINGS = Settings(session_capacity=2, heartbeat_seconds=0.5, cancel_grace_seconds=0.2)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as made:
        yield made


@pytest.fixture
def data(tmp_path: Path, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    register(server.url, TOKEN, "box", "", tmp_path / "machine")
    return tmp_path / "machine"


class Agent:
    """An agent in a thread."""

    def __init__(self, data: Path, url: str, ca_file: Path | None = None) -> None:
        self.data = data
        self.stopped = threading.Event()
        self._failures: Queue[Exception | None] = Queue()
        self._thread = threading.Thread(target=self._run, args=(url, ca_file), daemon=True)
        self._thread.start()

    def _run(self, url: str, ca_file: Path | None) -> None:
        try:
            run_agent(self.data, url, SETTINGS, self.stopped, ca_file, engine=ENGINE)
            self._failures.put(None)
        except Exception as error:
            self._failures.put(error)

    def stop(self) -> Exception | None:
        self.stopped.set()
        return self.wait()

    def wait(self) -> Exception | None:
        failure = self._failures.get(timeout=60)
        self._thread.join()
        return failure


@pytest.fixture
def agent(data: Path, server: FakeServer) -> Iterator[Agent]:
    made = Agent(data, server.url)
    yield made
    made.stopped.set()
    made._thread.join(60)
    assert processes_left(data) == []
    assert not (data / "runs").exists() or list((data / "runs").iterdir()) == []


def kinds(messages: list[Any]) -> list[str]:
    return [type(one).__name__ for one in messages]


def test_a_claimed_run_is_confirmed_begun_and_finished(agent: Agent, server: FakeServer) -> None:
    given = order("log hello\noutput A=b")
    server.order(given)
    (finished,) = server.wait_for_finished()
    assert kinds(server.said_of(given)) == ["Confirmed", "ActionsLogged", "Finished"]
    assert finished == Finished(
        given.run_id, 7, RunResult.SUCCEEDED, outputs={"A": "b"}, statistics={"actions": 2}
    )
    assert agent.stop() is None


def test_a_report_whose_answer_is_lost_is_sent_again_and_the_flow_begins_once(
    agent: Agent, server: FakeServer
) -> None:
    server.drop_answers = [outbox.PATH, outbox.PATH, poll.PATH]
    given = order("log hello")
    server.order(given)
    (finished,) = server.wait_for_finished()
    assert kinds(server.said_of(given)) == ["Confirmed", "ActionsLogged", "Finished"]
    assert finished.fencing_token == 8  # the first order was lost with its answer
    assert server.reports[0] == server.reports[1]
    assert server.rows_of(given) == ["hello"]


def test_claims_are_numbered_and_tell_what_begins_at_once(agent: Agent, server: FakeServer) -> None:
    given = order("log hello")
    server.order(given)
    server.wait_for_finished()
    server.wait_until(lambda: given.flow.fingerprint in server.ready()[-1].flows)
    told = server.ready()
    assert [one.claim_number for one in told] == list(range(1, len(told) + 1))
    assert len({one.agent_id for one in told}) == 1
    again = replace(order("log hello"), confirmed=True)
    server.order(again)
    server.wait_for_finished(2)
    assert kinds(server.said_of(again)) == ["ActionsLogged", "Finished"]


def test_an_agent_names_the_claims_that_got_no_answer(agent: Agent, server: FakeServer) -> None:
    server.wait_until(lambda: server.claims)
    server.drop_answers = [poll.PATH]
    server.order(order("log hello"))
    server.wait_for_finished()
    (lost,) = {one.unanswered for one in server.ready() if one.unanswered}
    told = [one.claim_number for one in server.ready()]
    assert len(lost) == 1
    assert told == list(range(1, len(told) + 1))  # each is sent once: what it was answered would be lost


def test_an_agent_that_stops_hands_back_what_came_too_late(agent: Agent, server: FakeServer) -> None:
    server.wait_until(lambda: server.claims)
    assert agent.stop() is None
    last = server.claims[-1]
    assert (last.free_sessions, last.running, last.wait_seconds) == (0, (), 0.0)
    assert last.ready
    assert last.ready.claim_number == len(server.claims)


def test_flows_go_on_while_the_server_is_away_and_nothing_they_say_is_lost(
    agent: Agent, server: FakeServer
) -> None:
    given = order("log before\nsleep 0.5\nlog_many 500\noutput A=b")
    server.order(given)
    server.wait_until(lambda: server.rows_of(given) == ["before"])
    server.stop()
    server.start()
    server.stop()
    server.start()
    (finished,) = server.wait_for_finished()
    assert finished.outputs == {"A": "b"}
    assert server.rows_of(given) == ["before", *(str(number) for number in range(500))]


def test_a_confirmation_that_waits_for_the_server_keeps_the_flow_from_beginning(
    agent: Agent, server: FakeServer
) -> None:
    server.refuse[outbox.PATH] = (503, "starting")
    given = order("log begun")
    server.order(given)
    server.wait_until(lambda: any(one.running for one in server.claims))
    assert server.messages == []
    del server.refuse[outbox.PATH]
    server.wait_for_finished()
    assert server.rows_of(given) == ["begun"]


def test_a_run_whose_confirmation_is_refused_is_forgotten_unbegun(agent: Agent, server: FakeServer) -> None:
    server.reply_to = lambda message: Reply(accepted=not isinstance(message, Confirmed), reason="too late")
    given = order("log begun")
    server.order(given)
    server.wait_until(lambda: server.confirmed(given))
    server.wait_until(lambda: server.claims[-1].running == ())
    assert kinds(server.said_of(given)) == ["Confirmed"]


def test_a_cancelled_run_ends_cancelled_with_its_processes(agent: Agent, server: FakeServer) -> None:
    given = order("daemon\nstubborn")
    server.order(given)
    server.wait_until(lambda: len(server.rows_of(given)) == 2)
    server.cancel(given)
    (finished,) = server.wait_for_finished()
    assert finished == Finished(given.run_id, 7, RunResult.CANCELLED)
    assert processes_left(agent.data) == []


def test_runs_are_cancelled_also_while_every_session_is_taken(agent: Agent, server: FakeServer) -> None:
    given = [order("log on\nsleep 600"), order("log on\nsleep 600")]
    server.order(*given)
    server.wait_until(lambda: [server.rows_of(one) for one in given] == [["on"], ["on"]])
    for one in given:
        server.cancel(one)
    assert [one.result for one in server.wait_for_finished(2)] == [RunResult.CANCELLED] * 2


def test_no_more_runs_are_asked_for_than_there_are_sessions(agent: Agent, server: FakeServer) -> None:
    given = [order(f"output N={number}") for number in range(12)]
    server.order(*given)
    finished = server.wait_for_finished(12)
    assert {one.run_id: one.outputs for one in finished} == {
        one.run_id: {"N": str(number)} for number, one in enumerate(given)
    }
    assert all(one.free_sessions <= 2 and one.free_sessions + len(one.running) <= 4 for one in server.claims)
    assert [server.refused(one) for one in given] == [[]] * 12


def test_a_run_that_has_ended_leaves_its_session_to_another_before_the_server_knows(
    agent: Agent, server: FakeServer
) -> None:
    server.refuse[outbox.PATH] = 503, "later"
    long, *short = (replace(order(text), confirmed=True) for text in ["sleep 600", *["output A=b"] * 4])
    server.order(long, *short)
    server.wait_until(lambda: any(len(one.running) == 3 for one in server.claims))
    count = len(server.claims)
    server.wait_until(lambda: len(server.claims) > count + 1)  # ends pile up no further
    assert max(len(one.running) for one in server.claims) == 3
    del server.refuse[outbox.PATH]
    server.cancel(long)
    assert {one.run_id for one in server.wait_for_finished(5)} == {one.run_id for one in (long, *short)}


def test_a_lost_run_is_stopped_and_no_more_is_said_of_it(agent: Agent, server: FakeServer) -> None:
    given = order("log on\nsleep 600")
    server.order(given)
    server.wait_until(lambda: server.rows_of(given) == ["on"])
    server.lose(given)
    server.wait_until(lambda: server.claims[-1].running == ())
    assert kinds(server.said_of(given)) == ["Confirmed", "ActionsLogged"]


def test_a_second_attended_run_is_handed_back(agent: Agent, server: FakeServer) -> None:
    first = order("log on\nsleep 600", run_mode=RunMode.ATTENDED)
    second = order("log on", run_mode=RunMode.ATTENDED)
    server.order(first)
    server.wait_until(lambda: server.rows_of(first) == ["on"])
    server.order(second)
    server.wait_until(lambda: server.refused(second))
    assert server.said_of(second) == [
        AssignFailed(
            second.run_id,
            7,
            "UIFlowAlreadyRunning",
            "an attended run uses the session of this machine's user",
            retry=True,
        )
    ]


def test_an_older_assignment_of_the_same_run_is_stopped_before_a_newer_one_is_taken(
    agent: Agent, server: FakeServer
) -> None:
    older = order("log on\nsleep 600")
    newer = replace(older, fencing_token=8)
    server.order(older)
    server.wait_until(lambda: server.rows_of(older) == ["on"])
    server.order(newer)
    (refused,) = server.wait_until(lambda: server.refused(newer))
    assert (refused.fencing_token, refused.retry) == (8, True)
    server.wait_until(lambda: server.claims[-1].running == ())
    assert server.finished() == []


def test_a_message_that_the_server_will_not_take_does_not_hold_up_the_others(
    agent: Agent, server: FakeServer
) -> None:
    server.refuse[outbox.PATH] = (413, "too large")
    first = order("log lost")
    server.order(first)
    server.wait_until(lambda: any(one.running for one in server.claims))
    server.wait_until(lambda: server.claims[-1].running == ())
    del server.refuse[outbox.PATH]
    second = order("log taken")
    server.order(second)
    server.wait_for_finished()
    assert server.rows_of(second) == ["taken"]


def test_a_stopped_agent_stops_its_flows_and_says_so(agent: Agent, server: FakeServer) -> None:
    given = order("log on\nstubborn")
    server.order(given)
    server.wait_until(lambda: server.rows_of(given) == ["on", "deaf"])
    assert agent.stop() is None
    (finished,) = server.finished()
    assert finished.error is not None
    assert (finished.result, finished.error.code) == (RunResult.FAILED, "AgentNotReachable")
    assert processes_left(agent.data) == []


def test_an_agent_whose_server_is_away_stops_all_the_same(
    agent: Agent, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskhand.agent.service.LAST_WORDS_SECONDS", 0.1)
    given = order("log on\nsleep 600")
    server.order(given)
    server.wait_until(lambda: server.rows_of(given) == ["on"])
    server.stop()
    assert agent.stop() is None
    server.start()


def test_an_agent_that_the_server_does_not_know_ends_with_the_reason(
    agent: Agent, server: FakeServer
) -> None:
    server.refuse[poll.PATH] = (401, "the key is not valid any more")
    failure = agent.wait()
    assert isinstance(failure, ServerRefused)
    assert (failure.status, failure.problem) == (401, "the key is not valid any more")


def test_two_agents_never_share_a_directory(agent: Agent, server: FakeServer) -> None:
    server.wait_until(lambda: server.claims)
    with pytest.raises(AgentRunning):
        run_agent(agent.data, server.url, SETTINGS, threading.Event(), engine=ENGINE)


def test_an_unregistered_machine_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotRegistered, match="deskhand machine register"):
        run_agent(tmp_path, "http://localhost:1", SETTINGS, threading.Event())


@pytest.mark.parametrize(
    "url", ["http://example.org", "ftp://localhost", "localhost:8000", "http://10.0.0.1"]
)
def test_keys_never_travel_in_clear(url: str, data: Path) -> None:
    with pytest.raises(InsecureServer):
        run_agent(data, url, SETTINGS, threading.Event())


def test_registration_keeps_the_key_to_the_account(data: Path, server: FakeServer) -> None:
    assert is_registered(data)
    credentials = load_credentials(data)
    assert (credentials.machine_id, credentials.key) == (MACHINE, KEY)
    assert KEY not in repr(credentials)
    assert [path.name for path in data.iterdir()] == ["credentials.json"]
    assert stat.S_IMODE((data / "credentials.json").stat().st_mode) == 0o600
    assert (server.registered[0].name, server.registered[0].token) == ("box", TOKEN)


def test_a_refused_registration_leaves_nothing(tmp_path: Path, server: FakeServer) -> None:
    with pytest.raises(ServerRefused, match="the token is not known"):
        register(server.url, "wrong", "box", "", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_with_tls_is_trusted_by_the_given_authority_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    with fake_server(context) as server:
        with pytest.raises(Exception, match="certificate verify failed"):
            register(server.url, TOKEN, "box", "", tmp_path / "other")
        register(server.url, TOKEN, "box", "", tmp_path / "machine", ca_file)
    assert is_registered(tmp_path / "machine")
    assert not is_registered(tmp_path / "other")


class AgentProgram:
    """An agent as a process of its own."""

    def __init__(self, data: Path, url: str) -> None:
        code = (
            "import sys, threading; from pathlib import Path; from deskhand.core.settings import Settings; "
            "from deskhand.agent.service import run_agent; "
            "run_agent(Path(sys.argv[1]), sys.argv[2], Settings(heartbeat_seconds=0.5), threading.Event(), "
            "engine=sys.argv[3])"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(data), url, ENGINE], env=os.environ | {"PYTHONPATH": str(ROOT)}
        )


@pytest.fixture
def programs(data: Path, server: FakeServer) -> Iterator[Any]:
    started: list[AgentProgram] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(AgentProgram(data, server.url))
        return started[-1].process

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


def test_all_that_a_flow_started_dies_with_a_killed_agent(
    programs: Any, data: Path, server: FakeServer
) -> None:
    given = order("daemon\nlog on\nsleep 600")
    program = programs()
    server.order(given)
    server.wait_until(lambda: len(server.rows_of(given)) == 2)
    program.kill()
    program.wait()
    while marked(AGENT_VARIABLE, str(data.resolve())):
        pass


def test_what_a_killed_agent_left_is_ended_at_its_next_start(
    programs: Any, data: Path, server: FakeServer
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        env=os.environ | {AGENT_VARIABLE: str(data.resolve())},
    ) as left:
        (data / "runs" / "left").mkdir(parents=True)
        programs()
        assert left.wait(60) == -signal.SIGKILL
    server.wait_until(lambda: server.claims)
    assert server.claims[0].running == ()
    assert not (data / "runs").exists()


def test_sigterm_stops_an_agent_in_good_order(programs: Any, data: Path, server: FakeServer) -> None:
    given = order("log on\nsleep 600")
    program = programs()
    server.order(given)
    server.wait_until(lambda: server.rows_of(given) == ["on"])
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    (finished,) = server.finished()
    assert finished.error is not None
    assert finished.error.code == "AgentNotReachable"
    assert processes_left(data) == []


def test_a_second_sigterm_ends_an_agent_at_once(programs: Any, data: Path, server: FakeServer) -> None:
    limits = replace(order("").limits, cancel_grace_seconds=600)
    given = order("log on\nstubborn", limits=limits)
    program = programs()
    server.order(given)
    server.wait_until(lambda: server.rows_of(given) == ["on", "deaf"])
    program.send_signal(signal.SIGTERM)
    count = len(server.claims)
    while program.poll() is None:  # one that comes before the first was heeded is the same signal
        program.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(0.1)
    assert program.returncode == 128 + signal.SIGTERM
    assert [one.free_sessions for one in server.claims[count:] if one.free_sessions] == []
