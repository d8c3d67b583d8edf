"""People banned from a group are mere visitors at its events and hold no seats."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.events import counted
from tests.voting import making
from webapp.attendance import feedback, rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.time import clock
from webapp.event_files.models import BY_PEOPLE
from webapp.events import access
from webapp.events.models import EVERYONE, GOING, GROUP, NAMED, NOT_GOING, EventHost, Rsvp
from webapp.groups import memberships, reads
from webapp.groups.models import OPEN, Ban
from webapp.voting import access as voting

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake")


@pytest.fixture
def event(ana, group):
    return factories.event(ana, group, capacity=1)


def ban(group, user, by):
    memberships.remove(reads.membership_of(group, user), by=by, banned=True)
    db.session.commit()


@pytest.mark.parametrize("audience", [EVERYONE, GROUP])
def test_seats_of_banned_people_go_to_the_waiting_list(audience, group, ana, ben, cem):
    factories.membership(group, cem)
    event = factories.event(ana, group, capacity=1, audience=audience)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    db.session.commit()

    ban(group, ben, by=ana)

    assert [rsvps.of(event, who).state for who in (ben, cem)] == [NOT_GOING, GOING]
    assert counted(event)


def test_removed_members_keep_seats_that_any_stranger_could_have(group, event, ana, ben):
    rsvps.answer(event, by=ben)
    memberships.remove(reads.membership_of(group, ben), by=ana)
    assert rsvps.of(event, ben).state == GOING


def test_banned_people_see_the_visitor_page_and_cannot_answer(group, event, ana, ben, browser):
    ban(group, ben, by=ana)
    page = browser(ben)

    assert page.get(event.path).status_code == 200
    assert page.page.find("form", id="rsvp-form") is None
    assert "rsvp-send" not in page.text
    assert "Message the hosts" not in page.text
    for path, values in {
        "rsvp": {"answer": "going", "party": 1},
        "rsvp/removal": {},
        "offer/acceptance": {},
        "offer/refusal": {},
        "message": {"body": "Let me in"},
    }.items():
        assert page.post(f"{event.path}/{path}", values).status_code == 403, path
    assert rsvps.of(event, ben) is None
    with pytest.raises(Conflict):
        rsvps.answer(event, by=ben)


def test_banned_hosts_from_outside_lose_the_host_role(group, event, ben, cem):
    db.session.add_all(
        [EventHost(event_id=event.id, user_id=cem.id), Ban(group_id=group.id, user_id=cem.id)]
    )
    db.session.commit()

    assert not access.is_host(cem, event)
    assert access.event_role(cem, event) == access.VISITOR


def test_people_can_answer_again_after_their_ban_is_lifted(group, event, ana, ben):
    ban(group, ben, by=ana)
    memberships.unban(reads.bans_of(group)[0], group, by=ana)
    db.session.commit()

    assert rsvps.answer(event, by=ben).state == GOING


def test_a_ban_in_one_group_does_not_apply_in_another(group, ana, ben):
    ban(group, ben, by=ana)
    other = factories.event(ana, factories.group(ana, visibility=OPEN))

    assert rsvps.answer(other, by=ben).state == GOING


def test_banned_people_cannot_see_votes_among_attendees(group, event, ana, ben):
    rsvps.answer(event, by=ben)
    db.session.commit()
    vote = making.vote(group, ana, event=event, electorate="going")
    assert voting.vote_for(ben, vote.slug) is vote

    ban(group, ben, by=ana)

    with pytest.raises(Exception, match="404"):
        voting.vote_for(ben, vote.slug)


def test_people_banned_during_an_event_become_visitors(group, ana, ben, browser):
    now = clock.now()
    event = factories.event(
        ana, group, starts_at=now - timedelta(hours=1), file_uploaders=BY_PEOPLE, feedback=NAMED
    )
    db.session.add(Rsvp(event_id=event.id, user_id=ben.id, state=GOING))
    db.session.commit()
    page, answer = browser(ben), rsvps.of(event, ben)
    assert access.event_role(ben, event, answer) == access.ATTENDEE
    assert page.get(f"{event.path}/files/new").status_code == 200

    ban(group, ben, by=ana)

    assert access.event_role(ben, event, rsvps.of(event, ben)) == access.VISITOR
    assert page.get(event.path).status_code == 200
    for path in ("pictures", "files", "files/new", "help"):
        assert page.get(f"{event.path}/{path}").status_code == 403, path
    with time_machine.travel(event.ends_at + timedelta(hours=1)):
        assert "Only people who were there" in feedback.refusal_of(event, ben, rsvps.of(event, ben))
