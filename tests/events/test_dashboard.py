"""The hosts' pages: attendance, tasks, the waiting list log, and actions on the whole event."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from webapp.attendance import check_in, rsvps, waitlist
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.core.ui.to_do import TodoRule
from webapp.events import management, planning
from webapp.events.models import DRAFT, MAYBE, Event, EventHost, WaitlistStep
from webapp.groups.models import CLOSED, INVITE

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]


@pytest.fixture
def event(ana, ben):
    return factories.event(
        ana, factories.group(ana, ben), title="Eel count", capacity=2, max_plus_ones=1
    )


def manage(page, event):
    assert page.get(f"{event.path}/manage").status_code == 200
    return page


def stats(page) -> dict[str, str]:
    return {one.dt.get_text(): one.dd.get_text() for one in page.page.select(".stats > div")}


def test_dashboard_shows_attendance_and_who_waits_and_why(browser, event, ana, ben, cem, dia):
    rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem, party=2)
    rsvps.answer(event, by=dia, state=MAYBE)
    db.session.commit()
    page = manage(browser(ana), event)

    assert stats(page) == {"Going": "2", "Waiting list": "1", "Maybe": "1"}
    assert page.page.select_one(".few")["aria-label"] == "2 of 2 seats are taken"
    assert "Cem Yılmaz (2 people) joined the waiting list. No seats were free." in page.text
    assert (
        page.page.find("svg", attrs={"viewbox": "0 0 600 200"}).title.get_text()
        == "2 seats are taken. 1 on the waiting list."
    )
    rows = [
        [cell.get_text() for cell in row.find_all("td")]
        for row in page.page.find("details").find_all("tr")[1:]
    ]
    assert rows == [["2", "1"]]
    assert page.fragment(f"{event.path}/manage", "overview").status_code == 200


def test_dashboard_shows_attendance_after_the_event(browser, event, ana, ben, cem, dia, visitor):
    event.capacity = 4
    coming = rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem)
    rsvps.answer(event, by=dia, state=MAYBE)
    db.session.commit()
    with time_machine.travel(event.ends_at + timedelta(hours=1)):
        host, member = browser(ana), browser(ben)
        assert stats(manage(host, event)) == {"Were going": "3"}
        assert "no one was checked in" in host.text
        host.get(event.path)
        assert "This event has ended 3 people were going." in host.text

        check_in.arrive(event, coming.id, by=ana, people=2)
        db.session.commit()
        assert stats(manage(host, event)) == {"Attended": "2", "Didn’t attend": "1"}
        assert "of 3 who were going" in host.text
        host.get(event.path)
        assert "This event has ended 2 people came. 3 were going." in host.text
        member.get(event.path)
        assert "This event has ended 3 people were going." in member.text
        assert "You were going" in member.text
        for page in (host, member):
            assert "Attendees" in page.text
            assert "is going" not in page.text
            assert "seats are taken" not in page.text
        visitor.get(event.path)
        assert "3 people were going." in visitor.text


def test_a_cancelled_event_has_no_attendance_afterwards(browser, event, ana, ben):
    rsvps.answer(event, by=ben)
    planning.cancel(event, ana, "Too wet")
    db.session.commit()
    with time_machine.travel(event.ends_at + timedelta(hours=1)):
        page = browser(ana)
        page.get(event.path)
        assert "This event has ended" not in page.text
        assert "Attended" not in stats(manage(page, event))


def test_only_hosts_including_outside_hosts_open_the_dashboard(
    browser, event, ben, cem, dia, visitor
):
    db.session.add(EventHost(event_id=event.id, user_id=cem.id))
    db.session.commit()

    assert browser(cem).get(f"{event.path}/manage").status_code == 200
    assert "Manage event" in browser(cem).get(event.path).text
    for page in (browser(ben), browser(dia)):
        assert (
            page.get(f"{event.path}/manage").status_code
            == page.get(f"{event.path}/manage/queue").status_code
            == 403
        )
        assert "Manage event" not in page.get(event.path).text
    assert visitor.get(f"{event.path}/manage").status_code == 303


def test_dashboard_takes_the_same_statements_for_two_answers_and_for_many(
    browser, event, ana, ben, cem, statements_of
):
    page = browser(ana)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem, party=2)
    db.session.commit()
    few = [
        statements_of(lambda path=path: page.get(f"{event.path}{path}"))
        for path in ("/manage", "/manage/queue")
    ]
    with factories.together():
        for _ in range(10):
            rsvps.answer(event, by=factories.user())

    assert [
        statements_of(lambda path=path: page.get(f"{event.path}{path}"))
        for path in ("/manage", "/manage/queue")
    ] == few
    assert max(few) <= 8


def test_open_tasks_are_shown_above_everything_else(browser, event, ana, monkeypatch):
    stones = TodoRule(
        "stones",
        lambda number: "Stones to turn",
        lambda event, user: sa.select(sa.literal(3)).scalar_subquery(),
        "event_manage.waitlist",
    )
    monkeypatch.setattr(management.AREA, "tasks", {"stones": stones})
    page = manage(browser(ana), event)

    first = page.page.select_one(".attention li")
    assert first.get_text(" ", strip=True).startswith("3 Stones to turn")
    assert first.a["href"] == f"{event.path}/manage/queue"


def test_dashboard_tasks_link_to_the_page_where_they_are_done(browser, event, ana):
    page = manage(browser(ana), event)

    links = {row.h3.get_text(): row.a["href"] for row in page.page.select(".attention li")}
    assert links["Add a venue or link"] == f"{event.path}/edit"
    for href in links.values():
        assert page.get(href).status_code == 200


def test_the_waiting_list_log_is_paginated(browser, event, ana, ben):
    rsvps.answer(event, by=ben, party=2)
    for _ in range(60):
        waitlist.log(event, "seats")
        db.session.flush()
    db.session.commit()
    page = browser(ana)
    page.get(f"{event.path}/manage/queue")

    assert len(page.page.select("#waitlist-log .log li")) == 50
    assert "1 to 50 of 60" in page.text
    page.get(page.page.find("a", rel="next")["href"])
    assert len(page.page.select("#waitlist-log .log li")) == 10
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WaitlistStep)) == 60
    assert "That page doesn’t exist" in page.get(f"{event.path}/manage/queue?page=9").text
    assert page.fragment(f"{event.path}/manage/queue?page=2", "waitlist-log").status_code == 200


def test_the_waiting_list_is_ordered_and_says_who_is_skipped(browser, event, ana, ben, cem, dia):
    event.capacity = 3
    rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem, party=2)
    db.session.commit()
    page = browser(ana)
    page.get(f"{event.path}/manage/queue")

    assert (
        "Cem Yılmaz, 2 people. Needs 2 seats. Skipped for now, but keeps their place." in page.text
    )


def the_events() -> list[Event]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Event).order_by(Event.created_at)))


def test_repeated_dashboard_actions_have_one_effect(browser, ana, signals):
    draft = factories.event(ana, title="Eel count", state=DRAFT)
    page = manage(browser(ana), draft)
    page.submit("/publication")
    assert page.answer.status_code == 200
    page.post(f"{draft.path}/publication")
    for act, state in [("lock", True), ("lock/removal", False)]:
        for _ in range(2):
            assert page.post(f"{draft.path}/{act}").status_code == 303
        assert (the_events()[0].locked_at is not None) is state
    for _ in range(2):
        assert page.post(f"{draft.path}/removal").headers["Location"].endswith("/removal/done")
    for _ in range(2):
        assert (
            page.post(f"{draft.path}/removal/undoing")
            .headers["Location"]
            .endswith(f"{draft.path}/manage")
        )
    for _ in range(2):
        assert page.post(f"{draft.path}/cancellation", {"reason": "Rain"}).status_code == 303
    assert [event.state for event in the_events()] == ["cancelled"]


def test_a_copy_form_sent_twice_makes_one_copy(browser, event, ana):
    page = manage(browser(ana), event)
    form = page.page.find("form", action=f"{event.path}/copy")
    word = form.find("input", attrs={"name": "once"})["value"]
    for _ in range(2):
        assert page.post(f"{event.path}/copy", {"once": word}).status_code == 303
    assert len(the_events()) == 2

    assert page.post(f"{event.path}/copy", {"once": "another"}).status_code == 303
    assert len(the_events()) == 3


def test_hosts_who_cannot_create_events_in_the_group_are_not_offered_a_copy(browser, event, cem):
    db.session.add(EventHost(event_id=event.id, user_id=cem.id))
    db.session.commit()

    assert manage(browser(cem), event).page.find("form", action=f"{event.path}/copy") is None


def test_an_event_can_be_a_draft_again_only_without_answers(browser, event, ana, ben):
    page = manage(browser(ana), event)
    assert page.page.find("form", action=f"{event.path}/publication/removal")
    rsvps.answer(event, by=ben)
    db.session.commit()

    assert page.post(f"{event.path}/publication/removal").status_code == 422
    assert manage(page, event).page.find("form", action=f"{event.path}/publication/removal") is None


def test_events_with_answers_must_be_cancelled_before_deletion(browser, event, ana, ben):
    rsvps.answer(event, by=ben, state=MAYBE)
    db.session.commit()
    page = manage(browser(ana), event)
    assert "Cancel the event first, so that we can tell them" in page.text
    page.get(f"{event.path}/removal")
    assert (
        page.page.find("a", string="Cancel event instead")["href"] == f"{event.path}/cancellation"
    )
    assert page.post(f"{event.path}/removal").status_code == 422
    assert "We’ll tell the 1 person who answered" in page.get(f"{event.path}/cancellation").text


def test_hosts_find_their_deleted_events(browser, event, ana, ben):
    own = factories.event(ana, title="Own", deleted_at=clock.now() - timedelta(days=29))
    factories.event(ana, title="Too late", deleted_at=clock.now() - timedelta(days=31))
    event.deleted_at = clock.now()
    db.session.commit()
    page, other = browser(ana), browser(ben)

    assert deleted(page, "/events/mine?tab=hosting") == ["Eel count", "Own"]
    assert deleted(page, f"/groups/{event.group.slug}/manage/events") == ["Eel count"]
    assert deleted(other, "/events/mine?tab=hosting") == []
    page.get("/events/mine?tab=hosting")
    page.submit(f"{own.path}/removal/undoing")
    assert deleted(page, "/events/mine?tab=hosting") == ["Eel count"]


def deleted(page, path) -> list[str]:
    assert page.get(path).status_code == 200
    return [
        heading.get_text() for heading in page.page.select("section[aria-labelledby=deleted] h3")
    ]


def test_copies_in_a_group_that_has_closed_are_for_members_only(browser, event, ana):
    event.group.visibility, event.group.join_policy = CLOSED, INVITE
    db.session.commit()

    assert browser(ana).post(f"{event.path}/copy").status_code == 303
    assert the_events()[-1].audience == "group"
