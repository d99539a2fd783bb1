"""Run by Alembic: migrates on the connection that `migrate` has opened, in its transaction."""

from alembic import context

from grader.service.data.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
