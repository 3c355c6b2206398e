"""Create the table of credentials, and note when a connection was tried out and why it did not work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table and the columns."""
    op.add_column("connection", sa.Column("testedon", sa.DateTime(timezone=True)))
    op.add_column("connection", sa.Column("testmessage", sa.Text()))
    _create_credential()


def _create_credential() -> None:
    op.create_table(
        "credential",
        sa.Column("credentialid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("description", sa.Text()),
        sa.Column("credentialtype", sa.Integer()),
        sa.Column("connectiontype", sa.Integer()),
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
        sa.Column("accountname", sa.String(320)),
        sa.Column("sealedsecret", sa.LargeBinary()),
        sa.Column("secretchangedon", sa.DateTime(timezone=True)),
        sa.Column("expireson", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("credentialid", name="pk_credential"),
    )
    op.create_index("uq_credential_name", "credential", ["name"], unique=True)
