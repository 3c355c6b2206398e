"""Note where actions of a run's log stand, how they ended, and in how many loops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns; logs that are there already stay flat."""
    op.add_column("flowlog", sa.Column("subflow", sa.String(200)))
    op.add_column("flowlog", sa.Column("actionindex", sa.Integer()))
    op.add_column("flowlog", sa.Column("outcome", sa.String(20)))
    op.add_column("flowlog", sa.Column("depth", sa.Integer()))
    op.add_column("flowlog", sa.Column("loopindex", sa.Integer()))
    op.execute("UPDATE flowlog SET depth = 0 WHERE type IN (100000000, 100000001)")
    op.create_index(
        "ix_flowlog_flowsessionid_depth_logindex", "flowlog", ["flowsessionid", "depth", "logindex"]
    )
