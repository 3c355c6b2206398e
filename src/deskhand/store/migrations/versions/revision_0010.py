"""Keep versions of cloud flows beside those of desktop flows; what is saved becomes version 1."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_WORKFLOW = sa.table(
    "workflow",
    sa.column("workflowid", sa.Uuid()),
    sa.column("category", sa.Integer()),
    sa.column("clientdata", sa.Text()),
    sa.column("metadata", sa.Text()),
    sa.column("modifiedon", sa.DateTime(timezone=True)),
    sa.column("modifiedby", sa.Uuid()),
)
_FORMER = ("desktopflowversionid", "workflowid", "number", "createdon", "createdby", "note", "definition")
_CLOUD_FLOW = 5


def upgrade() -> None:
    """Create the table for both kinds, take the versions over, and make the first of cloud flows."""
    op.create_table(
        "workflowversion",
        sa.Column("workflowversionid", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("number", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("note", sa.String(500)),
        sa.Column("definition", sa.Text()),
        sa.Column("beside", sa.Text()),
        sa.PrimaryKeyConstraint("workflowversionid", name="pk_workflowversion"),
    )
    op.create_index(
        "uq_workflowversion_workflowid_number", "workflowversion", ["workflowid", "number"], unique=True
    )
    versions = sa.table("workflowversion", *(sa.column(name) for name in _NAMES))
    former = sa.table("desktopflowversion", *(sa.column(name) for name in _FORMER))
    connection = op.get_bind()
    connection.execute(sa.insert(versions).from_select(_NAMES[:-1], sa.select(*former.c)))
    op.drop_table("desktopflowversion")
    _keep_what_is_saved(connection, versions)


_NAMES = ("workflowversionid", *_FORMER[1:], "beside")


def _keep_what_is_saved(connection: sa.Connection, versions: sa.TableClause) -> None:
    c = _WORKFLOW.c
    cloud_flows = sa.and_(c.category == _CLOUD_FLOW, c.clientdata.is_not(None))
    for workflow_id in connection.execute(sa.select(c.workflowid).where(cloud_flows)).scalars().all():
        row = sa.select(
            sa.literal(uuid.uuid4(), sa.Uuid()),
            c.workflowid,
            sa.literal(1),
            c.modifiedon,
            c.modifiedby,
            sa.null(),
            c.clientdata,
            c.metadata,
        ).where(c.workflowid == workflow_id, cloud_flows)
        connection.execute(sa.insert(versions).from_select(_NAMES, row))
