"""The retention table: each rule works, each table with personal data has one or a reason, and the
page shows them.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories, images
from tests.voting import making
from webapp.accounts import emailed_links, handles, invitations, sign_ins, verifications
from webapp.accounts.models import EmailedLink, Invitation, User
from webapp.attendance import check_in, guests, inviting as event_inviting, messages
from webapp.conversation import post_pictures, removals, replies, threads
from webapp.core.db import site_flags
from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.core.jobs.fan_out import FanOut
from webapp.core.observability.audit import AuditAddress, AuditEntry
from webapp.core.time import clock
from webapp.events import hosts
from webapp.events.comments import EventContainer
from webapp.events.models import EventNotice, Guest, Rsvp
from webapp.groups.models import JoinRequest
from webapp.invitations import invite_links, inviting
from webapp.mail import outbox
from webapp.mail.models import DEAD, DROPPED, SENDING, SENT, OutgoingEmail
from webapp.moderation.models import Case, Report, ReportAddress
from webapp.news.models import NewsItem, NewsSource
from webapp.notifications.models import DigestEmail, Notification
from webapp.ops.retention import purge
from webapp.ops.retention.rules import RetentionRule
from webapp.ops.retention.table import IMPERSONAL, KEPT, SWEEPS, TABLE
from webapp.privacy import leases as export_leases
from webapp.privacy.models import READY, DataExport
from webapp.voting.comments import VoteContainer
from webapp.voting.models import NUDGE, Ballot

LINES = {line.key: line for line in TABLE}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _inside(context):
    """Create and purge rows in an application context, as commands do."""


def _unconfirmed(app):
    verifications.send(factories.user("Noor", verified_at=None))
    factories.user("Confirmed")


def _handle(app):
    handles.hold("was-tried", clock.now() + timedelta(days=7))


def _former_handle(app):
    handles.change(factories.user("Ana"), "another-ana")


def _link(app):
    emailed_links.current_or_new(factories.user("Ana"), emailed_links.RESET)


def _invitation(app):
    invitations.invite("new@example.org")


def _sign_in(app):
    sign_ins.create_for(factories.user("Ana"), app.config, kept=True)


def _email(app):
    for state in (SENT, DROPPED, DEAD):
        row = outbox.enqueue_email("mail/test", to=f"{state}@example.org")
        row.state, row.ended_at = state, clock.now()


def _line(app):
    db.session.add(
        Notification(
            user_id=factories.user("Ana").id, kind="test", label="Something happened", url="/"
        )
    )


def _digest(app):
    db.session.add(DigestEmail(user_id=factories.user("Ana").id, day=clock.now().date()))


def _address(app):
    entry = AuditEntry(action="test.done")
    db.session.add_all([entry, AuditAddress(entry=entry, address="203.0.113.9")])


def _host_invitation(app):
    ana, ben = factories.user("Ana"), factories.user("Ben")
    hosts.ask(factories.event(ana), ben.handle, by=ana)


def _message(app):
    ana = factories.user("Ana")
    messages.write_to_hosts(factories.event(ana), factories.user("Ben"), "Hello")


def _declined(app):
    ana = factories.user("Ana")
    db.session.add(
        JoinRequest(
            group_id=factories.group(ana).id,
            user_id=factories.user("Ben").id,
            declined_at=clock.now(),
        )
    )


def _export(app):
    db.session.add(
        DataExport(
            user_id=factories.user("Ana").id,
            state=READY,
            expires_at=clock.now() + export_leases.KEPT,
        )
    )
    db.session.add(DataExport(user_id=factories.user("Ben").id))


def _group(app):
    ana = factories.user("Ana")
    factories.event(ana, factories.group(ana, deleted_at=clock.now()))


def _event(app):
    factories.event(factories.user("Ana"), deleted_at=clock.now())


def _nobodys_event(app):
    """Create an event that ends in two hours."""
    gone = factories.user("Ana", erased_at=clock.now())
    factories.event(gone, starts_at=clock.now())
    factories.event(factories.user("Ben"), starts_at=clock.now())
    factories.event(gone, factories.group(gone), starts_at=clock.now())


def _unconfirmed_guest(app):
    guests.ask(factories.event(factories.user("Ana")), guests.NewGuest("Gil", "gil@example.org"))


def _said(app):
    ana = factories.user("Ana")
    event = factories.event(ana, starts_at=clock.now() - timedelta(hours=2), ends_at=clock.now())
    values = {"event_id": event.id, "state": "going"}
    db.session.add(Rsvp(user_id=ana.id, answers=[["1", "What do you eat?", "No eels"]], **values))
    db.session.add(Rsvp(user_id=factories.user("Ben").id, **values))


def _guest(app):
    event = factories.event(
        factories.user("Ana"), starts_at=clock.now() - HOUR, ends_at=clock.now()
    )
    db.session.add(
        Guest(event_id=event.id, name="Gil", email="gil@example.org", confirmed_at=clock.now())
    )


def _group_invitation(app):
    ana = factories.user("Ana")
    inviting.invite(factories.group(ana), ana, inviting.Invited(["new@example.org"], "member"))


def _invitation_link(app):
    ana = factories.user("Ana")
    invite_links.make_link(factories.group(ana), ana, "member", "week")
    invite_links.make_link(factories.group(ana), ana, "member", "ever")


def _case(app):
    case = Case(
        kind="event",
        thing_id=uuid.uuid4(),
        label="E",
        state="closed",
        outcome="dismissed",
        closed_at=clock.now(),
    )
    waits = Case(kind="event", thing_id=uuid.uuid4(), label="E", open_as="event")
    db.session.add_all([case, waits])
    db.session.flush()
    return case


def _report_address(app):
    report = Report(case_id=_case(app).id, reporter_kind="visitor", rule="spam")
    db.session.add(report)
    db.session.flush()
    db.session.add(ReportAddress(report_id=report.id, email="vera@example.org"))


def _vote(app):
    ana = factories.user("Ana")
    vote = making.vote(factories.group(ana), ana)
    making.cast(vote, ana, 1)
    vote.deleted_at = clock.now()


def _fan_out(app):
    ana = factories.user("Ana")
    vote = making.vote(factories.group(ana), ana)
    notified = FanOut(subject_id=vote.id, kind=NUDGE, by_id=ana.id, ended_at=clock.now())
    db.session.add(notified)


def _thread(app):
    ana = factories.user("Ana")
    threads.start(factories.group(ana), ana, "A thread", "Its first words").deleted_at = clock.now()


def _words(app):
    ana = factories.user("Ana")
    talk = threads.start(factories.group(ana), ana, "A thread", "Its first words")
    said = replies.add(talk, ana, "Nonsense")
    replies.edit(said, ana, 1, "Worse nonsense")
    removals.delete(said, by=ana)


def _pictures(app):
    ana = factories.user("Ana")
    talk = threads.start(factories.group(ana), ana, "A thread", "Its first words")
    drawn = post_pictures.store([images.encoded(), images.encoded()])
    removals.delete(replies.add(talk, ana, "Look", pictures=drawn), by=ana)


def _news(app):
    event = factories.event(factories.user("Ana"), ends_at=clock.now() + timedelta(days=60))
    notified = [EventNotice(event_id=event.id, kind=kind) for kind in ("cancelled", "message")]
    waits = EventNotice(event_id=event.id, kind="changed")
    db.session.add_all([*notified, waits])
    db.session.flush()
    ended = [FanOut(subject_id=one.id, kind="event", ended_at=clock.now()) for one in notified]
    db.session.add_all([*ended, FanOut(subject_id=waits.id, kind="event")])


def _reminder(app):
    event = factories.event(factories.user("Ana"))
    db.session.add(EventNotice(event_id=event.id, kind="day", starts_at=clock.now()))


def _check_in_event(app):
    ana = factories.user("Ana")
    event = factories.event(ana, starts_at=clock.now() - HOUR, ends_at=clock.now())
    row = Rsvp(event_id=event.id, user_id=ana.id, state="going")
    db.session.add(row)
    db.session.flush()
    check_in.arrive(event, row.id, by=ana)


def _event_invitation(app):
    ana = factories.user("Ana")
    event_inviting.invite(factories.event(ana), by=ana, addresses=["gil@example.org"])


def _unlisted(app):
    source = NewsSource(url="https://example.org/feed")
    db.session.add(source)
    db.session.flush()
    now = clock.now()
    said = {"source_id": source.id, "title": "A word", "published_at": now}
    db.session.add_all(
        [NewsItem(key="gone", unlisted_at=now, **said), NewsItem(key="listed", **said)]
    )


#: line -> (what creates a row that it deletes, the time from its creation until then, how many rows
#: are gone then)
CASES: dict[str, tuple[Callable[[Any], None], timedelta, int]] = {
    "unconfirmed-guests": (_unconfirmed_guest, timedelta(days=3), 1),
    "guests": (_guest, timedelta(days=90), 1),
    "event-news": (_news, timedelta(days=30), 1),
    "event-reminders": (_reminder, timedelta(days=30), 1),
    "check-in-events": (_check_in_event, timedelta(days=90), 1),
    "event-invitations": (_event_invitation, timedelta(days=90), 1),
    "said-with-answers": (_said, timedelta(days=90), 1),
    "unconfirmed": (_unconfirmed, timedelta(days=7), 1),
    "handles": (_handle, timedelta(days=7), 1),
    "former-handles": (_former_handle, timedelta(days=90), 1),
    "links": (_link, timedelta(days=7, hours=1), 1),
    "invitations": (_invitation, invitations.LIFE + timedelta(days=7), 1),
    "sign-ins": (_sign_in, timedelta(days=90), 1),
    "emails": (_email, timedelta(days=30), 3),
    "inbox": (_line, timedelta(days=90), 1),
    "digests": (_digest, timedelta(days=90), 1),
    "addresses": (_address, timedelta(days=90), 1),
    "host-messages": (_message, timedelta(days=30), 1),
    "host-invitations": (_host_invitation, timedelta(days=14), 1),
    "group-invitations": (_group_invitation, timedelta(days=90), 1),
    "invitation-links": (_invitation_link, timedelta(days=7 + 30), 1),
    "mailings": (_group_invitation, timedelta(days=7), 1),
    "news": (_unlisted, timedelta(days=90), 1),
    "exports": (_export, timedelta(days=7), 1),
    "declined": (_declined, timedelta(days=90), 1),
    "cases": (_case, timedelta(days=365), 1),
    "report-addresses": (_report_address, timedelta(days=90), 1),
    "groups": (_group, timedelta(days=30), 1),
    "events": (_event, timedelta(days=30), 1),
    "nobodys-events": (_nobodys_event, timedelta(hours=2), 1),
    "threads": (_thread, timedelta(days=30), 1),
    "removed-words": (_words, timedelta(days=30), 2),
    "removed-pictures": (_pictures, timedelta(days=30), 2),
    "votes": (_vote, timedelta(days=30), 1),
    "fan-outs": (_fan_out, timedelta(days=30), 1),
}


def rows_of(line: RetentionRule) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(line.model)) or 0


def test_each_retention_rule_is_tested():
    assert set(CASES) | {"event-comments", "vote-comments"} == set(LINES)
    assert len(LINES) == len(TABLE)


def _talked_about_event():
    event = factories.event(factories.user("Ana"))
    EventContainer(event).begin()
    return event


def _talked_about_vote():
    ana = factories.user("Ana")
    vote = making.vote(factories.group(ana), ana)
    VoteContainer(vote).begin()
    return vote


@pytest.mark.parametrize(
    ("key", "talk"),
    [("event-comments", _talked_about_event), ("vote-comments", _talked_about_vote)],
)
def test_comments_are_deleted_with_their_subject(app, key, talk):
    subject, line = talk(), LINES[key]
    db.session.commit()
    assert (purge.count(line), rows_of(line)) == (0, 1)

    subject.thread_id = None
    db.session.commit()
    assert purge.count(line) == purge.carry_out(line) == 1
    assert rows_of(line) == 0


@pytest.mark.parametrize("key", CASES)
def test_a_rule_deletes_expired_rows_and_no_earlier(app, key):
    line, (make, after, number) = LINES[key], CASES[key]
    make(app)
    db.session.commit()
    made, before = clock.now(), rows_of(line)

    with time_machine.travel(made + after - HOUR, tick=False):
        assert (purge.count(line), purge.carry_out(line)) == (0, 0)
        assert rows_of(line) == before
    with time_machine.travel(made + after + HOUR, tick=False):
        assert (purge.count(line), purge.carry_out(line)) == (number, number)
        db.session.commit()
        assert rows_of(line) == before - (0 if line.emptied else number)
        assert purge.count(line) == 0


def test_dependent_rows_are_deleted_with_their_row(app):
    _vote(app)
    _unconfirmed(app)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        purge.carry_out(LINES["votes"])
        purge.carry_out(LINES["unconfirmed"])
        db.session.commit()
    assert db.session.scalars(sa.select(Ballot)).all() == []
    assert db.session.scalars(sa.select(EmailedLink)).all() == []
    assert "Confirmed" in db.session.scalars(sa.select(User.first_name)).all()


def test_an_idle_sign_in_is_deleted_after_its_idle_hours(app):
    sign_ins.create_for(factories.user("Ana"), app.config)
    db.session.commit()
    line, hours = LINES["sign-ins"], timedelta(hours=app.config["SIGN_IN_IDLE_HOURS"])
    with time_machine.travel(clock.now() + hours - HOUR, tick=False):
        assert purge.count(line) == 0
    with time_machine.travel(clock.now() + hours + HOUR, tick=False):
        assert purge.count(line) == 1


def test_emails_waiting_or_being_sent_are_never_deleted(app):
    outbox.enqueue_email("mail/test", to="waiting@example.org")
    outbox.enqueue_email("mail/test", to="carried@example.org").state = SENDING
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        assert purge.carry_out(LINES["emails"]) == 0


def test_every_table_with_personal_data_has_a_rule_or_a_reason(app):
    lines = {line.model.__tablename__ for line in TABLE}
    tables = set(db.metadata.tables)

    assert tables - lines - set(KEPT) - IMPERSONAL == set(), (
        "say how long it is kept, in ops/retention/table.py or kept.py"
    )
    assert not IMPERSONAL & (lines | set(KEPT))
    assert (set(KEPT) | IMPERSONAL | lines) <= tables
    naming_people = {name for name, table in db.metadata.tables.items() if _names_people(table)}
    assert not naming_people & IMPERSONAL


def _names_people(table: sa.Table) -> bool:
    keys = {key.column.table.name for key in table.foreign_keys}
    return "user" in keys or any(
        "email" in column.name or "address" in column.name for column in table.columns
    )


def test_the_purge_runs_daily_and_is_the_only_one():
    assert queue.SCHEDULES["ops.purge"] == 24 * 60 * 60
    assert [name for name in queue.SCHEDULES if "purge" in name or "forget" in name] == [
        "ops.purge"
    ]


def test_the_scheduled_purge_applies_every_rule_and_records_its_run(app):
    _handle(app)
    _invitation(app)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        queue.JOBS["ops.purge"]()
        assert site_flags.get(purge.DONE).at == clock.now()
    assert db.session.scalars(sa.select(Invitation)).all() == []
    assert rows_of(LINES["handles"]) == 0


def test_the_command_reports_deletions_and_a_dry_run_changes_nothing(app):
    _email(app)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        dry = app.test_cli_runner().invoke(args=["purge", "--dry-run"])
        assert db.session.scalar(sa.select(sa.func.count(OutgoingEmail.id))) == 3
        done = app.test_cli_runner().invoke(args=["purge"])
    assert "       3  Records of emails sent, and to whom" in dry.output
    assert "Nothing was deleted." in dry.output
    assert "       3  Records of emails sent, and to whom" in done.output
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(OutgoingEmail.id))) == 0


def test_the_public_page_shows_every_rule_and_reason(visitor):
    answer = visitor.get("/privacy/retention")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    lines = [*TABLE, *SWEEPS]
    for words in (
        [line.what for line in lines]
        + [line.why for line in lines]
        + [word for pair in KEPT.values() for word in pair]
    ):
        assert str(words) in visitor.text
    for line in TABLE:
        if line.after.days:
            assert f"<b>{line.after.days}</b>days" in answer.text
    assert 'href="/privacy/retention"' in answer.text
