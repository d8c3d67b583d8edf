"""How migrations run: in one transaction, one process at a time, never waiting long for a table that is in use.

An ALTER that waits for a table makes everybody behind it wait too. So it waits for a second, lets them through, and
tries again: for five minutes, then it gives up with the database as it was.
"""

import logging
import time

import sqlalchemy as sa
from alembic import context

from webapp.core.database import UtcDateTime
from webapp.core.extensions import db

#: Any number, the same for every process that migrates this database.
LOCK = 7_316_204
#: Seconds: how long one try may hold others up, how long they are let through, and when we give up.
WAIT, REST, PATIENCE = 1, 2, 300
LOCK_NOT_AVAILABLE = "55P03"
log = logging.getLogger("alembic.env")


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
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
        context.run_migrations()


def run_on_sqlite(engine):
    """SQLite changes a table by making it anew; with foreign keys on, that would empty the tables that point to it."""
    with engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection)
        finally:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


def run_on_postgresql(engine):
    """Tried until no table that changes is in use; raises OperationalError after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with engine.connect() as connection:
                return run(connection)
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE or time.monotonic() > deadline:
                raise
        log.warning("A table is in use; trying again in %s seconds", REST)
        time.sleep(REST)


engine = db.engine
if engine.dialect.name == "sqlite":
    run_on_sqlite(engine)
else:
    run_on_postgresql(engine)
