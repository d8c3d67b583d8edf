"""After a closing, a departure or a ban, nothing that worked before leads to the event."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance.checking_in import MAIL
from tests.events.change_notices import tell_everyone
from tests.events.plans import plan
from webapp.attendance import approvals, inviting, messages, rsvps
from webapp.attendance.attendee_filter import AttendeeFilter
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events import hosts, planning
from webapp.events.directory import EventSearch, listed
from webapp.events.models import DRAFT, GROUP, NOT_GOING, REFUSED, EventHost
from webapp.events.reads import listing, mine, outsiders_of
from webapp.groups import memberships, reads
from webapp.groups.models import INVITE, SECRET
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")
WORDS = {"subject": "Between us", "body": "Come by the back door."}


@pytest.fixture
def group(ana, ben):
    """An open group of Ana's, with Ben."""
    return factories.group(ana, ben, name="Weir Keepers")


@pytest.fixture
def event(ben, group):
    """An event of Ben's."""
    return factories.event(ben, group, title="Eel count")


def close(group):
    group.visibility, group.join_policy = SECRET, INVITE
    db.session.commit()


def ban(group, user, by):
    memberships.remove(reads.membership_of(group, user), by=by, banned=True)
    db.session.commit()


def notified(user):
    return set(
        db.session.scalars(sa.select(Notification.kind).where(Notification.user_id == user.id))
    )


def asked_to_run(event, user, by):
    hosts.ask(event, user.handle, by=by)
    db.session.commit()


def test_host_invitations_by_members_end_when_the_group_becomes_secret(
    group, event, ben, cem, emails, browser
):
    asked_to_run(event, cem, by=ben)
    close(group)

    assert browser(cem).get(f"{event.path}/hosting").status_code == 404
    assert emails() == []
    with pytest.raises(Conflict, match="no longer valid"):
        hosts.accept(event, by=cem)


def test_host_invitations_by_group_leaders_survive_closing_the_group(
    group, event, ana, cem, browser
):
    asked_to_run(event, cem, by=ana)
    close(group)

    assert browser(cem).get(f"{event.path}/hosting").status_code == 200
    hosts.accept(event, by=cem)
    assert [host.user_id for host in event.hosts] == [cem.id]


def test_outside_hosts_who_stop_lose_their_seat_in_a_closed_group(group, event, ana, cem):
    asked_to_run(event, cem, by=ana)
    hosts.accept(event, by=cem)
    rsvps.answer(event, by=cem)
    close(group)

    hosts.remove(event, event.hosts[0], by=ana)

    assert rsvps.of(event, cem).state == NOT_GOING


def test_a_closed_group_invites_no_email_addresses(group, event, ben, browser):
    close(group)

    with pytest.raises(UserError, match="Only they can be invited"):
        inviting.invite(event, by=ben, addresses=[MAIL])
    page = browser(ben)
    page.get(f"{event.path}/manage/invitations")
    assert page.page.find("a", href=f"{event.path}/manage/invitations/new") is None


@pytest.mark.parametrize("closes", ["group", "event"])
def test_pending_invitations_are_dropped_when_the_event_closes(group, event, ben, emails, closes):
    inviting.invite(event, by=ben, addresses=[MAIL])
    tell_everyone()
    if closes == "group":
        close(group)
    else:
        planning.update(event, plan(audience=GROUP), ben, event.version, tell_people=False)
        db.session.commit()

    assert [email for email in emails() if email["To"] == MAIL] == []


def test_announcements_skip_people_who_left_a_closed_group(ana, ben, cem, emails):
    group = factories.group(ana, ben, cem, visibility=SECRET, join_policy=INVITE)
    event = factories.event(ana, group, audience=GROUP)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem, state=NOT_GOING)
    memberships.leave(group, cem)
    db.session.commit()

    assert messages.announce(event, by=ana, recipients=AttendeeFilter(), **WORDS).total == 1
    tell_everyone()
    assert ("event.written" in notified(ben), "event.written" in notified(cem)) == (True, False)


def test_announcements_skip_banned_people_but_reach_outside_attendees(
    group, event, ana, ben, cem, dia
):
    factories.membership(group, dia)
    for person in (cem, dia):
        rsvps.answer(event, by=person)
    ban(group, dia, by=ana)

    messages.announce(event, by=ben, recipients=AttendeeFilter(), **WORDS)
    tell_everyone()

    assert ("event.written" in notified(cem), "event.written" in notified(dia)) == (True, False)


def test_banned_hosts_find_the_event_in_no_list(ana, ben):
    group = factories.group(ana, ben, visibility=SECRET, join_policy=INVITE)
    for state in ("published", DRAFT):
        event = factories.event(ana, group, audience=GROUP, state=state, title=f"Hush {state}")
        db.session.add(EventHost(event_id=event.id, user_id=ben.id))
    db.session.commit()
    lists = [
        lambda: listing.drafts_of(ben),
        lambda: mine.page_of(ben, mine.HOSTING, clock.now(), 5).items,
        lambda: listed(ben, EventSearch()).items,
        lambda: listed(ben, EventSearch(words="hush")).items,
    ]
    assert [len(found()) for found in lists] == [1, 2, 1, 1]

    ban(group, ben, by=ana)

    assert [len(found()) for found in lists] == [0, 0, 0, 0]


def test_a_declined_request_stays_declined_after_leaving_and_rejoining(ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, audience=GROUP, requires_approval=True)
    approvals.decline(event, rsvps.answer(event, by=ben).id, by=ana)
    memberships.leave(group, ben)
    db.session.commit()
    factories.membership(group, ben)

    with pytest.raises(Conflict, match="declined your request"):
        rsvps.answer(event, by=ben)


def test_declined_requests_do_not_count_as_lost_seats(ana, ben, cem):
    event = factories.event(ana, factories.group(ana, ben), requires_approval=True)
    approvals.decline(event, rsvps.answer(event, by=cem).id, by=ana)

    assert outsiders_of(event) == 0
    planning.update(event, plan(audience=GROUP, requires_approval=True), ana, event.version)
    db.session.commit()

    assert rsvps.of(event, cem).state == REFUSED
    assert "rsvp.released" not in notified(cem)
