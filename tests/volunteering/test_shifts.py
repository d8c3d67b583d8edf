"""Shifts: attendees claim and release spots and lose them with their answer; hosts assign them."""

from datetime import timedelta

import pytest

from tests import factories
from tests.events.plans import plan
from tests.volunteering.helping import board, comes, in_shift, notified, shift, task
from webapp.accounts import account_deletion
from webapp.attendance import rsvps, rsvps_by_host
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock, time_zones
from webapp.events import hosts, planning
from webapp.events.models import MAYBE, NOT_GOING, EventHost
from webapp.groups import memberships
from webapp.volunteering import shifts, tasks
from webapp.volunteering.models import DOING, DONE, TODO, EventShift

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def group(ana, ben, cem):
    return factories.group(ana, ben, cem)


@pytest.fixture
def event(ana, group):
    return factories.event(ana, group, title="Seed swap", audience="group")


def test_a_spot_is_claimed_once_and_released(event, ana, ben, signals):
    comes(event, ben)
    entrance = shift(event, ana, capacity=2)

    for _ in range(2):
        shifts.claim(event, entrance.id, by=ben)
    assert in_shift(entrance.id) == {ben.id}

    shifts.release(event, entrance.id, by=ben)
    shifts.release(event, entrance.id, by=ben)
    db.session.commit()
    assert in_shift(entrance.id) == set()
    assert notified(ana) == ["task.released"]
    assert f"event:{event.id}:tasks" in signals


def test_a_full_shift_takes_no_one_else(event, ana, ben, cem):
    comes(event, ben, cem)
    entrance = shift(event, ana)
    shifts.claim(event, entrance.id, by=ben)

    with pytest.raises(Conflict, match="“At the door” is full"):
        shifts.claim(event, entrance.id, by=cem)
    assert in_shift(entrance.id) == {ben.id}


def test_overlapping_shifts_cannot_be_claimed(event, ana, ben):
    comes(event, ben)
    hour = timedelta(hours=1)
    entrance, bar, later = (
        shift(event, ana),
        shift(event, ana, "At the bar", begins=hour),
        shift(event, ana, "Clear", begins=2 * hour),
    )
    shifts.claim(event, entrance.id, by=ben)

    with pytest.raises(UserError, match="You already have “At the door” at that time"):
        shifts.claim(event, bar.id, by=ben)
    shifts.claim(event, later.id, by=ben)
    assert in_shift(later.id) == {ben.id}


def test_an_ended_shift_cannot_be_changed(event, ana, ben):
    comes(event, ben)
    entrance = shift(event, ana)
    shifts.claim(event, entrance.id, by=ben)
    entrance.starts_at, entrance.ends_at = (
        clock.now() - timedelta(hours=2),
        clock.now() - timedelta(hours=1),
    )
    db.session.commit()

    with pytest.raises(UserError, match="“At the door” has ended"):
        shifts.release(event, entrance.id, by=ben)
    rsvps.answer(event, by=ben, state=NOT_GOING)
    assert in_shift(entrance.id) == {ben.id}


def cancel_the_answer(event, ben, **_):
    rsvps.answer(event, by=ben, state=NOT_GOING)


def only_perhaps(event, ben, **_):
    rsvps.answer(event, by=ben, state=MAYBE)


def a_host_takes_it_back(event, ben, ana):
    rsvps_by_host.change(event, ana, rsvps.of(event, ben).id, state=NOT_GOING)


def leave_the_group(event, ben, **_):
    memberships.leave(event.group, by=ben)


def be_banned(event, ben, ana):
    memberships.remove(memberships.current(event.group, ben), by=ana, reason="Noise", banned=True)


def leave_the_site(event, ben, **_):
    account_deletion.leave(ben)


@pytest.mark.parametrize(
    "how",
    [
        cancel_the_answer,
        only_perhaps,
        a_host_takes_it_back,
        leave_the_group,
        be_banned,
        leave_the_site,
    ],
)
def test_people_who_cancel_lose_their_shifts_and_open_tasks_and_hosts_are_told(
    event, ana, ben, cem, how
):
    comes(event, ben, cem)
    entrance = shift(event, ana, capacity=2)
    chairs, cups, done, others = (
        task(event, ana, title) for title in ("Chairs", "Cups", "Done", "Others")
    )
    for one in (cups, done):
        tasks.take(event, one.id, by=ben)
    tasks.move(event, cups.id, ben, TODO, DOING)
    tasks.move(event, done.id, ben, TODO, DONE)
    tasks.take(event, others.id, by=cem)
    for person in (ben, cem):
        shifts.claim(event, entrance.id, by=person)
    db.session.commit()

    how(event=event, ben=ben, ana=ana)
    db.session.commit()

    assert in_shift(entrance.id) == {cem.id}
    assert (cups.assignee, done.assignee, others.assignee) == (None, ben, cem)
    assert board(event) == {TODO: ["Chairs", "Others", "Cups"], DOING: [], DONE: ["Done"]}
    assert notified(ana) == ["task.released"]


