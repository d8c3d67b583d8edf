"""Hosts: invited by handle, named once they accept, and removed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.groups.racing import at_once, waiting_for_each_other
from tests.records import notified
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, User
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events import access, hosts
from webapp.events.models import DRAFT, GOING, NOT_GOING, Event, EventHost, HostInvitation, Rsvp
from webapp.groups.models import CLOSED, INVITE, ORGANIZER, SECRET, Ban
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, ben):
    return factories.event(
        ana, factories.group(ana, ben, name="Lake Riders"), title="Seed swap", slug="seed-swap"
    )


def ask(event, user, by):
    asked = hosts.ask(event, f"@{user.handle}", by=by)
    db.session.commit()
    return asked


def runs(user, event):
    db.session.expire_all()
    return access.is_host(user, event)


def unread(user):
    query = sa.select(Notification.kind).where(
        Notification.user_id == user.id, Notification.read_at.is_(None)
    )
    return list(db.session.scalars(query))


def test_invited_hosts_get_control_only_after_they_accept(event, ana, cem, emails):
    ask(event, cem, by=ana)

    assert not runs(cem, event)
    assert notified(cem) == ["host.asked"]
    [email] = emails()
    assert email["Subject"] == "Invitation to co-host: Seed swap (Lake Riders)"
    text = email.get_body(("plain",)).get_content()
    assert "/events/seed-swap/hosting" in text
    assert "Hosts can edit it" in text

    hosts.accept(event, by=cem)
    db.session.commit()

    assert runs(cem, event)
    assert notified(ana) == ["host.accepted"]
    assert db.session.scalar(sa.select(sa.func.count(HostInvitation.id))) == 0
    hosts.accept(event, by=cem)
    assert notified(ana) == ["host.accepted"]


def test_declining_changes_nothing_and_tells_the_inviter(event, ana, cem):
    ask(event, cem, by=ana)
    hosts.decline(event, by=cem)
    db.session.commit()

    assert not runs(cem, event)
    assert notified(ana) == ["host.declined"]
    ask(event, cem, by=ana)


def test_organizers_of_the_group_become_hosts_at_once(event, ana, cem):
    factories.membership(event.group, cem, ORGANIZER)

    assert ask(event, cem, by=ana) is None
    assert [host.user_id for host in event.hosts] == [cem.id]
    assert notified(cem) == []


@pytest.mark.parametrize("handle", ["nobody-here", "", "@", "ana-souza", "x" * 300])
def test_unknown_handles_and_current_hosts_cannot_be_invited_as_hosts(event, ana, handle):
    with pytest.raises(UserError) as refused:
        hosts.ask(event, handle, by=ana)
    assert refused.value.field == "handle"


def test_unconfirmed_and_closed_accounts_look_like_unknown_handles(event, ana, cem):
    noor = factories.user("Noor", verified_at=None)
    cem.deactivated_at = clock.now()
    db.session.commit()
    for person in (noor, cem):
        with pytest.raises(UserError, match="No one has this handle"):
            hosts.ask(event, person.handle, by=ana)


def test_a_second_host_invitation_is_refused_until_the_first_expires(event, ana, cem):
    asked = ask(event, cem, by=ana)
    with pytest.raises(Conflict):
        hosts.ask(event, cem.handle, by=ana)
    db.session.rollback()
    asked.expires_at = clock.now() - timedelta(minutes=1)
    db.session.commit()

    with pytest.raises(Conflict):
        hosts.accept(event, by=cem)
    db.session.rollback()
    ask(event, cem, by=ana)


def test_the_number_of_hosts_is_limited(event, ana, monkeypatch):
    monkeypatch.setattr(hosts, "MOST", 1)
    ask(event, factories.user(), by=ana)
    with pytest.raises(UserError, match="can’t have any more hosts"):
        hosts.ask(event, factories.user().handle, by=ana)


def test_outsiders_see_a_draft_once_they_accept_to_host(ana, cem, browser):
    event = factories.event(
        ana,
        factories.group(ana, visibility=SECRET, join_policy=INVITE),
        audience="group",
        state=DRAFT,
    )
    page = browser(cem)
    assert page.get(f"{event.path}/hosting").status_code == 404
    ask(event, cem, by=ana)

    assert page.get(event.path).status_code == 404
    assert page.get(f"{event.path}/hosting").status_code == 200
    page.submit("/hosting/acceptance")

    assert page.get(event.path).status_code == 200
    assert page.get(event.group.path).status_code == 404


@pytest.mark.parametrize("visibility", [CLOSED, SECRET])
def test_only_group_leaders_invite_outside_hosts_where_the_group_is_not_open(
    ana, ben, cem, visibility
):
    group = factories.group(ana, ben, visibility=visibility, join_policy=INVITE)
    event = factories.event(ben, group, audience="group")

    with pytest.raises(UserError, match="Only its owners and organizers"):
        hosts.ask(event, cem.handle, by=ben)
    ask(event, cem, by=ana)


def test_banned_people_cannot_be_invited_to_host_or_accept(event, ana, ben, cem):
    ask(event, cem, by=ana)
    db.session.add(Ban(group_id=event.group_id, user_id=ben.id, reason=""))
    db.session.commit()
    with pytest.raises(UserError, match="can’t host events of Lake Riders"):
        hosts.ask(event, ben.handle, by=ana)
    db.session.rollback()


def test_host_invitations_from_blocked_people_do_not_arrive(event, ana, cem, emails):
    blocks.block_or_mute(cem, ana, BLOCK)
    db.session.commit()

    ask(event, cem, by=ana)

    assert (notified(cem), emails()) == ([], [])
    with pytest.raises(Conflict):
        hosts.accept(event, by=cem)


def test_host_invitations_end_when_the_inviter_stops_hosting(event, ana, ben, cem):
    db.session.add(EventHost(event_id=event.id, user_id=ben.id))
    db.session.commit()
    ask(event, cem, by=ben)
    hosts.remove(event, event.hosts[0], by=ana)
    db.session.commit()

    with pytest.raises(Conflict):
        hosts.accept(event, by=cem)


def test_removed_hosts_are_told_and_lose_access_that_only_hosts_have(ana, cem):
    event = factories.event(ana, factories.group(ana), audience="group", capacity=5)
    ask(event, cem, by=ana)
    hosts.accept(event, by=cem)
    rsvps.answer(event, by=cem)
    db.session.commit()
    assert event.seats_taken == 1

    hosts.remove(event, event.hosts[0], by=ana)
    db.session.commit()

    assert not runs(cem, event)
    assert "host.removed" in notified(cem)
    assert db.session.scalar(sa.select(Rsvp.state)) == NOT_GOING, (
        "they are not in the group, and the event is for it alone"
    )
    assert event.seats_taken == 0


def test_hosts_who_step_down_get_no_notification_and_keep_public_seats(event, ana, cem):
    ask(event, cem, by=ana)
    hosts.accept(event, by=cem)
    rsvps.answer(event, by=cem)
    hosts.remove(event, event.hosts[0], by=cem)
    db.session.commit()

    assert "host.removed" not in notified(cem)
    assert rsvps.of(event, cem).state == GOING


def test_locked_events_keep_their_hosts(event, ana, cem):
    ask(event, cem, by=ana)
    event.locked_at = clock.now()
    db.session.commit()
    for act in (
        lambda: hosts.ask(event, factories.user().handle, by=ana),
        lambda: hosts.accept(event, by=cem),
    ):
        with pytest.raises(UserError, match="locked"):
            act()
        db.session.rollback()
    hosts.decline(event, by=cem)


def test_host_invitations_end_with_the_account(event, ana, cem):
    ask(event, cem, by=ana)
    hosts.left_site(cem)
    assert db.session.scalar(sa.select(sa.func.count(HostInvitation.id))) == 0


@pytest.fixture
def asked(event, ana, cem):
    ask(event, cem, by=ana)
    ids = event.id, cem.id
    db.session.remove()
    return ids


@pytest.fixture
def interleaved(monkeypatch):
    """Make each person who has found the invitation wait until the other has found it, too."""
    monkeypatch.setattr(hosts, "_arrived", waiting_for_each_other(hosts._arrived))


def _both(asked):
    event_id, user_id = asked

    def act(verb):
        return lambda: verb(db.session.get(Event, event_id), by=db.session.get(User, user_id))

    return [act(hosts.accept), act(hosts.decline)]


def test_a_host_invitation_is_answered_once(app, asked, interleaved):
    assert at_once(app, _both(asked)) == ["done", "refused"]


def test_control_without_the_lock_both_answers_count_or_one_breaks(
    app, asked, interleaved, monkeypatch
):
    monkeypatch.setattr(hosts, "locked", lambda model, id: db.session.get(model, id))

    assert at_once(app, _both(asked), unlocked=True) != ["done", "refused"]


# The pages


@pytest.mark.any_database
def test_hosts_are_invited_and_removed_on_the_hosts_page(event, ana, cem, browser):
    page = browser(ana)
    page.get("/events/seed-swap/manage/hosts")

    assert page.submit("/manage/hosts", handle="@Cem-Yilmaz ").status_code == 200
    assert "Invitation sent. They have 14 days" in page.text
    assert "Cem Yılmaz" in page.page.select_one("section[aria-labelledby=asked]").get_text()
    hosts.accept(event, by=cem)
    db.session.commit()
    page.get("/events/seed-swap/manage/hosts")
    page.get(page.page.select_one('a[href$="/removal"]')["href"])
    assert page.page.h1.get_text() == "Remove Cem Yılmaz?"
    page.submit("/removal")

    assert "Cem Yılmaz is no longer a host." in page.text
    assert not runs(cem, event)


@pytest.mark.any_database
def test_a_refused_handle_is_explained_at_its_field(event, ana, browser):
    page = browser(ana)
    page.get("/events/seed-swap/manage/hosts")

    assert page.submit("/manage/hosts", handle="who").status_code == 422
    assert "No one has this handle" in page.page.select_one("#handle-err").get_text()
    assert page.page.select_one("#handle")["value"] == "who"


@pytest.mark.any_database
def test_host_invitations_can_be_withdrawn(event, ana, cem, browser):
    ask(event, cem, by=ana)
    page = browser(ana)
    page.get("/events/seed-swap/manage/hosts")
    page.submit("/withdrawal")

    assert "Withdrawn." in page.text
    stranger = browser(cem)
    stranger.get("/events/seed-swap/hosting")
    assert "Nothing to do" in stranger.text


@pytest.mark.any_database
def test_withdrawn_invitees_are_told_and_their_link_explains_it(ana, cem, browser, emails):
    event = factories.event(
        ana,
        factories.group(ana, visibility=SECRET, join_policy=INVITE),
        audience="group",
        state=DRAFT,
    )
    asked = ask(event, cem, by=ana)
    hosts.withdraw(event, asked.id, by=ana)
    db.session.commit()

    page = browser(cem)
    assert notified(cem) == ["host.asked", "host.withdrawn"]
    assert unread(cem) == ["host.withdrawn"]
    assert emails() == [], (
        "what was asked is pointless by now, and that it is over is no reason for a mail"
    )
    for answer in (
        page.get(f"{event.path}/hosting"),
        page.post(f"{event.path}/hosting/acceptance"),
    ):
        assert answer.status_code == 404
        assert "No open invitation" in answer.text
    assert page.get("/events/there-is-none/hosting").text.count("No open invitation") == 1


@pytest.mark.any_database
def test_host_invitations_are_limited_per_hour(app, event, ana, browser):
    app.extensions["limits"].reset()
    page = browser(ana)
    for _ in range(5):
        page.post("/events/seed-swap/manage/hosts", {"handle": factories.user().handle})

    assert (
        page.post("/events/seed-swap/manage/hosts", {"handle": factories.user().handle}).status_code
        == 429
    )
