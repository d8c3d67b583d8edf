"""The hosts' checklist: when each task appears and when it disappears."""

from datetime import timedelta

import pytest

from tests import factories
from webapp.attendance import host_checklist, rsvps
from webapp.attendance.reads.overview import status_of
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import CANCELLED, DRAFT, MAYBE, OFFER

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]
WHOLE = {"venue": "Old weir", "description": "We count eels."}


def todos(event, later=timedelta()) -> list[str]:
    db.session.commit()
    pages = dict.fromkeys(host_checklist.VERBS, "/")
    found = host_checklist.of(event, status_of(event), clock.now() + later, pages)
    return [one.words for one in found]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, ["Add a venue or link", "Add a description", "Invite people"]),
        ({"venue": "Old weir"}, ["Add a description", "Invite people"]),
        ({"online_url": "https://meet.example.org"}, ["Add a description", "Invite people"]),
        (WHOLE, ["Invite people"]),
        ({**WHOLE, "locked_at": clock.now()}, []),
        ({**WHOLE, "state": DRAFT, "capacity": 3}, ["Consider an answer deadline"]),
        (
            {
                **WHOLE,
                "state": DRAFT,
                "capacity": 3,
                "rsvp_deadline": clock.now() + timedelta(days=1),
            },
            [],
        ),
        ({**WHOLE, "state": DRAFT}, []),
        ({"state": CANCELLED}, []),
    ],
)
def test_missing_details_are_listed(ana, values, names):
    assert todos(factories.event(ana, **values)) == names


def test_a_draft_with_a_past_start_is_listed(ana):
    event = factories.event(ana, state=DRAFT, **WHOLE)
    assert todos(event) == []
    assert todos(event, later=timedelta(days=8)) == ["Choose a later start"]


def test_hosts_are_prompted_to_remind_before_and_thank_afterwards(ana, ben):
    event = factories.event(ana, **WHOLE)
    rsvps.answer(event, by=ben)

    found = {days: todos(event, later=timedelta(days=days)) for days in (0, 6, 7.05, 8, 20, 22)}

    assert found == {
        0: [],
        6: ["Message attendees"],
        7.05: ["Check people in"],
        8: ["Thank attendees"],
        20: ["Thank attendees"],
        22: [],
    }


def test_thanking_is_not_suggested_when_no_one_attended(ana, ben):
    event = factories.event(ana, **WHOLE)
    rsvps.answer(event, by=ben, state=MAYBE)

    assert todos(event, later=timedelta(days=6)) == todos(event, later=timedelta(days=8)) == []


def test_free_seats_that_fit_no_waiting_party_are_listed(ana, ben, cem):
    event = factories.event(ana, capacity=3, max_plus_ones=2, **WHOLE)
    rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem, party=3)

    assert todos(event) == ["Consider adding 2 seats"]

    rsvps.withdraw(event, by=cem)
    assert todos(event) == []


def test_more_people_than_seats_are_listed(ana, ben, cem):
    event = factories.event(ana, capacity=3, **WHOLE)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    event.capacity = 1

    assert todos(event) == ["1 more seat is taken than there are"]


def test_a_locked_event_with_free_seats_and_a_waiting_list_is_listed(ana, ben, cem):
    event = factories.event(ana, capacity=1, **WHOLE)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    event.locked_at = clock.now()
    assert todos(event) == []

    event.capacity = 2
    assert todos(event) == ["Unlock"]


def test_offers_about_to_expire_are_listed(ana, ben, cem):
    event = factories.event(ana, capacity=1, promotion=OFFER, **WHOLE)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    rsvps.withdraw(event, by=ben)

    assert todos(event) == []
    assert todos(event, later=timedelta(hours=19)) == ["Remind people with offered seats"]
    assert todos(event, later=timedelta(hours=25)) == []
