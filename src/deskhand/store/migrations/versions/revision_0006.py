"""Create the table of desktop flows' versions; what is published becomes version 1."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_WORKFLOW = sa.table(
    "workflow",
    sa.column("workflowidunique", sa.Uuid()),
    sa.column("workflowid", sa.Uuid()),
    sa.column("category", sa.Integer()),
    sa.column("componentstate", sa.Integer()),
    sa.column("definition", sa.Text()),
    sa.column("modifiedon", sa.DateTime(timezone=True)),
    sa.column("modifiedby", sa.Uuid()),
    sa.column("flowversionid", sa.Uuid()),
)
_VERSION = sa.table(
    "desktopflowversion",
    sa.column("desktopflowversionid", sa.Uuid()),
    sa.column("workflowid", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("createdon", sa.DateTime(timezone=True)),
    sa.column("createdby", sa.Uuid()),
    sa.column("definition", sa.Text()),
)
_DESKTOP_FLOW, _PUBLISHED = 6, 0


def upgrade() -> None:
    """Create the table and the first versions."""
    op.create_table(
        "desktopflowversion",
        sa.Column("desktopflowversionid", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("number", sa.Integer()),
        sa.Column("createdon", sa.DateTime(timezone=True)),
        sa.Column("createdby", sa.Uuid()),
        sa.Column("note", sa.String(500)),
        sa.Column("definition", sa.Text()),
        sa.PrimaryKeyConstraint("desktopflowversionid", name="pk_desktopflowversion"),
    )
    op.create_index(
        "uq_desktopflowversion_workflowid_number",
        "desktopflowversion",
        ["workflowid", "number"],
        unique=True,
    )
    op.add_column("flowsession", sa.Column("flowversionid", sa.Uuid()))
    _keep_what_is_published()


def _keep_what_is_published() -> None:
    connection = op.get_bind()
    c = _WORKFLOW.c
    published = sa.select(c.workflowidunique).where(
        c.category == _DESKTOP_FLOW, c.componentstate == _PUBLISHED
    )
    for key in connection.execute(published).scalars().all():
        version_id = uuid.uuid4()
        row = sa.select(
            sa.literal(version_id, sa.Uuid()),
            c.workflowid,
            sa.literal(1),
            c.modifiedon,
            c.modifiedby,
            sa.func.coalesce(c.definition, ""),
        ).where(c.workflowidunique == key)
        names = [one.name for one in _VERSION.c]
        connection.execute(sa.insert(_VERSION).from_select(names, row))
        in_force = sa.update(_WORKFLOW).where(c.workflowidunique == key)
        connection.execute(in_force.values(flowversionid=version_id))
