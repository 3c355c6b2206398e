"""Create the tables of cloud flows: runs, their journal, triggers, connectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables, and the columns that tie connections and desktop-flow runs to cloud flows."""
    _create_approval()
    _create_approvalresponse()
    _create_connector()
    _create_environmentvariablevalue()
    _create_flowrun()
    _create_flowrunaction()
    _create_flowrunproperty()
    _create_flowrunsignal()
    _create_flowtrigger()
    _create_flowtriggerhistory()
    _create_flowversion()
    _create_notification()
    _create_operationredirect()
    op.add_column("connection", sa.Column("parameters", sa.Text()))
    op.add_column("connection", sa.Column("sealedparameters", sa.LargeBinary()))
    op.add_column("flowsession", sa.Column("parentflowrunid", sa.Uuid()))
    op.add_column("flowsession", sa.Column("parentactionid", sa.Uuid()))
    op.add_column("workflow", sa.Column("addresskey", sa.String(100)))
    op.add_column("workflow", sa.Column("flowversionid", sa.Uuid()))
    op.create_index("ix_flowsession_parentflowrunid", "flowsession", ["parentflowrunid"])


def _create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("approvalid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("flowrunid", sa.Uuid()),
        sa.Column("flowrunactionid", sa.Uuid()),
        sa.Column("type", sa.String(100)),
        sa.Column("title", sa.String(1000)),
        sa.Column("details", sa.Text()),
        sa.Column("itemlink", sa.String(2000)),
        sa.Column("itemlinkdescription", sa.String(1000)),
        sa.Column("options", sa.Text()),
        sa.Column("assignees", sa.Text()),
        sa.Column("requestorid", sa.Uuid()),
        sa.Column("status", sa.String(100)),
        sa.Column("result", sa.String(1000)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("completedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("approvalid", name="pk_approval"),
    )
    op.create_index("ix_approval_flowrunid", "approval", ["flowrunid"])
    op.create_index("ix_approval_status_createdon", "approval", ["status", "createdon"])


def _create_approvalresponse() -> None:
    op.create_table(
        "approvalresponse",
        sa.Column("approvalresponseid", sa.Uuid(), nullable=False),
        sa.Column("approvalid", sa.Uuid()),
        sa.Column("responderid", sa.Uuid()),
        sa.Column("response", sa.String(1000)),
        sa.Column("comments", sa.Text()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("approvalresponseid", name="pk_approvalresponse"),
    )
    op.create_index(
        "uq_approvalresponse_approvalid_responderid",
        "approvalresponse",
        ["approvalid", "responderid"],
        unique=True,
    )


def _create_connector() -> None:
    op.create_table(
        "connector",
        sa.Column("connectorid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("displayname", sa.String(200)),
        sa.Column("document", sa.Text()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("connectorid", name="pk_connector"),
    )
    op.create_index("uq_connector_name", "connector", ["name"], unique=True)


def _create_environmentvariablevalue() -> None:
    op.create_table(
        "environmentvariablevalue",
        sa.Column("environmentvariablevalueid", sa.Uuid(), nullable=False),
        sa.Column("schemaname", sa.String(100)),
        sa.Column("value", sa.Text()),
        sa.Column("environmentvariabledefinitionid", sa.Uuid()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("environmentvariablevalueid", name="pk_environmentvariablevalue"),
    )
    op.create_index(
        "uq_environmentvariablevalue_environmentvariabledefinitionid",
        "environmentvariablevalue",
        ["environmentvariabledefinitionid"],
        unique=True,
    )


def _create_flowrun() -> None:
    op.create_table(
        "flowrun",
        sa.Column("flowrunid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("workflow", sa.Uuid()),
        sa.Column("starttime", sa.DateTime(timezone=True)),
        sa.Column("endtime", sa.DateTime(timezone=True)),
        sa.Column("duration", sa.BigInteger()),
        sa.Column("status", sa.String(100)),
        sa.Column("triggertype", sa.String(100)),
        sa.Column("errorcode", sa.String(1000)),
        sa.Column("errormessage", sa.Text()),
        sa.Column("parentrunid", sa.String(100)),
        sa.Column("modernflowtype", sa.String(100)),
        sa.Column("partitionid", sa.String(100)),
        sa.Column("ttlinseconds", sa.Integer()),
        sa.Column("flowversionid", sa.Uuid()),
        sa.Column("code", sa.String(100)),
        sa.Column("triggername", sa.String(256)),
        sa.Column("trigger", sa.Text()),
        sa.Column("sealedtrigger", sa.LargeBinary()),
        sa.Column("clienttrackingid", sa.String(255)),
        sa.Column("originhistoryname", sa.String(100)),
        sa.Column("parameters", sa.Text()),
        sa.Column("sealedparameters", sa.LargeBinary()),
        sa.Column("variables", sa.Text()),
        sa.Column("sealedvariables", sa.LargeBinary()),
        sa.Column("outputs", sa.Text()),
        sa.Column("responseactionid", sa.Uuid()),
        sa.Column("parentflowrunid", sa.Uuid()),
        sa.Column("parentactionid", sa.Uuid()),
        sa.Column("startedby", sa.Uuid()),
        sa.Column("waitendtime", sa.DateTime(timezone=True)),
        sa.Column("awaitsanswer", sa.Boolean()),
        sa.Column("istest", sa.Boolean()),
        sa.Column("dueon", sa.DateTime(timezone=True)),
        sa.Column("leaseowner", sa.Uuid()),
        sa.Column("fencingtoken", sa.Integer()),
        sa.Column("signalcount", sa.Integer()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("flowrunid", name="pk_flowrun"),
    )
    op.create_index("ix_flowrun_clienttrackingid", "flowrun", ["clienttrackingid"])
    op.create_index("ix_flowrun_dueon", "flowrun", ["dueon"])
    op.create_index("ix_flowrun_parentflowrunid", "flowrun", ["parentflowrunid"])
    op.create_index("ix_flowrun_starttime", "flowrun", ["starttime"])
    op.create_index("ix_flowrun_status_workflow", "flowrun", ["status", "workflow"])
    op.create_index("ix_flowrun_workflow_name", "flowrun", ["workflow", "name"])
    op.create_index("uq_flowrun_name", "flowrun", ["name"], unique=True)


def _create_flowrunaction() -> None:
    op.create_table(
        "flowrunaction",
        sa.Column("flowrunactionid", sa.Uuid(), nullable=False),
        sa.Column("flowrunid", sa.Uuid()),
        sa.Column("name", sa.String(256)),
        sa.Column("repetition", sa.String(200)),
        sa.Column("status", sa.String(100)),
        sa.Column("code", sa.String(100)),
        sa.Column("error", sa.Text()),
        sa.Column("inputs", sa.Text()),
        sa.Column("outputs", sa.Text()),
        sa.Column("sealedinputs", sa.LargeBinary()),
        sa.Column("sealedoutputs", sa.LargeBinary()),
        sa.Column("starttime", sa.DateTime(timezone=True)),
        sa.Column("endtime", sa.DateTime(timezone=True)),
        sa.Column("state", sa.Text()),
        sa.Column("sealedstate", sa.LargeBinary()),
        sa.Column("dueon", sa.DateTime(timezone=True)),
        sa.Column("retryhistory", sa.Text()),
        sa.Column("trackedproperties", sa.Text()),
        sa.Column("linkedid", sa.Uuid()),
        sa.PrimaryKeyConstraint("flowrunactionid", name="pk_flowrunaction"),
    )
    op.create_index(
        "uq_flowrunaction_flowrunid_repetition_name",
        "flowrunaction",
        ["flowrunid", "repetition", "name"],
        unique=True,
    )


def _create_flowrunproperty() -> None:
    op.create_table(
        "flowrunproperty",
        sa.Column("flowrunpropertyid", sa.Uuid(), nullable=False),
        sa.Column("flowrunid", sa.Uuid()),
        sa.Column("name", sa.String(256)),
        sa.Column("value", sa.String(512)),
        sa.PrimaryKeyConstraint("flowrunpropertyid", name="pk_flowrunproperty"),
    )
    op.create_index("ix_flowrunproperty_flowrunid", "flowrunproperty", ["flowrunid"])
    op.create_index("ix_flowrunproperty_name_value", "flowrunproperty", ["name", "value"])


def _create_flowrunsignal() -> None:
    op.create_table(
        "flowrunsignal",
        sa.Column("flowrunsignalid", sa.Uuid(), nullable=False),
        sa.Column("flowrunid", sa.Uuid()),
        sa.Column("flowrunactionid", sa.Uuid()),
        sa.Column("kind", sa.String(100)),
        sa.Column("payload", sa.Text()),
        sa.Column("sealedpayload", sa.LargeBinary()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("flowrunsignalid", name="pk_flowrunsignal"),
    )
    op.create_index("ix_flowrunsignal_flowrunid", "flowrunsignal", ["flowrunid"])


def _create_flowtrigger() -> None:
    op.create_table(
        "flowtrigger",
        sa.Column("flowtriggerid", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("flowversionid", sa.Uuid()),
        sa.Column("name", sa.String(256)),
        sa.Column("type", sa.String(100)),
        sa.Column("phase", sa.String(100)),
        sa.Column("status", sa.String(100)),
        sa.Column("dueon", sa.DateTime(timezone=True)),
        sa.Column("startedon", sa.DateTime(timezone=True)),
        sa.Column("lastlookon", sa.DateTime(timezone=True)),
        sa.Column("lastfiredon", sa.DateTime(timezone=True)),
        sa.Column("cursor", sa.Text()),
        sa.Column("sealedcursor", sa.LargeBinary()),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("failures", sa.Integer()),
        sa.Column("leaseowner", sa.Uuid()),
        sa.PrimaryKeyConstraint("flowtriggerid", name="pk_flowtrigger"),
    )
    op.create_index("ix_flowtrigger_dueon", "flowtrigger", ["dueon"])
    op.create_index("ix_flowtrigger_workflowid_name", "flowtrigger", ["workflowid", "name"])


def _create_flowtriggerhistory() -> None:
    op.create_table(
        "flowtriggerhistory",
        sa.Column("flowtriggerhistoryid", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("triggername", sa.String(256)),
        sa.Column("name", sa.String(100)),
        sa.Column("starttime", sa.DateTime(timezone=True)),
        sa.Column("endtime", sa.DateTime(timezone=True)),
        sa.Column("scheduledtime", sa.DateTime(timezone=True)),
        sa.Column("status", sa.String(100)),
        sa.Column("code", sa.String(100)),
        sa.Column("error", sa.Text()),
        sa.Column("inputs", sa.Text()),
        sa.Column("outputs", sa.Text()),
        sa.PrimaryKeyConstraint("flowtriggerhistoryid", name="pk_flowtriggerhistory"),
    )
    op.create_index(
        "ix_flowtriggerhistory_workflowid_triggername_name",
        "flowtriggerhistory",
        ["workflowid", "triggername", "name"],
    )
    op.create_index("uq_flowtriggerhistory_name", "flowtriggerhistory", ["name"], unique=True)


def _create_flowversion() -> None:
    op.create_table(
        "flowversion",
        sa.Column("flowversionid", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("hash", sa.String(100)),
        sa.Column("document", sa.Text()),
        sa.Column("beside", sa.Text()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("flowversionid", name="pk_flowversion"),
    )
    op.create_index("uq_flowversion_workflowid_hash", "flowversion", ["workflowid", "hash"], unique=True)


def _create_notification() -> None:
    op.create_table(
        "notification",
        sa.Column("notificationid", sa.Uuid(), nullable=False),
        sa.Column("userid", sa.Uuid()),
        sa.Column("flowrunid", sa.Uuid()),
        sa.Column("title", sa.String(1000)),
        sa.Column("text", sa.Text()),
        sa.Column("link", sa.String(2000)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("readon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("notificationid", name="pk_notification"),
    )
    op.create_index("ix_notification_userid_createdon", "notification", ["userid", "createdon"])


def _create_operationredirect() -> None:
    op.create_table(
        "operationredirect",
        sa.Column("operationredirectid", sa.Uuid(), nullable=False),
        sa.Column("apiname", sa.String(200)),
        sa.Column("operationid", sa.String(200)),
        sa.Column("definition", sa.Text()),
        sa.PrimaryKeyConstraint("operationredirectid", name="pk_operationredirect"),
    )
    op.create_index(
        "uq_operationredirect_apiname_operationid",
        "operationredirect",
        ["apiname", "operationid"],
        unique=True,
    )
