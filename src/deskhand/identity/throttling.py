"""Slowing down whoever guesses: each failed attempt makes the next one wait longer.

An attempt is counted before it is looked at, so that many at once are no way around; success takes
the count back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from deskhand.core.ids import stable_id
from deskhand.entities.signing_in import SignInFailure
from deskhand.store.database import Transaction

LONGEST_WAIT = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """What attempts are counted by.

    Attributes:
        kind: ``name``, ``address`` or ``links``.
        text: Which one.
        free: How many attempts in a row may fail before the next has to wait.
    """

    kind: str
    text: str
    free: int

    @property
    def id(self) -> UUID:
        """Return the key under which its attempts are counted."""
        return stable_id("sign-in failure", self.kind, self.text)


def by_name(name: str) -> Subject:
    """Count by the name that somebody signs in with, whether there is such a user or not."""
    return Subject("name", name[:1024], 5)


def by_address(address: str) -> Subject:
    """Count by where attempts come from."""
    return Subject("address", address, 20)


ALL_LINKS = Subject("links", "", 100)
"""Count every attempt at a link: a code may be guessed from many addresses."""


def begin_attempt(tx: Transaction, subjects: Sequence[Subject]) -> int:
    """Count an attempt and let it be made, or return the seconds that it has to wait: 0 lets it be made."""
    rows = _held(tx, subjects)
    blocked = [row["blockeduntil"] for row in rows.values() if row["blockeduntil"] > tx.now]
    if blocked:
        wait: timedelta = max(blocked) - tx.now
        return ceil(wait.total_seconds())
    for subject in subjects:
        _count(tx, subject, rows[subject.id])
    return 0


def forget_attempts(tx: Transaction, subjects: Sequence[Subject]) -> None:
    """Take the counts back: somebody proved who they are."""
    ids = [subject.id for subject in subjects]
    tx.execute(sa.delete(SignInFailure.table).where(SignInFailure.c.signinfailureid.in_(ids)))


def _held(tx: Transaction, subjects: Sequence[Subject]) -> dict[UUID, sa.RowMapping]:
    """Return the rows of subjects, made where there are none, and hold them until the transaction ends."""
    c = SignInFailure.c
    tx.execute(sa.delete(SignInFailure.table).where(c.blockeduntil < tx.now - _FORGOTTEN_AFTER))
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    # In one order, so that two attempts never wait for each other.
    ids = sorted(subject.id for subject in subjects)
    fresh = {"failures": 0, "lastfailedon": tx.now, "blockeduntil": tx.now}
    rows = [{"signinfailureid": one, **fresh} for one in ids]
    tx.execute(insert(SignInFailure.table).on_conflict_do_nothing(), rows)
    query = sa.select(SignInFailure.table).where(c.signinfailureid.in_(ids)).order_by(c.signinfailureid)
    return {row["signinfailureid"]: row for row in tx.execute(query.with_for_update()).mappings()}


def _count(tx: Transaction, subject: Subject, row: sa.RowMapping) -> None:
    failures = row["failures"] + 1
    wait = timedelta()
    if failures >= subject.free:
        wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - subject.free, 20)))
    counted = sa.update(SignInFailure.table).where(SignInFailure.c.signinfailureid == subject.id)
    tx.execute(counted.values(failures=failures, lastfailedon=tx.now, blockeduntil=tx.now + wait))
