"""The task board and shifts as pages and fragments, for hosts and attendees only."""

from datetime import timedelta

import pytest

from tests import factories
from tests.events.plans import fields
from tests.volunteering.helping import board, comes, in_shift, shift, task
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.events.models import NOT_GOING
from webapp.volunteering import shifts, tasks
from webapp.volunteering.models import DOING, TODO, EventShift, EventTask

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, ben):
    return factories.event(ana, factories.group(ana, ben), title="Seed swap", slug="seed-swap")


def cards(page):
    return {
        column["data-column"]: [card.a.get_text() for card in column.select(".task")]
        for column in page.page.select("[data-column]")
    }


def wall(event, **later):
    return (time_zones.wall(event.starts_at, event.zone) + timedelta(**later)).strftime(
        "%Y-%m-%dT%H:%M"
    )


def test_a_host_plans_tasks(browser, event, ana, ben):
    comes(event, ben)
    page = browser(ana)
    page.get(f"{event.path}/manage/tasks")
    assert "Nothing to do." in page.text

    page.submit(
        "/manage/tasks",
        title="Bring cups",
        who=f"@{ben.handle}",
        due=wall(event),
        description="Of tin.",
    )

    assert page.answer.status_code == 200
    assert cards(page)[TODO] == ["Bring cups"]
    assert ben.name in page.page.select_one(".task").get_text()
    page.get(page.page.select_one(".task a")["href"])
    assert "Of tin." in page.text
    page.get(f"{event.path}/manage")
    assert "1 Open task" in page.text


def test_invalid_tasks_get_422_and_keep_what_was_typed(browser, event, ana):
    page = browser(ana)
    page.get(f"{event.path}/manage/tasks")
    page.submit("/manage/tasks", title="", description="Of tin.", who="@nobody")
    assert page.answer.status_code == 422
    assert "Enter a task." in page.text
    assert page.page.find("textarea").get_text().strip() == "Of tin."

    page.submit("/manage/tasks", title="Cups")
    assert page.answer.status_code == 422
    assert "No one found" in page.text
    page.get(f"{event.path}/manage/shifts")
    page.submit("/manage/shifts", title="Door", starts=wall(event), ends=wall(event), capacity="0")
    assert page.answer.status_code == 422
    assert "Enter a number from 1 to 200." in page.text
    assert db.session.query(EventTask).count() == db.session.query(EventShift).count() == 0


def test_tasks_are_changed_and_removed_and_the_second_editor_gets_a_conflict(browser, event, ana):
    cups = task(event, ana)
    page, other = browser(ana), browser(ana)
    path = f"{event.path}/manage/tasks/{cups.id}"
    for one in (page, other):
        one.get(path)
    page.submit(path, title="Twelve cups")
    other.submit(path, title="Ten cups")
    assert other.answer.status_code == 409
    assert "Someone else has changed this" in other.text
    assert other.page.find("input", {"name": "title"})["value"] == "Ten cups"

    page.get(f"{path}/removal")
    page.submit("/removal")
    assert cards(page) == {"todo": [], "doing": [], "done": []}
    assert page.get(path).status_code == 404


def test_board_buttons_work_as_a_page_and_as_a_fragment(browser, event, ana):
    cups = task(event, ana)
    page = browser(ana)
    page.get(f"{event.path}/manage/tasks")
    start = page.page.find("button", string=lambda text: text == "Start") or page.page.select_one(
        f"#n{cups.id.hex}"
    )
    assert start["form"] == "task-move"

    page.submit("/help/moves", move=start["value"])
    assert page.path == f"{event.path}/manage/tasks"  # back to the hosts' page
    assert cards(page)[DOING] == ["Bring cups"]

    moved = page.fragment(
        f"{event.path}/help/moves",
        "board",
        method="POST",
        data={"move": f"{cups.id} doing done", "at": "manage"},
    )
    assert moved.status_code == 303
    answer = page.fragment(moved.headers["Location"], "board")
    assert answer.get_data(as_text=True).lstrip().startswith("<div")
    assert (
        page.page.find("hx-partial", id="board-status").get_text()
        == "“Bring cups” moved to “Done”."
    )
    assert cards(page)["done"] == ["Bring cups"]


