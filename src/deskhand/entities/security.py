"""The tables of people, roles and the organisation."""

from __future__ import annotations

from enum import IntEnum

from deskhand.entities.declare import (
    Boolean,
    Choice,
    DateTime,
    Entity,
    Guid,
    Integer,
    Lookup,
    Ownership,
    PrimaryKey,
    String,
)


class AccessMode(IntEnum):
    """What kind of access a user has."""

    READ_WRITE = 0
    ADMINISTRATIVE = 1
    READ = 2
    SUPPORT = 3
    NON_INTERACTIVE = 4
    DELEGATED_ADMIN = 5


class SystemUser(
    Entity,
    set_name="systemusers",
    ownership=Ownership.ORGANIZATION,
    type_code=8,
    schema_name="User",
    primary_name="fullname",
    indexes=(("unique", "domainname"), ("applicationid",), ("azureactivedirectoryobjectid",)),
):
    """A person or an application. Source: dataverse-api 11.13."""

    systemuserid = PrimaryKey("The user's id.")
    fullname = String("The name for people.", max_length=200)
    domainname = String("The sign-in name.", max_length=1024)
    internalemailaddress = String("The mail address.")
    azureactivedirectoryobjectid = Guid("The id at the identity provider.")
    applicationid = Guid("The client id, when it is an application.")
    businessunitid = Lookup("The unit it belongs to.", target="businessunit")
    isdisabled = Boolean("Whether it may not sign in.", default=False)
    accessmode = Choice("What kind of access it has.", options=AccessMode, default=0)


class Role(Entity, set_name="roles", ownership=Ownership.ORGANIZATION, type_code=1036):
    """A set of privileges. Source: dataverse-api 11.13."""

    roleid = PrimaryKey("The role's id.")
    name = String("Its name.")
    businessunitid = Lookup("The unit it belongs to.", target="businessunit")
    ismanaged = Boolean("Whether it came with the product.", default=False)


class BusinessUnit(Entity, set_name="businessunits", ownership=Ownership.ORGANIZATION, type_code=10):
    """A part of the organisation."""

    businessunitid = PrimaryKey("The unit's id.")
    name = String("Its name.", max_length=160)
    parentbusinessunitid = Lookup("The unit above.", target="businessunit")


class Organization(Entity, set_name="organizations", ownership=Ownership.ORGANIZATION, type_code=1019):
    """The installation itself; one row."""

    organizationid = PrimaryKey("The installation's id.")
    name = String("Its name.", max_length=160)


class RolePrivilege(Entity):
    """A role holds a privilege to a depth."""

    roleprivilegeid = PrimaryKey("The row's id.")
    roleid = Guid("The role.")
    privilegename = String("The privilege's name.", max_length=200)
    depth = Integer("How far it reaches: 1 own rows, 2 unit, 3 units below, 4 all.")


class SystemUserRole(Entity, indexes=(("unique", "systemuserid", "roleid"),)):
    """A user holds a role."""

    systemuserroleid = PrimaryKey("The row's id.")
    systemuserid = Guid("The user.")
    roleid = Guid("The role.")


class PrincipalObjectAccess(Entity, indexes=(("unique", "objectid", "principalid"), ("principalid",))):
    """A row shared with a user."""

    principalobjectaccessid = PrimaryKey("The share's id.")
    objectid = Guid("The shared row.")
    objecttype = String("Its table's logical name.")
    principalid = Guid("With whom.")
    accessmask = Integer("The rights, as the sum of their flags (dataverse-api 9.6).")


class ApplicationSecret(Entity, indexes=(("applicationid",),)):
    """A client secret of an application user, kept as a hash."""

    applicationsecretid = PrimaryKey("The secret's id.")
    applicationid = Guid("The client id.")
    secrethash = String("Its argon2 hash.", max_length=200)
    createdon = DateTime("When it was made.")
    expireson = DateTime("When it stops working; null never.")


class ApiToken(Entity, indexes=(("systemuserid",),)):
    """A long-lived bearer token made on the command line; its text is shown once and not kept."""

    apitokenid = PrimaryKey("The token's id, its ``jti``.")
    name = String("What it is for.")
    systemuserid = Guid("As whom it acts.")
    createdon = DateTime("When it was made.")
    expireson = DateTime("When it stops working.")
    revokedon = DateTime("When it was revoked; null while it works.")


class RegistrationToken(Entity, indexes=(("unique", "tokenhash"),)):
    """A one-time token with which a machine registers."""

    registrationtokenid = PrimaryKey("The token's id.")
    tokenhash = String("Its SHA-256, hex.", max_length=64)
    flowmachinegroupid = Guid("The group the machine joins; null gives it one of its own.")
    ownerid = Guid("Who owns the machine.")
    createdon = DateTime("When it was made.")
    expireson = DateTime("When it stops working.")
    usedon = DateTime("When a machine used it; null while it works.")
