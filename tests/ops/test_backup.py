"""Backup and restore: a site with a community, an empty database, and every row there again; on the
database of TEST_DATABASE.
"""

import json
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.browser_like import Browser
from tests.conftest import DATABASE
from tests.ops.sites import CHANGED_AFTERWARDS, PEOPLE, backed_up, command, digests
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.core.observability.audit import AuditEntry
from webapp.groups.models import Group
from webapp.mail import outbox
from webapp.mail.models import DROPPED, QUEUED, SENT, OutgoingEmail
from webapp.ops.backup import archive, restoring, rows


def drill(old: Flask, new: Flask, tmp_path: Path) -> None:
    before = digests(old)
    said = command(new, "restore", backed_up(old, tmp_path))
    assert said.exit_code == 0, said.output

    after = digests(new)
    assert {name for name in before if after[name] != before[name]} == CHANGED_AFTERWARDS
    files = [app.extensions["files"] for app in (old, new)]
    assert files[1].names() == files[0].names()
    assert {"ab/one.bin", "two.txt"} < set(files[0].names())
    assert all(
        (files[0].path / name).read_bytes() == (files[1].path / name).read_bytes()
        for name in files[0].names()
    )


@pytest.mark.long(9)
@pytest.mark.any_database
def test_a_restored_site_has_every_row_and_file_and_works(full, new_site, tmp_path):
    new = new_site()
    drill(full, new, tmp_path)

    assert sum(table["rows"] for table in digests(new).values()) > 600
    assert new.test_client().get("/health/ready").status_code == 200
    with new.app_context():
        person = db.session.scalars(sa.select(User).where(User.handle == "yuki-hasegawa")).one()
        tab = Browser.of(new, person)
        slugs = db.session.scalars(sa.select(Group.slug)).all()
    for path in (
        "/",
        "/events",
        "/groups",
        "/votes",
        "/inbox",
        *(f"/groups/{slug}" for slug in slugs),
    ):
        assert tab.get(path).status_code == 200, path


@pytest.mark.postgresql  # on SQLite the whole demo is backed up and restored
def test_a_restored_small_site_has_every_row_and_file(old, new_site, tmp_path):
    drill(old, new_site(), tmp_path)


CHANGES = {
    "user": {"email": "other"},
    "event": {"title": "other"},
    "rsvp": {"party": 2},
    "ballot": {"choice": "other"},
    "outgoing_email": {"ids": '{"link": "other"}'},
    "vote": {"closes_at": datetime(2040, 1, 1, tzinfo=UTC)},
}


def test_a_row_changed_on_the_way_is_noticed(old):
    """The control: the comparison above notices differences."""
    with old.app_context(), db.engine.connect() as connection:
        tables = rows.tables(connection)
        for name, values in CHANGES.items():
            table = tables[name]
            before = rows.digest(connection, table)
            one = sa.select(table.c.id).limit(1).scalar_subquery()
            connection.execute(sa.update(table).where(table.c.id == one).values(values))
            assert rows.digest(connection, table) != before, name


@pytest.mark.services
def test_a_backup_can_move_a_site_to_the_other_kind_of_database(full, new_site, tmp_path):
    drill(full, new_site("sqlite" if DATABASE == "postgresql" else "postgresql"), tmp_path)


@pytest.mark.any_database
def test_a_restore_ends_sign_ins_and_links_and_logs_it(old, new_site, migrated, tmp_path):
    new = new_site(like=migrated)
    said = command(new, "restore", backed_up(old, tmp_path)).output

    assert "(2 sign-ins). No longer valid: 1 link sent by email." in said
    with new.app_context():
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "site.restored")
        ).one()
        assert entry.details["revision"]
        db.session.remove()
    after = digests(new)
    assert (after["sign_in"]["rows"], after["mailed_link"]["rows"]) == (0, 0)


@pytest.mark.any_database
def test_emails_stay_paused_after_a_restore_until_an_admin_chooses(
    old, new_site, migrated, tmp_path
):
    new = new_site(like=migrated)
    command(new, "restore", backed_up(old, tmp_path))
    carry(new)
    with new.app_context():
        outbox.enqueue_email("mail/test", to="later@example.org")
        db.session.commit()
    carry(new)
    assert arrived(new) == []
    listed = command(new, "held-mail").output
    assert "waiting@example.org  before the restore" in listed
    assert "later@example.org  since the restore" in listed
    assert "sent@example.org" not in listed

    before = listed.count("before the restore")
    assert f"{before} dropped." in command(new, "held-mail", "--drop-old").output
    assert "1 released" in command(new, "held-mail", "--release").output
    carry(new)
    assert arrived(new) == ["later@example.org"]
    assert command(new, "held-mail").output == "Email isn't paused.\n"


