"""What can go wrong between a caller and their identity."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from deskhand.core.errors import DeskhandError, did_you_mean


class KeyUnreadable(DeskhandError):
    """A file in the key ring holds no key of its kind.

    It was damaged or replaced. Put it back from a backup: what was encrypted with it cannot be read
    without it. A signing key may be removed instead; tokens that it signed then stop working.
    """

    code = "DH0131"

    def __init__(self, path: Path, expected: str) -> None:
        super().__init__(f"Cannot start: {path} does not hold {expected}. Restore it from a backup.")
        self.path = path


class SealBroken(DeskhandError):
    """Encrypted bytes cannot be opened: they were changed, cut short, or belong to another row."""

    code = "DH1001"

    def __init__(self, context: str) -> None:
        super().__init__(
            f"What is kept encrypted for {context} cannot be opened: it was changed, or belongs elsewhere. "
            "Restore the row from a backup."
        )
        self.context = context


class SealingKeyMissing(DeskhandError):
    """Encrypted bytes need a key that the key ring does not hold.

    Usually the database was restored and its ``keys`` directory was not.
    """

    code = "DH1002"

    def __init__(self, context: str, key_id: str) -> None:
        super().__init__(
            f"What is kept encrypted for {context} needs key {key_id}, which the key ring does not hold. "
            "Restore the keys directory that belongs to this database."
        )
        self.context = context
        self.key_id = key_id


class TokenRefused(DeskhandError):
    """A bearer token is malformed, expired, not yet valid, meant for another audience, or not signed here.

    Ask the token endpoint, or ``deskhand token new``, for a new one.
    """

    code = "DH1010"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The bearer token was refused: {reason}. Ask for a new one.")
        self.reason = reason


class UserNotMember(DeskhandError):
    """A valid token names a user who is unknown to this organisation, or disabled in it.

    Source: dataverse-api 7 (``0x80072560``) and 12. ``deskhand user list`` shows who is known.
    """

    code = "DH1011"

    def __init__(self, user: str) -> None:
        super().__init__("The user is not a member of the organization.")
        self.user = user


class ClientRefused(DeskhandError):
    """A client id is unknown or disabled, or its secret is wrong or has expired."""

    code = "DH1012"

    def __init__(self) -> None:
        super().__init__(
            "The client is unknown, or its secret is wrong or has expired. "
            "An administrator can issue a new secret."
        )


class UnknownRole(DeskhandError):
    """There is no security role of this name."""

    code = "DH1013"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no role ‘{name}’{did_you_mean(name, known)}")
        self.name = name


class UserExists(DeskhandError):
    """The sign-in name is taken."""

    code = "DH1014"

    def __init__(self, domain_name: str) -> None:
        super().__init__(f"There is already a user ‘{domain_name}’. Choose another sign-in name.")
        self.domain_name = domain_name


class UnknownApiToken(DeskhandError):
    """There is no API token with this id."""

    code = "DH1015"

    def __init__(self, token_id: UUID) -> None:
        super().__init__(f"There is no token {token_id}. ‘deskhand token list’ shows those that exist.")
        self.token_id = token_id


class NotInitialized(DeskhandError):
    """The database holds no organisation yet: nothing was started on it."""

    code = "DH1016"

    def __init__(self) -> None:
        super().__init__("This database holds no organization yet. Start it once: deskhand up.")


class PasswordTooWeak(DeskhandError):
    """A password is too short, too long, or too easily guessed.

    Ten characters are the least; length counts for more than signs and digits.
    """

    code = "DH1540"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The password was not set: {problem}. Choose another one.")


class SignInRefused(DeskhandError):
    """The name or the password is wrong, or the user has no password or is disabled.

    The answer is the same for all of them. An administrator sets a password with ``deskhand user
    password NAME``, or makes a link that signs in once with ``deskhand user link NAME``.
    """

    code = "DH1541"

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class TooManyAttempts(DeskhandError):
    """Too many attempts to sign in failed, with this name or from this address.

    Each further failure doubles the wait, up to 15 minutes. A link of ``deskhand user link NAME`` signs
    in meanwhile.
    """

    code = "DH1542"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts failed. The next one is possible in {retry_after} s.")
        self.retry_after = retry_after


class LinkRefused(DeskhandError):
    """A sign-in link was used before, is older than 10 minutes, or never was one.

    ``deskhand user link NAME`` prints a new one; so does ``deskhand up``.
    """

    code = "DH1543"

    def __init__(self) -> None:
        super().__init__(
            "This link does not sign in: it works once, and for 10 minutes. "
            "Make a new one: deskhand user link NAME"
        )


class PasswordWrong(DeskhandError):
    """To change a password, the present one has to be given."""

    code = "DH1544"

    def __init__(self) -> None:
        super().__init__("The present password is not this one. Nothing was changed.")


class UnknownUser(DeskhandError):
    """There is no such user, or it is an application."""

    code = "DH1545"

    def __init__(self, user: object) -> None:
        super().__init__(f"There is no user ‘{user}’. ‘deskhand user list’ shows those that exist.")


class LastAdministrator(DeskhandError):
    """The last enabled user who holds System Administrator cannot lose it, or be disabled.

    Give the role to somebody else first.
    """

    code = "DH1546"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"‘{name}’ is the last user who is System Administrator and enabled. Give the role to "
            "somebody else first."
        )


class UserDisabled(DeskhandError):
    """Somebody who is disabled gets no sign-in link: it would not work.

    ``deskhand user enable NAME`` lets them sign in again.
    """

    code = "DH1547"

    def __init__(self, name: str) -> None:
        super().__init__(f"‘{name}’ is disabled. Let them sign in again first: deskhand user enable {name}")
