"""The daily digest: sent once at eight in the person's time zone with unread news, and not without
any.
"""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
import time_machine

from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.mail import outbox
from webapp.notifications import digests, inbox, jobs, preferences
from webapp.notifications.models import (
    DIGEST,
    IMPORTANT,
    INBOX,
    NOTHING,
    NOW,
    OFF,
    WEEKLY,
    DigestEmail,
    Notification,
)
from webapp.notifications.notification_types import DIGEST_EMAIL
from webapp.notifications.notify import notify
from webapp.ops.retention import purge

from .. import factories
from .digests import ZONES, at, happens, has_digest, posted, reader, tick


@pytest.fixture
def ben(context):
    return reader()


def test_the_daily_digest_is_sent_once_after_eight_in_the_persons_time_zone(ben):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    for moment, emails in [
        ("2026-01-05T15:15+00:00", 0),
        ("2026-01-06T07:59+00:00", 0),
        ("2026-01-06T08:00+00:00", 1),
        ("2026-01-06T08:15+00:00", 1),
        ("2026-01-06T23:45+00:00", 1),
        ("2026-01-07T08:00+00:00", 1),
    ]:
        with at(moment):
            assert tick() == emails, moment


def test_news_after_eight_waits_for_the_next_day(ben):
    with at("2026-01-06T08:01+00:00"):
        happens(ben)
        assert tick() == 0
    with at("2026-01-06T22:00+00:00"):
        assert tick() == 0
    with at("2026-01-07T08:05+00:00"):
        assert tick() == 1


def test_missed_digests_are_sent_by_day_and_not_at_night(ben):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    with at("2026-01-07T03:00+00:00"):
        assert tick() == 0
    with at("2026-01-07T13:00+00:00"):
        assert tick() == 1


