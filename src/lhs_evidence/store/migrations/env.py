"""What Alembic runs to migrate: on the connection, and in the transaction, it was given."""

from alembic import context

from lhs_evidence.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
