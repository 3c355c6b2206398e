"""The table of credentials."""

from __future__ import annotations

from enum import IntEnum

from deskhand.entities.declare import Blob, Choice, DateTime, Entity, Memo, PrimaryKey, String


class CredentialType(IntEnum):
    """Whether a credential is one, or a list of them."""

    SINGLE = 1
    LIST = 2


class CredentialKind(IntEnum):
    """What a credential consists of."""

    USERNAME_PASSWORD = 1
    USERNAME_PASSWORD_LIST = 2
    USERNAME_PASSWORD_WITH_GROUP_MAPPING = 3
    CYBERARK_IDENTITY = 4
    CERTIFICATE_BASED = 5
    MACHINE_MAPPING = 6
    CONNECTION_REFERENCE = 7


class Credential(Entity, set_name="credentials", type_code=10_013, indexes=(("unique", "name"),)):
    """A user name with its password, which connections name in place of holding it.

    The product keeps both in environment variables; here they are the credential's own, the password sealed.
    Source: dataverse-api 11.11, machines-and-runs 2.4.
    """

    credentialid = PrimaryKey("The credential's id.")
    name = String("Its name, unique.", required=True)
    description = Memo("What it is for.", max_length=2000)
    credentialtype = Choice("One, or a list.", options=CredentialType, default=CredentialType.SINGLE)
    connectiontype = Choice(
        "What it consists of.", options=CredentialKind, default=CredentialKind.USERNAME_PASSWORD
    )

    accountname = String("The user name.", max_length=320, internal=True)
    sealedsecret = Blob("The password, encrypted.")
    secretchangedon = DateTime("When the password was last changed.", internal=True)
    expireson = DateTime("When the password stops working, as far as people know.", internal=True)
    lastusedon = DateTime("When something signed in with it last, to the minute.", internal=True)
