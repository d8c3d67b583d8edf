"""The attendance chart: daily counts, gaps between them, and the drawing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.attendance import attendance_chart, rsvps
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.models import EventDay

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    return factories.event(
        ana, capacity=2, max_plus_ones=1, starts_at=clock.now() + timedelta(days=40)
    )


def kept(event) -> list[tuple[int, int, int]]:
    """Return (days before today, seats taken, people waiting) from the database."""
    db.session.flush()
    rows = db.session.scalars(
        sa.select(EventDay).where(EventDay.event_id == event.id).order_by(EventDay.day)
    )
    return [((clock.now().date() - row.day).days, row.seats, row.waiting) for row in rows]


def test_the_last_count_of_a_day_is_saved_with_the_next_days_change(event, ana, ben, cem):
    begun = clock.now()
    with time_machine.travel(begun, tick=False) as traveller:
        rsvps.answer(event, by=ana)
        rsvps.answer(event, by=ben)
        rsvps.answer(event, by=cem)
        assert kept(event) == []
        traveller.shift(timedelta(days=3))
        rsvps.withdraw(event, by=ben)
        assert kept(event) == [(3, 2, 1)]
        traveller.shift(timedelta(days=1))
        planning.update(event, planned(event, capacity=9), by=ana, version=event.version)
        rsvps.answer(event, by=ben)
        db.session.commit()

        assert kept(event) == [(4, 2, 1), (1, 2, 0)]
        changed = attendance_chart.daily_counts(event, clock.now())
        assert [(point.seats, point.waiting) for point in changed] == [(2, 1), (2, 0), (3, 0)]
        assert changed[-1].day == clock.now().date()


def planned(event, **values):
    from tests.events.plans import plan

    return plan(starts=event.starts_wall, max_plus_ones=event.max_plus_ones, **values)


def test_chart_values_carry_over_to_the_next_change(event):
    now = clock.now()
    event.published_at = now - timedelta(days=9)
    for ago, seats, waiting in [(7, 1, 0), (3, 2, 2)]:
        db.session.add(
            EventDay(
                event_id=event.id,
                day=(now - timedelta(days=ago)).date(),
                seats=seats,
                waiting=waiting,
            )
        )
    event.counted_on, event.seats_taken, event.waiting_count = now.date(), 1, 1
    db.session.commit()

    points = attendance_chart.chart_points(event, attendance_chart.daily_counts(event, now), now)

    assert [point.seats for point in points] == [0, 0, 1, 1, 1, 1, 2, 2, 2, 1]
    assert [point.waiting for point in points] == [0, 0, 0, 0, 0, 0, 2, 2, 2, 1]
    drawn = attendance_chart.draw(event, now)
    assert drawn.chart.finding.startswith("1 seat is taken. The most was 2, on ")
    assert drawn.chart.finding.endswith("1 on the waiting list.")
    assert [str(line.words) for line in drawn.chart.lines] == ["Seats taken", "On the waiting list"]
    assert drawn.chart.limit == (100.0, "2 seats")
    assert [row.seats for row in drawn.rows] == [1, 2, 1]


def test_the_chart_is_empty_before_the_first_answer(event):
    assert attendance_chart.draw(event, clock.now()) is None


def test_charts_of_past_events_stop_at_their_end_and_old_ones_are_weekly(event):
    now = clock.now()
    event.published_at = now - timedelta(days=500)
    event.starts_at, event.ends_at = now - timedelta(days=101), now - timedelta(days=100)
    event.counted_on, event.seats_taken = (now - timedelta(days=110)).date(), 2
    db.session.commit()

    points = attendance_chart.chart_points(event, attendance_chart.daily_counts(event, now), now)

    assert len(points) == 53
    assert points[-1] == attendance_chart.DayCount((now - timedelta(days=100)).date(), 2, 0)
    assert points[0].seats == 0
