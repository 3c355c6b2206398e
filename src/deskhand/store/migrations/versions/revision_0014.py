"""Note in which round of its loop a row of a run's log stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; loops of logs that are there already stay without rounds."""
    op.add_column("flowlog", sa.Column("loopround", sa.Integer()))