def test_moving_a_card_that_someone_moved_gets_409_with_the_current_board(browser, event, ana):
    cups = task(event, ana)
    tasks.move(event, cups.id, ana, TODO, DOING)
    db.session.commit()
    page = browser(ana)

    answer = page.fragment(
        f"{event.path}/help/moves",
        "board",
        method="POST",
        data={"move": f"{cups.id} todo done", "at": "manage"},
    )

    assert answer.status_code == 409
    assert (
        page.page.find(id="board").find(role="alert").get_text(strip=True)
        == "Someone else has just moved “Bring cups” to “Doing”."
    )
    assert cards(page)[DOING] == ["Bring cups"]


@pytest.mark.parametrize(
    "move",
    ["", "x", "x todo done", "{id} todo", "{id} todo away", "{id} todo done x", "{id} todo up y z"],
)
def test_invalid_moves_get_422_and_move_nothing(browser, event, ana, move):
    cups = task(event, ana)
    page = browser(ana)

    answer = page.post(f"{event.path}/help/moves", {"move": move.format(id=cups.id)})

    assert answer.status_code == 422
    assert board(event)[TODO] == ["Bring cups"]


def test_attendees_take_tasks_and_see_them_on_the_event_page(browser, event, ana, ben):
    comes(event, ben)
    cups, entrance = task(event, ana), shift(event, ana, capacity=2)
    page = browser(ben)
    page.get(event.path)
    assert "Still needed: 1 task, 2 shift spots" in page.text
    page.get(f"{event.path}/help")
    assert not page.page.select(f"#n{cups.id.hex}, #u{cups.id.hex}")  # they may not move it yet

    page.submit("/help/claims", thing=str(cups.id))
    assert "You’re doing “Bring cups”." in page.text
    page.submit("/help/shifts/claims", thing=str(entrance.id))
    assert "You’re signed up for “At the door”." in page.text
    assert in_shift(entrance.id) == {ben.id}
    page.submit("/help/moves", move=page.page.select_one(f"#n{cups.id.hex}")["value"])
    assert board(event)[DOING] == ["Bring cups"]

    page.get(event.path)
    mine = page.page.select_one("#help ul").get_text(" ", strip=True)
    assert "Bring cups" in mine
    assert "At the door" in mine
    assert page.fragment(event.path, "help").status_code == 200
    page.get(f"{event.path}/help")
    page.submit("/help/releases", thing=str(cups.id))
    page.submit("/help/shifts/releases", thing=str(entrance.id))
    assert board(event)[TODO] == ["Bring cups"]
    assert in_shift(entrance.id) == set()


def test_the_second_person_for_the_last_spot_reads_why(browser, event, ana, ben, cem):
    comes(event, ben, cem)
    entrance = shift(event, ana)
    page = browser(cem)
    page.get(f"{event.path}/help")
    shifts.claim(event, entrance.id, by=ben)
    db.session.commit()

    page.submit("/help/shifts/claims", thing=str(entrance.id))

    assert page.answer.status_code == 409
    assert "“At the door” is full. Someone has just taken the last spot." in page.text
    assert in_shift(entrance.id) == {ben.id}


def test_only_attendees_and_hosts_open_the_help_pages(browser, visitor, event, ana, ben, dia):
    cups = task(event, ana)
    paths = [f"{event.path}/help", f"{event.path}/help/tasks/{cups.id}"]
    for path in paths:
        assert visitor.get(path).status_code == 303
        assert browser(ana).get(path).status_code == 200
        for person in (ben, dia):
            assert browser(person).get(path).status_code == 403
    assert "Attendees can take on tasks and shifts." in page_text(browser(ben), event)
    comes(event, ben)
    assert browser(ben).get(paths[0]).status_code == 200
    assert browser(ben).get(f"{event.path}/manage/tasks").status_code == 403
    rsvps.answer(event, by=ben, state=NOT_GOING)
    db.session.commit()
    assert (
        browser(ben).post(f"{event.path}/help/claims", {"thing": str(cups.id)}).status_code == 403
    )


