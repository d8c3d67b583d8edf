"""Sessions in the night in which the clocks go back."""

from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.agenda import moved, room
from webapp.agenda import reads as reads, sessions
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock, time_zones

pytestmark = pytest.mark.usefixtures("context")


def night(owner):
    """An event in Lisbon over the night in which the hour from one to two occurs twice."""
    starts = datetime(2027, 10, 30, 22, 0)
    ends = {"ends_at": time_zones.to_utc(starts + timedelta(hours=10), "Europe/Lisbon")}
    return factories.event(
        owner,
        starts_at=time_zones.to_utc(starts, "Europe/Lisbon"),
        agenda_published_at=clock.now(),
        **ends,
    )


def at_night(event, by, hour, minute, lasts, **folds):
    starts = datetime(2027, 10, 31, hour, minute)
    planned = sessions.SessionInput("Owls", starts, starts + timedelta(minutes=lasts), **folds)
    made = sessions.add(event, planned, by=by)
    db.session.commit()
    return made


def test_a_session_in_a_repeated_hour_keeps_the_hour_that_hosts_chose(ana):
    event = night(ana)
    owls = at_night(event, ana, 1, 30, 60, starts_fold=1)
    before = owls.starts_at, owls.ends_at
    assert before[1] - before[0] == timedelta(hours=1)

    moved(event, ana, ends=event.ends_wall + timedelta(hours=1))
    db.session.commit()
    db.session.refresh(owls)
    assert (owls.starts_at, owls.ends_at) == before


def test_hosts_can_switch_a_session_to_the_other_repeated_hour(ana):
    event = night(ana)
    owls = at_night(event, ana, 1, 30, 60, starts_fold=1)
    earlier = sessions.SessionInput("Owls", owls.starts_wall, owls.ends_wall, starts_fold=0)
    sessions.change(event, owls, earlier, by=ana, version=owls.version)
    db.session.commit()
    assert owls.ends_at - owls.starts_at == timedelta(hours=2)


def test_moving_a_session_into_a_repeated_hour_asks_which_and_keeps_its_length(
    ana,
):
    event = night(ana)
    owls, hall = at_night(event, ana, 0, 0, 50), room(event)
    twice = datetime(2027, 10, 31, 1, 30)
    with pytest.raises(UserError) as asked:
        sessions.move(event, owls, twice, None, by=ana)
    db.session.rollback()
    assert asked.value.field == "starts_fold"
    for fold, until in ((0, (1, 20)), (1, (2, 20))):
        sessions.move(event, owls, twice, hall.id, by=ana, fold=fold)
        db.session.commit()
        assert owls.ends_at - owls.starts_at == timedelta(minutes=50)
        assert (owls.ends_wall.hour, owls.ends_wall.minute) == until
    sessions.move(event, owls, twice, None, by=ana)
    db.session.commit()
    assert (owls.room, owls.ends_wall.hour) == (None, 2)


@pytest.mark.parametrize(
    ("now", "asked", "shown"),
    [
        (datetime(2027, 10, 30, 23, 0), "", 30),
        (datetime(2027, 10, 31, 0, 30), "", 30),
        (datetime(2027, 10, 31, 0, 30), "2027-10-29", 29),
        (datetime(2027, 10, 20, 9, 0), "tomorrow", 29),
    ],
)
def test_the_agenda_opens_on_today_and_after_midnight_on_the_running_evening(now, asked, shown):
    days = [
        reads.AgendaDay(
            date(2027, 10, day), time_zones.to_utc(datetime(2027, 10, day, 12), "Europe/Lisbon"), 1
        )
        for day in (29, 30)
    ]
    assert (
        reads.shown_day(
            days, asked, time_zones.to_utc(now, "Europe/Lisbon"), "Europe/Lisbon"
        ).date.day
        == shown
    )
