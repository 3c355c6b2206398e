"""How many runs may start and wait, also when many callers ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from deskhand.orchestrator.errors import GroupIsEmpty, MachineGroupNotFound, QueueFull, RunRateExceeded
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue

CALLERS = 8


def at_once(act: Callable[[], Any], times: int) -> list[Any]:
    """Do something in several threads that begin together; returns results and errors."""
    barrier = Barrier(times)

    def attempt(_: int) -> Any:
        barrier.wait()
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(attempt, range(times)))


def test_a_connection_starts_as_many_runs_a_minute_as_it_may(queue: Queue, clock: StillClock) -> None:
    queue.settings = replace(queue.settings, runs_per_minute=3)
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    queue.request(flow, connection)
    clock.advance(10.5)
    queue.request(flow, connection)
    queue.request(flow, connection)
    with pytest.raises(RunRateExceeded) as refused:
        queue.request(flow, connection)
    assert refused.value.retry_after == 50
    assert str(refused.value) == (
        "DesktopFlowsActionThrottled: connection ‘FIN group’ reached 3 runs a minute. Next slot in 50 s "
        "(Retry-After: 50). An administrator can change the limit: setting runs_per_minute."
    )
    queue.request(flow, queue.connection(machine.group_id, "another"))
    clock.advance(refused.value.retry_after)
    queue.request(flow, connection)
    with pytest.raises(RunRateExceeded):
        queue.request(flow, connection)
    assert len(queue.rows()) == 5


def test_the_71st_start_within_a_minute_is_refused(queue: Queue) -> None:
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    for _ in range(70):
        queue.request(flow, connection)
    with pytest.raises(RunRateExceeded, match=r"reached 70 runs a minute\. Next slot in 60 s"):
        queue.request(flow, connection)


def test_the_rate_holds_when_callers_come_at_once(queue: Queue) -> None:
    queue.settings = replace(queue.settings, runs_per_minute=5)
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    results = at_once(lambda: queue.request(flow, connection), CALLERS)
    refused = [one for one in results if isinstance(one, RunRateExceeded)]
    assert (len(refused), len(queue.rows())) == (CALLERS - 5, 5)


def test_the_queue_has_a_longest_length(queue: Queue) -> None:
    queue.settings = replace(queue.settings, queue_length_max=5)
    machine = queue.machine()
    flow, connection = queue.flow(), queue.connection(machine.group_id)
    results = at_once(lambda: queue.request(flow, connection), CALLERS)
    refused = [one for one in results if isinstance(one, QueueFull)]
    assert (len(refused), len(queue.rows())) == (CALLERS - 5, 5)
    assert str(refused[0]).startswith("5 runs wait for machine group ‘FIN-01’ already")
    queue.begin(machine)
    queue.request(flow, connection)


def test_a_run_may_wait_for_a_machine_that_is_about_to_register(queue: Queue) -> None:
    machine = queue.machine()
    connection = queue.connection(machine.group_id)
    queue.change_machine(machine, flowmachinegroupid=None)
    run = queue.request(queue.flow(), connection)
    assert queue.take(queue.machine("FIN-02", group_id=machine.group_id)).run_id == run


def test_a_group_that_is_gone_or_empty_is_refused_at_once(queue: Queue) -> None:
    machine, flow = queue.machine(), queue.flow()
    connection = queue.connection(machine.group_id)
    nowhere = replace(connection, group_id=flow)
    with pytest.raises(MachineGroupNotFound, match="XrmMachineGroupNotFound: the machine group that"):
        queue.request(flow, nowhere)
    queue.change_machine(machine, flowmachinegroupid=None)
    queue.change_group(machine.group_id, standalone=False)
    with pytest.raises(GroupIsEmpty, match="GroupIsEmpty: machine group ‘FIN-01’ has no machine"):
        queue.request(flow, connection)
    assert queue.rows() == []
