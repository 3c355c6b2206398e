"""Users, applications, roles and tokens in the database."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from deskhand.core.settings import Settings
from deskhand.entities.declare import Depth
from deskhand.entities.security import ApiToken, RolePrivilege, SystemUser
from deskhand.identity.accounts import (
    ApplicationUser,
    ClientCredentials,
    Installation,
    add_client_secret,
    client_credentials,
    create_api_token,
    create_application,
    create_user,
    ensure_organization,
    load_installation,
    load_principal,
    principal_of,
    revoke_api_token,
    revoke_client_secret,
)
from deskhand.identity.errors import (
    NotInitialized,
    TokenRefused,
    UnknownApiToken,
    UnknownRole,
    UserExists,
    UserNotMember,
)
from deskhand.identity.keyring import KeyRing
from deskhand.identity.principals import Principal
from deskhand.identity.roles import assign_role, remove_role
from deskhand.identity.tokens import Claims, TokenService
from deskhand.store.database import Database
from tests.clock import StillClock

HOST = "https://rpa.example.org"


@pytest.fixture
def installation(database: Database) -> Installation:
    return database.write(ensure_organization)


@pytest.fixture
def tokens(tmp_path: Path, clock: StillClock, installation: Installation) -> TokenService:
    return TokenService(KeyRing.open(tmp_path), Settings(), clock, installation.organization_id)


def _user(database: Database, *roles: str) -> UUID:
    return database.write(lambda tx: create_user(tx, "Ada Bot", "ada@example.org", roles=roles))


def _principal(database: Database, claims: Claims) -> Principal:
    return database.read(lambda tx: principal_of(tx, claims))


def _delegated(database: Database, object_id: UUID | None, name: str | None) -> Principal:
    now = StillClock().now()
    return _principal(database, Claims("j", now, now, False, True, object_id, name, None))


def test_an_unused_database_says_how_to_begin(database: Database) -> None:
    with pytest.raises(NotInitialized, match="Start it once: deskhand up"):
        database.read(load_installation)


def test_the_first_start_is_done_once(database: Database) -> None:
    first = database.write(ensure_organization)
    second = database.write(ensure_organization)

    assert first == second == database.read(load_installation)


def test_the_administrator_holds_every_privilege(database: Database, installation: Installation) -> None:
    principal = database.read(lambda tx: load_principal(tx, installation.administrator_id))

    assert principal.organization_id == installation.organization_id
    assert principal.business_unit_id == installation.business_unit_id
    assert (principal.name, principal.role_count) == ("Administrator", 1)
    assert set(principal.privileges.values()) == {Depth.GLOBAL}
    assert principal.depth("PRVREADWORKFLOW") is Depth.GLOBAL


def test_built_in_roles_are_brought_back_to_what_is_declared(
    database: Database, installation: Installation
) -> None:
    user_id = _user(database, "Desktop Flows Runner")
    before = database.read(lambda tx: load_principal(tx, user_id))
    database.write(lambda tx: tx.execute(RolePrivilege.table.update().values(depth=4)).rowcount)

    database.write(ensure_organization)

    assert database.read(lambda tx: load_principal(tx, user_id)) == before


def test_the_deepest_of_several_roles_counts(database: Database, installation: Installation) -> None:
    user_id = _user(database, "Desktop Flows Runner")
    assert database.read(lambda tx: load_principal(tx, user_id)).depth("prvReadflowsession") is Depth.BASIC

    database.write(lambda tx: assign_role(tx, user_id, "system administrator"))
    both = database.read(lambda tx: load_principal(tx, user_id))
    database.write(lambda tx: remove_role(tx, user_id, "System Administrator"))
    one = database.read(lambda tx: load_principal(tx, user_id))

    assert (both.depth("prvReadflowsession"), both.role_count) == (Depth.GLOBAL, 2)
    assert (one.depth("prvReadflowsession"), one.role_count) == (Depth.BASIC, 1)


def test_giving_a_role_twice_gives_it_once(database: Database, installation: Installation) -> None:
    user_id = _user(database, "Environment Maker", "Environment Maker")

    assert database.read(lambda tx: load_principal(tx, user_id)).role_count == 1


def test_a_misspelt_role_is_met_with_the_nearest(database: Database, installation: Installation) -> None:
    with pytest.raises(UnknownRole) as caught:
        _user(database, "Desktop Flow Runner")

    assert str(caught.value) == (
        "There is no role ‘Desktop Flow Runner’; did you mean ‘Desktop Flows Runner’?"
    )


def test_a_sign_in_name_is_taken_in_any_case(database: Database, installation: Installation) -> None:
    _user(database)

    with pytest.raises(UserExists, match=r"There is already a user ‘ADA@example\.org’"):
        database.write(lambda tx: create_user(tx, "Ada", "ADA@example.org"))


def test_a_delegated_token_finds_its_user_by_id_or_by_name(
    database: Database, installation: Installation
) -> None:
    user_id = _user(database)
    stranger = UUID(int=7)

    assert _delegated(database, user_id, None).user_id == user_id
    assert _delegated(database, stranger, "ADA@example.org").user_id == user_id
    with pytest.raises(UserNotMember, match=r"The user is not a member of the organization\."):
        _delegated(database, stranger, "ben@example.org")


def test_a_disabled_user_is_no_member(database: Database, installation: Installation) -> None:
    user_id = _user(database)
    database.write(
        lambda tx: (
            tx.execute(
                SystemUser.table.update().where(SystemUser.c.systemuserid == user_id).values(isdisabled=True)
            ).rowcount
        )
    )

    with pytest.raises(UserNotMember):
        _delegated(database, user_id, None)


def test_an_application_is_known_by_its_client_id(
    database: Database, tokens: TokenService, installation: Installation
) -> None:
    application = database.write(
        lambda tx: create_application(tx, "bot", "hash", roles=["Desktop Flows Runner"])
    )
    token = tokens.issue_application_token(HOST, HOST, application.application_id, application.user_id)
    principal = _principal(database, tokens.verify(token.text, HOST))

    assert (principal.user_id, principal.name, principal.role_count) == (application.user_id, "bot", 1)


def test_a_valid_token_of_an_unknown_application_is_no_member(
    database: Database, tokens: TokenService, installation: Installation
) -> None:
    token = tokens.issue_application_token(HOST, HOST, UUID(int=8), UUID(int=9))

    with pytest.raises(UserNotMember):
        _principal(database, tokens.verify(token.text, HOST))


def test_a_clients_secrets_are_those_that_work_now(
    database: Database, installation: Installation, clock: StillClock
) -> None:
    application = database.write(lambda tx: create_application(tx, "bot", "first"))
    client_id = application.application_id
    expired = clock.now() - timedelta(seconds=1)
    database.write(lambda tx: add_client_secret(tx, client_id, "expired", expires=expired))
    second = database.write(lambda tx: add_client_secret(tx, client_id, "second"))

    both = database.read(lambda tx: client_credentials(tx, client_id))
    database.write(lambda tx: revoke_client_secret(tx, second))
    one = database.read(lambda tx: client_credentials(tx, client_id))

    assert both is not None
    assert (both.application, sorted(both.hashes)) == (application, ["first", "second"])
    assert one == ClientCredentials(ApplicationUser(client_id, application.user_id), ("first",))
    assert database.read(lambda tx: client_credentials(tx, UUID(int=8))) is None


def test_an_api_token_acts_as_its_user_until_it_is_revoked(
    database: Database, tokens: TokenService, installation: Installation
) -> None:
    text = database.write(
        lambda tx: create_api_token(tx, tokens, "ci", installation.administrator_id, timedelta(days=90))
    )
    claims = tokens.verify(text, HOST)
    assert _principal(database, claims).user_id == installation.administrator_id

    database.write(lambda tx: revoke_api_token(tx, UUID(claims.token_id)))

    with pytest.raises(TokenRefused, match="it was revoked"):
        _principal(database, claims)


def test_an_api_tokens_text_is_not_kept(
    database: Database, tokens: TokenService, installation: Installation
) -> None:
    text = database.write(
        lambda tx: create_api_token(tx, tokens, "ci", installation.administrator_id, timedelta(days=90))
    )
    row = database.read(lambda tx: tx.execute(sa.select(ApiToken.table)).one())

    assert not any(text in str(value) for value in row)


def test_an_api_token_moved_to_another_user_is_refused(
    database: Database, tokens: TokenService, installation: Installation, clock: StillClock
) -> None:
    text = database.write(
        lambda tx: create_api_token(tx, tokens, "ci", installation.administrator_id, timedelta(days=90))
    )
    token_id = UUID(tokens.verify(text, HOST).token_id)
    other = tokens.issue_api_token(token_id, _user(database), clock.now() + timedelta(days=1))

    with pytest.raises(TokenRefused):
        _principal(database, tokens.verify(other, HOST))


def test_an_unknown_api_token_cannot_be_revoked(database: Database, installation: Installation) -> None:
    with pytest.raises(UnknownApiToken, match=str(UUID(int=5))):
        database.write(lambda tx: revoke_api_token(tx, UUID(int=5)))
