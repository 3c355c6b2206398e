"""Create the table of debugged runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table, and the mark of the runs that it is about."""
    op.create_table(
        "debugsession",
        sa.Column("flowsessionid", sa.Uuid(), nullable=False),
        sa.Column("workflowid", sa.Uuid()),
        sa.Column("definition", sa.Text()),
        sa.Column("inputs", sa.Text()),
        sa.Column("outputs", sa.Text()),
        sa.Column("sealedpart", sa.LargeBinary()),
        sa.Column("sealedcommands", sa.LargeBinary()),
        sa.Column("sealedstate", sa.LargeBinary()),
        sa.Column("phase", sa.String(10)),
        sa.Column("stateindex", sa.Integer()),
        sa.Column("sequence", sa.Integer()),
        sa.Column("watchedon", sa.DateTime(timezone=True)),
        sa.Column("versionnumber", sa.BigInteger()),
        sa.PrimaryKeyConstraint("flowsessionid", name="pk_debugsession"),
    )
    op.create_index("ix_debugsession_versionnumber", "debugsession", ["versionnumber"])
    op.create_index("ix_debugsession_phase_watchedon", "debugsession", ["phase", "watchedon"])
    op.add_column("flowsession", sa.Column("isdebugged", sa.Boolean()))
