"""Client secrets."""

from deskhand.identity.client_secrets import new_client_secret, secret_matches


def test_a_secret_matches_its_own_hash_among_others() -> None:
    first, second = new_client_secret(), new_client_secret()

    assert secret_matches([first.hash, second.hash], second.text)
    assert not secret_matches([first.hash], second.text)


def test_nothing_matches_where_no_secret_is_known() -> None:
    assert not secret_matches([], "anything")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not secret_matches(["$argon2id$damaged"], "anything")


def test_a_secret_is_not_shown_by_accident() -> None:
    secret = new_client_secret()

    assert secret.text not in repr(secret)
    assert secret.text.startswith("dhs_")