def test_control_an_unchanged_answer_keeps_shifts(event, ana, ben):
    comes(event, ben)
    entrance = shift(event, ana)
    shifts.claim(event, entrance.id, by=ben)

    rsvps.answer(event, by=ben, anonymous=True)

    assert in_shift(entrance.id) == {ben.id}
    assert notified(ana) == []


def test_hosts_who_are_not_going_can_help_until_they_stop_hosting(event, ana, dia):
    host = EventHost(event_id=event.id, user_id=dia.id)
    db.session.add(host)
    db.session.commit()
    entrance = shift(event, ana)
    shifts.claim(event, entrance.id, by=dia)
    assert in_shift(entrance.id) == {dia.id}

    hosts.remove(event, host, by=ana)
    assert in_shift(entrance.id) == set()


def test_hosts_assign_and_unassign_people_who_are_then_told(event, ana, ben, dia):
    comes(event, ben)
    entrance = shift(event, ana)
    with pytest.raises(UserError) as refused:
        shifts.assign(event, entrance.id, f"@{dia.handle}", by=ana)
    assert refused.value.field == "who"

    shifts.assign(event, entrance.id, f"@{ben.handle}", by=ana)
    assert in_shift(entrance.id) == {ben.id}
    shifts.unassign(event, entrance.id, ben.id, by=ana)
    shifts.unassign(event, entrance.id, ben.id, by=ana)
    db.session.commit()

    assert in_shift(entrance.id) == set()
    assert notified(ben) == ["task.given", "task.taken"]


def changed(event, one, **values):
    now = {
        "title": one.title,
        "starts": time_zones.wall(one.starts_at, event.zone),
        "ends": time_zones.wall(one.ends_at, event.zone),
    }
    return {**now, "capacity": one.capacity, **values}


def test_changed_shift_hours_are_announced_and_claimed_spots_stay(event, ana, ben):
    comes(event, ben)
    entrance = shift(event, ana, capacity=3)
    shifts.claim(event, entrance.id, by=ben)
    later = time_zones.wall(entrance.ends_at, event.zone) + timedelta(hours=1)

    shifts.change(
        event, entrance, by=ana, version=1, **changed(event, entrance, ends=later, capacity=1)
    )
    assert notified(ben) == ["shift.moved"]
    with pytest.raises(Conflict):
        shifts.change(event, entrance, by=ana, version=1, **changed(event, entrance, capacity=2))
    with pytest.raises(UserError, match="1 person has signed up"):
        shifts.change(event, entrance, by=ana, version=2, **changed(event, entrance, capacity=0))


@pytest.mark.parametrize(
    ("lasts", "sentence"),
    [(timedelta(), "The end must be after the start"), (timedelta(days=3), "two days")],
)
def test_invalid_shift_hours_are_refused(event, ana, lasts, sentence):
    with pytest.raises(UserError, match=sentence):
        shift(event, ana, lasts=lasts)


def test_removing_a_shift_tells_its_people(event, ana, ben):
    comes(event, ben)
    entrance = shift(event, ana)
    shifts.claim(event, entrance.id, by=ben)
    shifts.remove(event, entrance, by=ana)
    db.session.commit()

    assert notified(ben) == ["task.taken"]
    assert not event.has_volunteering


def test_shifts_and_due_dates_move_with_their_event(event, ana):
    starts = event.starts_wall
    entrance, cups = shift(event, ana, begins=timedelta(hours=-1)), task(event, ana, due=starts)
    given = plan(
        starts=starts + timedelta(days=3),
        ends=starts + timedelta(days=3, hours=2),
        zone="Asia/Kolkata",
        audience="group",
    )

    planning.update(event, given, by=ana, version=event.version)
    db.session.commit()

    assert time_zones.wall(entrance.starts_at, "Asia/Kolkata") == starts + timedelta(
        days=3, hours=-1
    )
    assert entrance.ends_at - entrance.starts_at == timedelta(hours=2)
    assert cups.due_at == event.starts_at


def test_a_copied_event_has_its_shifts_without_people(event, ana):
    entrance = shift(event, ana, capacity=2)
    shifts.claim(event, entrance.id, by=ana)

    copy = planning.duplicate(event, by=ana)
    db.session.commit()

    [like] = db.session.query(EventShift).filter_by(event_id=copy.id)
    assert (like.title, like.capacity, like.starts_at) == ("At the door", 2, copy.starts_at)
    assert in_shift(like.id) == set()
