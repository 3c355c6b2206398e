"""Note when the action log of a run was deleted by rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    op.add_column("flowsession", sa.Column("logdeletedon", sa.DateTime(timezone=True)))
