"""Who sees an event, by status, audience and group, and who may do what."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.exceptions import Forbidden, NotFound

from tests import factories
from webapp.accounts.models import Visitor
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import access, reads
from webapp.events.models import DRAFT, EVERYONE, GROUP, LINK, NOT_GOING, Event, EventHost
from webapp.groups import memberships
from webapp.groups.models import CLOSED, INVITE, OPEN, ORGANIZER, SECRET, Group

pytestmark = pytest.mark.usefixtures("context")
VISITOR = Visitor()


def sees(user, event):
    try:
        return access.event_for(user, event.slug) is event
    except NotFound:
        return False


def finds(user, event):
    listed = (
        sa.select(Event.id)
        .outerjoin(Group, Group.id == Event.group_id)
        .where(access.listed_for(user))
    )
    return event.id in set(db.session.scalars(listed))


@pytest.mark.parametrize(
    ("visibility", "audience", "stranger_sees", "stranger_finds"),
    [
        (OPEN, EVERYONE, True, True),
        (OPEN, LINK, True, False),
        (OPEN, GROUP, False, False),
        *[
            (visibility, audience, False, False)
            for visibility in (CLOSED, SECRET)
            for audience in (EVERYONE, LINK, GROUP)
        ],
    ],
)
def test_events_are_visible_only_within_their_audience_and_group(
    ana, ben, cem, visibility, audience, stranger_sees, stranger_finds
):
    group = factories.group(ana, ben, visibility=visibility, join_policy=INVITE)
    event = factories.event(ana, group, audience=audience)

    assert (sees(ben, event), finds(ben, event)) == (True, True)
    for outsider in (cem, VISITOR):
        assert (sees(outsider, event), finds(outsider, event)) == (stranger_sees, stranger_finds)
        assert access.may_watch(outsider, str(event.id)) is stranger_sees


def test_drafts_are_visible_to_hosts_even_from_outside_the_group(ana, ben, cem):
    group = factories.group(ana, ben, visibility=SECRET, join_policy=INVITE)
    organizer = factories.user("Ola")
    factories.membership(group, organizer, ORGANIZER)
    event = factories.event(ana, group, state=DRAFT)
    assert [sees(who, event) for who in (ana, organizer, ben, cem, VISITOR)] == [
        True,
        True,
        False,
        False,
        False,
    ]

    db.session.add(EventHost(event_id=event.id, user_id=cem.id))
    db.session.commit()

    assert sees(cem, event)
    assert access.can_edit(cem, event)


@pytest.mark.parametrize("what", ["event", "group"])
def test_deleted_events_and_events_of_deleted_groups_are_invisible(ana, what):
    group = factories.group(ana)
    event = factories.event(ana, group)
    (event if what == "event" else group).deleted_at = clock.now()
    db.session.commit()

    assert not sees(ana, event)
    assert not finds(ana, event)


def test_events_without_a_group_are_public_or_for_people_with_the_link(ana, cem):
    event, linked = factories.event(ana), factories.event(ana, audience=LINK)

    assert [(sees(who, event), finds(who, event)) for who in (cem, VISITOR)] == [(True, True)] * 2
    assert [(sees(who, linked), finds(who, linked)) for who in (ana, cem, VISITOR)] == [
        (True, True),
        (True, False),
        (True, False),
    ]


def test_site_admins_are_not_hosts_of_every_event(ana, dia):
    event = factories.event(ana, factories.group(ana))

    assert not access.can_edit(dia, event)
    with pytest.raises(Forbidden):
        access.require(dia, "event:cancel", event)


def test_every_action_has_a_sentence_and_only_known_roles():
    assert set(access.ACTIONS) == set(access.SENTENCES)
    assert set().union(*access.ACTIONS.values()) <= set(access.ROLES)


def test_unknown_event_ids_cannot_be_watched(ana):
    assert not access.may_watch(ana, "not-an-id")
    assert not access.may_watch(ana, "01a1fbc7-eb0f-718e-9bb3-075b2de0c311")


def test_upcoming_group_events_show_each_reader_what_they_may_see(ana, ben, cem, statements_of):
    group = factories.group(ana, ben, name="Seeds")
    full = factories.event(ana, group, capacity=1, venue="Mill Lane")
    factories.event(
        ana,
        group,
        title="For the members",
        audience="group",
        starts_at=full.starts_at + timedelta(days=1),
    )
    factories.event(ana, group, state="draft")
    factories.event(cem)
    for person in (ana, ben):
        rsvps.answer(full, by=person)
    db.session.commit()

    assert [(row.url, row.chip) for row in reads.upcoming_of(group, VISITOR)] == [
        (full.path, ("wait", "Full · 1 on the waiting list"))
    ]
    assert [row.chip for row in reads.upcoming_of(group, ana)] == [("yes", "You’re going"), None]
    assert reads.upcoming_of(group, ben)[0].meta == "Mill Lane"
    reads.upcoming_of(group, cem)
    assert statements_of(lambda: reads.upcoming_of(group, cem)) == 1


def test_ended_events_leave_the_upcoming_list_at_once(ana):
    group = factories.group(ana)
    event = factories.event(ana, group)
    db.session.commit()

    for reader in (ana, VISITOR):
        assert len(reads.upcoming_of(group, reader)) == len(reads.next_of([group.id], reader)) == 1
        with time_machine.travel(event.ends_at + timedelta(hours=1)):
            assert not reads.upcoming_of(group, reader)
            assert not reads.next_of([group.id], reader)


def test_organizers_who_leave_the_group_lose_control_of_their_events_there(ana, ben, browser):
    group = factories.group(ana, visibility=CLOSED, join_policy=INVITE)
    membership = factories.membership(group, ben, ORGANIZER)
    draft, event = (
        factories.event(ben, group, state=DRAFT, audience=GROUP),
        factories.event(ben, group, audience=GROUP),
    )
    rsvps.answer(event, by=ben)
    db.session.commit()
    assert access.can_edit(ben, draft)
    assert draft.title in browser(ben).get("/events").get_data(as_text=True)

    memberships.remove(membership, by=ana, banned=True)
    db.session.commit()

    assert [sees(ben, draft), sees(ben, event), finds(ben, event), access.can_edit(ben, event)] == [
        False
    ] * 4
    assert rsvps.of(event, ben).state == NOT_GOING
    page = browser(ben)
    for path in ("/events", "/"):
        assert draft.title not in page.get(path).get_data(as_text=True)
    assert page.post(f"/events/{draft.slug}/publication").status_code == 404
