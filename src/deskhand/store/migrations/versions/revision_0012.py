"""Note when a credential was used last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    op.add_column("credential", sa.Column("lastusedon", sa.DateTime(timezone=True)))
