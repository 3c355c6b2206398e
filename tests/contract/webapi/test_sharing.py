"""Rows shared over the Web API, as clients send it, on both databases. Source: dataverse-api 9.6 and 12."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from deskhand.entities.signing_in import AuditEvent
from deskhand.records.security import ACCESS_FLAGS
from tests.web_server import Answer, LiveServer

ALL = ", ".join(f"{right}Access" for right in ACCESS_FLAGS)


@dataclass(frozen=True)
class Person:
    """Somebody with a token."""

    server: LiveServer
    id: UUID

    def ask(self, method: str, target: str, body: Any = None) -> Answer:
        headers = {
            "Authorization": f"Bearer {self.server.api_token(self.id)}",
            "Content-Type": "application/json",
        }
        content = None if body is None else json.dumps(body).encode()
        return self.server.send(method, f"/api/data/v9.2/{target}", content, headers)

    def share(self, flow: UUID, whom: Person, rights: object, message: str = "GrantAccess") -> Answer:
        access = {"AccessMask": rights, "Principal": user(whom.id)}
        return self.ask("POST", message, {"Target": workflow(flow), "PrincipalAccess": access})

    def shares(self, flow: UUID) -> list[tuple[str, str]]:
        answer = self.ask("GET", shared_address(flow))
        assert answer.status == 200, answer.body
        found = answer.json()["PrincipalAccesses"]
        return [(one["Principal"]["systemuserid"], one["AccessMask"]) for one in found]


def workflow(flow: UUID) -> dict[str, str]:
    return {"@odata.type": "Microsoft.Dynamics.CRM.workflow", "workflowid": str(flow)}


def user(user_id: UUID) -> dict[str, str]:
    return {"@odata.type": "Microsoft.Dynamics.CRM.systemuser", "systemuserid": str(user_id)}


def shared_address(flow: UUID) -> str:
    target = quote(json.dumps({"@odata.id": f"workflows({flow})"}))
    return f"RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={target}"


def message_of(answer: Answer) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status, error["code"], error["message"]


@pytest.fixture
def owner(server: LiveServer, request: pytest.FixtureRequest) -> Person:
    return Person(server, server.user(f"owner {request.node.name}"[:90], "Environment Maker"))


@pytest.fixture
def other(server: LiveServer, request: pytest.FixtureRequest) -> Person:
    return Person(server, server.user(f"other {request.node.name}"[:90], "Environment Maker"))


@pytest.fixture
def flow(server: LiveServer, owner: Person) -> UUID:
    return server.flow("Shared over the wire", owner=owner.id)


def test_a_grant_adds_a_modification_replaces_and_a_revocation_ends(
    owner: Person, other: Person, flow: UUID
) -> None:
    assert other.ask("GET", f"workflows({flow})?$select=name").status == 403

    assert owner.share(flow, other, "ReadAccess").status == 204
    assert owner.shares(flow) == [(str(other.id), "ReadAccess")]
    assert other.ask("GET", f"workflows({flow})?$select=name").status == 200
    assert owner.share(flow, other, "WriteAccess,DeleteAccess").status == 204
    assert owner.shares(flow) == [(str(other.id), "ReadAccess, WriteAccess, DeleteAccess")]
    assert owner.share(flow, other, 1, "ModifyAccess").status == 204
    assert owner.shares(flow) == [(str(other.id), "ReadAccess")]
    revoked = {"Target": {"@odata.id": f"workflows({flow})"}, "Revokee": {"systemuserid": str(other.id)}}
    assert owner.ask("POST", "RevokeAccess", revoked).status == 204
    assert owner.shares(flow) == []
    assert other.ask("GET", f"workflows({flow})?$select=name").status == 403


def test_the_answer_has_the_documented_shape(
    server: LiveServer, owner: Person, other: Person, flow: UUID
) -> None:
    owner.share(flow, other, "ReadAccess")
    answer = owner.ask("GET", shared_address(flow).replace("%22", "'"))
    assert answer.json() == {
        "@odata.context": f"{server.url}/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM."
        "RetrieveSharedPrincipalsAndAccessResponse",
        "PrincipalAccesses": [
            {
                "AccessMask": "ReadAccess",
                "Principal": {
                    "@odata.type": "#Microsoft.Dynamics.CRM.systemuser",
                    "systemuserid": str(other.id),
                    "ownerid": str(other.id),
                },
            }
        ],
    }


def test_what_somebody_may_do_counts_role_ownership_and_share(
    owner: Person, other: Person, flow: UUID
) -> None:
    def rights(of: Person, by: Person = owner) -> str:
        target = quote(json.dumps({"@odata.id": f"workflows({flow})"}))
        place = f"systemusers({of.id})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={target}"
        answer = by.ask("GET", place)
        assert answer.status == 200, answer.body
        return str(answer.json()["AccessRights"])

    assert (rights(owner), rights(other)) == (ALL, "None")
    owner.share(flow, other, "ReadAccess, WriteAccess")
    assert rights(other) == "ReadAccess, WriteAccess"


def test_nobody_shares_more_than_they_have(
    server: LiveServer, owner: Person, other: Person, flow: UUID
) -> None:
    third = Person(server, server.user(f"third of {flow}", "Environment Maker"))
    assert other.share(flow, third, "ReadAccess").status == 403
    owner.share(flow, other, "ReadAccess")
    refused = message_of(other.share(flow, third, "ReadAccess"))
    assert (refused[:2], "AccessRights: ShareAccess" in refused[2]) == ((403, "0x80048306"), True)
    owner.share(flow, other, "ShareAccess")
    assert other.share(flow, third, "ReadAccess").status == 204
    assert other.share(flow, third, "WriteAccess").status == 403
    assert dict(owner.shares(flow))[str(third.id)] == "ReadAccess"
    own = {"Target": workflow(flow), "Revokee": user(third.id)}
    assert third.ask("POST", "RevokeAccess", own).status == 204
    assert str(third.id) not in dict(owner.shares(flow))


def test_a_share_is_written_down(server: LiveServer, owner: Person, other: Person, flow: UUID) -> None:
    owner.share(flow, other, "ReadAccess, WriteAccess")
    c = AuditEvent.c
    query = AuditEvent.table.select().where(c.objectid == flow)
    (line,) = server.database.read(lambda tx: tx.execute(query).mappings().all())
    assert (line["action"], line["objectname"]) == ("shared a row", "Shared over the wire")
    assert json.loads(line["details"])["rights"] == "ReadAccess, WriteAccess"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"workflowid": "x"}, "has no ‘workflowid’ that is an id"),
        ({"@odata.type": "Microsoft.Dynamics.CRM.workflov", "workflowid": "x"}, "did you mean ‘workflow’?"),
        ({"@odata.id": "workflows"}, "has an @odata.id that is no address of a row"),
        ({"@odata.id": "nobodies(5d2e8c7a-1f4b-4a39-9a55-0b7d6f1c2e90)"}, "no address of a row"),
        ({}, "does not say which row is meant"),
        ("workflows", "takes an object that names a row"),
    ],
)
def test_a_target_that_cannot_be_read_says_what_can(owner: Person, target: Any, said: str) -> None:
    access = {"AccessMask": "ReadAccess", "Principal": user(owner.id)}
    status, code, message = message_of(
        owner.ask("POST", "GrantAccess", {"Target": target, "PrincipalAccess": access})
    )
    assert (status, code) == (400, "0x80048d19")
    assert "Parameter ‘Target’" in message
    assert said in message


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ({"AccessMask": "ReadAcess"}, "did you mean ‘ReadAccess’?"),
        ({"AccessMask": 8}, "no sum of rights"),
        ({"AccessMask": None}, "misses its member ‘AccessMask’"),
        ({"Principle": 1}, "has no member ‘Principle’; did you mean ‘Principal’?"),
        ({"Principal": {}}, "has a member ‘Principal’ that does not say which row is meant"),
    ],
)
def test_an_access_that_cannot_be_read_says_what_can(
    owner: Person, flow: UUID, access: dict[str, Any], said: str
) -> None:
    whole = {"AccessMask": "ReadAccess", "Principal": user(owner.id)} | access
    status, code, message = message_of(
        owner.ask("POST", "GrantAccess", {"Target": workflow(flow), "PrincipalAccess": whole})
    )
    assert (status, code) == (400, "0x80048d19")
    assert said in message


def test_what_cannot_be_shared_says_so(server: LiveServer, owner: Person, other: Person, flow: UUID) -> None:
    access = {"AccessMask": "ReadAccess", "Principal": user(other.id)}
    organization = {"Target": user(other.id), "PrincipalAccess": access}
    status, _, message = message_of(owner.ask("POST", "GrantAccess", organization))
    assert (status, "cannot be shared" in message) == (400, True)
    flow_as_user = {"AccessMask": "ReadAccess", "Principal": workflow(flow)}
    status, _, message = message_of(
        owner.ask("POST", "GrantAccess", {"Target": workflow(flow), "PrincipalAccess": flow_as_user})
    )
    assert (status, "rows of systemuser" in message) == (400, True)
    assert message_of(owner.share(flow, owner, "ReadAccess"))[:2] == (400, "0x80040265")
    assert message_of(owner.share(flow, Person(server, uuid4()), "ReadAccess"))[0] == 404
    assert message_of(owner.share(uuid4(), other, "ReadAccess"))[0] == 404
    missing = owner.ask("POST", "GrantAccess", {"Target": workflow(flow)})
    assert "PrincipalAccess’ is missing" in message_of(missing)[2]


def test_an_address_without_its_alias_says_so(owner: Person) -> None:
    answer = owner.ask("GET", "RetrieveSharedPrincipalsAndAccess(Target=@t)")
    assert "Add ?@t={…}" in message_of(answer)[2]
    answer = owner.ask("GET", "RetrieveSharedPrincipalsAndAccess(Target=@t)?@t=workflows")
    assert "is not JSON" in message_of(answer)[2]
    assert owner.ask("POST", "RetrieveSharedPrincipalsAndAccess", {}).status == 405
    assert owner.ask("GET", "GrantAccess").status == 404
