"""What a restore refuses, and that it then changes nothing."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories, migrated as tables
from tests.ops.sites import (
    CHANGED_AFTERWARDS,
    archive as archive,
    backed_up,
    command,
    digests,
    lived_in as lived_in,
    migrated as migrated,
    new_site as new_site,
    old as old,
)
from webapp.core.db import migrations
from webapp.core.db.site_flags import SiteFlag
from webapp.core.extensions import db
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


def altered(path: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """Return a copy of the archive with another manifest or other members."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    target = path.with_name("altered.zip")
    with zipfile.ZipFile(target, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
        file.writestr("manifest.json", json.dumps(manifest))
    return target


def _another_row(manifest, members):
    members["rows/user.jsonl"] = members["rows/user.jsonl"].replace(b'"Noor"', b'"Mallory"')


def _a_row_less(manifest, members):
    members["rows/membership.jsonl"] = b"".join(
        members["rows/membership.jsonl"].splitlines(keepends=True)[:-1]
    )


def _a_row_without_its_parent(manifest, members):
    lines = members["rows/category.jsonl"].splitlines(keepends=True)
    members["rows/category.jsonl"] = b"".join(lines[:-1])
    digest = rows.RowDigest()
    for line in lines[:-1]:
        digest.add(line.decode().rstrip("\n"))
    manifest["tables"]["category"].update(digest.plain())


def _half_a_line(manifest, members):
    members["rows/outgoing_email.jsonl"] = members["rows/outgoing_email.jsonl"][:-20]


def _another_file(manifest, members):
    members["files/two.txt"] = b"something else"


def _a_file_outside(manifest, members):
    members["files/../../evil"] = members.pop("files/two.txt")
    manifest["files"]["../../evil"] = manifest["files"].pop("two.txt")


def _a_table_less(manifest, members):
    del manifest["tables"]["ballot"]


def _newer(manifest, members):
    manifest["revision"] = "9999_later"


def _unreleased(manifest, members):
    manifest["revision"] = "0060"


def _newer_form(manifest, members):
    manifest["form"] = 2


def _odd(*path, value):
    """Return a change of the manifest that puts a value of another type in this place."""

    def change(manifest, members):
        place = manifest
        for name in path[:-1]:
            place = place[name]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value

    change.__name__ = f"odd_{'_'.join(path)}"
    return change


ODD = [
    _odd("files", value=["two.txt"]),
    _odd("files", value="two.txt"),
    _odd("files", "two.txt", value=7),
    _odd("files", "two.txt", "sha256", value=None),
    _odd("files", "two.txt", "sha256", value={}),
    _odd("files", value=None),
    _odd("tables", value=[]),
    _odd("tables", "user", value=3),
    _odd("tables", "user", "columns", value="id"),
    _odd("tables", "user", "rows", value=True),
    _odd("tables", "user", "digest", value=None),
    _odd("revision", value=12),
    _odd("made_at", value=None),
]


OTHERS = [
    (_another_row, "don’t match the manifest"),
    (_a_row_less, "don’t match the manifest"),
    (_a_row_without_its_parent, "can’t be read, or don’t fit"),
    (_half_a_line, "can’t be read, or don’t fit"),
    (_another_file, "is damaged"),
    (_a_file_outside, "points outside its folder"),
    (_a_table_less, "don’t match its revision"),
    (_newer, "newer Folkmoot"),
    (_unreleased, "before Folkmoot’s first release"),
    (_newer_form, "newer Folkmoot"),
]


@pytest.fixture
def inhabited(new_site, migrated):
    """A site with a person and a file."""
    new = new_site(like=migrated)
    with new.app_context():
        factories.user("Someone", "Else")
        db.session.remove()
    (new.config["INSTANCE"] / "files").mkdir()
    (new.config["INSTANCE"] / "files" / "mine").write_text("mine")
    return new


@pytest.mark.any_database
def test_an_invalid_manifest_changes_nothing(archive, inhabited):
    before = digests(inhabited)
    for change in ODD:
        _is_refused(
            inhabited,
            altered(archive, change),
            "manifest of this backup is damaged",
            change.__name__,
        )
    assert digests(inhabited) == before


@pytest.mark.any_database
@pytest.mark.long(8)
def test_an_altered_backup_changes_nothing(archive, inhabited):
    before = digests(inhabited)
    for change, words in OTHERS:
        _is_refused(inhabited, altered(archive, change), words, change.__name__)
    assert digests(inhabited) == before


def _is_refused(site, path, words, what):
    refused = site.test_cli_runner().invoke(args=["restore", "--replace", str(path)])
    assert refused.exit_code == 1, what
    assert words in refused.output, what
    assert site.extensions["files"].names() == ["mine"], what
    assert sorted(path.name for path in site.config["INSTANCE"].glob("files*")) == ["files"], what


@pytest.mark.any_database
def test_an_archive_with_encrypted_entries_is_refused(old, new_site, tmp_path):
    whole = backed_up(old, tmp_path)
    content = bytearray(whole.read_bytes())
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.index(sign) + place] |= 1
    (tmp_path / "locked.zip").write_bytes(content)

    said = command(new_site(), "restore", tmp_path / "locked.zip")
    assert (said.exit_code, "encrypted" in said.output) == (1, True)


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
