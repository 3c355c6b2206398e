"""The tables of cloud flows that are switched on: versions, triggers and what the triggers saw."""

from __future__ import annotations

from deskhand.entities.declare import Blob, DateTime, Entity, Guid, Integer, Memo, PrimaryKey, String


class FlowVersion(Entity, indexes=(("unique", "workflowid", "hash"),)):
    """One version of a cloud flow's document; runs keep the one they began with."""

    flowversionid = PrimaryKey("The version's id.")
    workflowid = Guid("The flow.")
    hash = String("The document's SHA-256.")
    document = Memo("The document, as it came.", max_length=1_073_741_823)
    beside = Memo("What stood beside it in its container, as JSON.", max_length=1_073_741_823)
    createdon = DateTime("When it was first used.")


class FlowTrigger(Entity, indexes=(("workflowid", "name"), ("dueon",))):
    """A trigger of a flow that is switched on, and where it stands. Source: cloud-flows 2 and 7.3."""

    flowtriggerid = PrimaryKey("The trigger's id.")
    workflowid = Guid("The flow.")
    flowversionid = Guid("The version it belongs to.")
    name = String("The trigger's name.", max_length=256)
    type = String("Its type.")
    phase = String("Where it stands between switching on and off: Beginning, On, Ending.")
    status = String("How its last look ended.")
    dueon = DateTime("When it has to look next; none where it is called.")
    startedon = DateTime("Since when it is on.")
    lastlookon = DateTime("When it looked last.")
    lastfiredon = DateTime("When it started a run last.")
    cursor = Memo("What it has to remember between two looks, as JSON.")
    sealedcursor = Blob("The same, where it holds secrets.")
    secret = Blob("The key that its addresses are signed with, sealed.")
    failures = Integer("Looks that failed since the last that did not.", default=0)
    leaseowner = Guid("The server process that is looking.")


class FlowTriggerHistory(Entity, indexes=(("unique", "name"), ("workflowid", "triggername", "name"))):
    """A look of a trigger that started no run; those that did are told by their runs.

    Source: cloud-flows 7.1.
    """

    flowtriggerhistoryid = PrimaryKey("The row's id.")
    workflowid = Guid("The flow.")
    triggername = String("The trigger.", max_length=256)
    name = String("Its name: sorts newest first.")
    starttime = DateTime("When it began.")
    endtime = DateTime("When it ended.")
    scheduledtime = DateTime("When it should have begun.")
    status = String("Skipped, Failed or Succeeded.")
    code = String("Its end as a code.")
    error = Memo("Why it failed, as JSON.")
    inputs = Memo("What the trigger asked, as JSON.")
    outputs = Memo("What it saw, as JSON.")
