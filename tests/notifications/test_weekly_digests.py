"""The weekly digest: sent once on Monday at eight in the person's time zone, and not without
news.
"""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from webapp.core.extensions import db
from webapp.core.time import time_zones
from webapp.notifications import preferences
from webapp.notifications.models import DIGEST, WEEKLY, DigestEmail, Notification
from webapp.notifications.notification_types import DIGEST_EMAIL

from .. import factories
from .digests import ZONES, at, happens, has_digest, posted, reader, tick


@pytest.fixture
def ben(context):
    return reader()


def test_a_weekly_digest_is_sent_once_on_monday_after_eight(ben):
    has_digest(ben)
    with at("2026-01-06T07:00+00:00"):  # a Tuesday
        happens(ben)
    for moment, emails in [
        ("2026-01-06T08:15+00:00", 0),
        ("2026-01-11T23:45+00:00", 0),
        ("2026-01-12T07:59+00:00", 0),
        ("2026-01-12T08:00+00:00", 1),
        ("2026-01-12T08:15+00:00", 1),
    ]:
        with at(moment):
            assert tick() == emails, moment
    with at("2026-01-12T09:00+00:00"):
        happens(ben)
    for moment, emails in [("2026-01-18T12:00+00:00", 1), ("2026-01-19T08:00+00:00", 2)]:
        with at(moment):
            assert tick() == emails, moment


def test_a_week_without_news_sends_nothing(ben):
    has_digest(ben)
    with at("2026-01-06T07:00+00:00"):
        happens(ben)
    for monday, emails in [("2026-01-12", 1), ("2026-01-19", 1), ("2026-01-26", 1)]:
        with at(f"{monday}T08:00+00:00"):
            assert tick() == emails, monday


def test_a_missed_monday_digest_is_sent_by_day_with_news_until_monday(ben):
    has_digest(ben)
    for moment in ("2026-01-11T15:00+00:00", "2026-01-12T15:00+00:00"):
        with at(moment):
            happens(ben, moment)
    with at("2026-01-13T03:00+00:00"):
        assert tick() == 0
    with at("2026-01-13T13:00+00:00"):
        assert tick() == 1
    (line,) = db.session.scalars(sa.select(Notification).where(Notification.digest_id.is_not(None)))
    assert "2026-01-11" in line.label


@pytest.mark.any_database  # when clocks change
@pytest.mark.parametrize(
    ("zone", "first"), [(zone, day) for zone, days in ZONES.items() for day in days]
)
def test_one_weekly_digest_is_sent_across_daylight_saving_changes(context, zone, first):
    user = factories.user("Zoe", zone=zone)
    preferences.choose(user, {"vote.opened": DIGEST})
    has_digest(user)
    start = time_zones.to_utc(datetime.fromisoformat(f"{first}T12:00"), zone)
    seen: list[datetime] = []
    for number in range(3 * 7 * 24):
        now = start + number * timedelta(hours=1)
        local = time_zones.in_zone(now, zone)
        with time_machine.travel(now, tick=False):
            if number % 72 == 0:
                happens(user)
            hours = (0, 7, 8, 9) if local.weekday() == 0 else (8,)
            if local.hour in hours and tick() > len(seen):
                seen.append(local)

    assert len(seen) == 3
    assert [(moment.weekday(), moment.hour) for moment in seen] == [(0, 8)] * 3, seen


@pytest.mark.any_database  # what is due when
@pytest.mark.parametrize("first", [DIGEST, WEEKLY])
@pytest.mark.parametrize("hours", [0, 5, 20, 26, 49, 66, 139])
def test_changing_the_frequency_neither_skips_nor_repeats_news(ben, first, hours):
    """Add a notification every eleven hours, change the choice twice, and run the job around eight,
    at midnight, and after each change.
    """
    has_digest(ben, first)
    other = WEEKLY if first == DIGEST else DIGEST
    start = datetime(2026, 1, 5, 6, tzinfo=UTC)
    for number in range(16 * 24):
        now = start + number * timedelta(hours=1)
        with time_machine.travel(now, tick=False):
            if number % 11 == 0 and number < 14 * 24:
                happens(ben, f"Question {number}.")
            if number == hours:
                has_digest(ben, other)
            if number == hours + 90:
                has_digest(ben, first)
            if number == 14 * 24:
                has_digest(ben, DIGEST)
            if now.hour in (0, 7, 8, 9) or number in (hours, hours + 90, 14 * 24):
                tick()

    lines = db.session.scalars(sa.select(Notification)).all()
    assert all(line.digest_id for line in lines)  # each in one digest, each digest one email
    days = db.session.scalars(sa.select(DigestEmail.day)).all()
    assert posted() == len(days) == len(set(days))


def test_undoing_an_unsubscribe_restores_the_digest_frequency(ben, visitor, emails):
    has_digest(ben)
    with at("2026-01-05T07:00+00:00"):
        happens(ben)
    with at("2026-01-05T09:00+00:00"):
        tick()
        (email,) = emails()
        path = email["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
        visitor.post(path, {"List-Unsubscribe": "One-Click"}, csrf=False)
        assert "The digest, with everything you’ve set to “Digest”" in visitor.text
        visitor.submit(button="Undo")
    db.session.rollback()
    assert preferences.of(ben)[DIGEST_EMAIL] == WEEKLY
