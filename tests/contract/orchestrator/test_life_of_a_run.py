"""From a request to a final status, one event after the other."""

import json
from datetime import timedelta

from deskhand.orchestrator.parameters import read_schema
from deskhand.protocol.messages import (
    FlowLimits,
    Orders,
    RunMode,
)
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue, schema_of


def test_a_run_waits_begins_and_succeeds(queue: Queue, clock: StillClock) -> None:
    inputs = schema_of(Name="string", Password="password")
    flow = queue.flow(inputs=inputs, outputs=schema_of(Greeting="string", Token="password"))
    machine = queue.machine()
    given = {"Name": "Ada", "Password": "s3cret"}
    run = queue.request(
        flow,
        queue.connection(machine.group_id),
        inputs=given,
        schema=read_schema(inputs),
        callback_url="https://example.org/done",
    )
    requested = clock.now()
    waiting = queue.row(run)
    assert (waiting["statuscode"], waiting["statecode"], waiting["startedon"]) == (3, 0, None)
    assert (waiting["triggertype"], waiting["runmode"], waiting["ownerid"]) == (3, 2, queue.owner.user_id)
    assert queue.file(run, "inputs") == {"Name": "Ada", "Password": None}
    assert queue.opened(run, "inputs") == given

    clock.advance(2)
    order = queue.take(machine)
    assert (order.flow.workflow_id, order.children, order.inputs) == (flow, (), given)
    assert (order.timeout_seconds, order.run_mode) == (3_600, RunMode.UNATTENDED)
    assert order.limits == FlowLimits(4 * 1024**3, 100_000, 32 * 1024**2, 2.0)
    assert queue.status(run) == 3
    assert queue.confirm(machine, order)
    assert (queue.status(run), queue.row(run)["sessionusername"]) == (2, "ada")

    clock.advance(3)
    assert queue.finish(machine, order, outputs={"Greeting": "Hello", "Token": "t0p"}, actions=7).accepted
    ended = queue.row(run)
    assert (ended["statuscode"], ended["statecode"], ended["errorcode"]) == (4, 0, None)
    assert ended["startedon"] == requested + timedelta(seconds=2)
    assert ended["completedon"] == requested + timedelta(seconds=5)
    durations = ended["runduration"], ended["runwaitduration"], ended["runexecutionduration"]
    assert durations == (5_000, 2_000, 3_000)
    assert queue.file(run, "outputs") == {"Greeting": "Hello", "Token": None}
    assert queue.opened(run, "outputs") == {"Greeting": "Hello", "Token": "t0p"}
    assert json.loads(ended["rundetails"])["actions"] == 7
    assert queue.events(run) == [
        "QueueEventEnqueued",
        "QueueEventAssigned",
        "QueueEventConfirmed",
        "QueueEventFinished",
    ]
    (callback,) = queue.callbacks()
    assert callback["url"] == "https://example.org/done"
    assert json.loads(callback["body"]) == {
        "statuscode": 4,
        "statecode": 0,
        "startedon": "2026-03-01T08:00:02Z",
        "completedon": "2026-03-01T08:00:05Z",
        "flowsessionid": str(run),
    }
    assert queue.claim(machine) == Orders((), (), (), 15.0)
