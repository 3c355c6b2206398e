"""Tables that no client sees: file contents, the callback outbox, what an import brought."""

from __future__ import annotations

from deskhand.entities.declare import (
    ALL_WRITES,
    Blob,
    Boolean,
    DateTime,
    Entity,
    Guid,
    Integer,
    Lookup,
    Memo,
    Ownership,
    PrimaryKey,
    String,
)


class FileContent(Entity, indexes=(("objectid",),)):
    """The bytes of a file column."""

    filecontentid = PrimaryKey("The file's id, as its row's column shows it.")
    objectid = Guid("The row it belongs to.")
    objecttype = String("That row's table.")
    attribute = String("The column.")
    filename = String("The file's name.", max_length=256)
    mimetype = String("What it holds.")
    content = Blob("The bytes.")


class Callback(Entity, indexes=(("dueon",), ("flowsessionid",))):
    """A completion callback that is still to be delivered; the row goes when it has been."""

    callbackid = PrimaryKey("The callback's id.")
    flowsessionid = Guid("The run it tells of.")
    workflowid = Guid("The flow.")
    url = String("Who is told.", max_length=2000)
    body = Memo("The JSON to post.")
    attempts = Integer("Requests sent so far.", default=0)
    dueon = DateTime("When the next request is due.")
    claimedby = Guid("The server process that is sending it.")
    lasterror = String("What went wrong with the last request.", max_length=1000)
    givenup = Boolean("Whether no more requests will be sent.", default=False)


class Solution(Entity, set_name="solutions", ownership=Ownership.ORGANIZATION, type_code=7100):
    """A solution that was imported."""

    solutionid = PrimaryKey("The solution's id.")
    uniquename = String("Its unique name.", max_length=65)
    friendlyname = String("Its name for people.", max_length=256)
    version = String("Its version.", max_length=256)
    ismanaged = Boolean("Whether it was exported as managed.", default=False)


class EnvironmentVariableDefinition(
    Entity,
    set_name="environmentvariabledefinitions",
    type_code=10_006,
    primary_name="schemaname",
    alternate_keys=(("schemaname",),),
    client_writes=ALL_WRITES,
):
    """A named value that flows read. Source: dataverse-api 11.12."""

    environmentvariabledefinitionid = PrimaryKey("The variable's id.")
    schemaname = String("Its name in flows.", required=True)
    displayname = String("Its name for people.")
    description = Memo("What it is for.", max_length=2000)
    type = Integer("100000000 text, 1 number, 2 boolean, 3 JSON, 4 data source, 5 secret.")
    defaultvalue = Memo("Its value where no other is set.", max_length=2000)


class EnvironmentVariableValue(
    Entity,
    set_name="environmentvariablevalues",
    type_code=10_008,
    primary_name="schemaname",
    indexes=(("unique", "environmentvariabledefinitionid"),),
    client_writes=ALL_WRITES,
):
    """The value that an environment variable has in this installation. Source: dataverse-api 11.12."""

    environmentvariablevalueid = PrimaryKey("The value's id.")
    schemaname = String("The name of the value.")
    value = Memo("The value.")
    environmentvariabledefinitionid = Lookup(
        "The variable.",
        target="environmentvariabledefinition",
        navigation="EnvironmentVariableDefinitionId",
        cascade=True,
    )
