"""How migrations run: in one transaction, one process at a time, never waiting long for a table that is in use."""

import sqlalchemy as sa
from alembic import context

from webapp.core.database import UtcDateTime
from webapp.core.extensions import db

#: Any number, the same for every process that migrates this database.
LOCK = 7_316_204


def render_item(kind, item, autogen_context):
    """Migrations stand by themselves: they name the database's types, not ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection):
    """Every migration that is wanted, or none."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


def run_on_sqlite(engine):
    """SQLite changes a table by making it anew; with foreign keys on, that would empty the tables that point to it."""
    with engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection)
        finally:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


given = context.config.attributes.get("connection")
engine = db.engine
if given is not None:
    run(given)  # a restore: inside its transaction, which nothing here may end
elif engine.dialect.name == "sqlite":
    run_on_sqlite(engine)
else:
    with engine.connect() as connection:
        run(connection)
