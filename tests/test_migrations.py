"""The migrations make the tables that the models describe, and go back, with data, on both databases."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from tests import factories
from webapp import create_app
from webapp.core.database import UtcDateTime
from webapp.core.extensions import db


@pytest.fixture
def empty_app(tmp_path, empty_database: str) -> Flask:
    """An application on a database of its own without any table."""
    return create_app(DATABASE_URL=empty_database, INSTANCE=str(tmp_path), REDIS_URL="", TESTING=True)


def test_migrations_make_what_the_models_describe(empty_app):
    with empty_app.app_context():
        upgrade()

        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": _same_type, "render_as_batch": True})
            assert compare_metadata(context, db.metadata) == []
        inspector = sa.inspect(db.engine)
        for table in db.metadata.sorted_tables:
            wanted = {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}
            assert {c["name"] for c in inspector.get_check_constraints(table.name)} == wanted, table.name


def test_every_migration_goes_down_and_up_again_with_data(empty_app):
    with empty_app.app_context():
        upgrade()
        ana, ben = factories.user("Ana"), factories.user("Ben")
        factories.event(ana, factories.group(ana, ben))
        db.session.remove()

        downgrade(revision="base")
        assert set(sa.inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()

        assert {t.name for t in db.metadata.sorted_tables} < set(sa.inspect(db.engine).get_table_names())


def test_ready_only_when_the_tables_are_there(empty_app):
    client = empty_app.test_client()
    assert client.get("/health/ready").status_code == 503
    with empty_app.app_context():
        upgrade()

    assert client.get("/health/ready").json == {"status": "ready", "database": "here", "migrations": "done"}


def _same_type(context, inspected, metadata_column, inspected_type, metadata_type):
    """SQLite keeps a moment as a plain DATETIME and an id as text: the same by other names."""
    if isinstance(metadata_type, UtcDateTime):
        return not isinstance(inspected_type, sa.DateTime)
    if isinstance(metadata_type, sa.Uuid):
        return not isinstance(inspected_type, sa.Uuid | sa.CHAR | sa.NUMERIC)
    return None
