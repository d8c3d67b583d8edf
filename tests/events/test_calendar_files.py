"""An event as a calendar file: read by two parsers, right across clock changes and updates."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import factories
from tests.events import calendars
from tests.events.plans import plan
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import time_zones
from webapp.events import calendar, planning
from webapp.events.calendar import zones
from webapp.events.models import CANCELLED, DRAFT, GOING, NOT_GOING, Event

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


def lasting(ana, zone, starts, ends, **values):
    moments = [time_zones.to_utc(wall, zone, 0) for wall in (starts, ends)]
    return factories.event(ana, zone=zone, starts_at=moments[0], ends_at=moments[1], **values)


@pytest.mark.parametrize(
    ("zone", "starts", "hours"),
    [
        ("Europe/Berlin", datetime(2027, 3, 28, 3, 15), 2),  # the first hour of summer time
        ("Europe/Berlin", datetime(2027, 3, 28, 1, 15), 2),  # across the skipped hour
        ("Europe/Berlin", datetime(2027, 10, 31, 3, 15), 2),
        ("America/New_York", datetime(2027, 3, 14, 1, 30), 3),
        ("America/New_York", datetime(2026, 12, 31, 22, 0), 4),
        ("Pacific/Auckland", datetime(2027, 9, 26, 3, 30), 2),
        ("Pacific/Auckland", datetime(2027, 4, 3, 12, 0), 48),  # summer time ends meanwhile
        ("Asia/Kolkata", datetime(2027, 3, 28, 9, 0), 2),  # no clock changes
        ("Africa/Casablanca", datetime(2027, 3, 28, 9, 0), 2),  # changes without a yearly rule
        ("Europe/Dublin", datetime(2027, 7, 1, 9, 0), 2),  # where winter time is the exception
    ],
)
def test_calendar_files_give_two_parsers_the_right_moments(ana, zone, starts, hours):
    begins = time_zones.to_utc(starts, zone, 0)
    event = factories.event(
        ana, zone=zone, starts_at=begins, ends_at=begins + timedelta(hours=hours)
    )

    data = calendar.file_for(event, GOING)

    calendars.lines(data)
    first = calendars.entry(data)
    (second,) = calendars.second(data).events
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (event.starts_at, event.ends_at)
    assert (second.dtstart, second.dtend) == (event.starts_at, event.ends_at)
    assert calendars.ends_by_the_files_own_zone(data, zone) == (event.starts_at, event.ends_at)


def test_time_zones_are_written_as_rules_or_as_dates_without_a_rule(ana):
    starts, ends = datetime(2027, 7, 1, 9), datetime(2027, 7, 1, 10)

    berlin = calendar.file_for(lasting(ana, "Europe/Berlin", starts, ends), GOING).decode()
    casablanca = calendar.file_for(lasting(ana, "Africa/Casablanca", starts, ends), GOING).decode()

    assert "DTSTART:20260329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in berlin
    assert "RRULE" not in casablanca
    assert casablanca.count("RDATE") >= 2
    zoneless = calendar.file_for(lasting(ana, "UTC", starts, ends), GOING).decode()
    assert "VTIMEZONE" not in zoneless
    assert "DTSTART:20270701T090000Z" in zoneless


def test_a_zone_rule_that_ends_too_early_is_not_used():
    sundays = [datetime(2026, 3, 29, 2), datetime(2027, 3, 28, 2)]

    assert zones.rule_of(sundays, 2027) == {"freq": "yearly", "bymonth": 3, "byday": "-1SU"}
    assert zones.rule_of(sundays, 2028) is None
    assert zones.rule_of([*sundays, datetime(2028, 3, 19, 2)], 2028) is None


def test_the_second_of_two_equal_hours_is_exported_correctly(ana):
    moment = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, the second one
    event = factories.event(
        ana, zone="Europe/Berlin", starts_at=moment, ends_at=moment + timedelta(hours=1)
    )

    data = calendar.file_for(event, GOING)

    assert calendars.entry(data)["DTSTART"].dt == moment
    assert calendars.second(data).events[0].dtstart == moment


def test_all_day_events_use_dates_with_an_exclusive_end(ana):
    event = lasting(
        ana, "Pacific/Auckland", datetime(2027, 5, 1), datetime(2027, 5, 4), is_all_day=True
    )

    data = calendar.file_for(event, GOING)

    assert "DTSTART;VALUE=DATE:20270501\r\nDTEND;VALUE=DATE:20270504" in data.decode()
    assert "VTIMEZONE" not in data.decode()
    for found in (calendars.entry(data).start, calendars.second(data).events[0].dtstart):
        assert found == date(2027, 5, 1)


def test_text_survives_in_both_calendar_parsers(ana):
    words = "Ünïcode; comma, back\\slash “quotes” and 日本語 " * 12
    place = "Whetstone Hall; 4, Mill Lane\\n"
    event = factories.event(ana, title="A\r\nEND:VEVENT", venue=place, description=words)

    data = calendar.file_for(event, GOING)

    notified = calendars.lines(data)
    assert notified.count("END:VEVENT") == 1
    first, (second,) = calendars.entry(data), calendars.second(data).events
    assert first["LOCATION"] == second.location == place
    assert "日本語" in first["DESCRIPTION"]
    assert str(first["DESCRIPTION"]) == second.description
    assert first["ORGANIZER"].startswith("mailto:")
    assert ana.email not in data.decode()


def test_calendar_uid_stays_and_sequence_grows(ana):
    event = planning.create(plan(zone="Asia/Kathmandu"), by=ana)
    found = [calendars.entry(calendar.file_for(event, None))]
    planning.publish(event, ana)
    found.append(calendars.entry(calendar.file_for(event, None)))
    planning.update(event, plan(zone="Asia/Kathmandu", venue="Elsewhere"), ana, event.version)
    found.append(calendars.entry(calendar.file_for(event, None)))
    planning.cancel(event, ana, "Rain")
    found.append(calendars.entry(calendar.file_for(event, None)))

    assert len({entry["UID"] for entry in found}) == 1
    assert [entry["SEQUENCE"] for entry in found] == [1, 2, 3, 4]
    assert [entry["STATUS"] for entry in found] == [
        "TENTATIVE",
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]


@pytest.mark.parametrize(("state", "answer"), [(CANCELLED, GOING), ("published", NOT_GOING)])
def test_events_that_someone_does_not_attend_are_sent_as_cancelled(ana, state, answer):
    event = factories.event(ana, state=state)

    name, kind, data = calendar.attachment_for(event, answer)

    assert (name, kind) == ("event.ics", 'text/calendar; charset="utf-8"; method=CANCEL')
    assert "METHOD:CANCEL\r\n" in data.decode()
    assert calendars.entry(data)["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("who", ["visitor", "going", "not_going", "host"])
def test_the_event_page_gives_each_reader_their_own_calendar_file(browser, ana, ben, who):
    event = factories.event(ana, title="Seed swap", online_url="https://rooms.example/secret")
    rsvps.answer(event, by=ben, state=NOT_GOING if who == "not_going" else GOING)
    db.session.commit()
    page = browser({"visitor": None, "host": ana}.get(who, ben))

    answer = page.get(f"{event.path}/event.ics")

    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == "attachment; filename=seed-swap.ics"
    assert "private" in answer.headers["Cache-Control"]
    assert calendars.entry(answer.data)["STATUS"] == "CONFIRMED"
    assert (b"rooms.example" in answer.data) == (who in ("going", "host"))


def test_calendar_files_are_only_for_people_who_see_the_event(browser, visitor, ana, ben, cem):
    group = factories.group(ana, ben)
    draft, inside = factories.event(ana, state=DRAFT), factories.event(ana, group, audience="group")
    by_link = factories.event(ana, audience="link")

    asked = [
        (visitor, draft, 404),
        (browser(ana), draft, 200),
        (browser(cem), inside, 404),
        (browser(ben), inside, 200),
    ]
    for page, event, status in [*asked, (visitor, by_link, 200)]:
        assert page.get(f"{event.path}/event.ics").status_code == status


def test_calendar_links_of_the_page_leave_out_the_online_link(browser, ana):
    starts = datetime(2027, 7, 1, 18)
    event = lasting(
        ana,
        "Europe/Berlin",
        starts,
        starts + timedelta(hours=2),
        title="Tea & cake",
        online_url="https://rooms.example/x",
    )
    page = browser(ana)

    page.get(event.path)

    notified = {
        urlsplit(link["href"]).hostname: parse_qs(urlsplit(link["href"]).query)
        for link in page.page.select(".takes li a")[1:]
    }
    assert notified["calendar.google.com"]["dates"] == ["20270701T180000/20270701T200000"]
    assert notified["calendar.google.com"]["text"] == ["Tea & cake"]
    assert (
        notified["outlook.live.com"]["startdt"]
        == notified["outlook.office.com"]["startdt"]
        == ["2027-07-01T16:00:00Z"]
    )
    assert notified["calendar.yahoo.com"]["et"] == ["20270701T180000Z"]
    assert "rooms.example" not in str(notified)
    event.is_all_day = True
    days = {
        program.name: parse_qs(urlsplit(program.url).query)
        for program in calendar.programs_for(calendar.entry_of(event))
    }
    assert days["Google"]["dates"] == ["20270701/20270701"]
    assert days["Office 365"]["allday"] == ["true"]


def test_past_and_cancelled_events_have_no_calendar_links(visitor, ana):
    past = factories.event(ana, starts_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    off = factories.event(ana, state=CANCELLED)

    for event in (past, off):
        visitor.get(event.path)
        assert not visitor.page.select(".takes")


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Berlin", datetime(2027, 10, 31)),
        ("America/Havana", datetime(2027, 11, 7)),
        ("Australia/Lord_Howe", datetime(2027, 4, 4)),
    ],
)
def test_links_to_other_calendars_name_the_moment_in_both_of_two_doubled_hours(
    ana, context, zone, night
):
    first = time_zones.to_utc(night, zone, 0)
    for half_hours in range(12):
        starts = first + timedelta(minutes=30 * half_hours)
        event = Event(
            slug="a", title="A", zone=zone, starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        event.is_all_day, event.summary, event.description = False, "", ""
        google = parse_qs(urlsplit(calendar.programs_for(calendar.entry_of(event))[0].url).query)
        named = datetime.strptime(google["dates"][0].split("/")[0].rstrip("Z"), "%Y%m%dT%H%M%S")
        is_utc = google["dates"][0].endswith("Z")

        assert starts == time_zones.to_utc(named, "UTC" if is_utc else google["ctz"][0], 0)
