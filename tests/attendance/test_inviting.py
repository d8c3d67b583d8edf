"""Inviting members or email addresses to an event, once each, and only if they want it."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.events.change_notices import tell_everyone
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK
from webapp.attendance import inviting, rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.events import planning
from webapp.events.models import DRAFT, GROUP, LINK, EventHost, EventInvitation
from webapp.groups import memberships, reads
from webapp.invitations import allowances, opt_outs
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")
STRANGER = "gil@example.org"


@pytest.fixture
def group(ana, ben, cem):
    return factories.group(ana, ben, cem, name="Eelers")


@pytest.fixture
def event(ana, group):
    return factories.event(ana, group, title="Eel count")


def notified():
    query = sa.select(Notification.user_id).where(Notification.kind == "event.invited")
    return list(db.session.scalars(query))


def test_members_who_have_not_answered_are_invited_once(event, ana, ben, cem):
    rsvps.answer(event, by=ben, state="not_going")
    row = inviting.invite_members(event, by=ana)
    tell_everyone()

    assert notified() == [cem.id]
    assert (row.notified, row.total) == (1, 1)
    with pytest.raises(UserError, match="Everyone in the group"):
        inviting.invite_members(event, by=ana)


def test_an_address_is_invited_once_whether_or_not_it_has_an_account(event, ana, dia, emails):
    inviting.invite(event, by=ana, addresses=[STRANGER, dia.email, STRANGER], message="Do come")
    db.session.commit()

    sent = {email["To"]: email for email in emails()}
    assert set(sent) == {STRANGER, dia.email}
    words = sent[STRANGER].get_body(("plain",)).get_content()
    assert sent[STRANGER]["Subject"] == "You’re invited to an event at Folkmoot"
    assert "Do come" not in words
    assert "/event-invitations/" in words
    known = sent[dia.email].get_body(("plain",)).get_content()
    assert sent[dia.email]["Subject"] == "You’re invited: Eel count (Eelers)"
    assert "> Do come" in known
    assert "/no-invitations/" in sent[STRANGER]["List-Unsubscribe"]
    assert "/unsubscription/" in sent[dia.email]["List-Unsubscribe"]
    assert notified() == [dia.id]
    with pytest.raises(UserError, match="Everyone on this list has already been invited"):
        inviting.invite(event, by=ana, addresses=[STRANGER])


def refused(event, ana, dia):
    opt_outs.opt_out(opt_outs.hash_of(dia.email))
    opt_outs.opt_out(opt_outs.hash_of(STRANGER))


def blocked(event, ana, dia):
    blocks.block_or_mute(dia, ana, BLOCK)


def answered(event, ana, dia):
    rsvps.answer(event, by=dia)


def cancelled(event, ana, dia):
    planning.cancel(event, by=ana, reason="Ice")


@pytest.mark.parametrize(
    ("act", "reached"),
    [(refused, set()), (blocked, {STRANGER}), (answered, {STRANGER}), (cancelled, set())],
)
def test_invitation_emails_are_checked_at_delivery_and_hosts_learn_nothing(
    event, ana, dia, emails, act, reached
):
    row = inviting.invite(event, by=ana, addresses=[STRANGER, dia.email])
    act(event, ana, dia)
    db.session.commit()

    assert {email["To"] for email in emails() if "You’re invited" in email["Subject"]} == reached
    assert row.total in (0, 2)


def test_events_for_members_only_invite_only_members(ana, group):
    event = factories.event(ana, group, audience=GROUP)

    with pytest.raises(UserError, match="Only they can be invited"):
        inviting.invite(event, by=ana, addresses=[STRANGER])
    assert inviting.invite_members(event, by=ana).total == 2


def test_invitations_refuse_drafts_events_without_a_group_and_long_lists(ana, group):
    with pytest.raises(UserError, match="Publish the event first"):
        inviting.invite_members(factories.event(ana, group, state=DRAFT), by=ana)
    with pytest.raises(UserError, match="isn’t part of a group"):
        inviting.invite_members(factories.event(ana), by=ana)
    with pytest.raises(UserError, match="Remove 1 and send"):
        inviting.invite(
            factories.event(ana), by=ana, addresses=[f"p{n}@example.org" for n in range(101)]
        )


def test_removed_members_are_not_invited(event, ana, ben, cem):
    inviting.invite_members(event, by=ana)
    memberships.remove(reads.membership_of(event.group, ben), by=ana)
    tell_everyone()

    assert notified() == [cem.id]


@pytest.mark.any_database
def test_invited_people_see_the_invitation_until_they_answer(browser, event, ana, ben, dia):
    inviting.invite(event, by=ana, addresses=[dia.email])
    tell_everyone()
    db.session.commit()

    page = browser(dia)
    page.get(event.path)
    assert "Ana Souza invited you" in page.text
    assert "invited you" not in browser(ben).get(event.path).text
    rsvps.answer(event, by=dia)
    db.session.commit()
    page.get(event.path)
    assert "invited you" not in page.text


@pytest.mark.any_database
def test_a_host_pastes_a_list_looks_and_sends(browser, ana, emails):
    event = factories.event(ana, audience=LINK)
    page = browser(ana)
    page.get(f"{event.path}/manage/invitations/new")
    page.submit("/invitations/new", addresses=f"Gil <{STRANGER}>, nobody", message="Come")
    assert "1 address is ready" in page.text
    page.submit("/manage/invitations")

    assert "1 invitation sent." in page.text
    assert STRANGER in page.text
    assert [email["To"] for email in emails()] == [STRANGER]
    assert db.session.scalar(sa.select(EventInvitation.sent_at)) is not None


@pytest.mark.any_database
def test_a_host_invites_the_members(browser, event, ana, ben, cem):
    page = browser(ana)
    page.get(f"{event.path}/manage/invitations")
    assert "2 members of Eelers haven’t answered or been invited" in page.text
    page.submit("/invitations/members", message="Come")
    db.session.rollback()
    tell_everyone()
    db.session.commit()

    page.get(f"{event.path}/manage/invitations")
    rows = [row.get_text(" ", strip=True) for row in page.page.select("#invited tbody tr")]
    assert len(rows) == 2
    assert "No answer yet" in rows[0]


# Members one by one


def test_only_chosen_members_are_invited_once(event, ana, ben, cem, dia, emails):
    row = inviting.invite_chosen(event, ana, [cem.id, dia.id, ana.id], "Do come")
    tell_everyone()
    db.session.commit()

    assert notified() == [cem.id]
    assert (row.notified, row.total) == (1, 1)
    [email] = emails()
    assert (email["To"], email["Subject"]) == (cem.email, "You’re invited: Eel count (Eelers)")
    assert "> Do come" in email.get_body(("plain",)).get_content()
    with pytest.raises(UserError, match="Choose at least one person"):
        inviting.invite_chosen(event, ana, [cem.id])


def test_pending_invitations_skip_people_who_answered_left_or_blocked(event, ana, ben, cem, emails):
    eve = factories.user("Eve")
    factories.membership(event.group, eve)
    event.audience = GROUP
    blocks.block_or_mute(cem, ana, BLOCK)
    inviting.invite_chosen(event, ana, [ben.id, cem.id, eve.id])
    rsvps.answer(event, by=ben, state="maybe")
    memberships.leave(event.group, by=eve)
    db.session.commit()
    tell_everyone()

    assert notified() == []
    assert [email["To"] for email in emails() if "You’re invited" in email["Subject"]] == []


def ticked(page):
    return [box["value"] for box in page.page.select("input[name=who]") if box.has_attr("checked")]


@pytest.mark.any_database
def test_searching_members_keeps_the_selection_and_invites_no_one(browser, event, ana, ben, cem):
    page = browser(ana)
    page.get(f"{event.path}/manage/invitations")
    page.get(page.page.find("a", string="Choose members")["href"])
    assert [label.get_text(strip=True) for label in page.page.select(".pick label")] == [
        f"Ben Okafor (@{ben.handle})",
        f"Cem Yılmaz (@{cem.handle})",
    ]
    look = f"{event.path}/manage/invitations/members/new"
    page.post(look, {"words": "yilmaz", "who": [str(ben.id)], "csrf_token": page.csrf_token()})

    assert ticked(page) == [str(ben.id)]
    assert len(page.page.select("input[name=who]")) == 2
    assert notified() == []
    page.submit("/members/chosen", who=[str(ben.id), str(cem.id)])
    assert "2 invitations sent." in page.text


@pytest.mark.any_database
def test_only_people_who_see_the_members_choose_among_them(browser, event, ana, dia):
    db.session.add(EventHost(event_id=event.id, user_id=dia.id))
    own = factories.event(ana)
    db.session.commit()

    page = browser(dia)
    page.get(f"{event.path}/manage/invitations")
    assert page.page.find("a", string="Choose members") is None
    assert page.get(f"{event.path}/manage/invitations/members/new").status_code == 403
    assert browser(ana).get(f"{own.path}/manage/invitations/members/new").status_code == 404


def test_daily_email_invitations_are_limited_across_all_events(event, ana, ben, monkeypatch):
    monkeypatch.setattr(allowances, "MOST", 3)
    other = factories.event(ana)
    inviting.invite(event, by=ana, addresses=[f"a{number}@example.org" for number in range(2)])

    with pytest.raises(UserError, match="You have 1 left for now"):
        inviting.invite(other, by=ana, addresses=["b@example.org", "c@example.org"])
    inviting.invite(other, by=ana, addresses=["b@example.org"])
    inviting.invite(factories.event(ben), by=ben, addresses=["d@example.org"])
