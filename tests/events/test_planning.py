"""Planning an event: drafts, publishing, valid times, announced changes and deletion."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.events.change_notices import tell_everyone
from tests.events.plans import plan
from webapp.attendance import rsvps
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock, time_zones
from webapp.events import access, planning
from webapp.events.event_input import COPIED, EventInput
from webapp.events.models import CANCELLED, DRAFT, EVERYONE, LINK, OFFER, PUBLISHED, Event
from webapp.mail.models import OutgoingEmail
from webapp.notifications import preferences
from webapp.notifications.models import NOW, Notification

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


def notified(kind: str) -> list:
    return list(
        db.session.scalars(sa.select(Notification.user_id).where(Notification.kind == kind))
    )


def emails(template: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(OutgoingEmail.template == template))


def refusal(call, *args, **options) -> UserError:
    with pytest.raises(UserError) as broken:
        call(*args, **options)
    return broken.value


def test_a_new_event_is_a_draft_and_its_wall_time_is_converted_to_utc(ana):
    event = planning.create(
        plan(starts=datetime(2027, 7, 1, 18), ends=datetime(2027, 7, 1, 20)), by=ana
    )

    assert (event.state, event.slug) == (DRAFT, "eel-count")
    assert event.starts_at == datetime(2027, 7, 1, 17, tzinfo=UTC)


def test_a_taken_slug_gets_a_suffix_and_new_is_reserved(ana):
    first, second, third = (
        planning.create(plan(title=title), by=ana) for title in ("Eel count", "Eel count", "New")
    )

    assert first.slug == "eel-count"
    assert second.slug.startswith("eel-count-")
    assert third.slug.startswith("new-")


def test_only_group_leaders_plan_events_for_the_group(ana, ben):
    group = factories.group(ana, ben)

    assert "Your role" in refusal(planning.create, plan(), by=ben, group=group).message
    assert planning.create(plan(), by=ana, group=group).group_id == group.id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": datetime(2027, 7, 1, 18), "starts": datetime(2027, 7, 1, 18)}, "ends"),
        ({"ends": datetime(2027, 7, 1, 17), "starts": datetime(2027, 7, 1, 18)}, "ends"),
        ({"ends": datetime(2028, 7, 1, 17), "starts": datetime(2027, 7, 1, 18)}, "ends"),
        (
            {"starts": datetime(2027, 7, 1, 18), "rsvp_deadline": datetime(2027, 7, 1, 19)},
            "rsvp_deadline",
        ),
        ({"audience": "group"}, "audience"),
    ],
)
def test_inconsistent_times_or_audiences_are_refused_at_their_field(ana, values, field):
    assert refusal(planning.create, plan(**values), by=ana).field == field


def test_a_nonexistent_time_names_the_two_nearest(ana):
    lost = plan(
        zone="Pacific/Auckland", starts=datetime(2027, 9, 25, 22), ends=datetime(2027, 9, 26, 2, 30)
    )

    broken = refusal(planning.create, lost, by=ana)

    assert broken.field == "ends"
    assert all(words in broken.message for words in ("02:30", "Auckland", "01:30", "03:30"))


def test_an_ambiguous_time_is_asked_about_and_then_accepted(ana):
    wall = datetime(2027, 10, 31, 1, 30)
    twice = {"starts": wall, "ends": datetime(2027, 10, 31, 5)}

    assert refusal(planning.create, plan(**twice), by=ana).field == "starts_fold"
    assert planning.create(plan(**twice, starts_fold=1), by=ana).starts_at == datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("visibility", ["closed", "secret"])
def test_events_of_a_group_that_is_not_open_are_for_its_members_only(ana, visibility):
    group = factories.group(ana, visibility=visibility, join_policy="invite")

    assert (
        refusal(planning.create, plan(audience="everyone"), by=ana, group=group).field == "audience"
    )
    assert planning.create(plan(audience="group"), by=ana, group=group).audience == "group"


def test_publishing_notifies_members_once(ana, ben, cem):
    event = planning.create(plan(), by=ana, group=factories.group(ana, ben, cem))
    preferences.choose(ben, {"event.published": NOW})

    assert planning.publish(event, by=ana)
    assert not planning.publish(event, by=ana)
    tell_everyone()

    assert event.state == PUBLISHED
    assert sorted(notified("event.published")) == sorted([ben.id, cem.id])
    assert emails("events/published") == 1  # Cem gets it in the digest


def test_publishing_again_after_unpublishing_notifies_no_one(ana, ben):
    event = planning.create(plan(), by=ana, group=factories.group(ana, ben))
    planning.publish(event, by=ana)
    assert planning.unpublish(event, by=ana)
    assert not planning.unpublish(event, by=ana)

    assert (event.state, access.may_see(ben, event)) == (DRAFT, False)
    assert "This event isn’t published" in refusal(rsvps.answer, event, by=ben).message
    planning.publish(event, by=ana)
    tell_everyone()
    assert notified("event.published") == [ben.id]


@pytest.mark.parametrize("state", ["going", "maybe"])
def test_an_event_with_answers_cannot_be_unpublished(ana, ben, state):
    event = factories.event(ana)
    rsvps.answer(event, by=ben, state=state)
    assert "People have answered" in refusal(planning.unpublish, event, by=ana).message

    rsvps.withdraw(event, by=ben)
    assert planning.unpublish(event, by=ana)


def test_a_started_event_cannot_be_unpublished(ana):
    event = factories.event(ana)
    with time_machine.travel(event.starts_at, tick=False):
        assert "It has started" in refusal(planning.unpublish, event, by=ana).message


def test_an_event_with_a_past_start_cannot_be_published(ana):
    event = planning.create(plan(), by=ana)
    with time_machine.travel(clock.now() + timedelta(days=11), tick=False):
        assert refusal(planning.publish, event, by=ana).field == "starts"


def test_a_new_time_or_place_is_announced_once_to_people_who_answered(ana, ben, cem):
    event = factories.event(ana, factories.group(ana, ben, cem))
    rsvps.answer(event, by=ben)

    planning.update(event, plan(title="Eels"), by=ana, version=event.version)
    tell_everyone()
    assert notified("event.changed") == [ben.id]

    planning.update(event, plan(title="Eels", summary="Bring boots"), by=ana, version=event.version)
    tell_everyone()
    assert notified("event.changed") == [ben.id]


def test_a_change_can_be_saved_without_an_announcement(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)

    planning.update(event, plan(venue="Old weir"), by=ana, version=event.version, tell_people=False)
    tell_everyone()

    assert notified("event.changed") == []


def test_the_second_of_two_editors_gets_a_conflict(ana):
    event = factories.event(ana)
    seen = event.version
    planning.update(event, plan(title="First"), by=ana, version=seen)

    with pytest.raises(Conflict):
        planning.update(event, plan(title="Second"), by=ana, version=seen)


def test_a_form_sent_twice_is_not_a_conflict(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    seen = event.version
    for _ in range(2):
        planning.update(
            event, plan(venue="Old weir", rsvp_deadline=datetime(2026, 1, 1)), by=ana, version=seen
        )

    tell_everyone()
    assert event.version == seen + 1
    assert notified("event.changed") == [ben.id]


def test_more_seats_go_to_the_waiting_list_and_fewer_remove_no_one(ana, ben, cem):
    event = factories.event(ana, capacity=1)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    assert rsvps.of(event, cem).state == "waiting"

    planning.update(event, plan(capacity=2), by=ana, version=event.version)
    assert rsvps.of(event, cem).state == "going"

    planning.update(event, plan(capacity=1), by=ana, version=event.version)
    assert (event.seats_taken, event.seats_free) == (2, 0)


def test_ten_more_seats_admit_ten_from_the_waiting_list_in_order(ana):
    event = factories.event(ana, capacity=1)
    people = [factories.user() for _ in range(13)]
    for person in people:
        rsvps.answer(event, by=person)
    assert (event.seats_taken, event.waiting_count) == (1, 12)

    planning.update(event, plan(capacity=11), by=ana, version=event.version)

    assert (event.seats_taken, event.waiting_count) == (11, 2)
    assert [rsvps.of(event, person).state for person in people] == ["going"] * 11 + ["waiting"] * 2


def test_cancelling_tells_everyone_who_answered_the_reason(ana, ben, cem):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem, state="not_going")

    planning.cancel(event, by=ana, reason="The river is too high")
    tell_everyone()

    assert (event.state, event.cancelled_reason) == (CANCELLED, "The river is too high")
    assert notified("event.cancelled") == [ben.id]
    assert (
        "cancelled"
        in refusal(planning.update, event, plan(), by=ana, version=event.version).message
    )
    assert "cancelled" in refusal(rsvps.answer, event, by=ben).message


def test_a_locked_event_cannot_change_until_it_is_unlocked(ana, ben):
    event = factories.event(ana)
    planning.lock(event, by=ana)

    assert (
        "locked" in refusal(planning.update, event, plan(), by=ana, version=event.version).message
    )
    assert "locked" in refusal(rsvps.answer, event, by=ben).message

    planning.unlock(event, by=ana)
    rsvps.answer(event, by=ben)


def test_a_copy_is_a_draft_one_week_later_by_wall_time(ana):
    event = planning.create(
        plan(starts=datetime(2027, 3, 25, 18), ends=datetime(2027, 3, 25, 20), capacity=7), by=ana
    )

    copy = planning.duplicate(event, by=ana)

    assert (copy.state, copy.capacity, copy.starts_wall) == (DRAFT, 7, datetime(2027, 4, 1, 18))
    assert copy.starts_at - event.starts_at == timedelta(days=7) - timedelta(
        hours=1
    )  # clocks went forward in between


def test_a_copy_skips_a_start_that_does_not_exist(ana):
    """A week after 21 March 2027, 01:30, Lisbon's clocks jump from 1:00 to 2:00."""
    event = planning.create(
        plan(starts=datetime(2027, 3, 21, 1, 30), ends=datetime(2027, 3, 21, 5)), by=ana
    )

    assert planning.duplicate(event, by=ana).starts_wall == datetime(2027, 3, 28, 2, 30)


