"""Hosts approve or decline requests and answer for others."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.events import counted, ticket
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK
from webapp.attendance import approvals, jobs, reads, rsvps, rsvps_by_host
from webapp.attendance.registration import answers
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events import audience
from webapp.events.models import ASKED, GOING, GROUP, MAYBE, NOT_GOING, REFUSED, WAITING
from webapp.groups.models import Ban
from webapp.mail.models import OutgoingEmail
from webapp.notifications import inbox
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    """An event with two seats, for which Ana approves attendees."""
    return factories.event(ana, capacity=2, max_plus_ones=1, requires_approval=True)


def asks(event, *people, **more):
    for person in people:
        rsvps.answer(event, by=person, **more)
        db.session.commit()


def states(event, *people):
    counted(event)
    return [rsvps.of(event, person).state for person in people]


def notified(person):
    return [
        line.kind
        for line in db.session.query(Notification)
        .filter_by(user_id=person.id)
        .order_by(Notification.id)
    ]


def test_requests_hold_no_seat_until_they_are_approved(event, ana, ben, cem):
    asks(event, ben)
    rsvps.answer(event, by=cem, state=MAYBE)
    asks(event, ana)

    assert states(event, ben, cem, ana) == [ASKED, MAYBE, GOING]
    assert (event.seats_taken, event.waiting_count) == (1, 0)
    assert notified(ana) == ["rsvp.asked"]
    assert [row.who.name for row in answers.requests(event)] == [ben.name]
    assert (
        db.session.query(OutgoingEmail).filter_by(template="events/asked").one().address
        == ben.email
    )

    asks(event, ben, party=2)
    assert (notified(ana), rsvps.of(event, ben).party) == (["rsvp.asked"], 2)
    rsvps.withdraw(event, by=ben)
    assert states(event, ben) == [NOT_GOING]


def test_approval_gives_a_seat_or_a_place_on_the_waiting_list(event, ana, ben, cem, dia):
    asks(event, ben, cem, dia)
    for person in (ben, cem, dia):
        approvals.approve(event, rsvps.of(event, person).id, by=ana)
    db.session.commit()

    assert states(event, ben, cem, dia) == [GOING, GOING, WAITING]
    assert notified(dia) == ["rsvp.approved"]
    assert db.session.query(OutgoingEmail).filter_by(template="events/approved").count() == 3
    asks(event, ben, party=1)
    assert states(event, ben) == [GOING]


def test_the_second_of_two_hosts_deciding_a_request_is_told(event, ana, ben):
    asks(event, ben)
    row_id = rsvps.of(event, ben).id
    approvals.approve(event, row_id, by=ana)
    db.session.commit()

    with pytest.raises(Conflict, match="Another host has answered"):
        approvals.decline(event, row_id, by=ana)
    db.session.rollback()
    approvals.approve(event, row_id, by=ana)  # the same answer again
    db.session.commit()
    assert notified(ben) == ["rsvp.approved"]


def test_a_declined_request_has_a_reason_and_lasts_until_hosts_change_it(event, ana, ben):
    asks(event, ben)
    row_id = rsvps.of(event, ben).id
    approvals.decline(event, row_id, by=ana, sentence="Only for those who can swim.")
    db.session.commit()

    line = db.session.query(Notification).filter_by(user_id=ben.id).one()
    assert (
        line.label
        == f"The hosts declined your request to join “{event.title}”: Only for those who can swim."
    )
    with pytest.raises(Conflict, match="declined your request"):
        rsvps.answer(event, by=ben)
    db.session.rollback()
    concerned = db.session.scalars(audience.answers_to(event, audience.CONCERNED))
    assert ben not in [row.who for row in concerned]
    approvals.approve(event, row_id, by=ana, after_all=True)
    assert (states(event, ben), rsvps.of(event, ben).decline_message) == ([GOING], "")


def test_approving_all_that_fit_leaves_the_others_pending(event, ana, ben, cem, dia):
    asks(event, ben)
    asks(event, cem, party=2)
    asks(event, dia)

    assert approvals.approve_fitting(event, by=ana) == 2
    assert states(event, ben, cem, dia) == [GOING, ASKED, GOING]


def test_approving_everyone_is_offered_only_while_a_request_fits(event, ana, ben, cem, browser):
    page, path = browser(ana), f"{event.path}/manage/approvals"
    form = f'#approvals form[action="{path}"]'
    asks(event, ben)
    asks(event, cem, party=2)
    assert page.get(path).status_code == 200
    assert page.page.select_one(form)

    approvals.approve(event, rsvps.of(event, ben).id, by=ana)
    db.session.commit()
    page.get(path)
    assert not page.page.select_one(form)


def test_hosts_can_approve_after_the_deadline_while_seats_are_free(event, ana, ben, cem):
    event.rsvp_deadline = clock.now() + timedelta(days=1)
    asks(event, ben, cem, party=2)

    with time_machine.travel(clock.now() + timedelta(days=2)):
        approvals.approve(event, rsvps.of(event, ben).id, by=ana)
        with pytest.raises(UserError, match="the waiting list is closed"):
            approvals.approve(event, rsvps.of(event, cem).id, by=ana)
        assert states(event, ben, cem) == [GOING, ASKED]


def test_pending_requests_remain_when_approval_is_turned_off(event, ben):
    asks(event, ben)
    event.requires_approval = False
    db.session.commit()

    assert states(event, ben) == [ASKED]
    asks(event, ben)
    assert states(event, ben) == [GOING]


def test_hosts_answer_for_people_by_the_same_rules_and_people_learn_who_did(
    event, ana, ben, cem, dia
):
    for person in (ben, cem, dia):
        rsvps_by_host.answer_for(event, by=ana, who=person)
    db.session.commit()

    assert states(event, ben, cem, dia) == [GOING, GOING, WAITING]
    lines = [line.label for line in db.session.query(Notification).order_by(Notification.id)]
    assert lines[0] == f"Ana Souza answered for you: you’re going to “{event.title}”"
    assert lines[2] == f"Ana Souza answered for you: you’re on the waiting list for “{event.title}”"
    assert len(answers.hosted(event)) == 3

    rsvps_by_host.change(event, ana, rsvps.of(event, ben).id, state=NOT_GOING)
    assert states(event, ben, dia) == [NOT_GOING, GOING]
    rsvps_by_host.answer_for(event, by=ana, who=ben)
    assert states(event, ben) == [WAITING]
    rsvps.answer(event, by=ben, party=2)
    assert not rsvps.of(event, ben).by_host


def test_hosts_cannot_answer_for_decliners_blockers_or_banned_people(ana, ben, cem, dia):
    group = factories.group(ana, dia)
    event = factories.event(ana, group, audience=GROUP)
    rsvps.answer(event, by=dia, state=NOT_GOING)
    db.session.commit()
    with pytest.raises(UserError, match="Only they can change that"):
        rsvps_by_host.answer_for(event, by=ana, who=dia)
    db.session.rollback()
    with pytest.raises(UserError, match="You can’t answer for Ben Okafor"):
        rsvps_by_host.answer_for(event, by=ana, who=ben)
    db.session.rollback()
    open_event = factories.event(ana, factories.group(ana))
    blocks.block_or_mute(ben, ana, BLOCK)
    db.session.add(Ban(group_id=open_event.group_id, user_id=cem.id, reason=""))
    db.session.commit()
    for person in (ben, cem):
        with pytest.raises(UserError, match=f"You can’t answer for {person.name}"):
            rsvps_by_host.answer_for(open_event, by=ana, who=person)
    assert reads.people_of(open_event).going_count == 0


def test_people_are_found_by_handle_or_by_name_within_the_group(ana, ben, cem):
    event = factories.event(ana, factories.group(ana, ben))

    assert rsvps_by_host.find_person(event, f"@{cem.handle}") == cem
    assert rsvps_by_host.find_person(event, "ben okafor") == ben
    factories.membership(event.group, elodie := factories.user("Élodie", "Åberg"))
    for words in ("élodie åberg", "ELODIE ABERG"):
        assert rsvps_by_host.find_person(event, words) == elodie
    with pytest.raises(UserError, match="No one found"):
        rsvps_by_host.find_person(event, "Élodie")
    with pytest.raises(UserError, match="No one found"):
        rsvps_by_host.find_person(event, cem.name)
    twin = factories.user("Ben", "Okafor", handle="ben-the-second")
    factories.membership(event.group, twin)
    with pytest.raises(UserError, match="Several people have this name"):
        rsvps_by_host.find_person(event, "Ben Okafor")


def test_a_host_may_choose_a_ticket_after_its_sale_ended(ana, ben):
    event = factories.event(ana)
    early = ticket(event, "Early", closes_at=clock.now() - timedelta(days=1))

    rsvps_by_host.answer_for(event, by=ana, who=ben, ticket=early.id)

    assert states(event, ben) == [GOING]
    assert [it.label for it in rsvps.of(event, ben).picks] == ["Early"]


def test_pending_requests_are_unaffected_by_the_offer_job(event, ana, ben):
    asks(event, ben)
    jobs.expire_offers()

    assert states(event, ben) == [ASKED]
    assert REFUSED not in states(event, ben)


def test_the_cancellation_page_counts_only_people_who_will_be_told(
    event, ana, ben, cem, dia, browser
):
    asks(event, ben, cem, dia)
    approvals.approve(event, rsvps.of(event, ben).id, by=ana)
    approvals.decline(event, rsvps.of(event, dia).id, by=ana)
    rsvps.answer(event, by=ana)
    db.session.commit()

    assert audience.answer_count(event, but=ana.id) == 2
    assert (
        "We’ll tell the 2 people who answered"
        in browser(ana).get(f"{event.path}/cancellation").text
    )


def test_hosts_can_decide_many_requests_in_an_hour(event, ana, browser):
    ids = [rsvps.answer(event, by=factories.user()).id for _ in range(7)]
    db.session.commit()
    page = browser(ana)
    path = f"{event.path}/manage/approvals"
    assert {page.post(f"{path}/{row_id}", {"do": "refuse"}).status_code for row_id in ids} == {303}


def test_repeated_requests_send_hosts_one_email_until_they_look(event, ana, ben):
    for _ in range(3):
        asks(event, ben)
        rsvps.withdraw(event, by=ben)
    assert notified(ana) == ["rsvp.asked"]

    inbox.mark_all_read(ana)
    asks(event, ben)
    assert notified(ana) == ["rsvp.asked"] * 2


def test_people_with_unconfirmed_addresses_are_not_found_by_handle(event, ana):
    zoe = factories.user("Zoe", "Hidden", verified_at=None)
    with pytest.raises(UserError, match="No one found"):
        rsvps_by_host.find_person(event, f"@{zoe.handle}")