@pytest.mark.any_database  # when clocks change
@pytest.mark.parametrize(
    ("zone", "first"), [(zone, day) for zone, days in ZONES.items() for day in days]
)
def test_one_digest_a_day_is_sent_across_daylight_saving_changes(context, zone, first):
    """Something happens every nine hours during four days in which clocks change."""
    user = factories.user("Zoe", zone=zone)
    preferences.choose(user, {"vote.opened": DIGEST})
    db.session.commit()
    start = time_zones.to_utc(datetime.fromisoformat(f"{first}T12:00"), zone)
    seen: list[datetime] = []
    for number in range(4 * 24 * 4):
        now = start + number * timedelta(minutes=15)
        local = time_zones.in_zone(now, zone)
        with time_machine.travel(now, tick=False):
            if number % 36 == 0:
                happens(user)
            is_near = local.hour in (7, 8)  # then every quarter of an hour, else every third hour
            if (is_near or local.hour % 3 == local.minute == 0) and tick() > len(seen):
                seen.append(local)

    assert len(seen) == 4
    assert len({moment.date() for moment in seen}) == 4
    assert all((moment.hour, moment.minute // 15) == (8, 0) for moment in seen), seen


def test_crossing_the_date_line_sends_no_second_digest_for_a_day(ben):
    ben.zone = "Pacific/Kiritimati"  # UTC+14
    happened = "2026-01-05T10:00+00:00"
    with at(happened):
        happens(ben)
    with at("2026-01-05T18:30+00:00"):
        assert tick() == 1  # of the 6th
        ben.zone = "Pacific/Niue"  # UTC-11
        happens(ben)
    with at("2026-01-05T19:15+00:00"):
        assert tick() == 1  # of the 5th, again
    with at("2026-01-06T19:15+00:00"):
        assert tick() == 1  # of the 6th, which they had already
    with at("2026-01-07T19:15+00:00"):
        assert tick() == 2


def test_a_skipped_eight_oclock_becomes_the_next_moment():
    """No zone skips eight o'clock now, but clocks could be put forward over it."""
    day = datetime(1997, 1, 1)
    assert digests.eight_oclock(day.date(), "UTC") == datetime(1997, 1, 1, 8, tzinfo=UTC)
    skipped = time_zones.to_utc(datetime(2011, 12, 31, 8), "Pacific/Apia", fold=0)
    assert digests.eight_oclock(datetime(2011, 12, 30).date(), "Pacific/Apia") == skipped


def test_no_digest_is_sent_without_unread_news(ben):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
        inbox.mark_all_read(ben)
        db.session.commit()
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 0
        assert db.session.scalars(sa.select(DigestEmail)).all() == []


def test_a_digest_omits_news_read_before_it_is_written(ben, emails):
    with at("2026-01-05T15:00+00:00"):
        happens(ben, "Tea or coffee?")
        happens(ben, "Where do we plant?")
    with at("2026-01-06T09:00+00:00"):
        tick()
        line = db.session.scalar(sa.select(Notification).where(Notification.label.contains("Tea")))
        inbox.open_line(ben, line.id)
        db.session.commit()
        (email,) = emails()

    assert email["Subject"] == "You can vote now: “Where do we plant?”"
    assert "Tea or coffee" not in email.get_body(("plain",)).get_content()


def test_a_digest_is_dropped_if_everything_was_read_meanwhile(ben, emails):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 1
        inbox.mark_all_read(ben)
        db.session.commit()
        assert emails() == []


@pytest.mark.parametrize("state", [{"verified_at": None}, {"deactivated_at": clock.now()}])
def test_only_active_accounts_get_digests(ben, state):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    for name, value in state.items():
        setattr(ben, name, value)
    db.session.commit()
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 0


def test_unsubscribing_from_digests_keeps_news_in_the_inbox(ben, visitor, emails):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    with at("2026-01-06T09:00+00:00"):
        tick()
        (email,) = emails()
        path = email["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
        assert visitor.post(path, {"List-Unsubscribe": "One-Click"}, csrf=False).status_code == 200
        happens(ben)
    with at("2026-01-07T09:00+00:00"):
        assert tick() == 1
        assert preferences.of(ben)[DIGEST_EMAIL] == OFF
        visitor.submit(button="Undo")
        db.session.rollback()
        assert tick() == 2


@pytest.mark.parametrize("channel", [INBOX, OFF, NOW])
def test_news_no_longer_chosen_for_the_digest_is_left_out(ben, channel):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
        preferences.choose(ben, {"vote.opened": channel})
        db.session.commit()
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 0


def test_a_digest_interrupted_by_a_crash_is_written_by_the_next_run(ben, monkeypatch):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    with at("2026-01-06T09:00+00:00"):
        post = outbox.enqueue_email
        monkeypatch.setattr(outbox, "enqueue_email", lambda *_args, **_ids: 1 / 0)
        assert tick() == 0
        assert db.session.scalars(sa.select(DigestEmail)).all() == []
        monkeypatch.setattr(outbox, "enqueue_email", post)
        assert tick() == 1


def test_a_failing_digest_does_not_delay_others(ben, ana, monkeypatch):
    preferences.choose(ana, {"vote.opened": DIGEST})
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
        happens(ana)
    post = outbox.enqueue_email
    monkeypatch.setattr(
        outbox,
        "enqueue_email",
        lambda *args, **ids: 1 / 0 if ids["to"] == ben.email else post(*args, **ids),
    )
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 1


def test_digests_are_written_in_batches(context, emails, monkeypatch):
    monkeypatch.setattr(jobs, "MOST", 2)
    with at("2026-01-05T15:00+00:00"):
        for _number in range(5):
            user = factories.user(zone="Europe/Lisbon")
            preferences.choose(user, {"vote.opened": DIGEST})
            happens(user)
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 2
        emails()
        assert posted() == 5


def test_a_batch_that_fails_completely_does_not_repeat_the_job(app, context, monkeypatch):
    monkeypatch.setattr(jobs, "MOST", 1)
    monkeypatch.setattr(outbox, "enqueue_email", lambda *_args, **_ids: 1 / 0)
    with at("2026-01-05T15:00+00:00"):
        for _number in range(2):
            user = factories.user(zone="Europe/Lisbon")
            preferences.choose(user, {"vote.opened": DIGEST})
            happens(user)
    app.extensions["queue"].clear()
    with at("2026-01-06T09:00+00:00"):
        assert tick() == 0
        assert len(app.extensions["queue"]) == 0


def two_clocks(app) -> int:
    """Let two workers find the same due email and write it at the same time; return how many are in
    the outbox.
    """
    db.session.rollback()
    both = threading.Barrier(2)

    def work():
        with app.app_context():
            (it,) = digests.due(clock.now())
            db.session.rollback()
            both.wait(10)
            digests.send(it)
            db.session.commit()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return posted()


@pytest.mark.parametrize("how_often", [DIGEST, WEEKLY])
def test_two_clocks_write_one_digest(app, ben, how_often):
    has_digest(ben, how_often)
    with at("2026-01-11T15:00+00:00"):
        happens(ben)
    with at("2026-01-12T09:00+00:00"):
        assert two_clocks(app) == 1


def test_control_without_the_guards_two_clocks_write_two_digests(app, ben, monkeypatch):
    def unguarded(it):
        digest = DigestEmail(
            user_id=it.user_id, day=it.day - timedelta(days=threading.get_ident() % 10_000)
        )
        db.session.add(digest)
        db.session.flush()
        return digest

    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    monkeypatch.setattr(digests, "_claimed", unguarded)
    monkeypatch.setattr(
        digests,
        "_is_waiting",
        lambda: (Notification.channel == DIGEST, Notification.read_at.is_(None)),
    )
    with at("2026-01-06T09:00+00:00"):
        assert two_clocks(app) == 2


def test_the_row_of_the_day_alone_prevents_a_second_digest(app, ben, monkeypatch):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    monkeypatch.setattr(
        digests,
        "_is_waiting",
        lambda: (Notification.channel == DIGEST, Notification.read_at.is_(None)),
    )
    with at("2026-01-06T09:00+00:00"):
        assert two_clocks(app) == 1


def test_finding_due_digests_takes_the_same_statements_for_many_people(context, statements_of):
    def someone():
        user = factories.user(zone="Europe/Lisbon")
        preferences.choose(user, {"vote.opened": DIGEST})
        happens(user)

    with at("2026-01-05T15:00+00:00"):
        someone()
        one = statements_of(lambda: digests.due(clock.now()))
        someone()
        someone()
        assert statements_of(lambda: digests.due(clock.now())) == one == 1


def test_old_digests_are_deleted_with_their_notifications(ben):
    with at("2026-01-05T15:00+00:00"):
        happens(ben)
    with at("2026-01-06T09:00+00:00"):
        tick()
    with at("2026-04-07T09:00+00:00"):
        list(purge.lines())

    assert db.session.scalars(sa.select(DigestEmail)).all() == []


def test_a_late_notification_waits_for_the_next_digest_and_delays_no_one(ben, ana):
    """A notification whose transaction commits late, after the digest of eight o'clock, waits for
    the next one and delays nobody.
    """
    preferences.choose(ana, {"vote.opened": DIGEST})
    with at("2026-01-06T07:59+00:00"):
        happens(ben)
    with at("2026-01-06T08:00+00:00"):
        assert tick() == 1
    with at("2026-01-06T07:59+00:00"):
        happens(ben)
        happens(ana)
    with at("2026-01-06T08:15+00:00"):
        assert [it.user_id for it in digests.due(clock.now())] == [ana.id]
    with at("2026-01-07T08:00+00:00"):
        assert {it.user_id for it in digests.due(clock.now())} == {ana.id, ben.id}


@pytest.mark.parametrize(
    ("level", "kinds"),
    [(NOTHING, []), (IMPORTANT, ["vote.opened"]), (None, ["event.published", "vote.opened"])],
)
def test_a_muted_groups_pending_news_is_left_out_of_the_digest(ben, level, kinds):
    preferences.choose(ben, {"event.published": DIGEST})
    mine, other = (factories.group(factories.user(), ben) for _ in range(2))
    with at("2026-01-05T15:00+00:00"):
        for group in (mine, other):
            here = {"about": group.name, "group_id": group.id}
            notify(
                [ben],
                "vote.opened",
                "/votes/x",
                {"title": "Where do we plant?"},
                **here,
                vote=uuid4(),
            )
            notify(
                [ben],
                "event.published",
                "/events/x",
                {"event": "Eel count", "group": group.name},
                **here,
                event=uuid4(),
            )
        preferences.choose_level(ben, mine.id, level)
        db.session.commit()
    with at("2026-01-06T08:00+00:00"):
        assert tick() == 1

    notified = (
        sa.select(Notification.kind)
        .where(Notification.digest_id.is_not(None))
        .order_by(Notification.kind)
    )
    assert list(db.session.scalars(notified.where(Notification.group_id == mine.id))) == kinds
    assert list(db.session.scalars(notified.where(Notification.group_id == other.id))) == [
        "event.published",
        "vote.opened",
    ]
    assert db.session.query(Notification).filter_by(read_at=None).count() == 4
