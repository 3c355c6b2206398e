"""What action types and triggers reach outside with, put together once for a server process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from deskhand.cloudflows.addresses import Addresses
from deskhand.cloudflows.called import answers, read_called
from deskhand.cloudflows.credentials import note_credential_used
from deskhand.cloudflows.declare import ActionFailed, Child, ChildCall, Firing, kind_of
from deskhand.cloudflows.firing import Starter, insert_runs, runs_of
from deskhand.cloudflows.http.client import HttpClient
from deskhand.cloudflows.http.tokens import TokenSource
from deskhand.cloudflows.journal import Seals
from deskhand.cloudflows.mail.connecting import MailDialer
from deskhand.cloudflows.programs import Programs
from deskhand.cloudflows.web_api import WebApi
from deskhand.identity.vault import Vault
from deskhand.store.database import Database, Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CloudServices:
    """Fills :class:`~deskhand.cloudflows.declare.Services`.

    Attributes:
        vault: Opens secrets.
        seals: Seals and opens the values of runs.
        programs: The programs of flows.
        http: Calls addresses outside.
        tokens: Gets access tokens for such calls.
        addresses: Makes the addresses at which flows are called.
        mail: Connects to mail servers.
        web_api: Answers for rows as clients see them.
        database: Where everything is kept.
    """

    vault: Vault
    seals: Seals
    programs: Programs
    http: HttpClient
    tokens: TokenSource
    addresses: Addresses
    mail: MailDialer
    web_api: WebApi
    database: Database

    def read(self, function: Callable[[Transaction], T]) -> T:
        """Run a function that only reads the database."""
        return self.database.read(function)

    def note_use(self, credential_id: UUID) -> None:
        """Note soon that something signs in with a credential; nobody waits for it."""
        self.database.defer(lambda tx: note_credential_used(tx, credential_id))

    def start_child(self, tx: Transaction, call: ChildCall) -> Child:
        """Start a run of another flow."""
        called = read_called(tx, self.programs, call.workflow_id, call.trigger_name)
        if called.trigger is not None and called.trigger.split_on is not None:
            raise ActionFailed(
                "NestedWorkflowContainsSplitOnTrigger",
                f"The trigger of the child flow '{called.flow.name}' starts a run for each element of what "
                "it gets, so that no single run could answer.",
            )
        awaits = answers(called.program)
        parent = (call.run.id, call.run.name, call.tracking_id) if awaits else None
        starter = Starter(call.run.owner_id, awaits_answer=awaits, parent=parent)
        firing = Firing(call.outputs, tracking_id=call.run.client_tracking_id)
        runs, _ = runs_of(
            called.program, called.trigger, called.flow, firing, starter, called.parameters, tx.now
        )
        if len(runs) != 1:
            raise ActionFailed(
                "NestedWorkflowNotStarted", "The conditions of the child flow's trigger are not met."
            )
        insert_runs(tx, called.flow, runs, kind_of(called.trigger), self.seals, bounded=True)
        return Child(runs[0].id, runs[0].name, awaits)

    def callback_url(self, run_id: UUID, tracking_id: UUID) -> str:
        """Return the signed address at which an action of a run is called back."""
        return self.addresses.of_callback(run_id, tracking_id)

    def trigger_url(self, workflow_id: UUID, trigger_name: str, key: str | None) -> str:
        """Return the signed address at which a trigger is called."""
        return self.addresses.of_trigger(workflow_id, trigger_name, key)
