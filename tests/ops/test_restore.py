"""What a restore refuses, and that it then changes nothing."""

import errno
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories, migrated as tables
from tests.ops.sites import CHANGED_AFTERWARDS, PEOPLE, backed_up, command, digests
from webapp.core.db import migrations
from webapp.core.db.site_flags import SiteFlag
from webapp.core.extensions import db
from webapp.core.storage.files import Folder, StorageUnavailable
from webapp.core.time import clock
from webapp.ops.backup import restoring, rows


@pytest.mark.any_database
def test_restoring_over_a_database_with_people_needs_the_replace_option(
    old, new_site, migrated, tmp_path
):
    new = new_site(like=migrated)
    with new.app_context():
        factories.user("Someone", "Else")
        db.session.remove()
    before, path = digests(new), backed_up(old, tmp_path)
    refused = command(new, "restore", path)

    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert digests(new) == before

    assert command(new, "restore", path, "--replace").exit_code == 0
    assert digests(new)["user"] == digests(old)["user"]


@pytest.mark.any_database
def test_a_file_that_is_not_a_backup_is_refused_with_a_message(new_site, tmp_path, old):
    new = new_site()
    (tmp_path / "text.zip").write_text("no zip at all")
    whole = backed_up(old, tmp_path)
    (tmp_path / "half.zip").write_bytes(whole.read_bytes()[:-400])
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr("a.txt", "a")
    (tmp_path / "folder.zip").mkdir()
    for name in ("text.zip", "half.zip", "other.zip", "missing.zip", "folder.zip"):
        said = command(new, "restore", tmp_path / name)
        assert said.exit_code == 1, name
        assert said.output.startswith("Error: "), name


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "full"), "Nothing was restored: the disk with"),
        (StorageUnavailable("GenericError"), "Nothing was restored: StorageUnavailable."),
    ],
)
def test_errors_of_the_disk_and_the_store_are_explained(
    archive, new_site, monkeypatch, error, words
):
    def fails(*_args):
        raise error

    monkeypatch.setattr(Folder, "staged", fails)
    said = command(new_site(), "restore", archive)

    assert (said.exit_code, words in said.output) == (1, True)


@pytest.mark.any_database
def test_a_restore_that_cannot_replace_the_files_says_so(archive, new_site, monkeypatch):
    new = new_site()

    def fails(*_args):
        raise PermissionError("files")

    monkeypatch.setattr(Folder, "replace", fails)
    said = command(new, "restore", archive)

    assert (said.exit_code, "but the files aren’t (PermissionError)" in said.output) == (1, True)
    assert digests(new)["user"]["rows"] == PEOPLE


def test_a_restore_that_fails_at_the_end_keeps_the_old_state(
    old, new_site, migrated, tmp_path, monkeypatch
):
    new = new_site(like=migrated)
    with new.app_context():
        factories.user("Someone", "Else")
        db.session.remove()
    before, path = digests(new), backed_up(old, tmp_path)

    def fails(*_args: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(restoring, "after_restore", fails)
    with pytest.raises(RuntimeError):
        command(new, "restore", "--replace", path)

    assert digests(new) == before


def test_a_backup_of_an_older_revision_is_migrated(old, new_site, tmp_path, monkeypatch):
    path, before = backed_up(old, tmp_path), digests(old)
    newest, _ = migrations.revisions()
    monkeypatch.setattr(migrations, "FOLDER", tables.with_a_later_one(tmp_path))
    new = new_site()
    said = command(new, "restore", path)

    assert said.exit_code == 0, said.output
    assert f"from revision {newest} to 9999_later" in said.output
    after = digests(new)
    kept = set(before) - CHANGED_AFTERWARDS
    assert {name: after[name]["rows"] for name in kept} == {
        name: before[name]["rows"] for name in kept
    }
    with new.app_context():
        assert db.session.scalars(sa.text("SELECT DISTINCT later FROM event")).all() == [0]


def test_a_database_in_use_is_not_restored_into(old, new_site, migrated, tmp_path, monkeypatch):
    new = new_site(like=migrated)
    path = backed_up(old, tmp_path)
    monkeypatch.setattr(restoring, "PATIENCE", 1)
    with new.app_context(), db.engine.connect() as other, other.begin():
        other.execute(sa.insert(SiteFlag.__table__).values(name="x", at=clock.now()))
        said = command(new, "restore", path)
    assert said.exit_code == 1
    assert "Stop the site" in said.output


def test_no_column_is_autoincremented(old):
    """A restored row keeps its number, and a sequence would start again below it."""
    with old.app_context(), db.engine.connect() as connection:
        for table in rows.tables(connection).values():
            assert not any(column.identity or column.computed for column in table.columns), (
                table.name
            )
            drawn = [
                column
                for column in table.columns
                if "nextval" in str(getattr(column.server_default, "arg", ""))
            ]
            assert not drawn, table.name
            first, *others = table.primary_key
            assert others or not isinstance(first.type, sa.Integer), (
                table.name
            )  # SQLite numbers a single integer key


def test_rows_that_refer_to_themselves_or_later_rows_are_restored(new_site, tmp_path):
    app = new_site()
    with app.app_context(), restoring.exclusively() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE knot (id INTEGER PRIMARY KEY, next INTEGER CONSTRAINT fk_knot "
            "REFERENCES knot)"
        )
        found = rows.tables(connection)
        with restoring.unchecked(connection, found):
            rows.write(connection, found["knot"], ["[1,2]", "[2,2]"])
        assert rows.digest(connection, found["knot"])["rows"] == 2
