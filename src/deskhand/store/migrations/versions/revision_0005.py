"""Create the tables of signing in and of the audit log, and the indexes of the portal's lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables and the indexes."""
    _create_auditevent()
    _create_authorizationcode()
    _create_refreshtoken()
    _create_signinfailure()
    _create_signinlink()
    _create_signinsession()
    _create_userpassword()
    op.create_index("ix_flowsession_createdon", "flowsession", ["createdon"])
    op.create_index("ix_flowsession_ownerid_createdon", "flowsession", ["ownerid", "createdon"])
    op.create_index("ix_flowsession_statuscode_completedon", "flowsession", ["statuscode", "completedon"])
    op.create_index("ix_flowsession_versionnumber", "flowsession", ["versionnumber"])
    op.create_index("ix_flowrun_ownerid_starttime", "flowrun", ["ownerid", "starttime"])
    op.create_index("ix_flowrun_status_starttime", "flowrun", ["status", "starttime"])
    op.create_index("ix_flowrun_versionnumber", "flowrun", ["versionnumber"])
    op.create_index("ix_workflow_versionnumber", "workflow", ["versionnumber"])


def _create_auditevent() -> None:
    op.create_table(
        "auditevent",
        sa.Column("auditeventid", sa.Uuid(), nullable=False),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("username", sa.String(200)),
        sa.Column("action", sa.String(100)),
        sa.Column("objecttype", sa.String(100)),
        sa.Column("objectid", sa.Uuid()),
        sa.Column("objectname", sa.String(300)),
        sa.Column("details", sa.Text()),
        sa.Column("address", sa.String(100)),
        sa.PrimaryKeyConstraint("auditeventid", name="pk_auditevent"),
    )
    op.create_index("ix_auditevent_createdon", "auditevent", ["createdon"])
    op.create_index("ix_auditevent_systemuserid_createdon", "auditevent", ["systemuserid", "createdon"])


def _create_authorizationcode() -> None:
    op.create_table(
        "authorizationcode",
        sa.Column("authorizationcodeid", sa.Uuid(), nullable=False),
        sa.Column("codehash", sa.String(64)),
        sa.Column("signinsessionid", sa.Uuid()),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("clientid", sa.Uuid()),
        sa.Column("redirecturi", sa.String(2000)),
        sa.Column("challenge", sa.String(43)),
        sa.Column("audience", sa.String(2000)),
        sa.Column("scope", sa.String(1000)),
        sa.Column("nonce", sa.String(500)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.Column("usedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("authorizationcodeid", name="pk_authorizationcode"),
    )
    op.create_index("ix_authorizationcode_expireson", "authorizationcode", ["expireson"])
    op.create_index("uq_authorizationcode_codehash", "authorizationcode", ["codehash"], unique=True)


def _create_refreshtoken() -> None:
    op.create_table(
        "refreshtoken",
        sa.Column("refreshtokenid", sa.Uuid(), nullable=False),
        sa.Column("tokenhash", sa.String(64)),
        sa.Column("familyid", sa.Uuid()),
        sa.Column("signinsessionid", sa.Uuid()),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("clientid", sa.Uuid()),
        sa.Column("audience", sa.String(2000)),
        sa.Column("scope", sa.String(1000)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.Column("usedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("refreshtokenid", name="pk_refreshtoken"),
    )
    op.create_index("ix_refreshtoken_expireson", "refreshtoken", ["expireson"])
    op.create_index("ix_refreshtoken_familyid", "refreshtoken", ["familyid"])
    op.create_index("ix_refreshtoken_signinsessionid", "refreshtoken", ["signinsessionid"])
    op.create_index("uq_refreshtoken_tokenhash", "refreshtoken", ["tokenhash"], unique=True)


def _create_signinfailure() -> None:
    op.create_table(
        "signinfailure",
        sa.Column("signinfailureid", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer()),
        sa.Column("lastfailedon", sa.DateTime(timezone=True)),
        sa.Column("blockeduntil", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("signinfailureid", name="pk_signinfailure"),
    )
    op.create_index("ix_signinfailure_blockeduntil", "signinfailure", ["blockeduntil"])


def _create_signinlink() -> None:
    op.create_table(
        "signinlink",
        sa.Column("signinlinkid", sa.Uuid(), nullable=False),
        sa.Column("codehash", sa.String(64)),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.Column("usedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("signinlinkid", name="pk_signinlink"),
    )
    op.create_index("ix_signinlink_expireson", "signinlink", ["expireson"])
    op.create_index("uq_signinlink_codehash", "signinlink", ["codehash"], unique=True)


def _create_signinsession() -> None:
    op.create_table(
        "signinsession",
        sa.Column("signinsessionid", sa.Uuid(), nullable=False),
        sa.Column("tokenhash", sa.String(64)),
        sa.Column("systemuserid", sa.Uuid()),
        sa.Column("method", sa.String(100)),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("lastusedon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("signinsessionid", name="pk_signinsession"),
    )
    op.create_index("ix_signinsession_expireson", "signinsession", ["expireson"])
    op.create_index("ix_signinsession_systemuserid", "signinsession", ["systemuserid"])
    op.create_index("uq_signinsession_tokenhash", "signinsession", ["tokenhash"], unique=True)


def _create_userpassword() -> None:
    op.create_table(
        "userpassword",
        sa.Column("systemuserid", sa.Uuid(), nullable=False),
        sa.Column("passwordhash", sa.String(200)),
        sa.Column("changedon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("systemuserid", name="pk_userpassword"),
    )
