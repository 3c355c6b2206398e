"""Starts runs for changes of rows. Source: cloud-flows 2.6.

A change is taken off the list in the transaction that writes its run: it starts one once, whatever dies.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

import sqlalchemy as sa

from deskhand.cloudflows.activation import Phase
from deskhand.cloudflows.declare import AUTOMATED, Firing, Problem
from deskhand.cloudflows.firing import Starter, write_histories
from deskhand.cloudflows.journal import Seals, read_value
from deskhand.cloudflows.looks import Looks
from deskhand.cloudflows.starting import failed_look, fire, problem_of
from deskhand.cloudflows.triggers.dataverse import outputs_of, read_subscription, started_by
from deskhand.core.errors import DeskhandError
from deskhand.entities.changes import RowSubscription
from deskhand.entities.flowtrigger import FlowTrigger
from deskhand.orchestrator.rows import Row
from deskhand.records.changes import ROW_CHANGES
from deskhand.records.subscriptions import Change, change_matches, take_changes
from deskhand.store.database import Database, Transaction
from deskhand.store.errors import DatabaseClosed

_LOG = logging.getLogger(__name__)

_AT_ONCE = 50
_POLL_SECONDS = 5.0
_T = FlowTrigger.c
_TRIGGERS = (
    sa.select(FlowTrigger.table)
    .join(RowSubscription.table, RowSubscription.c.workflowid == _T.workflowid)
    .where(RowSubscription.c.rowsubscriptionid == sa.bindparam("subscription_id"), _T.phase == str(Phase.ON))
)
_FAULT_OF_OURS = Problem("InternalServerError", "The change met a fault of the server; its log says more.")


class RowChanges:
    """Tells triggers of the changes that they subscribed to, in one thread of a server process.

    Args:
        database: Where changes are listed.
        looks: Makes what triggers are given.
        seals: Seals what nobody may see.
    """

    def __init__(self, database: Database, looks: Looks, seals: Seals) -> None:
        self._database = database
        self._looks = looks
        self._seals = seals
        self._wake = Event()
        self._stopping = False
        self._thread = Thread(target=self._watch, name="row changes", daemon=True)

    def start(self) -> None:
        """Begin to tell of changes."""
        self._database.listen(ROW_CHANGES, self._wake.set)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being told."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def tell(self) -> int:
        """Tell of the oldest changes, and return how many there were."""
        return self._database.write(self._tell)

    def _watch(self) -> None:
        while not self._stopping:
            try:
                if self.tell():
                    continue
            except DatabaseClosed:
                return
            except Exception:
                _LOG.exception("telling of changed rows failed; the next attempt is in %g s", _POLL_SECONDS)
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()

    def _tell(self, tx: Transaction) -> int:
        changes = take_changes(tx, _AT_ONCE)
        for change in changes:
            row = _trigger(tx, change)
            if row is not None:
                self._tell_one(tx, change, row)
        return len(changes)

    def _tell_one(self, tx: Transaction, change: Change, row: Row) -> None:
        """Start what follows from a change; a fault of one keeps no other from being told."""
        try:
            tx.attempt(lambda part: self._start(part, change, row))
        except DeskhandError as error:
            write_histories(tx, [failed_look(row, change.at, tx.now, problem_of(error))])
        except Exception:
            _LOG.exception("the change of %s %s started nothing", change.entity, change.row_id)
            write_histories(tx, [failed_look(row, change.at, tx.now, _FAULT_OF_OURS)])

    def _start(self, tx: Transaction, change: Change, row: Row) -> None:
        look = self._looks.make(tx, row, change.at, self._seals)
        if look is None:
            return
        subscription = read_subscription(look)
        if subscription.filter and not change_matches(tx, change, subscription.filter):
            return
        starter = Starter(started_by(tx, subscription, change, look.owner_id))
        fire(tx, look, row, AUTOMATED, Firing(outputs_of(tx, change)), starter, self._seals)
        told = sa.update(FlowTrigger.table).where(_T.flowtriggerid == row["flowtriggerid"])
        tx.execute(told.values(lastlookon=tx.now, lastfiredon=tx.now, status="Succeeded", failures=0))


def _trigger(tx: Transaction, change: Change) -> Row | None:
    """Return the trigger that subscribed to a change; None if it is none any more."""
    wanted = {"subscription": str(change.subscription_id)}
    found = tx.execute(_TRIGGERS, {"subscription_id": change.subscription_id}).mappings()
    return next((row for row in found if read_value(row["cursor"]) == wanted), None)
