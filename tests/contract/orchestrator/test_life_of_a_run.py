"""From a request to a final status, one event after the other."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from deskhand.orchestrator.errors import RunAlreadyFinished
from deskhand.orchestrator.parameters import read_schema
from deskhand.protocol.messages import (
    ActionRow,
    ActionsLogged,
    ActionStatus,
    AssignFailed,
    FlowLimits,
    Orders,
    RunError,
    RunMode,
    RunResult,
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


def test_cancel_of_a_waiting_run_never_reaches_an_agent(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(
        queue.flow(), queue.connection(machine.group_id), callback_url="https://example.org/done"
    )
    queue.cancel(run)
    ended = queue.row(run)
    assert (ended["statuscode"], ended["startedon"], ended["errorcode"]) == (7, None, None)
    assert ended["completedon"] is not None
    assert queue.claim(machine).runs == ()
    (callback,) = queue.callbacks()
    assert json.loads(callback["body"])["startedon"] is None


def test_cancel_of_a_running_run_is_an_order_to_its_agent(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    queue.cancel(run)
    queue.cancel(run)
    assert queue.status(run) == 2
    held = ((run, order.fencing_token),)
    (cancel,) = queue.claim(machine, 3, held).cancels
    assert (cancel.run_id, cancel.fencing_token) == held[0]
    assert queue.finish(machine, order, RunResult.CANCELLED).accepted
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (7, None)


def test_cancel_between_assignment_and_begin_takes_the_run_from_its_agent(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.take(machine)
    queue.cancel(run)
    assert queue.status(run) == 7
    assert not queue.confirm(machine, order)
    assert queue.claim(machine, 3, ((run, order.fencing_token),)).lost == (run,)
    assert [late["event"] for late in queue.late_events(run)] == ["confirmed"]


def test_cancel_of_a_finished_run_is_an_error_unless_the_setting_says_otherwise(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    queue.finish(machine, queue.begin(machine), outputs={})
    with pytest.raises(RunAlreadyFinished) as refused:
        queue.cancel(run)
    assert str(refused.value) == (
        f"Run {run} is not running any more: it ended as Succeeded, so there is nothing to cancel."
    )
    queue.cancel(run, finished_is_error=False)
    assert queue.status(run) == 4


def test_a_run_that_ends_before_its_cancel_order_keeps_its_result(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    queue.cancel(run)
    assert queue.finish(machine, order, outputs={"Total": 5}).accepted
    assert (queue.status(run), queue.file(run, "outputs")) == (4, {"Total": 5})


def test_a_failed_run_tells_where_and_why(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    error = RunError("FileNotFound", "x.txt does not exist", "[Errno 2]", "Main", 3, "File.ReadTextFromFile")
    assert queue.finish(machine, order, RunResult.FAILED, error=error).accepted
    ended = queue.row(run)
    columns = "statuscode", "errorcode", "errormessage", "errorinnererror", "outputs", "sealedoutputs"
    assert [ended[column] for column in columns] == [
        8, "FileNotFound", "x.txt does not exist", "[Errno 2]", None, None,
    ]  # fmt: skip
    assert json.loads(ended["errordetails"]) == {
        "subflow": "Main",
        "line": 3,
        "action": "File.ReadTextFromFile",
    }


@pytest.mark.parametrize(("setting", "status"), [(8, 8), (10, 10)])
def test_a_run_out_of_time_has_the_status_that_the_setting_chooses(
    queue: Queue, setting: int, status: int
) -> None:
    queue.settings = replace(queue.settings, timeout_status=setting)
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    assert queue.finish(machine, queue.begin(machine), RunResult.TIMED_OUT).accepted
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (status, "DesktopFlowsActionTimeout")


def test_outputs_beyond_the_limit_fail_the_run(queue: Queue) -> None:
    queue.settings = replace(queue.settings, outputs_max_bytes=1_024)
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    assert queue.finish(machine, queue.begin(machine), outputs={"Text": "x" * 1_024}).accepted
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"], ended["outputs"]) == (8, "OutputsTooLarge", None)


def test_texts_that_no_database_takes_are_mended(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    error = RunError("Broken\x00", "half a pair \ud800, " + "long " * 3_000)
    assert queue.finish(machine, queue.begin(machine), RunResult.FAILED, error=error).accepted
    ended = queue.row(run)
    assert (ended["errorcode"], len(ended["errormessage"])) == ("Broken�", 10_000)


def test_a_run_that_no_machine_can_start_fails_without_having_begun(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.take(machine)
    refusal = AssignFailed(run, order.fencing_token, "UnknownAction", "Sap.Login is unknown", retry=False)
    assert queue.report(machine, refusal)[0].accepted
    ended = queue.row(run)
    assert (ended["statuscode"], ended["startedon"], ended["errorcode"]) == (8, None, "UnknownAction")


def test_a_run_that_a_machine_could_not_start_rests_and_is_offered_again(
    queue: Queue, clock: StillClock
) -> None:
    first = queue.machine("FIN-01")
    second = queue.machine("FIN-02", group_id=first.group_id)
    run = queue.request(queue.flow(), queue.connection(first.group_id))
    order = queue.take(first)
    failure = AssignFailed(run, order.fencing_token, "SessionCreationError", "no process", retry=True)
    assert queue.report(first, failure)[0].accepted
    assert queue.claim(second).runs == ()
    clock.advance(3)
    assert queue.recover().offered_again == 1
    again = queue.take(second)
    assert (again.run_id, again.fencing_token) == (run, 4)
    assert not queue.confirm(first, order)
    assert queue.confirm(second, again)
    assert queue.events(run) == [
        "QueueEventEnqueued",
        "QueueEventAssigned",
        "QueueEventAssignFailed",
        "QueueEventAssigned",
        "QueueEventConfirmed",
    ]


def test_a_flow_withdrawn_while_its_run_waits_fails_the_run(queue: Queue) -> None:
    machine = queue.machine()
    flow = queue.flow()
    run = queue.request(flow, queue.connection(machine.group_id))
    queue.change_flow(flow, componentstate=1)
    assert queue.claim(machine).runs == ()
    ended = queue.row(run)
    assert (ended["statuscode"], ended["errorcode"]) == (8, "0x80040217")


def test_inputs_that_cannot_be_opened_fail_their_run_and_no_other(queue: Queue) -> None:
    machine = queue.machine()
    flow = queue.flow(inputs=schema_of(Name="string"))
    schema = read_schema(schema_of(Name="string"))
    connection = queue.connection(machine.group_id)
    broken, sound = (queue.request(flow, connection, inputs={"Name": "Ada"}, schema=schema) for _ in range(2))
    queue.change_run(broken, sealedinputs=b"rubbish")
    assert [order.run_id for order in queue.claim(machine).runs] == [sound]
    assert (queue.status(broken), queue.row(broken)["errorcode"]) == (8, "InputsUnreadable")


def test_a_run_takes_the_version_that_is_published_when_it_is_dispatched(queue: Queue) -> None:
    machine = queue.machine()
    flow = queue.flow(inputs=schema_of(Name="string"))
    queue.request(flow, queue.connection(machine.group_id))
    schema = json.loads(schema_of(Name="string", Times="number"))
    schema["schema"]["properties"]["Times"]["value"] = "2"
    queue.change_flow(flow, definition="SET x TO 2", inputs=json.dumps(schema), name="Greet twice")
    order = queue.take(machine)
    assert (order.flow.definition, order.flow.name, order.inputs) == (
        "SET x TO 2",
        "Greet twice",
        {"Times": 2},
    )


def test_what_was_sensitive_at_dispatch_stays_hidden_when_the_flow_changes(queue: Queue) -> None:
    machine = queue.machine()
    flow = queue.flow(outputs=schema_of(Token="password"))
    run = queue.request(flow, queue.connection(machine.group_id))
    order = queue.begin(machine)
    queue.change_flow(flow, outputs=schema_of(Token="string"))
    queue.finish(machine, order, outputs={"Token": "t0p"})
    assert queue.file(run, "outputs") == {"Token": None}


def test_the_action_log_takes_each_row_once(queue: Queue) -> None:
    machine = queue.machine()
    run = queue.request(queue.flow(), queue.connection(machine.group_id))
    order = queue.begin(machine)
    rows = tuple(
        ActionRow(
            index,
            "log" if index == 1 else "action",
            "Main",
            index + 1,
            "Logging.LogMessage" if index == 1 else "File.WriteText",
            "did something",
            ActionStatus.FAILED if index == 2 else ActionStatus.SUCCEEDED,
            "2026-03-01T08:00:00.000001Z",
            1.4,
            level="Warning" if index == 1 else None,
            error="disk full" if index == 2 else None,
        )
        for index in range(3)
    )
    first = ActionsLogged(run, order.fencing_token, rows[:2])
    both = ActionsLogged(run, order.fencing_token, rows)
    assert all(reply.accepted for reply in queue.report(machine, first, both, both))
    logged = sorted(
        (row for row in queue.log(run) if row["type"] <= 100_000_001), key=lambda row: row["logindex"]
    )
    assert [(row["name"], row["type"], row["level"], row["duration"]) for row in logged] == [
        ("File.WriteText", 100_000_001, 100_000_002, 1),
        ("Logging.LogMessage", 100_000_000, 100_000_003, 1),
        ("File.WriteText", 100_000_001, 100_000_004, 1),
    ]
    assert json.loads(logged[2]["data"]) == {
        "kind": "action",
        "subflow": "Main",
        "line": 3,
        "action": "File.WriteText",
        "summary": "did something",
        "status": "Failed",
        "startedAt": "2026-03-01T08:00:00.000001Z",
        "durationMs": 1.4,
        "error": "disk full",
    }
    assert {row["ownerid"] for row in logged} == {queue.owner.user_id}
