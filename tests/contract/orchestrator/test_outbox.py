"""The callback outbox on both databases."""

from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

from deskhand.orchestrator.callbacks import (
    PER_HOST,
    WORKERS,
    Due,
    Outcome,
    claim_due,
    forget_claims_of_the_dead,
    queue_callback,
    seconds_until_due,
    settle,
)
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue
from tests.contract.orchestrator.test_limits import at_once

LEASE = timedelta(seconds=30)
IDLE: Counter[str] = Counter()


def put(queue: Queue, host: str) -> UUID:
    run_id = uuid4()
    run = {
        "flowsessionid": run_id,
        "regardingobjectid": UUID(int=7),
        "callbackurl": f"https://{host}/done",
        "statuscode": 7,
        "statecode": 0,
        "startedon": None,
        "completedon": queue.clock.now(),
    }
    queue.database.write(lambda tx: queue_callback(tx, run))
    return run_id


def claim(queue: Queue, busy: Counter[str] = IDLE) -> list[Due]:
    return list(queue.database.write(lambda tx: claim_due(tx, uuid4(), busy, LEASE)))


def test_a_claimed_callback_is_due_again_when_its_claim_runs_out(queue: Queue, clock: StillClock) -> None:
    run_id = put(queue, "example.org")
    assert [due.run_id for due in claim(queue)] == [run_id]
    assert claim(queue) == []
    assert queue.database.read(seconds_until_due) == 5.0
    clock.advance(28)
    assert queue.database.read(seconds_until_due) == 2.0
    clock.advance(2)
    assert [due.run_id for due in claim(queue)] == [run_id]


def test_an_answer_removes_it_and_a_failure_puts_it_off(queue: Queue, clock: StillClock) -> None:
    put(queue, "example.org")
    (due,) = claim(queue)
    failed = Outcome(delivered=False, again=True, problem="the receiver answered 500")
    queue.database.write(lambda tx: settle(tx, due, failed, 1, timedelta(seconds=1)))
    assert claim(queue) == []
    clock.advance(1)
    (again,) = claim(queue)
    assert again.attempts == 1
    answered = Outcome(delivered=True, again=False)
    queue.database.write(lambda tx: settle(tx, again, answered, 2, None))
    assert queue.callbacks() == []


def test_one_host_gets_its_share_of_requests_and_no_more(queue: Queue) -> None:
    for _ in range(PER_HOST + 3):
        put(queue, "slow.example.org")
    other = put(queue, "example.org")
    hosts = Counter(due.url for due in claim(queue))
    assert hosts == {"https://slow.example.org/done": PER_HOST, "https://example.org/done": 1}
    assert claim(queue, Counter({"slow.example.org": PER_HOST})) == []
    put(queue, "example.org")
    assert len(claim(queue, Counter({"slow.example.org": PER_HOST, "x": WORKERS - PER_HOST}))) == 0
    assert other != put(queue, "example.org")


def test_senders_at_once_never_claim_the_same_callback(queue: Queue) -> None:
    put_in = {put(queue, f"host-{number}.example.org") for number in range(12)}
    claimed = [due.run_id for dues in at_once(lambda: claim(queue), 4) for due in dues]
    assert sorted(claimed) == sorted(put_in)


def test_claims_of_a_server_that_died_are_taken_over_at_once_where_there_is_only_one(queue: Queue) -> None:
    run_id = put(queue, "example.org")
    claim(queue)
    queue.database.write(forget_claims_of_the_dead)
    only_server = queue.database.read(lambda tx: tx.dialect) == "sqlite"
    assert [due.run_id for due in claim(queue)] == ([run_id] if only_server else [])
