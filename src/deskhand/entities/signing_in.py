"""The tables of signing in: passwords, browser sessions, what a session hands out, and who did what."""

from __future__ import annotations

from deskhand.entities.declare import (
    DateTime,
    Entity,
    Guid,
    Integer,
    Memo,
    PrimaryKey,
    String,
)


class UserPassword(Entity):
    """A user's password, kept as a hash; a user without one signs in by link."""

    systemuserid = PrimaryKey("The user.")
    passwordhash = String("Its argon2 hash.", max_length=200)
    changedon = DateTime("When it was set.")


class SignInSession(Entity, indexes=(("unique", "tokenhash"), ("systemuserid",), ("expireson",))):
    """A browser that somebody signed in with; its cookie's text is not kept."""

    signinsessionid = PrimaryKey("The session's id, the ``sid`` of its tokens.")
    tokenhash = String("The SHA-256 of its cookie, hex.", max_length=64)
    systemuserid = Guid("Who signed in.")
    method = String("How: by password or by link.")
    createdon = DateTime("When.")
    lastusedon = DateTime("When it was last used.")
    expireson = DateTime("When it ends at the latest.")


class SignInLink(Entity, indexes=(("unique", "codehash"), ("expireson",))):
    """An address that signs a user in, once."""

    signinlinkid = PrimaryKey("The link's id.")
    codehash = String("The SHA-256 of its code, hex.", max_length=64)
    systemuserid = Guid("Whom it signs in.")
    createdon = DateTime("When it was made.")
    expireson = DateTime("When it stops working.")
    usedon = DateTime("When it was used; null while it works.")


class AuthorizationCode(Entity, indexes=(("unique", "codehash"), ("expireson",))):
    """A code that a client exchanges for tokens, once. Source: RFC 6749 4.1, RFC 7636."""

    authorizationcodeid = PrimaryKey("The code's id, and its refresh tokens' family.")
    codehash = String("The SHA-256 of the code, hex.", max_length=64)
    signinsessionid = Guid("The session that it comes from.")
    systemuserid = Guid("Who signed in.")
    clientid = Guid("The client that it is for.")
    redirecturi = String("Where it was sent.", max_length=2000)
    challenge = String("The PKCE challenge that its verifier must meet.", max_length=43)
    audience = String("The resource that tokens are for.", max_length=2000)
    scope = String("What was asked for.", max_length=1000)
    nonce = String("What the client's id token must repeat.", max_length=500)
    expireson = DateTime("When it stops working.")
    usedon = DateTime("When it was exchanged; null while it works.")


class RefreshToken(
    Entity, indexes=(("unique", "tokenhash"), ("familyid",), ("signinsessionid",), ("expireson",))
):
    """A token that a client exchanges for fresh ones, once; its text is not kept. Source: RFC 9700 4.14."""

    refreshtokenid = PrimaryKey("The token's id.")
    tokenhash = String("Its SHA-256, hex.", max_length=64)
    familyid = Guid("The code that it, and those it replaced, began with.")
    signinsessionid = Guid("The session that it comes from.")
    systemuserid = Guid("Who signed in.")
    clientid = Guid("The client that it is for.")
    audience = String("The resource that tokens are for.", max_length=2000)
    scope = String("What was asked for.", max_length=1000)
    createdon = DateTime("When it was made.")
    expireson = DateTime("When it stops working.")
    usedon = DateTime("When it was exchanged; null while it works.")


class SignInFailure(Entity, indexes=(("blockeduntil",),)):
    """Failed attempts to sign in, by what they were tried on: a name, an address, the links."""

    signinfailureid = PrimaryKey("Made of what they were tried on.")
    failures = Integer("How many followed each other.")
    lastfailedon = DateTime("When the last one was.")
    blockeduntil = DateTime("Until when no further one is looked at.")


class AuditEvent(Entity, indexes=(("createdon",), ("systemuserid", "createdon"))):
    """Who did what, for administrators."""

    auditeventid = PrimaryKey("The event's id.")
    createdon = DateTime("When.")
    systemuserid = Guid("Who; null for the command line, and for somebody who could not sign in.")
    username = String("Their name at that time.", max_length=200)
    action = String("What they did.")
    objecttype = String("The table of what it was done to.")
    objectid = Guid("What it was done to.")
    objectname = String("Its name at that time.", max_length=300)
    details = Memo("What else is to be known of it, as JSON; never a secret.")
    address = String("The network address that the request came from.", max_length=100)
