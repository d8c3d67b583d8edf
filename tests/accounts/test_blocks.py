"""Muting and blocking: the pages, what is no longer delivered, and that no one can tell."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.events.change_notices import tell_everyone
from tests.fan_outs import run_fan_outs
from tests.mail.deciding import decide
from tests.voting import making
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, MUTE, BlockOrMute
from webapp.attendance import inviting as event_inviting, messages, rsvps
from webapp.attendance.attendee_filter import AttendeeFilter
from webapp.conversation import replies, threads
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events import hosts, planning
from webapp.events.models import DRAFT
from webapp.groups import memberships, ownership, reads, requests
from webapp.groups.models import APPROVE, MEMBER
from webapp.invitations import inviting
from webapp.invitations.inviting import Invited
from webapp.mail.emails import context_of
from webapp.mail.models import OutgoingEmail
from webapp.notifications import notification_types
from webapp.notifications.models import Notification
from webapp.volunteering import notifications
from webapp.voting.electorate import invitees as vote_inviting, reminders

pytestmark = pytest.mark.any_database


def keep(user, other, kind):
    blocks.block_or_mute(user, other, kind)
    db.session.commit()


# Ways for one person to reach another: notification type -> Ben does something of which Ana is
# notified.


def asks_to_join(ana, ben):
    requests.ask(factories.group(ana, join_policy=APPROVE), by=ben, message="Please")


def _owned(ana, ben):
    group = factories.group(ben, ana)
    return group, ownership.offer(reads.membership_of(group, ana), by=ben)


def offers_ownership(ana, ben):
    _owned(ana, ben)


def takes_the_offer_back(ana, ben):
    group, _offer = _owned(ana, ben)
    ownership.withdraw(group, ana, by=ben)


def plans_an_event(ana, ben):
    group = factories.group(ben, ana)
    planning.publish(factories.event(ben, group, state=DRAFT), by=ben)
    tell_everyone()


def writes_to_the_host(ana, ben):
    messages.write_to_hosts(factories.event(ana), by=ben, body="Is there a ramp?")


def writes_to_those_who_come(ana, ben):
    event = factories.event(ben)
    rsvps.answer(event, by=ana)
    messages.announce(
        event, by=ben, subject="Boots", body="Bring some", recipients=AttendeeFilter(("going",))
    )
    tell_everyone()


def gives_someone_a_task(ana, ben):
    event = factories.event(ben)
    rsvps.answer(event, by=ana)
    notifications.assigned(event, ana, "Cups", by=ben)


def invites_to_an_event(ana, ben):
    event_inviting.invite_members(factories.event(ben, factories.group(ben, ana)), by=ben)
    tell_everyone()


def asks_for_a_ballot(ana, ben):
    reminders.ask(making.vote(factories.group(ben, ana), ben), by=ben)
    run_fan_outs()


def puts_a_question_to_a_few(ana, ben):
    vote = making.vote(factories.group(ben, ana), ben, electorate="invited")
    vote_inviting.replace(vote, ben, [ana.id])
    run_fan_outs()


def asks_to_come(ana, ben):
    rsvps.answer(factories.event(ana, requires_approval=True), by=ben)


def asks_for_a_host(ana, ben):
    event = factories.event(ben)
    return event, hosts.ask(event, ana.handle, by=ben)


def asks_for_a_host_no_more(ana, ben):
    event, asked = asks_for_a_host(ana, ben)
    hosts.withdraw(event, asked.id, by=ben)


def invites(ana, ben):
    inviting.invite(factories.group(ben), ben, Invited([ana.email], MEMBER))


def begins_a_thread(ana, ben, **more):
    group = factories.group(ben, ana)
    return threads.start(
        group, ben, "A thread", f"Hello @{ana.handle}" if not more else "Hello all", **more
    )


def mentions(ana, ben):
    begins_a_thread(ana, ben)


def announces(ana, ben):
    begins_a_thread(ana, ben, announces=True)
    run_fan_outs()


def answers_in_a_thread(ana, ben):
    group = factories.group(ana, ben)
    replies.add(threads.start(group, ana, "A thread", "Hello"), ben, "Hello yourself")
    run_fan_outs()


ACTS = {
    "host.asked": asks_for_a_host,
    "host.withdrawn": asks_for_a_host_no_more,
    "invitation.arrived": invites,
    "reply.mentioned": mentions,
    "thread.announced": announces,
    "reply.arrived": answers_in_a_thread,
    "request.arrived": asks_to_join,
    "ownership.offered": offers_ownership,
    "ownership.withdrawn": takes_the_offer_back,
    "event.published": plans_an_event,
    "event.message": writes_to_the_host,
    "event.written": writes_to_those_who_come,
    "event.invited": invites_to_an_event,
    "task.given": gives_someone_a_task,
    "rsvp.asked": asks_to_come,
    "vote.missed": asks_for_a_ballot,
    "vote.invited": puts_a_question_to_a_few,
}


def test_every_notification_type_from_a_person_is_tried(app):
    from_person = {
        name for name, kind in notification_types.NOTIFICATION_TYPES.items() if kind.from_person
    }

    assert from_person == set(ACTS)


def reached(person, kind):
    """Return the numbers of notifications of this type and of emails to the person that will be
    sent.
    """
    decide()
    lines = sa.select(sa.func.count()).where(
        Notification.user_id == person.id, Notification.kind == kind
    )
    emails = sa.select(OutgoingEmail).where(
        OutgoingEmail.address == person.email,
        OutgoingEmail.template.in_(notification_types.NOTIFICATION_TYPES[kind].emails),
    )
    going = [
        one for one in db.session.scalars(emails) if context_of(one.template, one.ids) is not None
    ]
    return db.session.scalar(lines), len(going)


@pytest.mark.parametrize("kind", sorted(ACTS))
@pytest.mark.parametrize("far", [None, MUTE, BLOCK])
def test_people_who_blocked_or_muted_someone_get_no_notifications_from_them(kind, far, ana, ben):
    if far:
        keep(ana, ben, far)

    ACTS[kind](ana, ben)
    db.session.commit()

    lines, emails = reached(ana, kind)
    if far is None or (
        far == MUTE and kind == "event.message"
    ):  # a message to a host needs an answer
        assert lines == 1
    else:
        assert (lines, emails) == (0, 0)


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_blocking_someone_else_or_being_blocked_changes_nothing(kind, ana, ben, cem):
    keep(ana, cem, BLOCK)
    keep(ben, ana, BLOCK)

    ACTS[kind](ana, ben)
    db.session.commit()

    assert reached(ana, kind)[0] == 1


@pytest.mark.parametrize(
    "kind",
    [
        "request.arrived",
        "ownership.offered",
        "event.message",
        "reply.mentioned",
        "thread.announced",
    ],
)
def test_a_queued_email_is_dropped_when_its_sender_is_blocked_meanwhile(kind, ana, ben, emails):
    ACTS[kind](ana, ben)
    db.session.commit()
    assert reached(ana, kind)[1] == 1
    keep(ana, ben, BLOCK)

    assert [email["To"] for email in emails()] == []


def test_other_hosts_receive_a_message_from_someone_one_host_blocked(ana, ben, cem):
    from webapp.events.models import EventHost

    event = factories.event(ana)
    db.session.add(EventHost(event_id=event.id, user_id=cem.id))
    keep(ana, ben, BLOCK)

    messages.write_to_hosts(event, by=ben, body="Is there a ramp?")
    db.session.commit()

    assert (reached(ana, "event.message"), reached(cem, "event.message")) == ((0, 0), (1, 1))


def test_an_ownership_offer_from_a_blocked_person_is_hidden_from_its_recipient(browser, ana, ben):
    group, _offer = _owned(ana, ben)
    keep(ana, ben, BLOCK)
    page = browser(ana)
    page.get("/")
    assert "invited you to co-own" not in page.text
    page.get(f"/groups/{group.slug}/ownership")
    assert "Accept" not in page.text
    with pytest.raises(Conflict):
        ownership.accept(group, by=ana)
    db.session.rollback()

    assert reads.membership_of(group, ana).role == MEMBER
    assert reads.offer_to(group, ana) is not None
    blocks.end(ana, ben)
    ownership.accept(group, by=ana)


def answers(page, path, **fields):
    """Return the responses to someone who posts there, without what differs each time."""
    answer = page.post(path, fields)
    page.get(answer.headers["Location"])
    return answer.status_code, answer.headers["Location"], page.page.main.get_text(" ", strip=True)


@pytest.mark.parametrize("far", [MUTE, BLOCK])
def test_blocked_and_muted_people_cannot_tell_that_they_are(browser, ana, ben, cem, far):
    """Ben, who is blocked or muted, and Cem, who isn't, get the same responses and see the same
    pages.
    """
    keep(ana, ben, far)
    group, event = (
        factories.group(ana, join_policy=APPROVE, slug="lake"),
        factories.event(ana, slug="supper"),
    )
    got = []
    for person in (ben, cem):
        page = browser(person)
        got.append(
            [
                answers(page, "/events/supper/message", body="Is there a ramp?"),
                answers(page, "/groups/lake/request", message="Please"),
                *[
                    page.get(path).status_code
                    for path in ("/people/ana-souza/block", "/events/supper", "/groups/lake")
                ],
            ]
        )
        requests.withdraw(group, by=person)
        db.session.commit()

    assert got[0] == got[1]
    assert event.id


def test_a_blocked_owner_sees_their_offer_as_if_it_had_arrived(browser, ana, ben):
    seen = []
    for far in (None, BLOCK):
        group = (
            factories.group(ben, ana, name="Lake")
            if far is None
            else factories.group(ben, ana, name="Lake", slug="lake-2")
        )
        if far:
            keep(ana, ben, far)
        membership = reads.membership_of(group, ana)
        page = browser(ben)
        page.get(f"/groups/{group.slug}/members/{membership.id}/ownership")
        page.submit("/ownership", steps_down="y")
        seen.append(page.page.main.get_text(" ", strip=True))

    assert "Offer sent to" in seen[0]
    assert seen[0] == seen[1]


def test_people_can_be_blocked_by_handle_and_unblocked(browser, ana, ben):
    page = browser(ana)
    page.get("/account")
    assert page.page.find("a", href="/account/blocks")
    page.get("/account/blocks")
    assert "No one is muted or blocked" in page.text
    assert (
        page.get("/account/blocks?who=@Ben-Okafor").headers["Location"]
        == "/people/ben-okafor/block"
    )
    page.get("/people/ben-okafor/block")
    page.submit("/block", kind="block")
    db.session.rollback()
    assert "@ben-okafor is blocked." in page.text
    assert blocks.has_blocked(ana, by=ben)

    page.submit("/block/removal")
    db.session.rollback()
    assert "@ben-okafor is no longer muted or blocked." in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BlockOrMute)) == 0


def test_blocking_replaces_muting_and_vice_versa(browser, ana, ben):
    page = browser(ana)
    for kind in (MUTE, BLOCK, BLOCK, MUTE):
        assert page.post("/people/ben-okafor/block", {"kind": kind}).status_code == 303
        db.session.rollback()
        assert blocks.between(ana, ben).kind == kind
        db.session.rollback()
    assert len(blocks.of(ana)) == 1


@pytest.mark.parametrize("who", ["nobody-here", "@ana-souza", "a%00b", "x" * 500])
def test_blocking_an_unknown_or_own_handle_is_refused(browser, ana, who):
    assert browser(ana).get(f"/account/blocks?who={who}").status_code == 422


@pytest.mark.parametrize("kind", ["", "stab", None])
def test_a_kind_other_than_mute_or_block_is_refused(browser, ana, ben, kind):
    assert (
        browser(ana)
        .post("/people/ben-okafor/block", {"kind": kind} if kind is not None else {})
        .status_code
        == 422
    )


def test_own_and_closed_accounts_cannot_be_blocked(browser, ana, ben):

    page = browser(ana)
    keep(ana, ben, BLOCK)
    ben.deactivated_at = clock.now()
    db.session.commit()
    for path in ("/people/ana-souza/block", "/people/ben-okafor/block", "/people/no-one/block"):
        assert page.get(path).status_code == 404
        assert page.post(path, {"kind": "block"}).status_code == 404
    with pytest.raises(UserError):
        blocks.block_or_mute(ana, ana, BLOCK)
    db.session.rollback()
    assert (
        page.post("/people/ben-okafor/block/removal").status_code == 303
    )  # removing a block always works


def test_the_block_list_takes_the_same_statements_however_long(browser, ana, ben, statements_of):
    page = browser(ana)
    keep(ana, ben, MUTE)
    few = statements_of(lambda: page.get("/account/blocks"))
    for _ in range(3):
        keep(ana, factories.user(), BLOCK)

    assert statements_of(lambda: page.get("/account/blocks")) == few


def test_erasing_an_account_deletes_its_blocks(ana, ben, cem):
    for user, other in ((ana, ben), (ben, ana), (cem, ben), (cem, ana)):
        blocks.block_or_mute(user, other, BLOCK)
    hooks.user_erased(user=ben)

    assert [(row.user_id, row.other_id) for row in db.session.scalars(sa.select(BlockOrMute))] == [
        (cem.id, ana.id)
    ]


def test_leaving_a_group_works_for_blocked_people(ana, ben):
    group = factories.group(ana, ben)
    keep(ana, ben, BLOCK)
    memberships.leave(group, by=ben)
    db.session.commit()

    assert group.member_count == 1


@pytest.mark.parametrize("values", [{"verified_at": None}, {"approved_at": None}])
def test_unconfirmed_accounts_are_not_found(browser, ana, values):
    """Otherwise it would show whether a sign-up had created an account; only the owner of the
    address is told, by email.
    """
    factories.user("Noor", handle="noor", **values)
    db.session.rollback()
    page = browser(ana)

    assert page.get("/account/blocks?who=noor").status_code == 422
    assert page.get("/people/noor/block").status_code == 404
    assert page.post("/people/noor/block", {"kind": "mute"}).status_code == 404
