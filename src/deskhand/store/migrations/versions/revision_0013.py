"""Note with which claim a run was assigned and confirmed at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column."""
    op.add_column("flowsession", sa.Column("begunbyclaim", sa.String(60)))
