"""How Alembic runs the revisions: on the connection it is given, inside the transaction open there."""

from __future__ import annotations

from alembic import context

from deskhand.entities.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # The caller's transaction, which holds the lock, is the only one.
)
context.run_migrations()
