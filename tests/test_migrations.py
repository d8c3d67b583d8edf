"""The migrations create the tables that the models describe, and can be reverted, with data, on
both databases.
"""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, revision, upgrade

from tests import factories, migrated, schemas
from tests.voting.results import making
from webapp import create_app
from webapp.core.db import migrations
from webapp.core.extensions import db
from webapp.voting.models import VoteDefault
from webapp.voting.tally.rules import KINDS

#: Described by no model: the audit log can only be added to, but tests empty their tables.
OF_MIGRATIONS = re.compile(r"trigger audit_entry_(stays|once|unchanged)|refuse_audit_change")


@pytest.fixture
def empty_app(tmp_path, empty_database: str) -> Flask:
    """An application on its own database without any table."""
    return create_app(
        DATABASE_URL=empty_database, INSTANCE=str(tmp_path), REDIS_URL="", TESTING=True
    )


def test_migrations_create_the_tables_of_the_models(migrated_app):
    with migrated_app.app_context():
        assert _differences() == set()


def _differences() -> set[str]:
    """The differences between the descriptions of the database and the models."""
    with db.engine.connect() as connection:
        lines = schemas.described(connection)
    found = {line for line in lines if not OF_MIGRATIONS.search(line)}
    return found ^ schemas.of_models(db.engine.dialect.name)


def test_a_model_without_its_migration_is_noticed(migrated_app):
    models = sa.MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.sorted_tables:
        table.to_metadata(models)
    with migrated_app.app_context(), db.engine.connect() as connection:
        before = schemas.described(connection)
        for name, change in CHANGES.items():
            table = models.tables[name.split()[0]]
            change(table)
            connection.exec_driver_sql(f"DROP TABLE {table.name}")
            table.create(connection)
            after = schemas.described(connection)
            assert bool(before ^ after) == (change is not _nothing), name
            before = after
        connection.rollback()


def _nothing(table: sa.Table) -> None:
    """Leave the model as it is."""


def _checks(table: sa.Table) -> sa.CheckConstraint:
    return next(rule for rule in table.constraints if isinstance(rule, sa.CheckConstraint))


def _another_value(table: sa.Table) -> None:
    _checks(table).sqltext = sa.text(
        str(_checks(table).sqltext).replace("'off')", "'off', 'monthly')")
    )


def _other_rows_in_index(table: sa.Table) -> None:
    index = next(index for index in table.indexes if index.name == "ix_calendar_feed_own")
    for dialect in ("sqlite", "postgresql"):
        index.dialect_options[dialect]["where"] = sa.text("group_id IS NOT NULL")


def _no_unique(table: sa.Table) -> None:
    table.constraints -= {
        rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)
    }


def _other_end(table: sa.Table) -> None:
    for key in table.foreign_key_constraints:
        key.ondelete = "RESTRICT"


_OFF = sa.DefaultClause("off")


def _collated() -> sa.String:
    names = {"sqlite": "NOCASE", "postgresql": "C"}
    return sa.String(254, collation=names[db.engine.dialect.name])


#: Table, and words that tell several changes apart -> a change to a model that someone may forget
#: to migrate.
CHANGES = {
    "preference": _nothing,
    "preference check": _another_value,
    "preference default": lambda table: setattr(table.c.channel, "server_default", _OFF),
    "preference null": lambda table: setattr(table.c.channel, "nullable", True),
    "preference unique": _no_unique,
    "report_address length": lambda table: setattr(table.c.email, "type", sa.String(255)),
    "report_address collation": lambda table: setattr(table.c.email, "type", _collated()),
    "report_address key": _other_end,
    "calendar_feed index": _other_rows_in_index,
    "calendar_feed expression": lambda table: sa.Index("ix_x", table.c.read_on.is_(None)),
}


def test_a_new_migration_of_unchanged_models_is_empty_and_found(
    migrated_app, tmp_path, monkeypatch
):
    monkeypatch.setattr(migrations, "FOLDER", migrated.with_a_later_one(tmp_path))
    (migrations.FOLDER / "versions" / "9999_later.py").unlink()
    with migrated_app.app_context():
        revision(str(migrations.FOLDER), "Change nothing", autogenerate=True, rev_id="9998_nothing")

    made = (migrations.FOLDER / "versions" / "9998_nothing.py").read_text()
    assert "op." not in made.replace("from alembic import op", "")
    migrations.revisions.cache_clear()
    assert migrations.revisions()[0] == "9998_nothing"
    migrations.revisions.cache_clear()


