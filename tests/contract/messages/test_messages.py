"""RunDesktopFlow, CancelDesktopFlowRun and WhoAmI, below HTTP."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from deskhand.core.errors import DeskhandError
from deskhand.entities.flowmachine import ConnectionReference
from deskhand.entities.workflow import Workflow
from deskhand.identity.accounts import create_user, load_principal
from deskhand.identity.principals import Principal
from deskhand.messages.declare import MESSAGES, MessageContext
from deskhand.messages.errors import (
    BadPayload,
    FlowSuspended,
    ImpersonationRefused,
    InputsMalformed,
    InputsTooLarge,
    InvalidParameter,
    NoDesktopFlow,
)
from deskhand.orchestrator.errors import (
    CallbackUrlRefused,
    ConnectionNotFound,
    ConnectionNotUsable,
    ConnectionReferenceNotFound,
    ConnectionReferenceUnbound,
    InputMismatch,
    RunAlreadyFinished,
)
from deskhand.records.errors import AccessDenied, ObjectDoesNotExist, PrivilegeDenied
from deskhand.records.security import ACCESS_FLAGS, share
from deskhand.records.service import create
from deskhand.store.database import Transaction
from tests.contract.orchestrator.queue import Queue, schema_of

RUN = ("RunDesktopFlow", "workflow")
CANCEL = ("CancelDesktopFlowRun", "flowsession")


class Desk:
    """A flow with a machine and a connection, and whoever calls."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.flow = queue.flow(inputs=schema_of(Name="string", Times="number", Pin="password"))
        self.machine = queue.machine()
        self.connection = queue.connection(self.machine.group_id).name

    def call(
        self,
        name: tuple[str, str | None],
        target: UUID | None,
        payload: Any,
        *,
        by: Principal | None = None,
        **context: Any,
    ) -> Any:
        message = MESSAGES[name]

        def act(tx: Transaction) -> Any:
            caller = by or self.queue.owner
            made = MessageContext(tx, caller, self.queue.settings, self.queue.vault, **context)
            response = message.call(made, target, payload)
            return None if response is None else message.to_wire(response)

        return self.queue.database.write(act)

    def run(self, *, flow: UUID | None = None, by: Principal | None = None, **payload: Any) -> UUID:
        body = {"runMode": "unattended", "connectionName": self.connection, **payload}
        return UUID(self.call(RUN, flow or self.flow, body, by=by)["flowsessionId"])

    def user(self, name: str, *roles: str) -> Principal:
        def make(tx: Transaction) -> Principal:
            return load_principal(tx, create_user(tx, name, f"{name}@example.org", roles=roles))

        return self.queue.database.write(make)

    def share_flow(self, user: Principal, right: str) -> None:
        mask = next(flag for access, flag in ACCESS_FLAGS.items() if access == right)
        self.queue.database.write(lambda tx: share(tx, Workflow, self.flow, user.user_id, mask))

    def own_connection(self, user: Principal) -> str:
        other = replace(self.queue, owner=user)
        return other.connection(self.machine.group_id).name

    def reference(self, name: str, connection: str | None) -> None:
        values = {"connectionreferencelogicalname": name, "connectionid": connection}
        self.queue.database.write(
            lambda tx: create(tx, ConnectionReference, values, by=self.queue.owner.user_id)
        )


@pytest.fixture
def desk(queue: Queue) -> Desk:
    return Desk(queue)


def test_the_documented_request_queues_a_run(desk: Desk) -> None:
    answer = desk.call(
        RUN,
        desk.flow,
        {
            "runMode": "attended",
            "runPriority": "normal",
            "connectionName": desk.connection,
            "timeout": 7200,
            "inputs": '{"Name":"Value", "Times":"2"}',
            "callbackUrl": "https://example.org/done",
        },
        correlation_id="c-1",
    )
    assert list(answer) == ["flowsessionId", "licenseCheck"]
    assert answer["licenseCheck"] == {
        "@odata.context": "#Microsoft.Dynamics.CRM.expando",
        "code": "ValidLicenseCoverage",
        "message": "Valid License Coverage",
    }
    run = UUID(answer["flowsessionId"])
    row = desk.queue.row(run)
    columns = (
        "name", "statuscode", "runmode", "triggertype", "queuepriority", "requesttimeout", "connectionid",
        "callbackurl", "correlationid", "ownerid", "requestedby",
    )  # fmt: skip
    user = desk.queue.owner.user_id
    assert [row[column] for column in columns] == [
        "Greet", 3, 1, 3, 1, 7_200, desk.connection, "https://example.org/done", "c-1", user, user,
    ]  # fmt: skip
    assert desk.queue.opened(run, "inputs") == {"Name": "Value", "Times": 2}