def test_copying_an_event_calls_the_copy_hook(ana, monkeypatch):
    heard = []
    monkeypatch.setattr(
        hooks.event_copied, "subscribers", [lambda event, copy: heard.append((event.id, copy.id))]
    )
    event = factories.event(ana)

    assert heard == [(event.id, planning.duplicate(event, by=ana).id)]


def test_deleting_can_be_undone_for_30_days(ana):
    event = factories.event(ana)
    planning.delete(event, by=ana)
    planning.restore(event, by=ana)
    assert event.deleted_at is None

    planning.delete(event, by=ana)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert "no longer" in refusal(planning.restore, event, by=ana).message


def test_an_event_with_answers_is_cancelled_before_it_is_deleted(ana, ben):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)

    assert "Cancel" in refusal(planning.delete, event, by=ana).message
    assert db.session.get(Event, event.id).deleted_at is None
    planning.cancel(event, by=ana, reason="Rain")
    assert planning.delete(event, by=ana)
    assert not planning.delete(event, by=ana)


def test_a_locked_event_is_unlocked_before_it_is_deleted(ana):
    event = factories.event(ana)
    assert planning.lock(event, by=ana)
    assert not planning.lock(event, by=ana)

    assert "Unlock" in refusal(planning.delete, event, by=ana).message