def test_every_migration_can_be_reverted_and_repeated_with_data(migrated_app):
    with migrated_app.app_context():
        ana, ben = factories.user("Ana"), factories.user("Ben")
        factories.event(ana, factories.group(ana, ben))
        for kind in KINDS:
            group = factories.group(ana)
            making.voted(group, ana, kind)
            db.session.add(VoteDefault(group_id=group.id, kind=kind))
        db.session.commit()
        db.session.remove()

        for revision_before in [*_before_the_newest(), "base"]:
            downgrade(revision=revision_before)
            assert _orphans() == [], revision_before
        assert set(sa.inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()

        assert _differences() == set()


def _before_the_newest() -> list[str]:
    """All revisions but the newest, the latest first."""
    scripts = ScriptDirectory(str(migrations.FOLDER)).walk_revisions()
    return [script.revision for script in scripts][1:]


def _orphans() -> list[str]:
    """Tables of SQLite with rows that violate foreign keys, which are off while it migrates."""
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def test_an_upgrade_reports_what_it_did(empty_app):
    first, again = (
        empty_app.test_cli_runner().invoke(args=["db", "upgrade"]).output for _ in range(2)
    )

    assert "Upgraded to 0001" in first
    assert "The database is at revision" in first
    assert again.splitlines()[-1] == first.splitlines()[-1]
    assert "Upgraded" not in again


def test_a_failed_migration_rolls_back_all_of_the_upgrade(empty_app, tmp_path, monkeypatch):
    monkeypatch.setattr(migrations, "FOLDER", migrated.with_a_later_one(tmp_path))
    later = migrations.FOLDER / "versions" / "9999_later.py"
    later.write_text(later.read_text().replace("    op.add", "    op.no_such_thing()\n    op.add"))
    with empty_app.app_context():
        with pytest.raises(AttributeError):
            upgrade()
        assert sa.inspect(db.engine).get_table_names() == []


@pytest.mark.parametrize("revision", ["0060", "0001_first_release"])
def test_a_database_from_before_the_first_release_is_refused(migrated_app, caplog, revision):
    with migrated_app.app_context():
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :was"), {"was": revision}
            )
        with pytest.raises(SystemExit):
            upgrade()
    assert "made before Folkmoot's first release" in caplog.text


def test_no_migration_has_the_name_of_an_unreleased_one():
    assert not [name for name in migrations.revisions()[1] if migrations.is_unreleased(name)]


def test_the_site_is_ready_only_with_its_tables(empty_app):
    client = empty_app.test_client()
    assert client.get("/health/ready").status_code == 503
    with empty_app.app_context():
        upgrade()

    assert client.get("/health/ready").json == {
        "status": "ready",
        "database": "here",
        "migrations": "done",
    }


def test_migrations_are_never_changed():
    assert _unfrozen(migrations.FOLDER) == []


def _unfrozen(folder: Path) -> list[str]:
    """What to do about each migration that differs from `frozen.txt`."""
    listed = [line.split() for line in (folder / "frozen.txt").read_text().splitlines()]
    frozen = {name: digest for digest, name in listed}
    written = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "versions").glob("*.py")
    }
    changed = sorted(name for name in frozen if written.get(name) != frozen[name])
    return [
        *(f"Sites may have run {name}: restore it, and write a new migration." for name in changed),
        *(
            f"Freeze it: (cd migrations/versions && sha256sum {name} >> ../frozen.txt)"
            for name in sorted(set(written) - set(frozen))
        ),
    ]


def test_changed_removed_and_new_migrations_are_noticed(tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    first = min((folder / "versions").glob("*.py"))
    first.write_text(first.read_text() + "# changed\n")
    (folder / "versions" / "9999_later.py").touch()

    assert _unfrozen(folder) == [
        f"Sites may have run {first.name}: restore it, and write a new migration.",
        "Freeze it: (cd migrations/versions && sha256sum 9999_later.py >> ../frozen.txt)",
    ]

    first.unlink()
    assert _unfrozen(folder)[0].startswith(f"Sites may have run {first.name}")
