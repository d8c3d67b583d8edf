"""Answers: what is refused, with which message, and what an answer triggers."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.events import rows_of
from webapp.attendance import jobs, leaving, rsvps
from webapp.core import hooks, live
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.events.models import (
    CANCELLED,
    DRAFT,
    GOING,
    GROUP,
    MAYBE,
    NOT_GOING,
    WAITING,
    EventHost,
)
from webapp.groups.models import CLOSED
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


def emails():
    return [
        (row.template, row.address)
        for row in db.session.query(OutgoingEmail).order_by(OutgoingEmail.id)
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": CANCELLED}, "cancelled"),
        ({"state": DRAFT}, "isn’t published"),
        ({"locked_at": clock.now()}, "locked"),
        ({"deleted_at": clock.now()}, "isn’t published"),
        ({"rsvp_deadline": clock.now() - timedelta(hours=1)}, "Answers closed on"),
        (
            {
                "starts_at": clock.now() - timedelta(hours=1),
                "ends_at": clock.now() + timedelta(hours=1),
            },
            "Answers closed",
        ),
        ({"starts_at": clock.now() - timedelta(hours=9)}, "has ended"),
    ],
)
def test_answers_are_refused_with_a_reason(ana, ben, values, sentence):
    event = factories.event(ana, **values)

    with pytest.raises(UserError, match=sentence):
        rsvps.answer(event, by=ben)

    assert rows_of(event) == []


def test_answers_close_at_the_start_at_the_latest(ana, ben):
    event = factories.event(ana, rsvp_deadline=clock.now() + timedelta(days=30))

    with (
        time_machine.travel(clock.now() + timedelta(days=7, hours=1)),
        pytest.raises(UserError, match="Answers closed"),
    ):
        rsvps.answer(event, by=ben)


@pytest.mark.parametrize(
    ("values", "party", "sentence"),
    [
        ({"max_plus_ones": 0}, 2, "can’t bring plus-ones"),
        ({"max_plus_ones": 2}, 4, "up to 2 plus-ones"),
        ({"max_plus_ones": 9, "capacity": 3}, 4, "only 3 seats in total"),
        ({"max_plus_ones": 2}, 0, "how many"),
    ],
)
def test_a_party_that_is_too_large_is_refused_at_its_field(ana, ben, values, party, sentence):
    event = factories.event(ana, **values)

    with pytest.raises(UserError, match=sentence) as broken:
        rsvps.answer(event, by=ben, party=party)

    assert broken.value.field == "party"


def test_a_party_keeps_its_size_when_the_plus_one_limit_is_lowered(ana, ben):
    event = factories.event(ana, max_plus_ones=3)
    rsvps.answer(event, by=ben, party=4)
    event.max_plus_ones = 1
    db.session.commit()

    assert rsvps.answer(event, by=ben, party=4, anonymous=True).is_anonymous
    assert rsvps.answer(event, by=ben, party=3).party == 3


def test_people_with_unconfirmed_addresses_are_asked_to_confirm(ana):
    event = factories.event(ana)

    with pytest.raises(UserError, match="Confirm your email"):
        rsvps.answer(event, by=factories.user("New", verified_at=None))


def test_every_changed_answer_is_emailed_and_own_acts_are_not_in_the_inbox(
    ana, ben, cem, monkeypatch
):
    signals = []
    monkeypatch.setattr(live, "signal", signals.append)
    event = factories.event(ana, capacity=1)

    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    rsvps.answer(event, by=cem, state=MAYBE)
    db.session.commit()

    sent = [
        ("events/answered", ben.email),
        ("events/waiting", cem.email),
        ("events/answered", cem.email),
    ]
    assert emails() == sent
    assert db.session.query(Notification).count() == 0
    assert f"event:{event.id}:rsvps" in signals


def test_declining_without_a_previous_answer_is_recorded(ana, ben):
    event = factories.event(ana, capacity=2)

    rsvps.answer(event, by=ben, state=NOT_GOING)

    assert [(row.state, row.party) for row in rows_of(event)] == [(NOT_GOING, 1)]
    assert event.seats_taken == 0


def test_an_unknown_answer_is_refused(ana, ben):
    with pytest.raises(UserError):
        rsvps.answer(factories.event(ana), by=ben, state=WAITING)


def test_leaving_a_group_frees_seats_at_its_members_only_events(ana, ben, cem):
    group = factories.group(ana, ben, cem)
    own = factories.event(ana, group, audience=GROUP, capacity=1)
    public = factories.event(ana, group, capacity=1)
    for event in (own, public):
        rsvps.answer(event, by=ben)
        rsvps.answer(event, by=cem)
    db.session.commit()

    hooks.member_left(group=group, user=ben, by_choice=True)

    assert rsvps.of(own, ben).state == NOT_GOING
    assert rsvps.of(own, cem).state == GOING
    assert rsvps.of(public, ben).state == GOING


def test_leaving_a_closed_group_frees_seats_except_where_one_is_a_host(ana, ben):
    group = factories.group(ana, ben, visibility=CLOSED, join_policy="invite")
    event, planned, hosted = (
        factories.event(ana, group),
        factories.event(ben, group),
        factories.event(ana, group),
    )
    db.session.add(EventHost(event_id=hosted.id, user_id=ben.id))
    for each in (event, planned, hosted):
        rsvps.answer(each, by=ben)

    leaving.left_group(group, ben)

    assert [rsvps.of(e, ben).state for e in (event, planned, hosted)] == [
        NOT_GOING,
        NOT_GOING,
        GOING,
    ]


def test_a_deactivated_account_frees_future_seats_and_keeps_past_ones(ana, ben, cem):
    event = factories.event(ana, capacity=1)
    past = factories.event(ana, starts_at=clock.now() + timedelta(hours=1))
    for one in (event, past):
        rsvps.answer(one, by=ben)
    rsvps.answer(event, by=cem)
    db.session.commit()

    with time_machine.travel(clock.now() + timedelta(hours=5)):
        hooks.user_deactivated(user=ben)

    assert [rsvps.of(event, who).state for who in (ben, cem)] == [NOT_GOING, GOING]
    assert rsvps.of(past, ben).state == GOING


def test_the_offer_job_does_nothing_without_expired_offers(ana, ben):
    event = factories.event(ana, capacity=1)
    rsvps.answer(event, by=ben)
    db.session.commit()

    jobs.expire_offers()

    assert [row.state for row in rows_of(event)] == [GOING]
