"""The data archive: what it contains, how it is created, and who can download it."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.groups.racing import at_once
from webapp.accounts import account_deletion, credentials
from webapp.accounts.models import EmailedLink, SignIn, User
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.jobs import queue
from webapp.core.jobs.queue import JOBS
from webapp.core.time import clock
from webapp.mail import outbox
from webapp.notifications.models import Notification
from webapp.ops.retention import purge
from webapp.ops.retention.table import SWEEPS, TABLE
from webapp.privacy import deletions, exports, leases, reads
from webapp.privacy.models import FAILED, RUNNING, DataExport

from . import finding, life

LINE = next(line for line in TABLE if line.key == "exports")


def asked(user):
    """Create a waiting export of the person, and commit."""
    export = exports.ask(user)
    db.session.commit()
    return export


@pytest.mark.any_database
def test_the_archive_contains_what_the_person_wrote_and_did(app, left, cara):
    archive = finding.archive_of(app, cara)
    data = {
        name: json.loads(archive.read(name))
        for name in archive.namelist()
        if name.endswith(".json")
    }

    assert data["data/account.json"][0]["email"] == cara.email
    assert data["data/ballots.json"][0]["chosen"] == "Bread"
    assert len({row["group"] for row in data["data/memberships.json"]} | {"Theirs"}) == 2
    assert [row["role"] for row in data["data/memberships.json"]] == ["owner", "organizer"]
    said = {origin.column for origin in left.canaries.within(str(data))}
    assert {
        "join_request.message",
        "host_message.body",
        "ban.reason",
        "event.title",
        "audit_address.address",
    } <= said
    empty = {name for name, rows in data.items() if not rows}
    assert empty <= {"data/options.json"}
    assert "Folkmoot" in archive.read("README.txt").decode()


@pytest.mark.any_database
def test_the_archive_contains_no_secrets_and_nothing_of_others(app, left, cara):
    secrets = [cara.nonce, cara.password_hash]
    secrets += [
        *db.session.scalars(sa.select(SignIn.token_hash)),
        *db.session.scalars(sa.select(EmailedLink.nonce)),
    ]
    archive = finding.archive_of(app, cara)
    text = "\n".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    ben = db.session.scalar(sa.select(User).where(User.first_name == "Ben"))

    for word in [ben.last_name, ben.email, ben.handle, str(ben.id), *secrets]:
        assert word not in text
    assert "notification.params" not in {origin.column for origin in left.canaries.within(text)}


def test_the_person_sees_the_progress_and_is_notified(app, browser, ana, emails):
    page = browser(ana)
    page.get("/account/data")
    assert "Create archive" in page.text
    page.submit("/account/data")
    assert "Creating your archive" in page.text
    assert page.page.find("progress")

    (email,) = emails()
    page.get("/account/data")

    assert "Your archive is ready" in page.text
    assert email["Subject"] == "Your data is ready"
    assert not list(email.iter_attachments())
    answer = page.get("/account/data.zip")
    assert answer.data.startswith(b"PK")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_polled_partial_shows_the_progress(app, browser, ana):
    export = asked(ana)
    held = leases.take(export.id)
    leases.renew(held, 3, 7)
    db.session.commit()
    page = browser(ana)

    answer = page.fragment("/account/data", "export")

    assert 'max="7" value="3"' in answer.text
    assert "3 of 7 parts" in answer.text
    assert "<html" not in answer.text


def test_repeated_requests_create_one_archive(app, ana):
    asked(ana)

    with pytest.raises(Conflict):
        exports.ask(ana)


def test_two_parallel_requests_create_one_archive(app, ana):
    ana_id = ana.id
    db.session.rollback()
    ask = lambda: exports.ask(db.session.get(User, ana_id))  # noqa: E731

    assert at_once(app, [ask, ask]) == ["done", "refused"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DataExport)) == 1


def test_a_killed_export_is_restarted_and_a_late_worker_changes_nothing(app, ana):
    export = asked(ana)
    app.extensions["queue"].clear()
    killed = leases.take(export.id)
    leases.renew(killed, 2, 9)
    db.session.commit()
    JOBS["privacy.sweep"]()
    assert app.extensions["queue"].take() is None, "its lease still holds"

    db.session.execute(
        sa.update(DataExport).values(leased_until=clock.now() - timedelta(seconds=1))
    )
    db.session.commit()
    JOBS["privacy.sweep"]()
    queue.drain(app, raising=True)

    assert reads.export_of(ana).is_ready
    assert not leases.renew(killed, 9, 9)
    assert not leases.mark_ready(killed, 1)


def test_a_worker_that_lost_its_lease_leaves_no_archive(app, ana, monkeypatch):
    export = asked(ana)
    files = app.extensions["files"]
    monkeypatch.setattr(leases, "mark_ready", lambda held, size: False)

    JOBS["privacy.pack"](str(export.id))

    assert reads.export_of(ana).state == RUNNING
    assert not [name for name in files.names() if str(export.id) in name]


def test_a_failing_export_is_tried_three_times_then_reported(app, ana, browser, monkeypatch):
    asked(ana)
    monkeypatch.setattr(exports, "packed", lambda *_: 1 / 0)
    for _try in range(4):
        queue.drain(app, raising=True)
        db.session.execute(
            sa.update(DataExport).values(leased_until=clock.now() - timedelta(seconds=1))
        )
        db.session.commit()
        JOBS["privacy.sweep"]()

    assert reads.export_of(ana).state == FAILED
    db.session.rollback()
    page = browser(ana)
    page.get("/account/data")
    assert "The archive couldn’t be created" in page.text
    monkeypatch.undo()
    page.submit("/account/data")
    db.session.rollback()
    queue.drain(app, raising=True)
    assert reads.export_of(ana).is_ready


def test_only_the_owner_can_download_it_with_the_password_for_seven_days(app, ana, ben, browser):
    asked(ana)
    queue.drain(app, raising=True)
    page, another = browser(ana), browser(ben)
    db.session.rollback()

    assert browser().get("/account/data.zip").headers["Location"].startswith("/sign-in")
    assert another.get("/account/data.zip").status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert (
            page.get("/account/data.zip")
            .headers["Location"]
            .startswith("/account/reauthentication")
        )
    db.session.rollback()
    db.session.execute(
        sa.update(SignIn).values(
            remember=True, reauthenticated_at=clock.now() + timedelta(days=7, hours=1)
        )
    )
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=7, hours=1), tick=False):
        assert page.get("/account/data.zip").status_code == 404


def test_the_archive_is_deleted_with_its_row(app, ana):
    asked(ana)
    queue.drain(app, raising=True)
    name = reads.export_of(ana).file
    assert name in app.extensions["files"].names()

    with time_machine.travel(clock.now() + leases.KEPT, tick=False):
        assert purge.carry_out(LINE) == 1
    db.session.commit()

    assert name not in app.extensions["files"].names()


def test_a_new_archive_replaces_the_previous_one(app, ana):
    asked(ana)
    queue.drain(app, raising=True)
    before = reads.export_of(ana).file

    asked(ana)
    queue.drain(app, raising=True)

    names = app.extensions["files"].names()
    assert before not in names
    assert reads.export_of(ana).file in names


def test_no_archive_is_created_for_a_leaving_person_until_they_are_back(app, ana):
    """Neither with three attempts, nor with a notification that it failed."""
    export = asked(ana)
    killed = leases.take(export.id)
    deletions.ask(ana, credentials.proof_for_user(ana.id, factories.PASSWORD))
    silent = {"leased_until": clock.now() - timedelta(seconds=1), "attempts": leases.MOST_ATTEMPTS}
    db.session.execute(sa.update(DataExport).values(**silent))
    db.session.commit()
    app.extensions["queue"].clear()

    JOBS["privacy.sweep"]()
    assert leases.take(export.id) is None
    assert reads.export_of(ana).state == RUNNING
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == 0

    db.session.execute(sa.update(DataExport).values(attempts=1))
    account_deletion.restore(ana, account_deletion.restoration_proof(ana))
    db.session.commit()
    JOBS["privacy.sweep"]()
    queue.drain(app, raising=True)
    assert reads.export_of(ana).is_ready
    assert not leases.renew(killed, 1, 2)


def test_leaving_during_an_export_leaves_no_archive(app, ana, monkeypatch):
    export_id, put = str(asked(ana).id), exports.put

    def put_when_they_have_left(name, source):
        deletions.ask(ana, credentials.proof_for_user(ana.id, factories.PASSWORD))
        db.session.commit()
        put(name, source)

    monkeypatch.setattr(exports, "put", put_when_they_have_left)
    JOBS["privacy.pack"](export_id)

    assert archives_of(app, export_id) == []
    assert reads.export_of(ana).state == RUNNING
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == 0


def test_erasure_during_an_export_leaves_no_archive(app, ana, monkeypatch):
    export_id, put = str(asked(ana).id), exports.put

    def put_when_they_are_erased(name, source):
        life.erased(ana)
        put(name, source)

    monkeypatch.setattr(exports, "put", put_when_they_are_erased)
    JOBS["privacy.pack"](export_id)

    assert archives_of(app, export_id) == []
    assert reads.export_of(ana) is None


def archives_of(app, export_id):
    return [
        name
        for name in app.extensions["files"].names()
        if name.startswith(exports.FOLDER) and export_id in name
    ]


def test_only_archives_without_a_row_are_deleted_after_a_day(app, ana):
    """Its worker died before the row was updated, or the file store was down when the row was
    deleted.
    """
    app.extensions["files"].delete(*archives_of(app, ""))
    asked(ana)
    queue.drain(app, raising=True)
    app.extensions["files"].write("exports/nobodys.zip", b"everything about someone")
    db.session.rollback()
    line = next(line for line in SWEEPS if line.key == "archives")

    assert purge.count(line) == 0
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=5), tick=False):
        assert purge.carry_out(line) == 1
    names = app.extensions["files"].names()
    assert reads.export_of(ana).file in names
    assert "exports/nobodys.zip" not in names


def test_the_archive_omits_emails_sent_before_the_address_was_theirs(app, ana, ben):
    """An address can be given up, and belong to someone else later."""
    with time_machine.travel(clock.now() - timedelta(days=3), tick=False):
        outbox.enqueue_email("accounts/password_changed", to="shared@example.org", user=ben.id)
        outbox.enqueue_email("accounts/declined", to="shared@example.org")
        db.session.flush()
    ana.email, ana.created_at = "shared@example.org", clock.now() - timedelta(days=1)
    outbox.enqueue_email("accounts/password_changed", to="ana@before.example.org", user=ana.id)
    outbox.enqueue_email("moderation/received", to="shared@example.org", report=ana.id)
    db.session.commit()

    emails = json.loads(finding.archive_of(app, ana).read("data/mails.json"))

    assert [(email["template"], email["address"]) for email in emails] == [
        ("accounts/password_changed", "ana@before.example.org"),
        ("moderation/received", "shared@example.org"),
    ]


def test_the_page_asks_for_the_password_and_the_download_does_not(app, ana, browser):
    """A download isn't followed by a page, so someone coming from the password form would be left
    on it.
    """
    asked(ana)
    queue.drain(app, raising=True)
    page = browser(ana)
    page.get("/account/data")
    assert page.page.find("a", href="/account/data.zip")
    assert not page.page.find("a", href="/account/data.zip").has_attr(
        "download"
    )  # the browser would save a page of ours as the archive

    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        page.get("/account/data")
        assert page.page.find("a", href="/account/data.zip") is None
        page.get(page.page.select_one("#export a[href^='/account/reauthentication']")["href"])
        page.submit("/account/reauthentication", password=factories.PASSWORD)

        assert page.path == "/account/data"
        assert page.page.find("a", href="/account/data.zip")
