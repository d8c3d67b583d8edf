"""The outcome of a vote: published after the count, announced once, and reviewed on a date."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.fan_outs import run_fan_outs
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.jobs.queue import JOBS
from webapp.core.time import clock, time_zones
from webapp.groups.models import ORGANIZER
from webapp.mail.emails import context_of
from webapp.mail.models import OutgoingEmail
from webapp.notifications import preferences
from webapp.notifications.models import NOW, Notification
from webapp.voting.results import outcomes

from .. import making
from ..running import close, closed

pytestmark = pytest.mark.any_database


@pytest.fixture
def vote(group, ana, ben, at):
    """A vote in which Ben voted, and which has just closed."""
    return closed(group, ana, ben, at)


def lines(kind):
    return sorted(
        db.session.scalars(sa.select(Notification.user_id).where(Notification.kind == kind))
    )


def said(vote, by, body="We bake on **Friday**.", review_on=None):
    made = outcomes.publish(vote, by, body, review_on)
    run_fan_outs()
    return made


def test_the_other_voters_are_told_the_outcome_once_and_changes_notify_no_one(
    vote, ana, ben, cem, group, emails
):
    factories.membership(group, cem)  # too late to be a voter
    for person in (ana, ben):
        preferences.choose(person, {"vote.concluded": NOW})
    statement = said(vote, ana)
    run_fan_outs()
    assert lines("vote.concluded") == [ben.id]
    letter = db.session.scalar(
        sa.select(OutgoingEmail).where(OutgoingEmail.template == "voting/concluded")
    )
    assert context_of(letter.template, letter.ids)["statement"].body == "We bake on **Friday**."

    outcomes.change(vote, ana, "We bake on Saturday.", None, statement.version)
    run_fan_outs()

    assert lines("vote.concluded") == [ben.id]
    with pytest.raises(Conflict):
        outcomes.publish(vote, ana, "Once more")
    sent = [email for email in emails() if email["Subject"].startswith("Outcome: ")]
    assert [email["To"] for email in sent] == [ben.email]
    assert "We bake on Saturday." in sent[0].get_body(("plain",)).get_content()


def test_an_outcome_cannot_be_published_before_the_count(group, ana):
    with pytest.raises(Conflict):
        outcomes.publish(making.vote(group, ana), ana, "Already clear")


def test_the_outcome_page_of_an_open_vote_says_why_it_is_not_available(group, ana, browser):
    page, vote = browser(ana), making.vote(group, ana)

    assert page.get(f"{vote.path}/outcome").headers["Location"] == vote.path
    page.follow()
    assert "You can add an outcome once voting has closed" in page.text


def test_an_outcome_needs_text_and_a_review_date_in_the_future(vote, ana):
    today = time_zones.wall(clock.now(), vote.zone).date()
    for body, day, field in (("  ", None, "body"), ("Well", today, "review_on")):
        with pytest.raises(UserError) as broken:
            outcomes.publish(vote, ana, body, day)
        assert broken.value.field == field
        db.session.rollback()


def test_the_second_of_two_outcome_edits_gets_a_conflict(vote, ana):
    statement = said(vote, ana)
    outcomes.change(vote, ana, "First", None, statement.version)
    with pytest.raises(Conflict):
        outcomes.change(vote, ana, "Second", None, 1)


def test_author_and_group_leaders_are_reminded_of_the_review_once(vote, group, ana, ben, cem, at):
    factories.membership(group, cem, ORGANIZER)
    day = time_zones.wall(clock.now(), vote.zone).date() + timedelta(days=30)
    said(vote, ana, review_on=day)
    for hour, reminded in ((8, []), (9, [ana.id, cem.id]), (11, [ana.id, cem.id])):
        at(
            time_zones.to_utc(
                datetime.combine(day, datetime.min.time()).replace(hour=hour), vote.zone, 0
            )
        )
        JOBS["voting.remind_reviews"]()
        assert lines("vote.review") == sorted(reminded)


def test_a_new_review_date_is_reminded_again(vote, ana, at):
    day = time_zones.wall(clock.now(), vote.zone).date() + timedelta(days=3)
    statement = said(vote, ana, review_on=day)
    at(clock.now() + timedelta(days=4))
    JOBS["voting.remind_reviews"]()
    outcomes.change(vote, ana, "Not yet", day + timedelta(days=9), statement.version)
    db.session.commit()
    JOBS["voting.remind_reviews"]()
    assert len(lines("vote.review")) == 1

    at(clock.now() + timedelta(days=10))
    JOBS["voting.remind_reviews"]()
    assert len(lines("vote.review")) == 2


def test_an_outcome_is_written_in_a_form_and_shown_above_the_result(group, ana, ben, browser):
    vote = making.vote(group, ana, closes_at=clock.now() + timedelta(seconds=1))
    vote.opens_at = vote.opened_at = clock.now() - timedelta(days=1)
    vote.closes_at = clock.now() - timedelta(minutes=1)
    close(vote)
    page, path = browser(ana), f"{vote.path}/outcome"
    page.get(vote.path)
    assert "What happens next?" in page.text
    page.get(path)
    assert page.submit("/outcome", body="").status_code == 422
    page.submit("/outcome", body="We bake on **Friday**.")
    main = page.page.select_one("main")
    assert main.select_one("#outcome strong").get_text() == "Friday"
    assert str(main).index('id="outcome"') < str(main).index('id="results"')

    theirs = browser(ana)
    theirs.get(path)
    page.get(path)
    page.submit("/outcome", body="Saturday")
    assert theirs.submit("/outcome", body="Sunday").status_code == 409
    assert "Saturday" in theirs.text
    theirs.submit("/outcome", body="Sunday")
    assert "Sunday" in theirs.text

    assert browser(ben).get(path).status_code == 403
    assert browser(ben).post(path, {"body": "Mine"}).status_code == 403
