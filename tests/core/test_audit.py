"""The audit log: what it records, that it can't be changed, and how it is read."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.factories import PASSWORD
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.http import errors
from webapp.core.jobs.queue import JOBS
from webapp.core.observability import audit
from webapp.core.observability.audit import AuditAddress, AuditEntry
from webapp.core.time import clock
from webapp.groups import memberships
from webapp.groups.models import Membership


@pytest.fixture
def kept(migrated_app):
    """One entry with its address, in a database created by the migrations."""
    with migrated_app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        audit.record("vote.created", title="River")
        db.session.commit()
        yield db.session.scalar(sa.select(AuditEntry.id))
        db.session.remove()


def attempt(statement, **values):
    """Expect the database to refuse the statement with our message, and to change nothing."""
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        db.session.execute(sa.text(statement), values)
    db.session.rollback()
    assert db.session.execute(sa.select(AuditEntry.action)).scalars().all() == ["vote.created"]


CHANGES = [
    "UPDATE audit_entry SET action = 'x'",
    "UPDATE audit_entry SET actor_id = NULL WHERE action = 'vote.created'",
    "DELETE FROM audit_address; DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE action = 'vote.created'",
]


def test_database_prevents_changing_or_deleting_audit_entries(kept):
    for statement in CHANGES:
        *before, last = statement.split(";")
        for words in before:
            db.session.execute(sa.text(words))
        attempt(last)


def test_database_prevents_truncating_or_replacing_audit_entries(kept):
    if db.engine.dialect.name == "postgresql":
        attempt("TRUNCATE audit_entry CASCADE")
    else:
        attempt(
            "INSERT OR REPLACE INTO audit_entry (id, created_at, action, details) VALUES (:id, "
            "'2026-01-01', 'x', '{}')",
            id=kept.hex,
        )


def test_control_without_the_triggers_an_entry_can_be_changed(kept):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays"))
    else:
        db.session.execute(sa.text("DROP TRIGGER audit_entry_unchanged"))
    assert db.session.execute(sa.text("UPDATE audit_entry SET action = 'x'")).rowcount == 1
    db.session.rollback()


def test_an_entry_can_be_added_and_its_ip_address_is_deleted_after_90_days(kept):
    assert db.session.scalars(sa.select(AuditAddress.address)).all() == ["192.0.2.7"]
    db.session.rollback()

    with time_machine.travel(clock.now() + timedelta(days=89)):
        audit.record("later")
        JOBS["ops.purge"]()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditAddress)) == 2
    db.session.rollback()
    with time_machine.travel(clock.now() + timedelta(days=91)):
        JOBS["ops.purge"]()

    assert db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "vote.created",
        "later",
    ]
    assert [address for _entry, address in audit.entries()] == ["192.0.2.7", None]


def actions():
    db.session.rollback()
    return [
        (entry.action, entry.actor_id, entry.details, address) for entry, address in audit.entries()
    ]


def test_audit_log_records_sign_ins_failures_and_sign_outs_with_ip_addresses(context, visitor, ana):
    visitor.get("/sign-in")
    visitor.submit("/sign-in", name="ana-souza", password="wrong")
    visitor.submit("/sign-in", name="ana-souza", password=PASSWORD)
    visitor.get("/account")
    visitor.submit("/sign-out")

    assert actions() == [
        ("sign_in.ended", ana.id, {}, "127.0.0.1"),
        ("sign_in.opened", ana.id, {}, "127.0.0.1"),
        ("sign_in.failed", None, {}, "127.0.0.1"),
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_audit_log_records_refused_requests_without_the_subjects_title(
    context, browser, ana, cem, method
):
    """The name of an event or a group may be all that keeps others out, and people from outside
    read the log.
    """
    event = factories.event(ana, title="River")
    page = browser(cem)
    path = f"/events/{event.slug}/cancellation"

    answer = page.get(path) if method == "GET" else page.post(path)

    assert answer.status_code == 403
    assert actions()[0] == (
        "access.refused",
        cem.id,
        {
            "route": "event_cancellations.new" if method == "GET" else "event_cancellations.create",
            "method": method,
        },
        "127.0.0.1",
    )


def test_repeated_refusals_are_logged_up_to_an_hourly_limit(
    context, browser, ana, cem, monkeypatch
):
    monkeypatch.setattr(errors, "MOST_REFUSALS", 2)
    path, page = f"/events/{factories.event(ana).slug}/cancellation", browser(cem)
    for _try in range(3):
        assert page.get(path).status_code == 403
    assert audit.how_many("access.refused", cem.id, clock.now() - timedelta(hours=1)) == 2

    with time_machine.travel(clock.now() + timedelta(hours=2)):
        page.get(path)
        assert audit.how_many("access.refused", cem.id, clock.now() - timedelta(hours=1)) == 1


def test_audit_log_records_role_changes(context, ana, ben):
    group = factories.group(ana, ben)
    membership = db.session.scalar(
        sa.select(Membership).where(Membership.group_id == group.id, Membership.user_id == ben.id)
    )

    memberships.change_role(membership, "organizer", by=ana)
    db.session.commit()

    entry, _address = audit.entries("member")[0]
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "member.role_changed",
        ana.id,
        ben.id,
    )
    assert (entry.details["before"], entry.details["after"]) == ("member", "organizer")


@pytest.fixture
def some(context, ana, ben):
    """Entries of two people over three days."""
    with time_machine.travel(clock.now() - timedelta(days=2)):
        audit.record("vote.created", by=ana, subject=ben)
        db.session.commit()
    with time_machine.travel(clock.now() - timedelta(days=1)):
        audit.record("voter", by=ben)
        db.session.commit()
    audit.record("vote.edited", by=ben, title="100%")
    db.session.commit()


def found(**asked):
    return [entry.action for entry, _address in audit.entries(**asked)]


def test_audit_log_can_be_searched(some, ana, ben):
    assert found() == ["vote.edited", "voter", "vote.created"]
    assert found(action="vote") == ["vote.edited", "vote.created"]
    assert found(action="vote.created") == ["vote.created"]
    assert found(actor=ben.id) == ["vote.edited", "voter"]
    assert found(subject=ben.id) == ["vote.created"]
    assert found(since=clock.now() - timedelta(hours=30)) == ["vote.edited", "voter"]
    assert found(most=1) == ["vote.edited"]
    assert found(before=audit.entries(most=1)[0][0].id) == ["voter", "vote.created"]
    assert found(before=new_id(), actor=ana.id) == ["vote.created"]


def test_audit_command_lists_entries(app, some):
    said = (
        app.test_cli_runner()
        .invoke(args=["audit", "--by", "ben-okafor", "--since", "2020-01-01"])
        .output
    )

    assert [line.split()[2:4] for line in said.splitlines()] == [
        ["ben-okafor", "vote.edited"],
        ["ben-okafor", "voter"],
    ]
    assert "title=100%" in said
    assert app.test_cli_runner().invoke(args=["audit", "--by", "no-such-one"]).exit_code == 1
