"""Check-in by ticket: once, out and in again, undone, and refused without a seat."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance import checking_in
from tests.events.racing import at_once, let_go
from webapp.attendance import check_in, rsvps, ticket_codes
from webapp.attendance.models import Attendance, CheckInEvent
from webapp.attendance.reads import check_in as reads
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.events.models import ASKED, CANCELLED, DRAFT, MAYBE, OFFERED, REFUSED, WAITING, Rsvp


@pytest.fixture
def event(ana):
    """Ana's event, for parties of up to five, which begins in an hour."""
    return factories.event(
        ana, title="Eel count", starts_at=clock.now() + timedelta(hours=1), max_plus_ones=4
    )


def coming(event, who, party=1, **values):
    """Create someone's answer; commit."""
    row = Rsvp(event_id=event.id, user_id=who.id, party=party, **{"state": "going", **values})
    event.seats_taken += party if row.state == "going" else 0
    db.session.add(row)
    db.session.commit()
    return row


def inside(row):
    visit = db.session.get(Attendance, row.id, populate_existing=True)
    return (visit.arrived, visit.inside) if visit else None


def test_a_ticket_code_is_short_signed_and_tolerates_typing_variants(event, ben):
    row = coming(event, ben)
    code = ticket_codes.code_of(row.id)

    assert code == ticket_codes.code_of(row.id)
    assert len(code) == 9
    assert code[:4] == row.id.hex[-4:].upper()
    for typed in (
        code.lower(),
        code.replace("-", " "),
        f" {code} ",
        ticket_codes.qr_url(event, code),
    ):
        assert check_in.find_ticket(event, typed, by=ben) == row
    assert ticket_codes.read("oil0-o1lo") == "0110-0110"
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for typed in (wrong, "", "12345", "ZZZZ-ZZZZ", "<script>", "ÄÖÜßÄÖÜß"):
        with pytest.raises(UserError, match="code"):
            check_in.find_ticket(event, typed, by=ben)


def test_tickets_with_the_same_number_are_distinguished_by_their_signature(event, ben, cem):
    first = coming(event, ben, id=uuid4())
    second = coming(event, cem, id=type(first.id)(hex=uuid4().hex[:-4] + first.id.hex[-4:]))
    assert first.ticket == second.ticket
    assert check_in.find_ticket(event, ticket_codes.code_of(second.id), by=ben) == second


def test_a_ticket_for_another_event_names_it_only_if_visible(event, ana, ben, cem):
    hidden = factories.event(
        cem,
        factories.group(cem, visibility="secret", join_policy="invite"),
        audience="group",
        title="Hush",
    )
    other = factories.event(cem, title="Dance")
    for elsewhere, words in (
        (other, "for another event: “Dance”"),
        (hidden, r"for another event\.$"),
    ):
        code = ticket_codes.code_of(coming(elsewhere, ben).id)
        with pytest.raises(UserError, match=words):
            check_in.find_ticket(event, code, by=ana)


def test_a_second_scan_says_when_and_by_whom_the_first_was_made(event, ana, ben):
    row = coming(event, ben)
    visit = check_in.arrive(event, row.id, by=ana)
    assert (visit.arrived, visit.inside) == (1, 1)

    with pytest.raises(
        Conflict, match=r"Ben Okafor is already checked in \(\d+:\d\d.*, by Ana Souza\)"
    ):
        check_in.arrive(event, row.id, by=ana)
    assert inside(row) == (1, 1)


def test_a_party_checks_in_gradually_up_to_its_size(event, ana, ben):
    row = coming(event, ben, party=3)
    check_in.arrive(event, row.id, by=ana, people=2)
    assert inside(row) == (2, 2)
    with pytest.raises(Conflict, match=r"2 of them checked in \(last: .*\)\. 1 more can check in"):
        check_in.arrive(event, row.id, by=ana, people=2)
    check_in.arrive(event, row.id, by=ana)
    with pytest.raises(Conflict, match="and their plus-ones are already checked in"):
        check_in.arrive(event, row.id, by=ana)
    assert inside(row) == (3, 3)


def test_the_second_of_two_parallel_party_check_ins_is_told_of_the_first(event, ana, ben, cem):
    row = coming(event, ben, party=5)
    check_in.arrive(event, row.id, by=ana, people=2, seen=0)
    with pytest.raises(
        Conflict, match=r"2 of them checked in \(last: .*, by Ana Souza\)\. 3 more can"
    ):
        check_in.arrive(event, row.id, by=cem, people=2, seen=0)
    check_in.arrive(event, row.id, by=cem, people=2, seen=2)
    check_in.leave(event, row.id, by=ana, people=1, seen=4)
    with pytest.raises(Conflict, match="only 3 of them are checked in"):
        check_in.leave(event, row.id, by=cem, people=1, seen=4)
    assert inside(row) == (4, 3)


def test_people_can_check_out_and_return_and_count_once(event, ana, ben):
    row = coming(event, ben, party=2)
    with pytest.raises(Conflict, match="hasn’t checked in yet"):
        check_in.leave(event, row.id, by=ana)
    check_in.arrive(event, row.id, by=ana, people=2)
    check_in.leave(event, row.id, by=ana)
    with pytest.raises(Conflict, match="only one of them is checked in"):
        check_in.leave(event, row.id, by=ana, people=2)
    check_in.leave(event, row.id, by=ana)
    with pytest.raises(Conflict, match=r"was checked out \(\d+:\d\d.*, by Ana Souza\)"):
        check_in.leave(event, row.id, by=ana)
    check_in.arrive(event, row.id, by=ana)
    assert inside(row) == (2, 1)
    assert [(step.is_in, step.people) for step in check_in.events_of(row)] == [
        (True, 2),
        (False, 1),
        (False, 1),
        (True, 1),
    ]