def test_deleted_events_cannot_be_published_or_cancelled(ana):
    event = factories.event(ana)
    planning.delete(event, by=ana)

    for verb in (planning.publish, planning.unpublish):
        event.state = DRAFT if verb is planning.publish else PUBLISHED
        assert "deleted" in refusal(verb, event, by=ana).message
    assert "deleted" in refusal(planning.cancel, event, by=ana, reason="").message


def test_link_only_events_have_unguessable_slugs(ana):
    board = planning.create(plan(audience=LINK, title="Board dinner"), ana)
    assert len(board.slug) > len("board-dinner") + 8

    draft = planning.create(plan(title="Seed swap"), ana)
    planning.update(draft, plan(audience=LINK, title="Seed swap"), ana, draft.version)
    assert draft.slug != "seed-swap"
    planning.publish(draft, ana)
    given_out = draft.slug
    planning.update(draft, plan(audience=EVERYONE, title="Seed swap"), ana, draft.version)
    assert draft.slug == given_out


def test_a_copy_keeps_its_duration_across_a_clock_change(ana):
    night = datetime(2027, 10, 31, 1, 45), datetime(2027, 10, 31, 1, 15)
    first = planning.create(plan(starts=night[0], ends=night[1], starts_fold=0, ends_fold=1), ana)
    copy = planning.duplicate(first, ana)
    assert (copy.starts_wall, copy.ends_wall) == (
        datetime(2027, 11, 7, 1, 45),
        datetime(2027, 11, 7, 2, 15),
    )


def test_offers_expire_no_later_than_the_answer_deadline(ana, ben, cem):
    event = factories.event(
        ana,
        capacity=1,
        promotion=OFFER,
        starts_at=time_zones.whole_minute(clock.now()) + timedelta(days=10),
    )
    for person in (ben, cem):
        rsvps.answer(event, by=person)
    rsvps.withdraw(event, by=ben)
    soon = time_zones.wall(clock.now() + timedelta(hours=2), event.zone).replace(
        second=0, microsecond=0
    )
    names = {name: getattr(event, name) for name in COPIED}

    planning.update(
        event,
        EventInput(starts=event.starts_wall, ends=event.ends_wall, rsvp_deadline=soon, **names),
        ana,
        event.version,
    )

    assert rsvps.of(event, cem).offered_until == event.deadline
