"""The tables behind connectors: custom connectors, redirected operations, approvals, notifications."""

from __future__ import annotations

from deskhand.entities.declare import DateTime, Entity, Guid, Memo, PrimaryKey, String


class Connector(Entity, indexes=(("unique", "name"),)):
    """A custom connector: an OpenAPI document whose operations flows can use."""

    connectorid = PrimaryKey("The connector's id.")
    name = String("The name that flows use, such as ``shared_orders``.", max_length=200)
    displayname = String("Its name for people.", max_length=200)
    document = Memo("The OpenAPI document.", max_length=16_777_216)
    ownerid = Guid("Whose it is.")
    createdon = DateTime("When it was made.")


class OperationRedirect(Entity, indexes=(("unique", "apiname", "operationid"),)):
    """An operation of a connector that is not built, sent to an HTTP address instead."""

    operationredirectid = PrimaryKey("The redirect's id.")
    apiname = String("The connector.", max_length=200)
    operationid = String("The operation.", max_length=200)
    definition = Memo("Method, address, headers and body, as JSON.")


class Approval(Entity, indexes=(("flowrunid",), ("status", "createdon"))):
    """A question that a cloud flow asks people. Source: cloud-flows 3.11."""

    approvalid = PrimaryKey("The approval's id.")
    name = String("The name that people answer by.")
    flowrunid = Guid("The run that asks.")
    flowrunactionid = Guid("The action that waits.")
    type = String("Who has to answer: the first one, or everybody.")
    title = String("What is asked.", max_length=1000)
    details = Memo("What people should know.")
    itemlink = String("Where to look.", max_length=2000)
    itemlinkdescription = String("What is to be seen there.", max_length=1000)
    options = Memo("What may be answered, as JSON.")
    assignees = Memo("Who is asked, as JSON.")
    requestorid = Guid("Whose flow asks.")
    status = String("Pending, Completed or Canceled.")
    result = String("What was answered.", max_length=1000)
    createdon = DateTime("When it was asked.")
    completedon = DateTime("When it was answered for good.")


class ApprovalResponse(Entity, indexes=(("unique", "approvalid", "responderid"),)):
    """One person's answer."""

    approvalresponseid = PrimaryKey("The answer's id.")
    approvalid = Guid("What was asked.")
    responderid = Guid("Who answered.")
    response = String("What they answered.", max_length=1000)
    comments = Memo("What they said.")
    createdon = DateTime("When they answered.")


class Notification(Entity, indexes=(("userid", "createdon"),)):
    """Something that a cloud flow tells a person."""

    notificationid = PrimaryKey("The notification's id.")
    userid = Guid("Who is told.")
    flowrunid = Guid("The run that tells it.")
    title = String("What it is about.", max_length=1000)
    text = Memo("What is told.")
    link = String("Where to look.", max_length=2000)
    createdon = DateTime("When it was told.")
    readon = DateTime("When it was read.")
