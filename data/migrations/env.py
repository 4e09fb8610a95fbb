"""Alembic's entry: migrates the record that the settings name, or the connection it is handed."""

from alembic import context
from sqlalchemy import Connection

from data.migrate import migrating
from data.models import Base
from data.record import current_record


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        user_module_prefix="",
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


if (handed := context.config.attributes.get("connection")) is not None:
    run(handed)
else:
    with migrating(current_record()) as connection:
        run(connection)