@pytest.mark.parametrize("inputs", [None, "", "{}"])
def test_what_real_clients_send_is_taken(desk: Desk, inputs: str | None) -> None:
    run = desk.run(
        runMode="Unattended",
        runPriority=None,
        timeout="7200",
        connectionType="1",
        inputs=inputs,
        callbackUrl=None,
        **{"@odata.type": "x"},
    )
    row = desk.queue.row(run)
    assert (row["runmode"], row["requesttimeout"], row["callbackurl"]) == (2, 7_200, None)
    assert (row["inputs"], row["sealedinputs"]) == (None, None)


def test_a_run_without_a_timeout_gets_the_default_and_any_priority_but_high_is_normal(desk: Desk) -> None:
    priorities = [
        desk.queue.row(desk.run(runPriority=text))["queuepriority"] for text in ("HIGH", "x", "low")
    ]
    assert priorities == [0, 1, 1]
    assert desk.queue.row(desk.run())["requesttimeout"] == 10_800


@pytest.mark.parametrize(
    ("payload", "error", "text"),
    [
        ({"runmode": "attended"}, BadPayload, "has no parameter ‘runmode’; did you mean ‘runMode’?"),
        ({"runMode": 1}, BadPayload, "Parameter ‘runMode’ takes a text, not a number."),
        ({"timeout": "soon"}, BadPayload, "Parameter ‘timeout’ takes a whole number, not a text."),
        ({"timeout": 1.5}, BadPayload, "Parameter ‘timeout’ takes a whole number, not a number."),
        ({"timeout": True}, BadPayload, "Parameter ‘timeout’ takes a whole number, not true or false."),
        ({"inputs": {"Name": "x"}}, BadPayload, "Parameter ‘inputs’ takes a text, not an object."),
        ({"runMode": None}, InvalidParameter, "parameter ‘runMode’ is missing. ‘attended’ or ‘unattended’."),
        ({"connectionName": None}, InvalidParameter, "parameter ‘connectionName’ is missing."),
        ({"runMode": "local"}, InvalidParameter, "‘runMode’ is ‘local’; it takes attended or unattended."),
        ({"connectionType": 3}, InvalidParameter, "‘connectionType’ is 3; it takes 1 (connection) or 2"),
        ({"timeout": 0}, InvalidParameter, "‘timeout’ is 0; it takes 1 to 86400 seconds."),
        ({"timeout": 86_401}, InvalidParameter, "‘timeout’ is 86401; it takes 1 to 86400 seconds."),
        ({"inputs": "[1]"}, InputsMalformed, "expected `object`, got `array`"),
        ({"inputs": '{"Name": }'}, InputsMalformed, "line 1 column 10"),
        ({"inputs": '{"Name": NaN}'}, InputsMalformed, "invalid character at line 1 column 10"),
        ({"inputs": '{"Times": 1e99999}'}, InputsMalformed, "too large an exponent"),
        ({"inputs": '{"Times": ' + "9" * 5_000 + "}"}, InputsMalformed, "integer value out of range"),
        ({"inputs": '{"Name": ' + "[" * 999 + "]" * 999 + "}"}, InputsMalformed, "nested more than"),
        ({"inputs": '{"Name": ' + "[" * 99_999 + "]" * 99_999 + "}"}, InputsMalformed, "nested more than"),
        ({"inputs": '{"Times": "many"}'}, InputMismatch, "Input ‘Times’ takes a number, not ‘many’."),
        ({"inputs": '{"Pin": ["1234"]}'}, InputMismatch, "Input ‘Pin’ takes a text, not a list."),
        ({"callbackUrl": "http://example.org"}, CallbackUrlRefused, "callbackUrl begins with ‘http’"),
        ({"connectionName": "nothing"}, ConnectionNotFound, "There is no connection ‘nothing’."),
        ({"connectionName": "new_fin", "connectionType": 2}, ConnectionReferenceNotFound, "‘new_fin’"),
    ],
)  # fmt: skip
def test_bad_requests_are_refused_with_the_reason_and_queue_nothing(
    desk: Desk, payload: dict[str, Any], error: type[DeskhandError], text: str
) -> None:
    with pytest.raises(error) as refused:
        desk.run(**payload)
    assert text in str(refused.value)
    assert desk.queue.rows() == []


