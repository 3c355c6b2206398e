"""Sessions, links, codes and throttling as time passes, on both databases."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.entities.signing_in import RefreshToken, SignInFailure, SignInSession
from deskhand.identity.accounts import create_user, ensure_organization
from deskhand.identity.errors import LastAdministrator, UnknownUser
from deskhand.identity.grants import (
    CodeRequest,
    challenge_of,
    create_code,
    exchange_code,
    exchange_refresh_token,
)
from deskhand.identity.passwords import password_hash, set_password
from deskhand.identity.sessions import (
    Method,
    Session,
    create_link_code,
    end_session,
    find_session,
    open_session,
    use_link_code,
)
from deskhand.identity.throttling import Subject, begin_attempt, forget_attempts
from deskhand.identity.users import person_named, set_disabled, take_role
from deskhand.store.database import Database, Transaction
from tests.clock import StillClock

SETTINGS = Settings(session_seconds=3_600, session_idle_seconds=600)
CLIENT = new_id()
VERIFIER = "v" * 43
REQUEST = CodeRequest(
    CLIENT, "https://a/signed-in", challenge_of(VERIFIER), "https://a", "openid offline_access", "n"
)


@pytest.fixture
def user_id(database: Database) -> UUID:
    def make(tx: Transaction) -> UUID:
        ensure_organization(tx)
        return create_user(tx, "Ada", "ada@example.org")

    return database.write(make)


def _open(database: Database, user_id: UUID) -> str:
    return database.write(lambda tx: open_session(tx, user_id, Method.PASSWORD, SETTINGS))


def _find(database: Database, token: str) -> Session | None:
    return database.write(lambda tx: find_session(tx, token, SETTINGS))


def _session(database: Database, user_id: UUID) -> Session:
    found = _find(database, _open(database, user_id))
    assert found is not None
    return found


def test_a_session_ends_after_its_time_however_it_is_used(
    database: Database, clock: StillClock, user_id: UUID
) -> None:
    token = _open(database, user_id)
    for _ in range(7):
        clock.advance(500)
        assert _find(database, token) is not None
    clock.advance(200)

    assert _find(database, token) is None


def test_a_session_that_nobody_uses_ends_sooner(database: Database, clock: StillClock, user_id: UUID) -> None:
    token = _open(database, user_id)
    clock.advance(599)
    used = _find(database, token)
    clock.advance(599)
    again = _find(database, token)
    clock.advance(601)

    assert used is not None
    assert again is not None
    assert _find(database, token) is None


def test_only_a_hash_of_the_cookie_is_kept(database: Database, user_id: UUID) -> None:
    token = _open(database, user_id)
    rows = database.read(lambda tx: tx.execute(sa.select(SignInSession.table)).all())

    assert all(token not in map(str, row) for row in rows)


def test_a_link_works_once_and_for_ten_minutes(database: Database, clock: StillClock, user_id: UUID) -> None:
    used, late, disabled = (database.write(lambda tx: create_link_code(tx, user_id)) for _ in range(3))
    first = database.write(lambda tx: use_link_code(tx, used))
    second = database.write(lambda tx: use_link_code(tx, used))
    database.write(lambda tx: set_disabled(tx, user_id, True))
    refused = database.write(lambda tx: use_link_code(tx, disabled))
    database.write(lambda tx: set_disabled(tx, user_id, False))
    clock.advance(601)

    assert (first, second, refused) == (user_id, None, None)
    assert database.write(lambda tx: use_link_code(tx, late)) is None
    assert len(used) == len("WX4K-9KDT")


def test_a_code_works_for_a_minute(database: Database, clock: StillClock, user_id: UUID) -> None:
    session = _session(database, user_id)
    codes = [database.write(lambda tx: create_code(tx, session, REQUEST)) for _ in range(2)]

    def exchange(code: str) -> bool:
        grant = database.write(
            lambda tx: exchange_code(tx, code, CLIENT, "https://a/signed-in", VERIFIER, SETTINGS)
        )
        return grant is not None and grant.nonce == "n"

    in_time = exchange(codes[0])
    clock.advance(61)

    assert (in_time, exchange(codes[1])) == (True, False)


def test_tokens_stop_when_the_session_ends_by_itself_or_by_hand(
    database: Database, clock: StillClock, user_id: UUID
) -> None:
    def refresh_token() -> tuple[Session, str]:
        session = _session(database, user_id)
        code = database.write(lambda tx: create_code(tx, session, REQUEST))
        grant = database.write(
            lambda tx: exchange_code(tx, code, CLIENT, "https://a/signed-in", VERIFIER, SETTINGS)
        )
        assert grant is not None
        assert grant.refresh_token is not None
        return session, grant.refresh_token

    ended, first = refresh_token()
    _, idle = refresh_token()
    database.write(lambda tx: end_session(tx, ended.id))
    clock.advance(601)

    for token in (first, idle):
        assert database.write(lambda tx, one=token: exchange_refresh_token(tx, one, CLIENT, SETTINGS)) is None


def test_without_offline_access_there_is_no_refresh_token(database: Database, user_id: UUID) -> None:
    session = _session(database, user_id)
    request = CodeRequest(CLIENT, "https://a/signed-in", challenge_of(VERIFIER), "https://a", "openid")
    code = database.write(lambda tx: create_code(tx, session, request))
    grant = database.write(
        lambda tx: exchange_code(tx, code, CLIENT, "https://a/signed-in", VERIFIER, SETTINGS)
    )

    assert grant is not None
    assert grant.refresh_token is None
    count = sa.select(sa.func.count()).select_from(RefreshToken.table)
    assert database.read(lambda tx: tx.execute(count).scalar_one()) == 0


def test_a_new_password_signs_everybody_else_out(database: Database, user_id: UUID) -> None:
    mine, other = _open(database, user_id), _open(database, user_id)
    kept = _find(database, mine)
    assert kept is not None

    database.write(lambda tx: set_password(tx, user_id, "hash", keep_session=kept.id))

    assert _find(database, mine) is not None
    assert _find(database, other) is None
    assert database.read(lambda tx: password_hash(tx, user_id)) == "hash"


def test_each_failure_doubles_the_wait_and_success_forgets_them(
    database: Database, clock: StillClock
) -> None:
    subject, other = Subject("name", "ada", 3), Subject("name", "ben", 3)

    def attempt(*subjects: Subject) -> int:
        return database.write(lambda tx: begin_attempt(tx, subjects))

    free = [attempt(subject) for _ in range(3)]
    waits = []
    for _ in range(3):
        waits.append(attempt(subject))
        clock.advance(waits[-1])
        assert attempt(subject) == 0
    elsewhere = attempt(other)
    together = attempt(subject, other)
    clock.advance(together)
    database.write(lambda tx: forget_attempts(tx, [subject]))

    assert (free, waits, elsewhere, together) == ([0, 0, 0], [1, 2, 4], 0, 8)
    assert [attempt(subject) for _ in range(3)] == [0, 0, 0]


def test_the_longest_wait_is_a_quarter_of_an_hour(database: Database, clock: StillClock) -> None:
    subject = Subject("name", "ada", 1)
    for _ in range(15):
        wait = database.write(lambda tx: begin_attempt(tx, [subject]))
        clock.advance(wait)
        database.write(lambda tx: begin_attempt(tx, [subject]))

    assert database.write(lambda tx: begin_attempt(tx, [subject])) == 900


def test_old_failures_are_forgotten(database: Database, clock: StillClock) -> None:
    database.write(lambda tx: begin_attempt(tx, [Subject("name", "old", 3)]))
    clock.advance(86_401)
    database.write(lambda tx: begin_attempt(tx, [Subject("name", "new", 3)]))

    query = sa.select(SignInFailure.c.signinfailureid)
    assert database.read(lambda tx: tx.execute(query).scalars().all()) == [Subject("name", "new", 3).id]


def test_the_last_administrator_stays(database: Database, user_id: UUID) -> None:
    admin = database.read(lambda tx: person_named(tx, "ADMIN"))["systemuserid"]

    with pytest.raises(LastAdministrator):
        database.write(lambda tx: set_disabled(tx, admin, True))
    with pytest.raises(LastAdministrator):
        database.write(lambda tx: take_role(tx, admin, "system administrator"))
    with pytest.raises(UnknownUser):
        database.read(lambda tx: person_named(tx, "nobody"))
