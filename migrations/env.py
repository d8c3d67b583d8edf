"""How migrations run: in one transaction, one process at a time, and never waiting long for a table
that is in use.
"""

from contextlib import contextmanager

import click
from alembic import context

from webapp.core.db import migrations
from webapp.core.db.base import CachedUuid, UtcDateTime
from webapp.core.extensions import db
from webapp.core.text import search


def render_item(kind, item, autogen_context):
    """Render our column types as SQLAlchemy's, so that migrations don't depend on our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, CachedUuid):
        return "sa.Uuid()"
    return False


def include_name(name, kind, parent_names):
    """Leave out the tables that the database maintains for search."""
    return not (kind == "table" and search.is_kept_for_it(name))


def include_object(item, name, kind, reflected, compare_to):
    """Leave out the search indexes, which exist only on PostgreSQL."""
    return not (kind == "index" and reflected and search.is_kept_for_it(name))


def is_another_default(context, column, described, found, default, rendered):
    """Return False if both defaults are the same; None leaves the comparison to Alembic.

    SQLite returns `('')` where a model says `''`; PostgreSQL can't compare `'[]'::json`.
    """
    is_same = found is not None and _bare(found) == _bare(rendered or "")
    return False if is_same else None


def _bare(default):
    """Return a default without its type, brackets and quotes."""
    return default.partition("::")[0].strip("()'")


def say(step, **more):
    """Print the name of a migration that has run."""
    click.echo(
        f"{'Upgraded to' if step.is_upgrade else 'Downgraded from'} {step.up_revision_id}: "
        f"{step.up_revision.doc}"
    )


def run(connection, on_step=None):
    """Run all pending migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        include_object=include_object,
        compare_type=True,
        compare_server_default=is_another_default,
        transaction_per_migration=False,
        transactional_ddl=True,  # otherwise Alembic commits each step separately on SQLite
        on_version_apply=on_step,
    )
    if migrations.is_unreleased(context.get_context().get_current_revision()):
        raise migrations.Unreleased
    with context.begin_transaction():
        context.run_migrations()


def run_impatiently():
    """Run the migrations on a connection of our own, which doesn't wait long for tables in use."""
    with db.engine.connect() as connection, keeping_rows(connection):
        migrations.limit_waiting(connection)
        run(connection, say)
        click.echo(
            f"The database is at revision {context.get_context().get_current_revision() or 'none'}."
        )


@contextmanager
def keeping_rows(connection):
    """Turn off foreign keys on SQLite for the duration of the block.

    SQLite changes a table by recreating it, which would delete the rows that refer to it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.invalidate()  # the next user needs a connection with foreign keys on


given = context.config.attributes.get("connection")
if given is not None:
    run(given)  # restoring a backup: part of its transaction, which must not end here
else:
    with migrations.exclusively(db.engine):
        migrations.retry_while_busy(run_impatiently)
