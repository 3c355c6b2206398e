"""Create every table of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables, and the counter that version numbers come from."""
    _create_apitoken()
    _create_applicationsecret()
    _create_businessunit()
    _create_callback()
    _create_connection()
    _create_connectionreference()
    _create_desktopflowbinary()
    _create_environmentvariabledefinition()
    _create_filecontent()
    _create_flowlog()
    _create_flowmachine()
    _create_flowmachinegroup()
    _create_flowsession()
    _create_organization()
    _create_principalobjectaccess()
    _create_registrationtoken()
    _create_role()
    _create_roleprivilege()
    _create_solution()
    _create_systemuser()
    _create_systemuserrole()
    _create_workflow()
    _create_versionnumber()


def _create_versionnumber() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("versionnumber", data_type=sa.BigInteger())))
        return
    counter = op.create_table(
        "versionnumber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versionnumber"),
    )
    op.bulk_insert(counter, [{"id": 1, "value": 0}])


def _create_apitoken() -> None:
    op.create_table(
        "apitoken",
        sa.Column("apitokenid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.Column("revokedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("apitokenid", name="pk_apitoken"),
    )
    op.create_index("ix_apitoken_systemuserid", "apitoken", ["systemuserid"])


def _create_applicationsecret() -> None:
    op.create_table(
        "applicationsecret",
        sa.Column("applicationsecretid", sa.Uuid(), nullable=False),
        sa.Column("applicationid", sa.Uuid()),
        sa.Column("secrethash", sa.String(200)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("applicationsecretid", name="pk_applicationsecret"),
    )
    op.create_index("ix_applicationsecret_applicationid", "applicationsecret", ["applicationid"])


def _create_businessunit() -> None:
    op.create_table(
        "businessunit",
        sa.Column("businessunitid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(160)),
        sa.Column("parentbusinessunitid", sa.Uuid()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.PrimaryKeyConstraint("businessunitid", name="pk_businessunit"),
    )


def _create_callback() -> None:
    op.create_table(
        "callback",
        sa.Column("callbackid", sa.Uuid(), nullable=False),
        sa.Column("flowsessionid", sa.Uuid()),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("url", sa.String(2000)),
        sa.Column("body", sa.Text()),
        sa.Column("attempts", sa.Integer()),
        sa.Column("dueon", sa.DateTime(timezone=True)),
        sa.Column("claimedby", sa.Uuid()),
        sa.Column("lasterror", sa.String(1000)),
        sa.Column("givenup", sa.Boolean()),
        sa.PrimaryKeyConstraint("callbackid", name="pk_callback"),
    )
    op.create_index("ix_callback_dueon", "callback", ["dueon"])
    op.create_index("ix_callback_flowsessionid", "callback", ["flowsessionid"])


def _create_connection() -> None:
    op.create_table(
        "connection",
        sa.Column("connectionid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("displayname", sa.String(200)),
        sa.Column("connectorid", sa.String(1000)),
        sa.Column("targetid", sa.Uuid()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("connectionid", name="pk_connection"),
    )
    op.create_index("uq_connection_name", "connection", ["name"], unique=True)


def _create_connectionreference() -> None:
    op.create_table(
        "connectionreference",
        sa.Column("connectionreferenceid", sa.Uuid(), nullable=False),
        sa.Column("connectionreferencelogicalname", sa.String(200)),
        sa.Column("connectionreferencedisplayname", sa.String(200)),
        sa.Column("connectorid", sa.String(1000)),
        sa.Column("connectionid", sa.String(1000)),
        sa.Column("description", sa.String(2000)),
        sa.Column("promptingbehavior", sa.Integer()),
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
        sa.PrimaryKeyConstraint("connectionreferenceid", name="pk_connectionreference"),
    )
    op.create_index(
        "uq_connectionreference_connectionreferencelogicalname",
        "connectionreference",
        ["connectionreferencelogicalname"],
        unique=True,
    )


def _create_desktopflowbinary() -> None:
    op.create_table(
        "desktopflowbinary",
        sa.Column("desktopflowbinaryid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(256)),
        sa.Column("mimetype", sa.String(100)),
        sa.Column("type", sa.String(100)),
        sa.Column("data", sa.Uuid()),
        sa.Column("process", sa.Uuid()),
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
        sa.PrimaryKeyConstraint("desktopflowbinaryid", name="pk_desktopflowbinary"),
    )
    op.create_index("ix_desktopflowbinary_process", "desktopflowbinary", ["process"])


def _create_environmentvariabledefinition() -> None:
    op.create_table(
        "environmentvariabledefinition",
        sa.Column("environmentvariabledefinitionid", sa.Uuid(), nullable=False),
        sa.Column("schemaname", sa.String(100)),
        sa.Column("displayname", sa.String(100)),
        sa.Column("description", sa.Text()),
        sa.Column("type", sa.Integer()),
        sa.Column("defaultvalue", sa.Text()),
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
        sa.PrimaryKeyConstraint("environmentvariabledefinitionid", name="pk_environmentvariabledefinition"),
    )
    op.create_index(
        "uq_environmentvariabledefinition_schemaname",
        "environmentvariabledefinition",
        ["schemaname"],
        unique=True,
    )


def _create_filecontent() -> None:
    op.create_table(
        "filecontent",
        sa.Column("filecontentid", sa.Uuid(), nullable=False),
        sa.Column("objectid", sa.Uuid()),
        sa.Column("objecttype", sa.String(100)),
        sa.Column("attribute", sa.String(100)),
        sa.Column("filename", sa.String(256)),
        sa.Column("mimetype", sa.String(100)),
        sa.Column("content", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("filecontentid", name="pk_filecontent"),
    )
    op.create_index("ix_filecontent_objectid", "filecontent", ["objectid"])


def _create_flowlog() -> None:
    op.create_table(
        "flowlog",
        sa.Column("flowlogid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("level", sa.Integer()),
        sa.Column("type", sa.Integer()),
        sa.Column("data", sa.Text()),
        sa.Column("logindex", sa.Integer()),
        sa.Column("duration", sa.Integer()),
        sa.Column("flowsessionid", sa.Uuid()),
        sa.Column("desktopflowid", sa.Uuid()),
        sa.Column("flowmachineid", sa.Uuid()),
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
        sa.PrimaryKeyConstraint("flowlogid", name="pk_flowlog"),
    )
    op.create_index(
        "uq_flowlog_flowsessionid_type_logindex",
        "flowlog",
        ["flowsessionid", "type", "logindex"],
        unique=True,
    )


def _create_flowmachine() -> None:
    op.create_table(
        "flowmachine",
        sa.Column("flowmachineid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("description", sa.String(2000)),
        sa.Column("agentversion", sa.String(100)),
        sa.Column("flowmachinegroupid", sa.Uuid()),
        sa.Column("hostingtype", sa.Integer()),
        sa.Column("lastheartbeatdate", sa.DateTime(timezone=True)),
        sa.Column("sessioncapacity", sa.Integer()),
        sa.Column("machinemetadata", sa.Text()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("keyhash", sa.String(200)),
        sa.Column("sessionuser", sa.String(100)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("flowmachineid", name="pk_flowmachine"),
    )
    op.create_index("ix_flowmachine_flowmachinegroupid", "flowmachine", ["flowmachinegroupid"])
    op.create_index("uq_flowmachine_name", "flowmachine", ["name"], unique=True)


def _create_flowmachinegroup() -> None:
    op.create_table(
        "flowmachinegroup",
        sa.Column("flowmachinegroupid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("description", sa.String(2000)),
        sa.Column("flowgrouptype", sa.Integer()),
        sa.Column("preferredqueuingtype", sa.Integer()),
        sa.Column("trytoreusewindowssession", sa.Boolean()),
        sa.Column("lastrundate", sa.DateTime(timezone=True)),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("standalone", sa.Boolean()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("flowmachinegroupid", name="pk_flowmachinegroup"),
    )
    op.create_index("uq_flowmachinegroup_name", "flowmachinegroup", ["name"], unique=True)


def _create_flowsession() -> None:
    op.create_table(
        "flowsession",
        sa.Column("flowsessionid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("startedon", sa.DateTime(timezone=True)),
        sa.Column("completedon", sa.DateTime(timezone=True)),
        sa.Column("regardingobjectid", sa.Uuid()),
        sa.Column("machineid", sa.Uuid()),
        sa.Column("machinegroupid", sa.Uuid()),
        sa.Column("parentdesktopflowrunid", sa.Uuid()),
        sa.Column("parentworkflowid", sa.String(100)),
        sa.Column("parentcloudflowrunsequenceid", sa.String(1000)),
        sa.Column("connectionid", sa.String(100)),
        sa.Column("callbackurl", sa.String(2000)),
        sa.Column("context", sa.Text()),
        sa.Column("correlationid", sa.String(100)),
        sa.Column("clienttrackingid", sa.String(255)),
        sa.Column("errorcode", sa.String(1000)),
        sa.Column("errormessage", sa.Text()),
        sa.Column("errordetails", sa.Text()),
        sa.Column("errorinnererror", sa.Text()),
        sa.Column("processversion", sa.String(4000)),
        sa.Column("rundetails", sa.Text()),
        sa.Column("runduration", sa.BigInteger()),
        sa.Column("runexecutionduration", sa.BigInteger()),
        sa.Column("runwaitduration", sa.BigInteger()),
        sa.Column("runmode", sa.Integer()),
        sa.Column("runsessionmode", sa.Integer()),
        sa.Column("triggertype", sa.Integer()),
        sa.Column("subcategory", sa.Integer()),
        sa.Column("sessionusername", sa.String(100)),
        sa.Column("machinepercentcpuusage", sa.Double()),
        sa.Column("machinepercentramusage", sa.Double()),
        sa.Column("machineramusage", sa.Integer()),
        sa.Column("inputs", sa.Uuid()),
        sa.Column("outputs", sa.Uuid()),
        sa.Column("additionalcontext", sa.Uuid()),
        sa.Column("sealedinputs", sa.LargeBinary()),
        sa.Column("sealedoutputs", sa.LargeBinary()),
        sa.Column("queuepriority", sa.Integer()),
        sa.Column("requesttimeout", sa.Integer()),
        sa.Column("cancelrequestedon", sa.DateTime(timezone=True)),
        sa.Column("fencingtoken", sa.Integer()),
        sa.Column("leaseexpireson", sa.DateTime(timezone=True)),
        sa.Column("requestedby", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("flowsessionid", name="pk_flowsession"),
    )
    op.create_index("ix_flowsession_connectionid_createdon", "flowsession", ["connectionid", "createdon"])
    op.create_index("ix_flowsession_leaseexpireson", "flowsession", ["leaseexpireson"])
    op.create_index("ix_flowsession_parentdesktopflowrunid", "flowsession", ["parentdesktopflowrunid"])
    op.create_index(
        "ix_flowsession_regardingobjectid_createdon", "flowsession", ["regardingobjectid", "createdon"]
    )
    op.create_index(
        "ix_flowsession_statuscode_machinegroupid_queuepriority_createdo",
        "flowsession",
        ["statuscode", "machinegroupid", "queuepriority", "createdon"],
    )


def _create_organization() -> None:
    op.create_table(
        "organization",
        sa.Column("organizationid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(160)),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.PrimaryKeyConstraint("organizationid", name="pk_organization"),
    )


def _create_principalobjectaccess() -> None:
    op.create_table(
        "principalobjectaccess",
        sa.Column("principalobjectaccessid", sa.Uuid(), nullable=False),
        sa.Column("objectid", sa.Uuid()),
        sa.Column("objecttype", sa.String(100)),
        sa.Column("principalid", sa.Uuid()),
        sa.Column("accessmask", sa.Integer()),
        sa.PrimaryKeyConstraint("principalobjectaccessid", name="pk_principalobjectaccess"),
    )
    op.create_index("ix_principalobjectaccess_principalid", "principalobjectaccess", ["principalid"])
    op.create_index(
        "uq_principalobjectaccess_objectid_principalid",
        "principalobjectaccess",
        ["objectid", "principalid"],
        unique=True,
    )


def _create_registrationtoken() -> None:
    op.create_table(
        "registrationtoken",
        sa.Column("registrationtokenid", sa.Uuid(), nullable=False),
        sa.Column("tokenhash", sa.String(64)),
        sa.Column("flowmachinegroupid", sa.Uuid()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.Column("usedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("registrationtokenid", name="pk_registrationtoken"),
    )
    op.create_index("uq_registrationtoken_tokenhash", "registrationtoken", ["tokenhash"], unique=True)


def _create_role() -> None:
    op.create_table(
        "role",
        sa.Column("roleid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("businessunitid", sa.Uuid()),
        sa.Column("ismanaged", sa.Boolean()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.PrimaryKeyConstraint("roleid", name="pk_role"),
    )


def _create_roleprivilege() -> None:
    op.create_table(
        "roleprivilege",
        sa.Column("roleprivilegeid", sa.Uuid(), nullable=False),
        sa.Column("roleid", sa.Uuid()),
        sa.Column("privilegename", sa.String(200)),
        sa.Column("depth", sa.Integer()),
        sa.PrimaryKeyConstraint("roleprivilegeid", name="pk_roleprivilege"),
    )


def _create_solution() -> None:
    op.create_table(
        "solution",
        sa.Column("solutionid", sa.Uuid(), nullable=False),
        sa.Column("uniquename", sa.String(65)),
        sa.Column("friendlyname", sa.String(256)),
        sa.Column("version", sa.String(256)),
        sa.Column("ismanaged", sa.Boolean()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.PrimaryKeyConstraint("solutionid", name="pk_solution"),
    )


def _create_systemuser() -> None:
    op.create_table(
        "systemuser",
        sa.Column("systemuserid", sa.Uuid(), nullable=False),
        sa.Column("fullname", sa.String(200)),
        sa.Column("domainname", sa.String(1024)),
        sa.Column("internalemailaddress", sa.String(100)),
        sa.Column("azureactivedirectoryobjectid", sa.Uuid()),
        sa.Column("applicationid", sa.Uuid()),
        sa.Column("businessunitid", sa.Uuid()),
        sa.Column("isdisabled", sa.Boolean()),
        sa.Column("accessmode", sa.Integer()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.PrimaryKeyConstraint("systemuserid", name="pk_systemuser"),
    )
    op.create_index("ix_systemuser_applicationid", "systemuser", ["applicationid"])
    op.create_index(
        "ix_systemuser_azureactivedirectoryobjectid", "systemuser", ["azureactivedirectoryobjectid"]
    )
    op.create_index("uq_systemuser_domainname", "systemuser", ["domainname"], unique=True)


def _create_systemuserrole() -> None:
    op.create_table(
        "systemuserrole",
        sa.Column("systemuserroleid", sa.Uuid(), nullable=False),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("roleid", sa.Uuid()),
        sa.PrimaryKeyConstraint("systemuserroleid", name="pk_systemuserrole"),
    )
    op.create_index(
        "uq_systemuserrole_systemuserid_roleid", "systemuserrole", ["systemuserid", "roleid"], unique=True
    )


def _create_workflow() -> None:
    op.create_table(
        "workflow",
        sa.Column("workflowidunique", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("name", sa.String(100)),
        sa.Column("category", sa.Integer()),
        sa.Column("type", sa.Integer()),
        sa.Column("uiflowtype", sa.Integer()),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("componentstate", sa.Integer()),
        sa.Column("clientdata", sa.Text()),
        sa.Column("definition", sa.Text()),
        sa.Column("inputs", sa.Text()),
        sa.Column("outputs", sa.Text()),
        sa.Column("schemaversion", sa.String(100)),
        sa.Column("connectionreferences", sa.Text()),
        sa.Column("credentials", sa.Text()),
        sa.Column("dependencies", sa.Text()),
        sa.Column("desktopflowmodules", sa.Text()),
        sa.Column("metadata", sa.Text()),
        sa.Column("claims", sa.Text()),
        sa.Column("description", sa.Text()),
        sa.Column("uniquename", sa.String(256)),
        sa.Column("primaryentity", sa.String(100)),
        sa.Column("scope", sa.Integer()),
        sa.Column("mode", sa.Integer()),
        sa.Column("runas", sa.Integer()),
        sa.Column("ondemand", sa.Boolean()),
        sa.Column("subprocess", sa.Boolean()),
        sa.Column("istransacted", sa.Boolean()),
        sa.Column("ismanaged", sa.Boolean()),
        sa.Column("solutionid", sa.Uuid()),
        sa.Column("introducedversion", sa.String(48)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("workflowidunique", name="pk_workflow"),
    )
    op.create_index("ix_workflow_category_name", "workflow", ["category", "name"])
    op.create_index(
        "uq_workflow_workflowid_componentstate", "workflow", ["workflowid", "componentstate"], unique=True
    )
