"""Answering without an account: links, unconfirmed answers, and what remains after deletion."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.attendance.checking_in import MAIL, asked, days, guest
from tests.events import counted, rows_of
from tests.mail.deciding import decide
from tests.privacy import finding
from webapp.attendance import guest_links, guests, leaving, reads, rsvps
from webapp.attendance.labels import step_in_words
from webapp.attendance.reads import event_view
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events import access, planning
from webapp.events.models import GOING, GONE, GROUP, LINK, MAYBE, WAITING, Guest, Rsvp, WaitlistStep
from webapp.events.reads import planned
from webapp.groups import memberships, reads as group_reads
from webapp.groups.models import APPROVE, CLOSED
from webapp.mail.models import OutgoingEmail
from webapp.ops.retention import purge
from webapp.ops.retention.table import TABLE
from webapp.privacy import exports

pytestmark = pytest.mark.usefixtures("context")


def queued():
    decide()
    return [
        (row.template, row.address)
        for row in db.session.query(OutgoingEmail).order_by(OutgoingEmail.id)
    ]


def test_unconfirmed_guests_hold_no_seat_and_no_waiting_list_place(ana, ben):
    event = factories.event(ana, capacity=1)
    asked(event)

    assert rows_of(event) == []
    assert rsvps.answer(event, by=ben).state == GOING
    assert (event.seats_taken, event.waiting_count) == (1, 0)
    assert queued()[0] == ("events/guest_asks", MAIL)


def test_the_first_answer_confirms_the_guest_and_takes_a_seat(ana, ben):
    event = factories.event(ana, capacity=3, max_plus_ones=2)
    gil = guest(event, party=2)
    later = rsvps.answer(event, by=ben, party=2)

    assert gil.confirmed_at is not None
    assert (rsvps.of(event, gil).state, later.state) == (GOING, WAITING)
    assert guests.answer(gil, party=3).party == 3
    rsvps.withdraw(event, by=gil)
    db.session.commit()
    assert rsvps.of(event, ben).state == GOING
    counted(event)
    assert "Gil (3 people) gave up their seats" in step_in_words(reads.waitlist_steps(event)[1])


def test_answering_twice_makes_one_answer(ana):
    event = factories.event(ana, capacity=5)
    gil = asked(event)
    guests.answer(gil)
    guests.answer(gil)
    db.session.commit()

    assert len(rows_of(event)) == 1
    assert event.seats_taken == 1


def test_unconfirmed_guests_are_purged_after_three_days(ana):
    event = factories.event(ana)
    gil, kim = asked(event), guest(event, "Kim", "kim@example.org")
    token = guest_links.path(gil).rpartition("/")[2]
    with time_machine.travel(days(3) + timedelta(hours=1), tick=False):
        assert guest_links.find(gil.id, token) is None
        purge.carry_out(next(line for line in TABLE if line.key == "unconfirmed-guests"))
        db.session.commit()
        assert db.session.scalars(sa.select(Guest)).all() == [kim]


def test_asking_again_makes_a_new_link_and_ends_the_old_one(ana):
    event = factories.event(ana)
    gil = asked(event, "Gil")
    old = guest_links.path(gil).rpartition("/")[2]
    again = asked(event, "Gilbert")

    assert again.id == gil.id
    assert again.name == "Gilbert"
    assert guest_links.find(gil.id, old) is None
    guests.answer(again)
    asked(event, "Someone else")
    assert guests.of(event, MAIL).name == "Gilbert"
    before = guest_links.path(again)
    guests.send_link(event, MAIL)
    decide()
    assert guest_links.path(again) != before


def test_an_address_with_an_account_gets_a_hint_and_no_answer(ana, ben):
    event = factories.event(ana)
    guests.ask(event, guests.NewGuest("Not Ben", ben.email))
    guests.send_link(event, ben.email)
    guests.send_link(event, "nobody@example.org")
    db.session.commit()

    assert queued() == [("events/guest_known", ben.email)] * 2
    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 0


def test_a_guest_whose_address_has_an_account_by_now_cannot_answer(ana):
    event = factories.event(ana)
    gil = asked(event)
    factories.user("Gil", email=MAIL)

    with pytest.raises(Conflict, match="now has an account"):
        guests.answer(gil)


def test_banned_people_cannot_return_as_guests(ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group)
    memberships.remove(group_reads.membership_of(group, ben), by=ana, banned=True)
    db.session.commit()
    guests.ask(event, guests.NewGuest("Not Ben", ben.email))
    decide()

    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"allows_guests": False}, "need an account to answer"),
        ({"state": "cancelled"}, "was cancelled"),
        ({"state": "draft"}, "isn’t published"),
        ({"locked_at": clock.now()}, "is locked"),
        ({"rsvp_deadline": clock.now() - timedelta(hours=1)}, "Answers closed"),
    ],
)
def test_guest_links_are_refused_where_guests_cannot_answer(ana, change, sentence):
    event = factories.event(ana, **change)
    with pytest.raises(UserError, match=sentence):
        guests.ask(event, guests.NewGuest("Gil", MAIL))


def test_events_for_members_only_have_no_guests(ana):
    open_group, closed = (
        factories.group(ana),
        factories.group(ana, visibility=CLOSED, join_policy=APPROVE),
    )
    found = [
        access.allows_guests(factories.event(ana, group, audience=audience))
        for group, audience in (
            (open_group, LINK),
            (open_group, GROUP),
            (closed, "everyone"),
            (None, LINK),
        )
    ]
    assert found == [True, False, False, True]


def test_guests_who_answered_remain_when_hosts_stop_accepting_guests(ana):
    event = factories.event(ana, capacity=1)
    gil, kim = guest(event), asked(event, "Kim", "kim@example.org")
    event.allows_guests = False
    db.session.commit()

    assert guests.answer(gil, state=MAYBE).state == MAYBE
    with pytest.raises(Conflict, match="isn’t open to you"):
        guests.answer(kim)
    event.allows_guests = True
    db.session.commit()
    assert guests.answer(kim).state == GOING


def test_guests_see_what_attendees_see_only_while_going(ana):
    event = factories.event(ana, online_url="https://rooms.example/secret")
    gil = guest(event, state=MAYBE)
    assert event_view.view_for(gil, event).online_url == ""
    assert not access.can(gil, "event:see_people", event)

    guests.answer(gil)
    view = event_view.view_for(gil, event)
    assert view.online_url == event.online_url
    assert (view.state, view.can_edit, view.may_write, view.may_answer) == (
        GOING,
        False,
        True,
        True,
    )


def test_lists_show_guests_by_name_with_a_label(ana, ben):
    event = factories.event(ana, capacity=2)
    guest(event), guest(event, "Kim", "kim@example.org", anonymous=True)
    guest(event, "Lou", "lou@example.org")
    shown, all_of_them = (
        reads.answers_to(event, ben),
        reads.answers_to(event, ana, [ana.id], sees_all=True),
    )

    assert [(who.name, who.is_guest, who.handle) for who in shown.people.named] == [
        ("Gil", True, None)
    ]
    assert (shown.people.hidden_count, shown.people.going_count) == (1, 2)
    assert [who.name for who in all_of_them.people.named] == ["Gil", "Kim"]
    assert [(party.name, party.is_guest) for party in all_of_them.waitlist.parties] == [
        ("Lou", True)
    ]


def test_closing_an_event_removes_its_guests(ana, ben):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, capacity=1)
    gil = guest(event)
    rsvps.answer(event, by=ben)
    assert planned.outsiders_of(event) == 1
    event.audience = GROUP
    leaving.remove_outsiders(event)
    db.session.commit()

    assert rsvps.of(event, gil).state == "not_going"
    assert rsvps.of(event, ben).state == GOING
    assert ("events/released", MAIL) in queued()
    counted(event)


def test_deleting_guest_data_before_the_event_frees_the_seats(ana, ben):
    event = factories.event(ana, capacity=1)
    gil = guest(event)
    rsvps.answer(event, by=ben)
    db.session.commit()
    guests.forget(gil)
    db.session.commit()

    assert rsvps.of(event, ben).state == GOING
    assert len(rows_of(event)) == 1
    assert db.session.scalars(sa.select(Guest)).all() == []
    assert all(address != MAIL for _template, address in queued())
    assert {step.guest_id for step in db.session.query(WaitlistStep)} == {None}
    assert "Someone (1 person) gave up their seat" in " ".join(
        map(step_in_words, reads.waitlist_steps(event))
    )


def test_deleted_guests_leave_no_data_anywhere(ana, ben):
    event = factories.event(ana, capacity=1)
    gil = guest(event, "Canary-name", "canary@example.org")
    rsvps.answer(event, by=ben)
    guests.send_link(event, "canary@example.org")
    db.session.commit()
    gone = str(gil.id)
    guests.forget(gil)
    db.session.commit()

    assert finding.found("canary", gone) - {("audit_entry", "subject_id")} == set()


def test_guest_data_is_anonymized_ninety_days_after_the_event(ana, ben):
    event = factories.event(ana, capacity=3)
    guest(event, party=1)
    with time_machine.travel(event.ends_at + timedelta(days=91), tick=False):
        purge.carry_out(next(line for line in TABLE if line.key == "guests"))
        db.session.commit()
        (row,) = counted(event)
        assert (row.user_id, row.guest_id, row.state, row.who) == (None, None, GOING, GONE)
        people = reads.people_of(event, [ana.id])
        assert (people.named, people.going_count, people.more) == ((), 1, 1)
        leaving.left_site(ben)


def test_deleted_guests_still_count_after_the_event(ana):
    event = factories.event(ana, capacity=3)
    gil = guest(event)
    with time_machine.travel(event.ends_at + timedelta(days=1), tick=False):
        guests.forget(gil)
        db.session.commit()
        db.session.expire_all()
        assert counted(event)[0].who is GONE


def test_a_guests_data_export_contains_everything_about_them(ana):
    event = factories.event(ana, capacity=1, title="Eel count")
    guest(event, "Kim", "kim@example.org")
    gil = guest(event)
    from webapp.attendance.reads.guests import data_of

    known = data_of(gil)
    assert (known["guest"]["name"], known["guest"]["email"], known["event"]["title"]) == (
        "Gil",
        MAIL,
        "Eel count",
    )
    assert [row["state"] for row in known["answer"]] == [WAITING]
    assert [step["step"] for step in known["waiting-list"]] == ["joined"]
    assert [email["template"] for email in known["mails"]] == ["events/waiting"]
    assert "kim" not in str(known).lower()
    event.hidden_at, event.venue = clock.now(), "Elsewhere"
    assert data_of(gil)["event"] == {"title": "Eel count"}


def test_account_exports_contain_no_guest_rows(ana):
    event = factories.event(ana)
    guest(event)
    rows = {part.name: part.rows() for part in exports.parts_of(ana).json}
    assert rows["answers"] == rows["waiting-lists"] == []


def test_the_database_refuses_an_answer_of_both_a_guest_and_an_account(ana, ben):
    event = factories.event(ana)
    gil = guest(event)
    db.session.add(Rsvp(event_id=event.id, user_id=ben.id, guest_id=gil.id, state=GOING))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


def test_a_copied_event_keeps_its_guest_setting(ana):
    event = factories.event(ana, allows_guests=False)
    assert planning.duplicate(event, ana).allows_guests is False