def test_a_check_in_mistake_is_undone_step_by_step(event, ana, ben):
    row = coming(event, ben)
    check_in.arrive(event, row.id, by=ana)
    first = check_in.last_event(row)
    check_in.leave(event, row.id, by=ana)
    with pytest.raises(Conflict, match="Someone else has just changed this"):
        check_in.undo(event, row.id, first.id)
    check_in.undo(event, row.id, check_in.last_event(row).id)
    assert inside(row) == (1, 1)
    check_in.undo(event, row.id, first.id)
    assert inside(row) is None
    assert reads.count_of(event).arrived == 0
    check_in.undo(event, row.id, first.id)  # pressed twice
    assert inside(row) is None
    check_in.arrive(event, row.id, by=ana)
    assert inside(row) == (1, 1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": WAITING, "position": 1}, "on the waiting list"),
        ({"state": OFFERED, "position": 1, "offered_until": clock.now()}, "hasn’t accepted it yet"),
        ({"state": ASKED}, "the hosts haven’t answered yet"),
        ({"state": REFUSED}, "The hosts declined Ben Okafor’s request"),
        ({"state": MAYBE}, "answered “Maybe”"),
        ({"state": "not_going"}, "isn’t going and no longer has a seat"),
    ],
)
def test_people_without_a_seat_cannot_check_in(event, ana, ben, values, words):
    row = coming(event, ben, **values)
    with pytest.raises(UserError, match=words):
        check_in.arrive(event, row.id, by=ana)
    assert inside(row) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": CANCELLED}, "was cancelled"),
        ({"state": DRAFT}, "isn’t published"),
        (
            {
                "starts_at": clock.now() + timedelta(days=2),
                "ends_at": clock.now() + timedelta(days=3),
            },
            "too early",
        ),
        (
            {
                "starts_at": clock.now() - timedelta(days=9),
                "ends_at": clock.now() - timedelta(days=8),
            },
            "ended more than a week ago",
        ),
    ],
)
def test_check_in_is_refused_when_closed(ana, ben, values, words):
    event = factories.event(ana, **values)
    row = coming(event, ben)
    with pytest.raises(UserError, match=words):
        check_in.arrive(event, row.id, by=ana)


def test_check_in_is_open_at_a_locked_event_and_for_a_week_after_it(ana, ben):
    ended = clock.now() - timedelta(days=6)
    event = factories.event(
        ana, starts_at=ended - timedelta(hours=2), ends_at=ended, locked_at=ended
    )
    assert check_in.arrive(event, coming(event, ben).id, by=ana).arrived == 1


def test_check_in_counts_people_not_answers(event, ana, ben, cem, dia):
    rows = [coming(event, ben, party=3), coming(event, cem, party=2), coming(event, dia)]
    coming(event, factories.user(), state=MAYBE)
    assert reads.count_of(event) == (6, 0, 0, 3)
    check_in.arrive(event, rows[0].id, by=ana, people=2)
    check_in.arrive(event, rows[1].id, by=ana, people=2)
    check_in.leave(event, rows[1].id, by=ana, people=1)
    count = reads.count_of(event)
    assert count == (6, 4, 3, 1)
    assert count.absent == 2


def test_a_guest_has_a_ticket_and_is_counted_at_check_in(event, ana):
    gil = checking_in.guest(event, party=2)
    row = rsvps.of(event, gil)
    check_in.arrive(
        event,
        check_in.find_ticket(event, ticket_codes.code_of(row.id), by=ana).id,
        by=ana,
        people=2,
    )
    assert reads.found(event, "gil") == [row]
    assert reads.count_of(event).arrived == 2


@pytest.mark.parametrize("scanners", [2, pytest.param(12, marks=pytest.mark.deep)])
def test_parallel_scans_check_one_person_in_once(app, event, ana, ben, scanners):
    row_id, event_id, ana_id = coming(event, ben).id, event.id, ana.id

    def scan():
        check_in.arrive(
            db.session.get(type(event), event_id), row_id, by=db.session.get(type(ana), ana_id)
        )

    assert sorted(at_once(app, *[scan] * scanners)) == [False] * (scanners - 1) + [True]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CheckInEvent)) == 1


def test_control_without_the_lock_one_person_is_checked_in_twice(app, event, ana, ben, monkeypatch):
    row_id, event_id, ana_id = coming(event, ben).id, event.id, ana.id
    check_in.arrive(event, row_id, by=ana)
    check_in.leave(event, row_id, by=ana)
    db.session.commit()
    let_go(monkeypatch, check_in, "outside_count")

    def scan():
        check_in.arrive(
            db.session.get(type(event), event_id), row_id, by=db.session.get(type(ana), ana_id)
        )

    assert at_once(app, scan, scan) == [True, True]
    steps = db.session.scalars(sa.select(CheckInEvent).where(CheckInEvent.is_in)).all()
    assert sum(step.people for step in steps) == 3
