"""Reminders go to nonvoters: once per closing time, and once a day on request."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.fan_outs import run_fan_outs
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs import fan_out
from webapp.core.jobs.fan_out import FanOut
from webapp.core.jobs.queue import JOBS, SCHEDULES
from webapp.core.time import clock
from webapp.groups import memberships, reads as group_reads
from webapp.mail.emails import context_of
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification
from webapp.voting.electorate import electorates, reminders
from webapp.voting.models import REMINDER
from webapp.voting.planning import votes

from .. import making

DAY = timedelta(days=1)


@pytest.fixture
def vote(group, ana, ben, cem):
    """A vote with three voters, open for three days; Ana has voted."""
    factories.membership(group, cem)
    made = making.vote(group, ana, closes_at=clock.now() + 3 * DAY)
    run_fan_outs()
    making.cast(made, ana, 1)
    return made


def remind(at, moment):
    at(moment)
    JOBS["voting.remind"]()
    run_fan_outs()


def reminded(kind="vote.nearing"):
    lines = sa.select(Notification.user_id).where(Notification.kind == kind)
    return sorted(db.session.scalars(lines))


def asked_for():
    return sa.select(FanOut).where(FanOut.kind == REMINDER)


def emails(template="voting/nearing"):
    return db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.template == template)
    ).all()


def test_nonvoters_are_reminded_once_a_day_before_closing(vote, ben, cem, at):
    assert SCHEDULES["voting.remind"] == 60
    remind(at, vote.closes_at - DAY - timedelta(minutes=2))
    assert reminded() == []

    remind(at, vote.closes_at - DAY)
    remind(at, vote.closes_at - DAY + timedelta(minutes=1))
    remind(at, vote.closes_at - timedelta(hours=3))

    assert reminded() == sorted([ben.id, cem.id])
    assert len(emails()) == 2


def test_reminders_show_the_closing_time_in_the_readers_zone(vote, ben, at):
    ben.zone = "Asia/Kolkata"
    db.session.commit()
    remind(at, vote.closes_at - DAY)

    line = db.session.scalar(
        sa.select(Notification).where(
            Notification.user_id == ben.id, Notification.kind == "vote.nearing"
        )
    )
    assert line.params["zone"] == "Asia/Kolkata"
    assert line.label.startswith("You haven’t voted yet: “What do we bring?” closes ")


def test_extending_a_vote_postpones_its_reminder(vote, ana, ben, cem, at):
    before = vote.closes_at
    at(before - DAY)
    assert len(reminders.due(clock.now())) == 1
    votes.update(vote, by=ana, plan=making.plan(closes_at=before + 5 * DAY))
    db.session.commit()
    remind(at, before - DAY + timedelta(minutes=1))
    assert reminded() == []

    remind(at, before + 4 * DAY)
    assert reminded() == sorted([ben.id, cem.id])


def test_a_pending_reminder_is_dropped_when_the_vote_is_extended(vote, ana, at):
    before = vote.closes_at
    at(before - DAY)
    JOBS["voting.remind"]()
    votes.update(vote, by=ana, plan=making.plan(closes_at=before + 5 * DAY))
    run_fan_outs()

    assert reminded() == []
    assert [errand.done for errand in db.session.scalars(asked_for())] == [0]


def test_a_pending_email_is_dropped_after_voting_or_an_extension(vote, ana, ben, cem, at):
    remind(at, vote.closes_at - DAY)
    by_user = {email.ids["user"]: email for email in emails()}
    assert all(context_of(email.template, email.ids) for email in by_user.values())
    making.cast(vote, ben, 2)
    assert context_of("voting/nearing", by_user[str(ben.id)].ids) is None

    votes.update(vote, by=ana, plan=making.plan(closes_at=vote.closes_at + 5 * DAY))
    db.session.commit()
    assert context_of("voting/nearing", by_user[str(cem.id)].ids) is None


def test_no_one_is_reminded_when_everyone_voted(vote, ben, cem, at):
    for person in (ben, cem):
        making.cast(vote, person, 1)
    remind(at, vote.closes_at - DAY)

    assert reminded() == []
    assert db.session.scalars(asked_for()).all() == []


def test_people_who_left_or_closed_their_account_are_not_reminded(vote, group, ana, ben, cem, at):
    memberships.remove(group_reads.membership_of(group, ben), by=ana)
    cem.deactivated_at = clock.now()
    db.session.commit()
    remind(at, vote.closes_at - DAY)

    assert reminded() == []


def test_a_vote_opened_within_the_last_day_sends_no_reminder(group, ana, ben, at):
    vote = making.vote(group, ana, closes_at=clock.now() + timedelta(hours=20))
    remind(at, vote.closes_at - timedelta(hours=3))

    assert reminded() == []


def test_managers_can_request_ballots_once_a_day(vote, ana, ben, cem, at):
    assert fan_out.count_of(vote, reminders.ask(vote, ana)) == 2
    run_fan_outs()
    assert reminded("vote.missed") == sorted([ben.id, cem.id])

    with pytest.raises(UserError):
        reminders.ask(vote, ana)
    at(clock.now() + timedelta(hours=25))
    making.cast(vote, ben, 1)
    reminders.ask(vote, ana)
    run_fan_outs()

    assert reminded("vote.missed") == sorted([ben.id, cem.id, cem.id])


def test_the_automatic_reminder_waits_half_a_day_after_a_requested_one(vote, ana, ben, cem, at):
    at(vote.closes_at - DAY - timedelta(hours=1))
    reminders.ask(vote, ana)
    run_fan_outs()
    remind(at, vote.closes_at - DAY)
    assert reminded() == []

    remind(at, vote.closes_at - DAY + timedelta(hours=12))
    assert reminded() == sorted([ben.id, cem.id])


def test_ballots_are_not_requested_after_closing_or_when_everyone_voted(vote, ana, ben, cem, at):
    for person in (ben, cem):
        making.cast(vote, person, 1)
    with pytest.raises(UserError):
        reminders.ask(vote, ana)

    at(vote.closes_at)
    with pytest.raises(Conflict):
        reminders.ask(vote, ana)


def test_control_without_looking_for_ballots_voters_would_be_reminded(
    vote, ana, ben, cem, at, monkeypatch
):
    monkeypatch.setattr(reminders, "nonvoters", electorates.on_roll)
    remind(at, vote.closes_at - DAY)

    assert reminded() == sorted([ana.id, ben.id, cem.id])


def test_the_button_shows_how_many_and_is_disabled_for_a_day(vote, ana, ben, browser):
    page = browser(ana)
    page.get(vote.path)
    assert "2 other people haven’t voted" in page.text
    page.submit("/reminder")
    assert "2 people will be reminded." in page.text
    assert not page.page.select("form[action$='/reminder']")
    page.post(f"{vote.path}/reminder")
    page.get(vote.path)
    assert "within the last day" in page.text

    other = browser(ben)
    other.get(vote.path)
    assert "haven’t voted" not in other.page.select_one("main").get_text()
    assert other.post(f"{vote.path}/reminder").status_code == 403
