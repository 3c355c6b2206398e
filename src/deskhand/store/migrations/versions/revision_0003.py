"""Create the tables of work queues and of row-change events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    _create_rowchange()
    _create_rowsubscription()
    _create_workqueue()
    _create_workqueueitem()


def _create_rowchange() -> None:
    op.create_table(
        "rowchange",
        sa.Column("rowchangeid", sa.Uuid(), nullable=False),
        sa.Column("rowsubscriptionid", sa.Uuid()),
        sa.Column("position", sa.BigInteger()),
        sa.Column("entity", sa.String(100)),
        sa.Column("rowid", sa.Uuid()),
        sa.Column("message", sa.String(100)),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("snapshot", sa.Text()),
        sa.PrimaryKeyConstraint("rowchangeid", name="pk_rowchange"),
    )
    op.create_index("ix_rowchange_position", "rowchange", ["position"])
    op.create_index("ix_rowchange_rowsubscriptionid", "rowchange", ["rowsubscriptionid"])


def _create_rowsubscription() -> None:
    op.create_table(
        "rowsubscription",
        sa.Column("rowsubscriptionid", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(100)),
        sa.Column("message", sa.Integer()),
        sa.Column("scope", sa.Integer()),
        sa.Column("filteringattributes", sa.Text()),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("rowsubscriptionid", name="pk_rowsubscription"),
    )
    op.create_index("ix_rowsubscription_entity_message", "rowsubscription", ["entity", "message"])
    op.create_index("ix_rowsubscription_workflowid", "rowsubscription", ["workflowid"])


def _create_workqueue() -> None:
    op.create_table(
        "workqueue",
        sa.Column("workqueueid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("description", sa.String(2000)),
        sa.Column("workqueuekey", sa.String(100)),
        sa.Column("inputschema", sa.Text()),
        sa.Column("inputschematype", sa.Integer()),
        sa.Column("itemmaxretrycount", sa.Integer()),
        sa.Column("itemmaxrequeuecount", sa.Integer()),
        sa.Column("defaultitemtimetoliveinminutes", sa.Integer()),
        sa.Column("prioritytype", sa.Integer()),
        sa.Column("workqueuetype", sa.Integer()),
        sa.Column("allowupdateinputwhileprocessing", sa.Integer()),
        sa.Column("continueprocessingifslaviolated", sa.Integer()),
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
        sa.PrimaryKeyConstraint("workqueueid", name="pk_workqueue"),
    )
    op.create_index("uq_workqueue_workqueuekey", "workqueue", ["workqueuekey"], unique=True)


def _create_workqueueitem() -> None:
    op.create_table(
        "workqueueitem",
        sa.Column("workqueueitemid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("input", sa.Text()),
        sa.Column("uniqueidbyqueue", sa.String(100)),
        sa.Column("priority", sa.Integer()),
        sa.Column("workqueueid", sa.Uuid()),
        sa.Column("expirydate", sa.DateTime(timezone=True)),
        sa.Column("delayuntil", sa.DateTime(timezone=True)),
        sa.Column("processingresult", sa.Text()),
        sa.Column("executioncontext", sa.Text()),
        sa.Column("processorid", sa.String(100)),
        sa.Column("processortype", sa.Integer()),
        sa.Column("machineuser", sa.String(100)),
        sa.Column("processinguser", sa.Uuid()),
        sa.Column("processingstarttime", sa.DateTime(timezone=True)),
        sa.Column("processingduration", sa.Integer()),
        sa.Column("completedon", sa.DateTime(timezone=True)),
        sa.Column("retrycount", sa.Integer()),
        sa.Column("requeuecount", sa.Integer()),
        sa.Column("slastatus", sa.Integer()),
        sa.Column("slathresholddate", sa.DateTime(timezone=True)),
        sa.Column("statecode", sa.Integer()),
        sa.Column("statuscode", sa.Integer()),
        sa.Column("queueposition", sa.BigInteger()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("modifiedon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("modifiedby", sa.Uuid()),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.Column("ownerid", sa.Uuid()),
        sa.Column("owningbusinessunit", sa.Uuid()),
        sa.Column("owninguser", sa.Uuid()),
        sa.PrimaryKeyConstraint("workqueueitemid", name="pk_workqueueitem"),
    )
    op.create_index(
        "ix_workqueueitem_workqueueid_statuscode_priority_queueposition",
        "workqueueitem",
        ["workqueueid", "statuscode", "priority", "queueposition"],
    )
    op.create_index(
        "uq_workqueueitem_workqueueid_uniqueidbyqueue",
        "workqueueitem",
        ["workqueueid", "uniqueidbyqueue"],
        unique=True,
    )
