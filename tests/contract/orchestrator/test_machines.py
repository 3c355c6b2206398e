"""Registering machines, and recognising them."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from deskhand.entities.flowmachine import FlowMachine, FlowMachineGroup
from deskhand.entities.security import RegistrationToken
from deskhand.orchestrator.errors import MachineKeyRefused, MachineNameTaken, RegistrationRefused
from deskhand.orchestrator.machines import authenticate_machine, create_registration_token, register_machine
from deskhand.protocol.messages import MachineRegistered, RegisterMachine
from tests.clock import StillClock
from tests.contract.orchestrator.queue import Queue


def register(queue: Queue, token: str, name: str = "FIN-01") -> MachineRegistered:
    machine = RegisterMachine(token, name, "Finance", "1.0", "ada")
    return queue.database.write(lambda tx: register_machine(tx, machine, queue.settings))


def token_of(queue: Queue) -> str:
    return queue.database.write(lambda tx: create_registration_token(tx, queue.owner.user_id))


def test_a_machine_alone_gets_a_group_of_its_own(queue: Queue) -> None:
    registered = register(queue, token_of(queue))
    machine = queue.database.read(lambda tx: authenticate_machine(tx, registered.key))
    columns = (
        "flowmachineid",
        "name",
        "description",
        "agentversion",
        "sessioncapacity",
        "sessionuser",
        "ownerid",
    )
    assert [machine[one] for one in columns] == [
        registered.machine_id, "FIN-01", "Finance", "1.0", 4, "ada", queue.owner.user_id,
    ]  # fmt: skip
    group = sa.select(FlowMachineGroup.c.name, FlowMachineGroup.c.standalone).where(
        FlowMachineGroup.c.flowmachinegroupid == registered.group_id
    )
    assert queue.database.read(lambda tx: tx.execute(group).one()) == ("FIN-01", True)


def test_neither_keys_nor_tokens_are_kept(queue: Queue) -> None:
    token = token_of(queue)
    registered = register(queue, token)
    columns = FlowMachine.c.keyhash, RegistrationToken.c.tokenhash
    kept = [
        queue.database.read(lambda tx, one=one: tx.execute(sa.select(one)).scalar_one()) for one in columns
    ]
    assert not {token, registered.key} & set(kept)
    assert [len(one) for one in kept] == [64, 64]


def test_a_token_registers_one_machine_within_its_time(queue: Queue, clock: StillClock) -> None:
    token, forgotten = token_of(queue), token_of(queue)
    register(queue, token)
    with pytest.raises(RegistrationRefused):
        register(queue, token, "FIN-02")
    clock.advance(3_600)
    with pytest.raises(RegistrationRefused):
        register(queue, forgotten, "FIN-02")
    with pytest.raises(RegistrationRefused):
        register(queue, "made up", "FIN-02")


def test_a_refused_registration_leaves_its_token_for_another_try(queue: Queue) -> None:
    machine = register(queue, token_of(queue))
    queue.claim(machine)
    token = token_of(queue)
    with pytest.raises(MachineNameTaken, match="Another machine is registered as ‘FIN-01’"):
        register(queue, token)
    assert register(queue, token, "FIN-02").machine_id != machine.machine_id


def test_a_registration_that_never_came_to_anything_gives_way(queue: Queue) -> None:
    lost = register(queue, token_of(queue))
    again = register(queue, token_of(queue))
    assert again.group_id == lost.group_id
    with pytest.raises(MachineKeyRefused):
        queue.database.read(lambda tx: authenticate_machine(tx, lost.key))


@pytest.mark.parametrize(
    "forge",
    [
        lambda key: "",
        lambda key: "rubbish",
        lambda key: key[:-1],
        lambda key: key + "x",
        lambda key: key.replace(key.split("_")[1], uuid4().hex),
        lambda key: "dhm_" + "\ud800" * 40,
    ],
)
def test_only_the_whole_key_is_recognised(queue: Queue, forge: object) -> None:
    assert callable(forge)
    key = register(queue, token_of(queue)).key
    with pytest.raises(MachineKeyRefused):
        queue.database.read(lambda tx: authenticate_machine(tx, forge(key)))


def test_claims_are_signs_of_life(queue: Queue, clock: StillClock) -> None:
    machine = register(queue, token_of(queue))
    seen = sa.select(FlowMachine.c.lastheartbeatdate)
    assert queue.database.read(lambda tx: tx.execute(seen).scalar_one()) is None
    queue.claim(machine)
    clock.advance(60)
    queue.claim(machine)
    assert queue.database.read(lambda tx: tx.execute(seen).scalar_one()) == clock.now()
