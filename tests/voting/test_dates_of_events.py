"""Date polls about an event keep its time zone, its length and its agenda."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import agenda, factories
from tests.fan_outs import run_fan_outs
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.events.models import Event
from webapp.voting.forms import fields
from webapp.voting.models import Vote
from webapp.voting.results import schedule_event
from webapp.voting.tally.rules import DATE

from . import making
from .running import close

#: The event of these tests was planned for a Saturday in London's winter.
FIRST = datetime(2027, 2, 27, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def january(at):
    at(datetime(2027, 1, 10, 12, tzinfo=UTC))


@pytest.fixture
def event(group, ana):
    return agenda.conference(ana, group, hours=4, zone="Europe/London")


def poll(group, ana, event, starts, hours):
    """A closed vote on two dates, the first of which has won."""
    spans = tuple(
        (moment, moment + timedelta(hours=hours)) for moment in (starts, starts + timedelta(days=7))
    )
    vote = making.vote(group, ana, event=event, kind=DATE, dates=spans)
    making.says(vote, ana, "1:y")
    return vote


def moved(vote, ana, at):
    at(vote.closes_at)
    close(vote)
    schedule_event.schedule(vote, ana)
    db.session.commit()


def test_a_date_poll_keeps_the_time_zone_and_length_of_its_event(group, ana, browser, at):
    """Across a clock change, created by someone in a third zone. 14:00 to 18:00 in London once
    became 07:00 to 09:00.
    """
    ana.zone = "America/New_York"
    db.session.commit()
    page = browser(ana)
    page.get(f"/events/new?group={group.slug}")
    times_ = {"starts": "2027-02-27T14:00", "ends": "2027-02-27T18:00", "zone": "Europe/London"}
    page.submit("/events", title="Pruning day", venue="The orchard", **times_)
    event = db.session.scalars(sa.select(Event)).one()

    page.get(event.path)
    page.get(page.page.find("a", string="Create vote")["href"])
    button = page.page.find("button", formaction=lambda link: link and "/new/date" in link)
    page.get(button["formaction"])
    assert page.page.find(id="dates-hint").get_text().startswith("2 to 50 dates, in London time.")
    page.submit(
        "kind=date",
        title="Which Saturday?",
        dates=["2027-04-03T14:00", "2027-04-10T14:00"],
        closes="2027-01-11T09:00",
    )
    vote = db.session.scalars(sa.select(Vote)).one()
    assert vote.options[0].starts_at == datetime(2027, 4, 3, 13, tzinfo=UTC)
    assert vote.options[0].ends_at == datetime(2027, 4, 3, 17, tzinfo=UTC)
    assert "14:00" in page.page.find("time", datetime="2027-04-03T13:00:00+00:00").get_text()

    page.submit("/ballot", **{"mark-1": "y", "mark-2": "n"})
    at(vote.closes_at)
    close(vote)
    page = browser(ana)
    page.get(f"{vote.path}/scheduling")
    page.submit("/scheduling")

    db.session.expire_all()
    assert page.path == event.path
    assert (event.starts_wall, event.ends_wall) == (
        datetime(2027, 4, 3, 14),
        datetime(2027, 4, 3, 18),
    )
    assert event.zone == "Europe/London"
    assert "14:00" in page.text
    assert "18:00" in page.text


def test_the_poll_form_starts_with_the_length_of_the_event_and_keeps_it(group, ana, browser):
    event = agenda.conference(ana, group, hours=5, zone="Europe/London")
    page = browser(ana)
    page.get(f"/votes/new/date?group={group.slug}&event={event.slug}")
    assert page.page.find(id="lasts").find("option", selected=True).get_text() == "5 hours"
    page.submit(
        "kind=date",
        title="When?",
        dates=["2027-05-01T10:00", "2027-05-08T10:00"],
        begins="later",
        opens="2027-01-11T09:00",
        closes="2027-01-12T18:00",
    )
    vote = db.session.scalars(sa.select(Vote)).one()
    assert (vote.zone, vote.opens_at) == ("Europe/London", datetime(2027, 1, 11, 9, tzinfo=UTC))

    page.get(f"{vote.path}/edit")
    page.submit("/edit")
    db.session.expire_all()
    assert [option.ends_at - option.starts_at for option in vote.options] == [
        timedelta(hours=5)
    ] * 2


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 27), datetime(2027, 10, 30)], ids=["spring", "autumn"]
)
def test_options_overnight_keep_their_wall_time_across_a_clock_change(day):
    starts = (day + timedelta(hours=22)).replace(tzinfo=UTC) - timedelta(hours=day.month == 10)
    ((_starts, ends),) = fields.spans([starts], 6 * 60, "Europe/London")

    assert ends == (day + timedelta(days=1, hours=4)).replace(tzinfo=UTC) - timedelta(
        hours=day.month == 3
    )


def test_the_agenda_moves_with_the_event_across_a_clock_change(group, ana, event, at):
    talk, late = agenda.session(event, at=30), agenda.session(event, "Grafting", at=180, lasts=60)
    vote = poll(group, ana, event, datetime(2027, 5, 1, 9, tzinfo=UTC), hours=6)
    moved(vote, ana, at)

    assert (event.starts_wall, event.ends_wall) == (
        datetime(2027, 5, 1, 10),
        datetime(2027, 5, 1, 16),
    )
    assert (talk.starts_wall, talk.ends_wall) == (
        datetime(2027, 5, 1, 10, 30),
        datetime(2027, 5, 1, 11, 15),
    )
    assert (late.starts_at, late.ends_at) == (
        datetime(2027, 5, 1, 12, tzinfo=UTC),
        datetime(2027, 5, 1, 13, tzinfo=UTC),
    )


def test_a_date_too_short_for_the_agenda_is_refused_when_offered(group, ana, event, browser):
    agenda.session(event, at=120, lasts=60)
    with pytest.raises(UserError) as refused:
        poll(group, ana, event, datetime(2027, 5, 1, 9, tzinfo=UTC), hours=2)
    assert refused.value.field == "lasts"
    db.session.rollback()

    page = browser(ana)
    page.get(f"/votes/new/date?group={group.slug}&event={event.slug}")
    page.submit(
        "kind=date",
        title="When?",
        dates=["2027-05-01T10:00", "2027-05-08T10:00"],
        lasts="120",
        closes="2027-01-12T18:00",
    )
    assert page.answer.status_code == 422
    said = page.page.find(id="lasts-err").get_text()
    assert "agenda would run until" in said
    assert "13:00" in said


def test_an_agenda_that_grew_extends_the_event_which_is_said_beforehand(
    group, ana, event, browser, at
):
    vote = poll(group, ana, event, datetime(2027, 5, 1, 9, tzinfo=UTC), hours=2)
    talk = agenda.session(event, at=150, lasts=60)
    at(vote.closes_at)
    close(vote)
    page = browser(ana)
    page.get(f"{vote.path}/scheduling")
    assert "They need more time than the vote allowed for" in page.text
    page.submit("/scheduling")
    run_fan_outs()

    db.session.expire_all()
    assert (event.starts_wall, event.ends_wall) == (
        datetime(2027, 5, 1, 10),
        datetime(2027, 5, 1, 13, 30),
    )
    assert talk.ends_at == event.ends_at


def test_an_all_day_event_stays_one(group, ana, at):
    event = factories.event(
        ana,
        group,
        zone="Europe/London",
        is_all_day=True,
        starts_at=datetime(2027, 2, 27, tzinfo=UTC),
        ends_at=datetime(2027, 3, 1, tzinfo=UTC),
    )
    vote = poll(group, ana, event, datetime(2027, 4, 30, 23, tzinfo=UTC), hours=48)
    moved(vote, ana, at)

    assert (event.starts_wall, event.ends_wall, event.is_all_day) == (
        datetime(2027, 5, 1),
        datetime(2027, 5, 3),
        True,
    )


def test_a_poll_follows_a_changed_time_zone_of_its_event(group, ana, event):
    vote = poll(group, ana, event, datetime(2027, 5, 1, 9, tzinfo=UTC), hours=4)
    agenda.moved(event, ana, zone="Europe/Helsinki")
    db.session.commit()

    assert (vote.zone, vote.options[0].starts_at) == (
        "Europe/Helsinki",
        datetime(2027, 5, 1, 9, tzinfo=UTC),
    )