@pytest.mark.any_database
def test_without_the_pause_a_queued_email_is_sent_again(
    old, new_site, migrated, tmp_path, monkeypatch
):
    """The control of the test above."""
    new = new_site(like=migrated)
    monkeypatch.setattr(restoring, "PAUSED", "another mark")
    command(new, "restore", backed_up(old, tmp_path))
    carry(new)
    assert "waiting@example.org" in arrived(new)


def carry(app: Flask) -> None:
    """Run the clock's sweep, and every job."""
    app.extensions["queue"].put("mail.sweep", ())
    queue.drain(app, raising=True)


def arrived(app: Flask) -> list[str]:
    return [email.to for email in app.extensions["mailbox"].newest()]


@pytest.mark.any_database
def test_paused_emails_can_be_dropped_one_by_one_or_all(old, new_site, migrated, tmp_path):
    new = new_site(like=migrated)
    command(new, "restore", backed_up(old, tmp_path))
    with new.app_context():
        one = db.session.scalar(
            sa.select(OutgoingEmail.id).where(OutgoingEmail.address == "waiting@example.org")
        )
    assert "1 dropped." in command(new, "held-mail", "--drop", str(one)).output
    rest = command(new, "held-mail").output.count("before the restore")
    assert rest > 1
    assert f"{rest} dropped." in command(new, "held-mail", "--drop-all").output
    assert "0 released" in command(new, "held-mail", "--release").output
    assert "Email isn’t paused" in command(new, "held-mail", "--release").output
    with new.app_context():
        states = set(db.session.scalars(sa.select(OutgoingEmail.state)))
    assert states == {SENT, DROPPED}
    assert QUEUED not in states


def test_an_archive_is_private_to_its_owner_and_never_overwrites_a_file(old, tmp_path):
    path = backed_up(old, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    again = command(old, "backup", path)

    assert again.exit_code == 1
    assert "never overwrites" in again.output
    assert path.read_bytes() == before
    assert command(old, "backup", tmp_path / "nowhere" / "x.zip").exit_code == 1
    assert sorted(file.name for file in tmp_path.glob("*.part")) == []


def test_the_default_path_is_in_the_instance_folder(old):
    said = command(old, "backup").output
    (path,) = (old.config["INSTANCE"] / "backups").iterdir()

    assert str(path) in said
    assert "people's names, email addresses and password hashes" in said
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_manifest_describes_the_content_and_contains_no_settings(old, tmp_path):
    with zipfile.ZipFile(backed_up(old, tmp_path)) as file:
        manifest = json.loads(file.read("manifest.json"))
        everything = b"".join(file.read(name) for name in file.namelist())
    assert manifest["kind"] == "folkmoot-backup"
    assert manifest["tables"]["user"]["rows"] == PEOPLE
    assert {"version", "revision", "made_at", "files", "site"} <= set(manifest)
    assert ("k" * 40).encode() not in everything


def test_a_backup_of_a_running_site_is_a_consistent_snapshot(old, tmp_path, monkeypatch):
    """Someone joins after the first tables have been read: the archive doesn't contain them, and
    they needn't wait.
    """
    kept, notified = archive.Writer.rows, []

    def rows_slowly(self: Any, table: str, lines: Any) -> None:
        kept(self, table, lines)
        if table == "audit_entry":
            thread = threading.Thread(target=join)
            thread.start()
            thread.join(20)
            notified.append(not thread.is_alive())

    def join() -> None:
        with old.app_context():
            ida = factories.user("Ida", "Late")
            factories.group(ida, name="Too late")

    monkeypatch.setattr(archive.Writer, "rows", rows_slowly)
    path = backed_up(old, tmp_path)

    assert notified == [True]
    with archive.opened(path) as source:
        assert not any("Too late" in line for line in source.rows("group"))
        assert not any("ida-late" in line for line in source.rows("user"))
        assert source.manifest["tables"]["user"]["rows"] == PEOPLE
