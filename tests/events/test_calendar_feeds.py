"""Calendar feeds at secret URLs: contents, readers, renewal, and that nothing leaks the URL."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.events import calendars
from webapp.accounts import suspensions
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.observability import logs
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.calendar import entries, feeds, subscriptions
from webapp.events.models import (
    CANCELLED,
    DRAFT,
    MAYBE,
    NOT_GOING,
    CalendarFeed,
    Event,
    EventHost,
    Rsvp,
)
from webapp.groups import memberships
from webapp.groups.models import CLOSED, Membership

pytestmark = pytest.mark.usefixtures("context")


def address(user, group=None):
    path = subscriptions.path(subscriptions.create(user, group))
    db.session.commit()
    return path


def titles(answer):
    assert answer.status_code == 200
    return {str(entry["SUMMARY"]): str(entry["STATUS"]) for entry in calendars.entries(answer.data)}


def test_personal_calendar_lists_going_waiting_maybe_and_hosted_events(visitor, ana, ben):
    yes, full, perhaps, no = (
        factories.event(ana, title=title, **more)
        for title, more in [("Yes", {}), ("Full", {"capacity": 1}), ("Perhaps", {}), ("No", {})]
    )
    rsvps.answer(full, by=ana)
    for event, state in ((yes, "going"), (full, "going"), (perhaps, MAYBE), (no, NOT_GOING)):
        rsvps.answer(event, by=ben, state=state)
    factories.event(ben, title="Mine")
    factories.event(ben, title="My draft", state=DRAFT)
    off = factories.event(ana, title="Off", online_url="https://rooms.example/off")
    rsvps.answer(off, by=ben)
    planning.cancel(off, ana, "Too wet")
    old = factories.event(ben, title="Old", starts_at=clock.now() - timedelta(days=80))
    factories.event(ben, title="Too old", starts_at=clock.now() - timedelta(days=91))

    answer = visitor.get(address(ben))

    expected = {
        "Yes": "CONFIRMED",
        "Full": "TENTATIVE",
        "Perhaps": "TENTATIVE",
        "Mine": "CONFIRMED",
        old.title: "CONFIRMED",
    }
    assert titles(answer) == {**expected, "Off": "CANCELLED"}
    text = answer.text.replace("\r\n ", "")
    assert "METHOD:PUBLISH" in text
    assert "You’re on the waiting list." in text
    assert "Too wet" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert len(calendars.second(answer.data).events) == 6
    calendars.lines(answer.data)


@pytest.mark.any_database
def test_group_calendar_shows_what_its_member_sees_and_public_one_what_anyone_sees(
    visitor, ana, ben
):
    group = factories.group(ana, ben)
    room = "https://rooms.example/x"
    for audience in ("everyone", "link", "group"):
        factories.event(ana, group, title=audience, audience=audience, online_url=room)
    factories.event(ana, group, title="draft", state=DRAFT)
    factories.event(ana, title="elsewhere")

    members, public = visitor.get(address(ben, group)), visitor.get(f"{group.path}/events.ics")

    assert set(titles(members)) == {"everyone", "link", "group"}
    assert set(titles(public)) == {"everyone"}
    assert "rooms.example" not in members.text + public.text
    assert "rooms.example" in visitor.get(address(ana)).text.replace("\r\n ", "")
    assert "public" in public.headers["Cache-Control"]
    assert (
        visitor.get(
            f"{group.path}/events.ics", headers={"If-None-Match": public.headers["ETag"]}
        ).status_code
        == 304
    )


@pytest.mark.any_database
@pytest.mark.parametrize("visibility", [CLOSED, "secret"])
def test_groups_that_are_not_open_have_no_public_calendar(browser, visitor, ana, ben, visibility):
    group = factories.group(ana, ben, visibility=visibility, join_policy="invite")

    for page in (visitor, browser(ben)):
        assert page.get(f"{group.path}/events.ics").status_code == 404
    assert visitor.get(f"{group.path}/calendar").status_code == 404
    assert browser(ben).get(f"{group.path}/calendar").status_code == 200


def test_renewed_or_removed_calendar_urls_stop_working_at_once(visitor, ana):
    first = address(ana)
    assert visitor.get(first).status_code == 200

    subscriptions.renew(ana, None)
    db.session.commit()
    second = subscriptions.path(subscriptions.of(ana, None))

    assert second != first
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    subscriptions.remove(ana, None)
    db.session.commit()
    assert visitor.get(second).status_code == 404


@pytest.mark.parametrize("how", ["leaves", "is banned", "group goes", "account goes"])
def test_calendars_stop_working_for_people_who_lost_access(visitor, ana, ben, dia, how):
    group = factories.group(ana, ben)
    factories.event(ana, group, audience="group")
    own, of_group = address(ben), address(ben, group)
    assert visitor.get(of_group).status_code == visitor.get(own).status_code == 200

    membership = db.session.query(Membership).filter_by(user_id=ben.id).one()
    if how == "leaves":
        memberships.leave(group, ben)
    elif how == "is banned":
        memberships.remove(membership, by=ana, reason="", banned=True)
    elif how == "group goes":
        group.deleted_at = clock.now()
    else:
        suspensions.suspend(ben, by=dia)
    db.session.commit()

    assert visitor.get(of_group).status_code == 404
    assert visitor.get(own).status_code == (404 if how == "account goes" else 200)
    if how == "leaves":
        factories.membership(group, ben)
        assert visitor.get(of_group).status_code == 404, "the address of before must not live again"


def test_banned_hosts_cannot_read_the_online_link_in_their_calendar(visitor, ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, title="Ours", online_url="https://rooms.example/x")
    db.session.add(EventHost(event_id=event.id, user_id=ben.id))
    own = address(ben)
    assert "rooms.example" in visitor.get(own).text.replace("\r\n ", "")

    memberships.remove(
        db.session.query(Membership).filter_by(user_id=ben.id).one(), by=ana, reason="", banned=True
    )
    db.session.commit()

    assert visitor.get(own).text.count("BEGIN:VEVENT") == 0


@pytest.mark.any_database
def test_unchanged_calendars_are_not_sent_again(visitor, ana, ben):
    event = factories.event(ana, title="Seed swap")
    rsvps.answer(event, by=ben)
    path = address(ben)
    first = visitor.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    since = {"If-Modified-Since": first.headers["Last-Modified"]}

    for headers in (known, since):
        again = visitor.get(path, headers=headers)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert visitor.get(path).data == first.data
    with db.session.begin_nested():
        db.session.execute(
            sa.update(CalendarFeed).values(changed_at=clock.now() - timedelta(days=2))
        )
    db.session.commit()
    since = {"If-Modified-Since": visitor.get(path).headers["Last-Modified"]}
    assert visitor.get(path, headers=since).status_code == 304

    rsvps.answer(event, by=ben, state=NOT_GOING)  # one event fewer: nothing in the file is newer
    db.session.commit()

    for headers in (known, since):
        assert visitor.get(path, headers=headers).status_code == 200


@pytest.mark.any_database
def test_reading_a_calendar_takes_four_statements_or_three_when_unchanged(
    visitor, ana, statements_of
):
    for number in range(3):
        factories.event(ana, title=f"No {number}")
    path = address(ana)
    visitor.get(path)

    feed = db.session.query(CalendarFeed).one()
    assert feed.read_on == clock.now().date()
    db.session.rollback()
    few = statements_of(lambda: visitor.get(path))
    with factories.together():
        for number in range(3, 20):
            factories.event(ana, title=f"No {number}")
    known = {"If-None-Match": visitor.get(path).headers["ETag"]}
    assert few == statements_of(lambda: visitor.get(path)) == 4
    assert statements_of(lambda: visitor.get(path, headers=known)) == 3


#: Other values for columns that calendar programs read; columns of text need none.
OTHERWISE = {
    **dict.fromkeys(("changed_at", "published_at", "created_at"), datetime(2027, 1, 1, tzinfo=UTC)),
    "zone": "UTC",
    "starts_at": -timedelta(minutes=1),
    "ends_at": timedelta(minutes=1),
    "is_all_day": True,
    "state": CANCELLED,
    "version": 77,
}


@pytest.mark.parametrize("name", sorted(set(entries.COLUMNS) - {"id"}))
def test_every_column_shown_in_a_calendar_changes_its_fingerprint(context, ana, name):
    event = factories.event(ana, title="Bread")
    feed = subscriptions.create(ana, None)
    before, value = feeds.fingerprint_text(feed), OTHERWISE.get(name, "otherwise")
    moved = getattr(event, name) + value if isinstance(value, timedelta) else value

    db.session.execute(sa.update(Event).where(Event.id == event.id).values(**{name: moved}))

    assert feeds.fingerprint_text(feed) != before != ""


@pytest.mark.any_database
def test_calendar_tokens_are_neither_logged_stored_nor_sent_to_other_sites(
    browser, ana, app, capfd
):
    path = address(ana)
    token = path.rpartition("/")[2].removesuffix(".ics")
    logs.configure("json")
    capfd.readouterr()

    answer = browser(ana).get(path)
    browser().get(path.replace(token, token[::-1]))

    said = capfd.readouterr()
    logs.configure(app.config["LOG_FORMAT"])
    assert [json.loads(line)["route"] for line in said.out.splitlines() if '"request"' in line] == [
        "calendars.show"
    ] * 2
    assert token not in said.out + said.err
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    feed = db.session.query(CalendarFeed).one()
    assert not any(
        token in str(getattr(feed, column.key)) for column in CalendarFeed.__table__.columns
    )


@pytest.mark.any_database
def test_calendar_urls_are_created_renewed_and_removed_without_scripts(browser, visitor, ana, ben):
    group = factories.group(ana, ben)
    page = browser(ben)
    for where in ("/account/calendar", f"{group.path}/calendar"):
        page.get(where)
        assert page.submit(where).status_code == 200
        first = page.page.select_one("#address")["value"]
        assert "Not used yet." in page.text
        assert (
            page.page.select_one('a[href^="webcal://"]')["href"].partition(":")[2]
            == first.partition(":")[2]
        )
        assert visitor.get(first.removeprefix("http://127.0.0.1:8000")).status_code == 200
        page.get(where)
        assert "Last used on" in page.text
        page.get(f"{where}/renewal")
        page.submit(f"{where}/renewal")
        page.get(where)
        assert page.page.select_one("#address")["value"] != first
        page.get(f"{where}/removal")
        page.submit(f"{where}/removal")
        page.get(where)
        assert not page.page.select_one("#address")


@pytest.mark.any_database
def test_strangers_see_only_the_public_calendar_url(browser, visitor, ana, cem):
    group = factories.group(ana)

    for page in (visitor, browser(cem)):
        page.get(f"{group.path}/calendar")
        assert page.page.select_one("#public-address")["value"].endswith(f"{group.path}/events.ics")
        assert not page.page.select_one("main form")
    assert browser(cem).post(f"{group.path}/calendar").status_code == 403


@pytest.mark.any_database
def test_calendars_use_the_owners_language_and_follow_changed_titles(visitor, ana, ben):
    event = factories.event(ana, title="Before")
    db.session.add(Rsvp(event_id=event.id, user_id=ben.id, state=MAYBE))
    path = address(ben)
    first = visitor.get(path)

    db.session.execute(sa.update(Event).values(title="After", version=2))
    db.session.commit()
    second = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert list(titles(second)) == ["After"]
    assert CANCELLED not in second.text
