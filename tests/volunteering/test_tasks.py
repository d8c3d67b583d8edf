"""Tasks: hosts create, assign and order them; attendees take, do and release them."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from werkzeug.exceptions import NotFound

from tests import factories
from tests.volunteering.helping import board, comes, notified, task
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock, time_zones
from webapp.events import planning
from webapp.notifications import inbox
from webapp.volunteering import tasks
from webapp.volunteering.models import DOING, DONE, TODO, EventTask

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def event(ana, ben):
    return factories.event(ana, factories.group(ana, ben), title="Seed swap")


def test_new_tasks_go_last_and_move_between_columns(event, ana):
    cups, chairs, soup = (task(event, ana, title) for title in ("Cups", "Chairs", "Soup"))
    assert board(event) == {TODO: ["Cups", "Chairs", "Soup"], DOING: [], DONE: []}

    tasks.move(event, chairs.id, ana, TODO, DOING)
    tasks.move(event, chairs.id, ana, DOING, DONE)
    assert board(event) == {TODO: ["Cups", "Soup"], DOING: [], DONE: ["Chairs"]}
    assert chairs.done_at is not None

    tasks.move(event, chairs.id, ana, DONE, TODO)
    assert board(event)[TODO] == ["Cups", "Soup", "Chairs"]
    assert chairs.done_at is None
    assert {cups.version, soup.version} == {1}


@pytest.mark.parametrize(
    ("one", "to", "before", "then"),
    [
        ("C", TODO, "A", {TODO: "CAB", DOING: "XY"}),
        ("A", TODO, "C", {TODO: "BAC", DOING: "XY"}),
        ("A", TODO, None, {TODO: "BCA", DOING: "XY"}),
        ("B", DOING, "Y", {TODO: "AC", DOING: "XBY"}),
        ("B", DOING, None, {TODO: "AC", DOING: "XYB"}),
        ("B", "up", None, {TODO: "BAC", DOING: "XY"}),
        ("B", "down", None, {TODO: "ACB", DOING: "XY"}),
        ("A", "up", None, {TODO: "ABC", DOING: "XY"}),
        ("C", "down", None, {TODO: "ABC", DOING: "XY"}),
        ("B", TODO, "B", {TODO: "ABC", DOING: "XY"}),
        ("A", DOING, "gone", {TODO: "BC", DOING: "XYA"}),
    ],
)
def test_a_moved_card_lands_at_its_target_and_others_keep_their_order(
    event, ana, one, to, before, then
):
    made = {title: task(event, ana, title) for title in "ABCXY"}
    for title in "XY":
        tasks.move(event, made[title].id, ana, TODO, DOING)

    there = {name: row.id for name, row in made.items()} | {"gone": uuid4(), None: None}
    tasks.move(event, made[one].id, ana, TODO, to, there[before])
    db.session.commit()

    assert {state: "".join(titles) for state, titles in board(event).items() if titles} == then


def test_a_move_takes_the_same_statements_on_large_and_small_boards(event, ana, statements_of):
    def last_to_first():
        rows = (
            db.session.query(EventTask)
            .filter_by(event_id=event.id)
            .order_by(EventTask.position)
            .all()
        )
        first, last = rows[0].id, rows[-1].id
        db.session.commit()
        return statements_of(lambda: tasks.move(event, last, ana, TODO, TODO, first))

    db.session.add_all(EventTask(event_id=event.id, title=f"T{n}", position=n) for n in range(1, 6))
    few = last_to_first()
    db.session.add_all(
        EventTask(event_id=event.id, title=f"T{n}", position=n) for n in range(6, 201)
    )
    assert last_to_first() == few
    assert board(event)[TODO][:2] == ["T200", "T5"]


def test_attendees_take_do_and_release_tasks(event, ana, ben, signals):
    comes(event, ben)
    cups = task(event, ana)

    tasks.take(event, cups.id, by=ben)
    assert tasks.take(event, cups.id, by=ben).assignee == ben  # pressed twice
    tasks.move(event, cups.id, ben, TODO, DOING)
    tasks.release(event, cups.id, by=ben)
    db.session.commit()

    assert (cups.assignee, board(event)[TODO]) == (None, ["Bring cups"])
    assert notified(ana) == ["task.released"]
    assert notified(ben) == []
    assert f"event:{event.id}:tasks" in signals


def test_repeated_taking_and_releasing_sends_one_email(event, ana, ben, emails):
    comes(event, ben)
    cups = task(event, ana)

    def wavers():
        for _ in range(3):
            tasks.take(event, cups.id, by=ben)
            tasks.release(event, cups.id, by=ben)
        db.session.commit()

    wavers()
    assert notified(ana) == ["task.released"]
    assert len([email for email in emails() if email["To"] == ana.email]) == 1
    inbox.mark_all_read(ana)
    wavers()
    assert notified(ana) == ["task.released"] * 2


def test_a_taken_task_cannot_be_taken_by_someone_else(event, ana, ben, cem):
    comes(event, ben, cem)
    cups = task(event, ana)
    tasks.take(event, cups.id, by=ben)

    with pytest.raises(Conflict, match=f"{ben.name} took “Bring cups” just before you"):
        tasks.take(event, cups.id, by=cem)


@pytest.mark.parametrize("to", ["up", DOING])
def test_attendees_move_only_their_own_tasks_and_never_reorder(event, ana, ben, cem, to):
    comes(event, ben, cem)
    cups = task(event, ana)
    tasks.take(event, cups.id, by=cem)

    with pytest.raises(UserError, match="Hosts set the order"):
        tasks.move(event, cups.id, ben, TODO, to)
    if to == "up":
        with pytest.raises(UserError):
            tasks.move(event, cups.id, cem, TODO, to)


def test_a_card_dropped_by_its_assignee_goes_last(event, ana, ben):
    comes(event, ben)
    first, mine = task(event, ana, "First"), task(event, ana, "Mine")
    tasks.move(event, first.id, ana, TODO, DOING)
    tasks.take(event, mine.id, by=ben)

    tasks.move(event, mine.id, ben, TODO, DOING, first.id)

    assert board(event)[DOING] == ["First", "Mine"]


def test_strangers_cannot_take_tasks(event, ana, dia, ben):
    cups = task(event, ana)

    for person in (dia, ben):  # including a member who hasn't answered
        with pytest.raises(Conflict, match="You can’t help at this event"):
            tasks.take(event, cups.id, by=person)


def test_the_second_of_two_movers_is_told_where_the_card_is(event, ana):
    cups = task(event, ana)
    tasks.move(event, cups.id, ana, TODO, DOING)

    with pytest.raises(Conflict, match="just moved “Bring cups” to “Doing”"):
        tasks.move(event, cups.id, ana, TODO, DONE)
    assert board(event)[DOING] == ["Bring cups"]


def test_a_card_that_was_removed_cannot_be_moved(event, ana):
    cups = task(event, ana)
    tasks.remove(event, cups, by=ana)
    with pytest.raises(NotFound):
        tasks.remove(event, cups, by=ana)

    with pytest.raises(Conflict, match="removed"):
        tasks.move(event, cups.id, ana, TODO, DONE)
    assert not event.has_volunteering


def test_hosts_assign_a_task_to_an_attendee_and_both_are_told(event, ana, ben, cem):
    comes(event, ben, cem)
    due = time_zones.wall(event.starts_at, event.zone)
    cups = task(event, ana, who=f"@{ben.handle}", due=due)
    assert (cups.assignee, cups.due_at) == (ben, event.starts_at)

    tasks.change(
        event,
        cups,
        by=ana,
        version=1,
        title="Twelve cups",
        description="Of tin.",
        who=cem.name,
        due=None,
    )
    db.session.commit()

    assert (cups.assignee, cups.title, cups.due_at, cups.version) == (cem, "Twelve cups", None, 2)
    assert (notified(ben), notified(cem), notified(ana)) == (
        ["task.given", "task.taken"],
        ["task.given"],
        [],
    )


@pytest.mark.parametrize("who", ["dia", "nobody", "blocking"])
def test_tasks_are_assigned_only_to_attendees_who_have_not_blocked_the_host(
    event, ana, ben, dia, who
):
    comes(event, ben)
    if who == "blocking":
        blocks.block_or_mute(ben, ana, BLOCK)
    words = {"dia": f"@{dia.handle}", "nobody": "@nobody", "blocking": f"@{ben.handle}"}[who]

    with pytest.raises(UserError) as refused:
        tasks.add(event, by=ana, title="Cups", who=words)
    assert refused.value.field == "who"


def test_an_assignee_who_is_not_going_can_stay_when_other_fields_change(event, ana):
    cups = task(event, ana, who=f"@{ana.handle}")

    tasks.change(event, cups, by=ana, version=1, title="Other cups", who=f"@{ana.handle}")

    assert (cups.assignee, notified(ana)) == (ana, [])


def test_the_second_of_two_task_edits_gets_a_conflict(event, ana):
    cups = task(event, ana)
    tasks.change(event, cups, by=ana, version=1, title="Twelve cups")

    with pytest.raises(Conflict, match="Someone else has changed this"):
        tasks.change(event, cups, by=ana, version=1, title="Ten cups")
    assert cups.title == "Twelve cups"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("locked", "locked"), ("cancelled", "cancelled"), ("deleted", "can’t help at this event")],
)
def test_tasks_of_locked_cancelled_or_deleted_events_cannot_be_taken(event, ana, state, sentence):
    cups = task(event, ana)
    if state == "locked":
        planning.lock(event, by=ana)
    elif state == "cancelled":
        planning.cancel(event, by=ana, reason="Rain")
    else:
        event.deleted_at = clock.now()
    db.session.commit()

    with pytest.raises(UserError, match=sentence):
        tasks.take(event, cups.id, by=ana)


def test_an_event_has_at_most_three_hundred_tasks(event, ana):
    db.session.add_all(
        EventTask(event_id=event.id, title="T", position=n) for n in range(1, tasks.MOST + 1)
    )
    db.session.commit()

    with pytest.raises(UserError, match="You can have up to 300 tasks"):
        tasks.add(event, by=ana, title="One more")


def test_a_nonexistent_due_time_is_refused_at_its_field(event, ana):
    with pytest.raises(UserError) as refused:
        tasks.add(event, by=ana, title="Cups", due=datetime(2027, 3, 28, 1, 30))
    assert refused.value.field == "due"


def test_a_copied_event_has_its_tasks_a_week_later_unassigned(event, ana):
    starts = time_zones.wall(event.starts_at, event.zone)
    cups = task(event, ana, who=f"@{ana.handle}", due=starts - timedelta(days=1))
    tasks.move(event, cups.id, ana, TODO, DONE)

    copy = planning.duplicate(event, by=ana)
    db.session.commit()

    [like] = db.session.query(EventTask).filter_by(event_id=copy.id)
    assert (like.title, like.state, like.assignee) == ("Bring cups", TODO, None)
    assert time_zones.wall(like.due_at, copy.zone) == copy.starts_wall - timedelta(days=1)
    assert copy.has_volunteering