def page_text(page, event):
    page.get(event.path)
    return page.text


def test_visitors_see_nothing_about_volunteering(visitor, event, ana):
    task(event, ana)
    visitor.get(event.path)
    assert visitor.page.find(id="help").get_text(strip=True) == ""
    assert "hx-get" not in str(visitor.page.find(id="help"))


def test_a_host_fills_and_changes_a_shift(browser, event, ana, ben):
    comes(event, ben)
    page = browser(ana)
    page.get(f"{event.path}/manage/shifts")
    assert "No shifts yet" in page.text
    page.submit(
        "/manage/shifts",
        title="At the door",
        starts=wall(event),
        ends=wall(event, hours=1),
        capacity="2",
    )
    [entrance] = db.session.query(EventShift).all()
    path = f"{event.path}/manage/shifts/{entrance.id}"
    page.get(path)
    page.submit(f"{path}/people", who="@nobody")
    assert page.answer.status_code == 422
    assert page.page.find("input", {"name": "title"})["value"] == "At the door"
    page.submit(f"{path}/people", who=ben.name)
    assert in_shift(entrance.id) == {ben.id}
    page.submit(path, title="At the gate")
    assert "At the gate" in page.text
    page.get(path)
    page.submit(f"/people/{ben.id}/removal")
    assert in_shift(entrance.id) == set()
    page.get(f"{path}/removal")
    page.submit("/removal")
    assert db.session.query(EventShift).count() == 0


@pytest.mark.parametrize("path", ["/help", "/manage/tasks", "/manage/shifts", ""])
def test_volunteering_pages_take_the_same_statements_for_one_and_two_hundred(
    browser, event, ana, ben, statements_of, path
):
    comes(event, ben)
    task(event, ana, who=f"@{ben.handle}")
    shifts.claim(event, shift(event, ana, capacity=3).id, by=ben)
    db.session.commit()
    page = browser(ana)
    address = f"{event.path}{path}"
    ask = lambda: page.get(address)  # noqa: E731
    ask()
    few = statements_of(ask)
    people = [factories.user() for _ in range(8)]
    rows = [
        EventTask(event_id=event.id, title=f"T{n}", position=n, assignee_id=people[n % 8].id)
        for n in range(2, 201)
    ]
    later = clock.now() + timedelta(days=9)
    more = [
        EventShift(
            event_id=event.id, title="S", starts_at=later, ends_at=later + timedelta(hours=1)
        )
        for _ in range(20)
    ]
    db.session.add_all([*rows, *more])
    db.session.commit()

    assert statements_of(ask) == few
    assert few <= 8


def test_events_without_volunteering_make_no_query_about_it(browser, event, ana, statements_of):
    page = browser(ana)
    path = event.path
    without = statements_of(lambda: page.get(path))
    task(event, ana)
    assert statements_of(lambda: page.get(path)) == without + 1


def test_a_board_of_two_hundred_tasks_is_a_small_fragment(browser, event, ana):
    db.session.add_all(
        EventTask(event_id=event.id, title=f"Task {n}", position=n) for n in range(1, 201)
    )
    db.session.commit()
    page = browser(ana)

    body = page.fragment(f"{event.path}/manage/tasks", "board").get_data()

    assert len(body) < 400_000
    assert len(page.page.find_all("form")) == 3


def test_shifts_move_with_an_event_edited_in_its_form(browser, event, ana):
    entrance = shift(event, ana)
    page = browser(ana)
    page.get(f"{event.path}/edit")
    given = fields()
    page.submit("/edit", starts=given["starts"], ends=given["ends"])
    db.session.expire_all()
    assert entrance.starts_at == event.starts_at
