"""What a password must be like."""

import pytest

from deskhand.identity.client_secrets import secret_matches
from deskhand.identity.errors import PasswordTooWeak
from deskhand.identity.passwords import new_password_hash, normal


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "it has 5 characters and takes 10 to 256"),
        ("x" * 257, "it has 257 characters and takes 10 to 256"),
        ("aaaaaabbbbbb", "it repeats too few characters"),
        ("Anna@Example.org", "it is the sign-in name"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, problem: str) -> None:
    with pytest.raises(PasswordTooWeak) as caught:
        new_password_hash(password, "anna@example.org")

    assert caught.value.message == f"The password was not set: {problem}. Choose another one."


def test_a_password_is_kept_as_argon2_and_recognised_however_it_is_typed() -> None:
    composed, decomposed = "pass\u00fcword 12", "passu\u0308word 12"
    kept = new_password_hash(composed, "anna")

    assert kept.startswith("$argon2id$")
    assert secret_matches((kept,), normal(decomposed))
    assert not secret_matches((kept,), normal("password 12"))
