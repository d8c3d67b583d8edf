"""All-day events, events over several days, and clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests import factories
from tests.events.plans import fields, plan
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import time_zones
from webapp.events import date_format, moderation, planning, sharing
from webapp.events.models import Event

pytestmark = pytest.mark.usefixtures("context")

NEXT = datetime.now().year + 1
MAY_1, MAY_4 = datetime(NEXT, 5, 1), datetime(NEXT, 5, 4)


def days(**values):
    return plan(
        **{"starts": MAY_1, "ends": MAY_4, "is_all_day": True, "zone": "Pacific/Auckland", **values}
    )


def test_all_day_events_start_and_end_by_local_time(ana):
    event = planning.create(days(), by=ana)

    assert event.starts_at == datetime(NEXT, 4, 30, 12, tzinfo=UTC)
    assert event.ends_at == datetime(NEXT, 5, 3, 12, tzinfo=UTC)
    with time_machine.travel(event.ends_at - timedelta(seconds=1), tick=False):
        assert not event.is_finished
    with time_machine.travel(event.ends_at, tick=False):
        assert event.is_finished


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        (
            "Africa/Cairo",
            date(2026, 4, 24),
            datetime(2026, 4, 23, 22, tzinfo=UTC),
        ),  # midnight is skipped
        (
            "America/Havana",
            date(2026, 11, 1),
            datetime(2026, 11, 1, 4, tzinfo=UTC),
        ),  # there are two midnights
    ],
)
def test_all_day_events_accept_skipped_and_repeated_midnights(ana, zone, day, begins):
    assert time_zones.start_of_day(day, zone) == begins
    midnight = datetime.combine(day, datetime.min.time())
    event = planning.create(
        days(starts=midnight, ends=midnight + timedelta(days=1), zone=zone), by=ana
    )
    assert (event.starts_at, date_format.machine_ends(event)) == (
        begins,
        (day.isoformat(), day.isoformat()),
    )


@pytest.mark.parametrize("ends", [MAY_1, MAY_1 + timedelta(days=61)])
def test_an_invalid_last_day_is_refused_at_its_own_field(ana, ends):
    with pytest.raises(UserError) as refused:
        planning.create(days(ends=ends), by=ana)
    assert refused.value.field == "last_day"


@pytest.mark.any_database
def test_pages_show_all_day_events_without_times(browser, visitor, ana, ben):
    group = factories.group(ana, ben)
    event = planning.create(days(title="Eel weekend"), by=ana, group=group)
    planning.publish(event, ana)
    rsvps.answer(event, by=ben)
    db.session.commit()
    page = browser(ben)

    for path in ("/events", "/events/mine", "/", group.path, event.path):
        assert "Eel weekend" in page.get(path).text, path
        title = page.page.find(string="Eel weekend")
        row = title.find_parent(["article", "section", "header", "li"])
        assert "00:00" not in row.get_text(), path
    assert "All day" in page.page.select_one(".facts").get_text()
    assert "your time" not in page.page.select_one(".facts").get_text()
    assert page.page.select_one(".kicker time")["datetime"] == f"{NEXT}-05-01"
    visitor.get("/events")
    shown = visitor.page.select_one("article.ev .meta time")
    assert (shown["datetime"], shown.get_text()) == (f"{NEXT}-05-01", date_format.beside_day(event))
    data = sharing.linked_data(event)
    assert (data["startDate"], data["endDate"]) == (f"{NEXT}-05-01", f"{NEXT}-05-03")
    assert date_format.whole(event).endswith(", all day")
    assert date_format.whole(event) in {
        words for _symbol, _term, words in moderation._around(event, ben)
    }


@pytest.mark.any_database
def test_emails_show_all_day_dates_like_the_page(ana, ben, emails):
    event = planning.create(days(title="Eel weekend"), by=ana)
    planning.publish(event, ana)
    rsvps.answer(event, by=ben)
    db.session.commit()

    text = emails()[-1].get_body(("plain",)).get_content()

    assert date_format.whole(event) in text
    assert "00:00" not in text
    assert "Your time" not in text


@pytest.mark.any_database
def test_the_form_takes_dates_when_all_day_is_on_and_times_otherwise(browser, ana):
    page = browser(ana)
    page.get("/events/new")
    both = fields(is_all_day="y", first_day=f"{NEXT}-05-01", last_day=f"{NEXT}-05-03")

    assert page.submit("/events", **both).status_code == 200

    event = db.session.query(Event).one()
    assert (event.is_all_day, event.starts_wall, event.ends_wall) == (True, MAY_1, MAY_4)
    page.get(f"{event.path}/edit")
    assert page.page.select_one("#first_day")["value"] == f"{NEXT}-05-01"
    assert page.page.select_one("#last_day")["value"] == f"{NEXT}-05-03"
    assert page.page.select_one("#is_all_day").has_attr("checked")
    page.submit(
        f"{event.path}/edit",
        is_all_day=None,
        starts=f"{NEXT}-05-01T10:00",
        ends=f"{NEXT}-05-01T12:00",
    )
    db.session.expire_all()
    assert (event.is_all_day, event.ends_wall) == (False, datetime(NEXT, 5, 1, 12))


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"first_day": f"{NEXT}-05-01", "last_day": "", "starts": "nonsense", "ends": ""}, 200),
        ({"first_day": "", "last_day": ""}, 200),  # the days of the times are used
        ({"first_day": "", "last_day": "", "starts": "", "ends": ""}, 422),
        ({"first_day": "nonsense", "starts": "", "ends": ""}, 422),
        ({"first_day": f"{NEXT}-05-03", "last_day": f"{NEXT}-05-01"}, 422),
        ({"first_day": "9999-12-31"}, 422),
    ],
)
def test_missing_dates_follow_from_the_entered_ones(browser, ana, given, status):
    page = browser(ana)
    page.get("/events/new")

    assert page.submit("/events", **fields(is_all_day="y", **given)).status_code == status
    if status == 422:
        assert page.page.select_one("#first_day-err, #last_day-err")


@pytest.mark.parametrize(
    ("hours", "beside", "whole", "notified"),
    [
        (2, "18:00", "Friday 4 December 2026, 18:00", "18:00–20:00"),
        (
            8,
            "18:00",
            "Friday 4 December 2026, 18:00",
            "Fri 4 Dec, 18:00 – Sat 5 Dec, 02:00",
        ),  # overnight
        (
            42,
            "18:00 – Sun 6 Dec, 12:00",
            "Fri 4 Dec, 18:00 – Sun 6 Dec, 12:00",
            "Fri 4 Dec, 18:00 – Sun 6 Dec, 12:00",
        ),
    ],
)
@pytest.mark.any_database
def test_timed_events_over_several_days_show_both_ends(ana, hours, beside, whole, notified):
    start = datetime(2026, 12, 4, 18, tzinfo=UTC)
    with time_machine.travel(start - timedelta(days=40), tick=False):
        event = factories.event(
            ana, starts_at=start, ends_at=start + timedelta(hours=hours), zone="Europe/Lisbon"
        )
        assert (
            date_format.beside_day(event),
            date_format.whole(event),
            date_format.hours(event),
        ) == (
            beside,
            whole,
            notified,
        )


@pytest.mark.any_database
def test_lists_and_pages_add_the_readers_time_where_it_differs(browser, visitor, ana, ben):
    ben.zone = "Asia/Tokyo"
    start = datetime(NEXT, 6, 1, 17, tzinfo=UTC)
    event = factories.event(ana, starts_at=start, zone="Europe/Lisbon", title="Far away")
    page, near = browser(ben), browser(ana)

    page.get("/events")
    assert (
        f"in Lisbon (Wed 2 Jun {NEXT}, 02:00 your time)" in page.text
        if NEXT == 2027
        else "02:00 your time)" in page.text
    )
    page.get(event.path)
    assert "02:00–04:00 your time (Tokyo)" in page.text
    visitor.get("/events")
    assert "your time" not in visitor.text
    ana.zone = "Atlantic/Madeira"  # another name for the same clocks
    db.session.commit()
    for path in ("/events", event.path):
        near.get(path)
        assert "your time" not in near.text


def test_moved_and_copied_events_keep_their_wall_time_across_a_clock_change(ana):
    last = datetime(2027, 3, 27, 18)
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        event = planning.create(plan(starts=last, zone="Europe/Berlin"), by=ana)
        planning.update(
            event, plan(starts=last + timedelta(days=1), zone="Europe/Berlin"), ana, event.version
        )
        copy = planning.duplicate(event, ana)

    assert event.starts_at == datetime(2027, 3, 28, 16, tzinfo=UTC)
    assert (copy.starts_wall, copy.starts_at.hour) == (last + timedelta(days=8), 16)


@pytest.mark.parametrize(
    ("starts", "copied"),
    [
        (datetime(2027, 3, 21, 2, 30), datetime(2027, 3, 28, 3, 30)),  # skipped a week later
        (datetime(2027, 10, 24, 2, 30), datetime(2027, 10, 31, 2, 30)),  # doubled a week later
    ],
)
def test_a_copy_moves_to_an_existing_time_where_the_clocks_skip_an_hour(ana, starts, copied):
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        event = planning.create(
            plan(starts=starts, ends=starts + timedelta(hours=1), zone="Europe/Berlin"), by=ana
        )
        copy = planning.duplicate(event, ana)

    assert (copy.starts_wall, copy.ends_wall - copy.starts_wall) == (copied, timedelta(hours=1))


def test_a_copy_of_an_all_day_event_is_all_day(ana):
    copy = planning.duplicate(planning.create(days(), by=ana), ana)

    assert (copy.is_all_day, copy.starts_wall, copy.ends_wall) == (
        True,
        MAY_1 + timedelta(7),
        MAY_4 + timedelta(7),
    )