def test_inputs_have_at_most_2_mb_of_utf_8(desk: Desk) -> None:
    frame = len('{"Name":""}')
    exact = json.dumps(
        {"Name": "é" * ((2_097_152 - frame) // 2) + "x"}, ensure_ascii=False, separators=(",", ":")
    )
    assert len(exact.encode()) == 2_097_152
    desk.run(inputs=exact)
    with pytest.raises(InputsTooLarge, match="inputs has 2097153 bytes of UTF-8, and 2097152 are allowed"):
        desk.run(inputs=exact + " ")


def test_sensitive_inputs_are_sealed_and_shown_as_null(desk: Desk) -> None:
    run = desk.run(inputs='{"name": "Ada", "PIN": "1234", "Pinn": "12345"}')
    assert desk.queue.file(run, "inputs") == {"Name": "Ada", "Pin": None}
    assert desk.queue.opened(run, "inputs") == {"Name": "Ada", "Pin": "1234"}


def test_the_checks_come_in_the_documented_order(desk: Desk) -> None:
    stranger = desk.user("Stan", "Environment Maker")
    nobody = desk.user("Nora")
    wrong = {"nonsense": 1}
    cloud = desk.queue.flow("Cloud", category=5)
    suspended = desk.queue.flow("Stopped", statecode=2)
    draft = desk.queue.flow("Draft", componentstate=1)

    def refused(error: type[DeskhandError], target: UUID, **options: Any) -> bool:
        with pytest.raises(error):
            desk.call(RUN, target, wrong, **options)
        return True

    assert refused(ImpersonationRefused, uuid4(), by=nobody, impersonating=True)
    assert refused(PrivilegeDenied, uuid4(), by=nobody)
    assert refused(ObjectDoesNotExist, uuid4())
    assert refused(ObjectDoesNotExist, draft)
    assert refused(ObjectDoesNotExist, draft, include_unpublished=True)
    assert refused(AccessDenied, desk.flow, by=stranger)
    assert refused(NoDesktopFlow, cloud)
    assert refused(FlowSuspended, suspended)
    assert refused(BadPayload, desk.flow)


def test_a_user_of_a_flow_may_run_it_and_neither_see_nor_cancel_the_run(desk: Desk) -> None:
    user = desk.user("Uma", "Environment Maker")
    desk.share_flow(user, "Read")
    connection = desk.own_connection(user)
    run = desk.run(by=user, connectionName=connection)
    row = desk.queue.row(run)
    assert (row["ownerid"], row["requestedby"]) == (desk.queue.owner.user_id, user.user_id)
    with pytest.raises(AccessDenied):
        desk.call(CANCEL, run, None, by=user)
    desk.call(CANCEL, run, None)
    assert desk.queue.status(run) == 7


def test_connections_of_others_are_refused_but_to_an_administrator(desk: Desk) -> None:
    user = desk.user("Uma", "Environment Maker")
    desk.share_flow(user, "Read")
    with pytest.raises(ConnectionNotUsable):
        desk.run(by=user)
    administrator = desk.user("Root", "System Administrator")
    assert desk.queue.row(desk.run(by=administrator))["connectionid"] == desk.connection


def test_a_connection_reference_leads_to_its_connection(desk: Desk) -> None:
    desk.reference("new_fin_group", desk.connection)
    desk.reference("new_unbound", None)
    run = desk.run(connectionName="new_fin_group", connectionType=2)
    assert desk.queue.row(run)["connectionid"] == desk.connection
    with pytest.raises(ConnectionReferenceUnbound, match="‘new_unbound’ has no connection"):
        desk.run(connectionName="new_unbound", connectionType=2)
    with pytest.raises(ConnectionReferenceNotFound, match="did you mean ‘new_fin_group’"):
        desk.run(connectionName="new_fin_groop", connectionType=2)
    with pytest.raises(ConnectionNotFound, match='add "connectionType": 2'):
        desk.run(connectionName="new_fin_group")


def test_cancel_takes_no_parameters_and_an_empty_body_in_any_form(desk: Desk) -> None:
    for payload in (None, {}):
        run = desk.run()
        assert desk.call(CANCEL, run, payload) is None
        assert desk.queue.status(run) == 7
    with pytest.raises(BadPayload, match="CancelDesktopFlowRun has no parameter ‘force’"):
        desk.call(CANCEL, run, {"force": True})
    with pytest.raises(RunAlreadyFinished):
        desk.call(CANCEL, run, None)
    with pytest.raises(ObjectDoesNotExist):
        desk.call(CANCEL, uuid4(), None)


def test_who_am_i_tells_the_callers_ids(desk: Desk) -> None:
    owner = desk.queue.owner
    assert desk.call(("WhoAmI", None), None, None) == {
        "BusinessUnitId": str(owner.business_unit_id),
        "UserId": str(owner.user_id),
        "OrganizationId": str(owner.organization_id),
    }


def test_a_refused_request_leaves_nothing_behind(desk: Desk, make_refusal: Callable[[Desk], None]) -> None:
    make_refusal(desk)
    count = sa.select(sa.func.count()).select_from(sa.text("filecontent"))
    assert desk.queue.rows() == []
    assert desk.queue.database.read(lambda tx: tx.execute(count).scalar_one()) == 0


@pytest.fixture(params=["rate", "queue"])
def make_refusal(request: pytest.FixtureRequest) -> Callable[[Desk], None]:
    setting = {"rate": "runs_per_minute", "queue": "queue_length_max"}[request.param]

    def refuse(desk: Desk) -> None:
        desk.queue.settings = replace(desk.queue.settings, **{setting: 1})
        kept = desk.run()
        with pytest.raises(DeskhandError):
            desk.run(inputs='{"Name": "Ada"}')
        desk.queue.delete_run(kept)

    return refuse
