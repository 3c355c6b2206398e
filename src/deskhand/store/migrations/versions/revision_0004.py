"""Let a cloud flow run go on from an earlier one, and find the runs of a flow by their status."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns, and an index that serves lists of one status, newest first."""
    op.add_column("flowrun", sa.Column("resumedrunid", sa.Uuid()))
    op.add_column("flowrun", sa.Column("repeatedactions", sa.Text()))
    op.create_index("uq_flowrun_resumedrunid", "flowrun", ["resumedrunid"], unique=True)
    op.drop_index("ix_flowrun_status_workflow", "flowrun")
    op.create_index("ix_flowrun_workflow_status_name", "flowrun", ["workflow", "status", "name"])
