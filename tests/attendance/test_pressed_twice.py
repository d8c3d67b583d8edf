"""Buttons of hosts pressed twice without scripts: the second press redirects alike and changes
nothing.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.agenda import conference, going, session
from tests.volunteering.helping import comes, shift, task
from webapp.agenda import bookings
from webapp.attendance import approvals, check_in, rsvps
from webapp.attendance.models import CheckInEvent
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock
from webapp.events import change_notices, hosts
from webapp.events.models import DRAFT, EventNotice
from webapp.mail.models import OutgoingEmail
from webapp.notifications.models import Notification
from webapp.volunteering import tasks

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, cem):
    """Ana's event with approval; Cem is going, with two plus-ones."""
    made = factories.event(ana, title="Seed swap", capacity=5, max_plus_ones=2)
    rsvps.answer(made, by=cem, party=3)
    made.requires_approval = True
    db.session.commit()
    return made


def asks(event, who):
    rsvps.answer(event, by=who)
    db.session.commit()
    return f"{event.path}/manage/approvals/{rsvps.of(event, who).id}"


def approve(event, ana, ben, cem):
    return ana, asks(event, ben), {"do": "approve"}


def admit(event, ana, ben, cem):
    path = asks(event, ben)
    approvals.decline(event, rsvps.of(event, ben).id, by=ana)
    return ana, path, {"do": "admit"}


def refuse(event, ana, ben, cem):
    return ana, asks(event, ben), {"do": "refuse", "sentence": "Not this time"}


def approve_all(event, ana, ben, cem):
    asks(event, ben)
    return ana, f"{event.path}/manage/approvals", {}


def answer_for(event, ana, ben, cem):
    return (
        ana,
        f"{event.path}/manage/answers",
        {"who": f"@{ben.handle}", "answer": "going", "party": "1"},
    )


def change_an_answer(event, ana, ben, cem):
    return (
        ana,
        f"{event.path}/manage/answers/{rsvps.of(event, cem).id}",
        {"answer": "going", "party": "1"},
    )


def take_an_answer_back(event, ana, ben, cem):
    return (
        ana,
        f"{event.path}/manage/answers/{rsvps.of(event, cem).id}",
        {"answer": "not_going", "party": "3"},
    )


def run_it(event, ana, ben, cem):
    hosts.ask(event, ben.handle, by=ana)
    return ben, f"{event.path}/hosting/acceptance", {}


def rather_not(event, ana, ben, cem):
    hosts.ask(event, ben.handle, by=ana)
    return ben, f"{event.path}/hosting/refusal", {}


def _change_pending(event, by):
    change_notices.send(
        event, "changed", by, words={"before": {}}, due_at=clock.now() + timedelta(minutes=2)
    )
    return f"{event.path}/manage/messages/{db.session.scalar(sa.select(EventNotice.id))}"


def tell_now(event, ana, ben, cem):
    return ana, f"{_change_pending(event, ana)}/telling", {}


def tell_nobody(event, ana, ben, cem):
    return ana, f"{_change_pending(event, ana)}/withdrawal", {}


def publish(event, ana, ben, cem):
    draft = factories.event(ana, title="Draft", state=DRAFT)
    return ana, f"{draft.path}/publication", {}


def cancel(event, ana, ben, cem):
    return ana, f"{event.path}/cancellation", {"reason": "Ice"}


def change(event, ana, ben, cem):
    entered = {
        "title": "Another",
        "starts": "2030-05-01T18:00",
        "ends": "2030-05-01T20:00",
        "zone": "Europe/London",
    }
    more = {
        "max_plus_ones": "2",
        "promotion": "automatic",
        "audience": "everyone",
        "feedback": "named",
    }
    return ana, f"{event.path}/edit", {**entered, **more, "version": str(event.version)}


def _agenda(by):
    event = conference(by)
    return event, session(event, "Bread")


def change_a_session(event, ana, ben, cem):
    event, one = _agenda(ana)
    entered = {
        "title": "Rye",
        "starts": "2027-02-27T10:00",
        "ends": "2027-02-27T11:00",
        "version": "1",
    }
    return ana, f"{event.path}/manage/agenda/{one.id}", entered


def move_a_session(event, ana, ben, cem):
    event, one = _agenda(ana)
    return (
        ana,
        f"{event.path}/manage/agenda/{one.id}/move",
        {"starts": "2027-02-27T12:00", "room": ""},
    )


def cancel_a_session(event, ana, ben, cem):
    event, one = _agenda(ana)
    return ana, f"{event.path}/manage/agenda/{one.id}/cancellation", {"reason": "No flour"}


def give_up_a_session(event, ana, ben, cem):
    event, one = _agenda(ana)
    going(event, ben)
    bookings.book(one, by=ben)
    return ben, f"{one.path}/booking/removal", {}


def change_a_task(event, ana, ben, cem):
    one = task(event, ana)
    return (
        ana,
        f"{event.path}/manage/tasks/{one.id}",
        {"title": "Bring mugs", "who": f"@{cem.handle}", "version": "1"},
    )


def do_a_task(event, ana, ben, cem):
    return (
        ana,
        f"{event.path}/help/moves",
        {"move": f"{task(event, ana).id} todo done", "at": "manage"},
    )


def take_a_task(event, ana, ben, cem):
    return cem, f"{event.path}/help/claims", {"thing": str(task(event, ana).id)}


def give_a_task_back(event, ana, ben, cem):
    one = task(event, ana)
    tasks.take(event, one.id, by=cem)
    return cem, f"{event.path}/help/releases", {"thing": str(one.id)}


def change_a_shift(event, ana, ben, cem):
    one = shift(event, ana)
    starts = event.starts_wall
    entered = {
        "starts": starts.isoformat()[:16],
        "ends": (starts + timedelta(hours=1)).isoformat()[:16],
        "capacity": "3",
    }
    return ana, f"{event.path}/manage/shifts/{one.id}", {"title": "Gate", **entered, "version": "1"}


def _checked_in(by, *people):
    event = factories.event(
        by, title="Door", max_plus_ones=2, starts_at=clock.now() + timedelta(hours=1)
    )
    comes(event, *people)
    rsvps.answer(event, by=people[0], party=3)
    db.session.commit()
    return event, rsvps.of(event, people[0]).id


def let_one_in(event, ana, ben, cem):
    event, row = _checked_in(ana, cem)
    return ana, f"{event.path}/manage/check-in/{row}/arrival", {"people": "1", "once": "word"}


def let_one_out(event, ana, ben, cem):
    event, row = _checked_in(ana, cem)
    check_in.arrive(event, row, ana, people=3)
    return ana, f"{event.path}/manage/check-in/{row}/departure", {"people": "1", "once": "word"}


def undo_it(event, ana, ben, cem):
    event, row = _checked_in(ana, cem)
    check_in.arrive(event, row, ana, people=1)
    check_in.arrive(event, row, ana, people=1)
    step = db.session.scalars(
        sa.select(CheckInEvent).order_by(CheckInEvent.created_at.desc(), CheckInEvent.id.desc())
    ).first()
    return ana, f"{event.path}/manage/check-in/{row}/correction", {"step": str(step.id)}


BUTTONS = [
    *(approve, admit, refuse, approve_all, answer_for, change_an_answer, take_an_answer_back),
    *(run_it, rather_not, tell_now, tell_nobody, publish, cancel, change),
    *(change_a_session, move_a_session, cancel_a_session, give_up_a_session),
    *(change_a_task, do_a_task, take_a_task, give_a_task_back, change_a_shift),
    *(let_one_in, let_one_out, undo_it),
]


def what_is_there():
    """Return how many log entries, notifications, emails and check-ins there are."""
    db.session.rollback()
    counted = [
        sa.select(sa.func.count()).select_from(model).scalar_subquery()
        for model in (AuditEntry, Notification, OutgoingEmail)
    ]
    steps = (
        sa.select(sa.func.count())
        .select_from(CheckInEvent)
        .where(CheckInEvent.undone_at.is_(None))
        .scalar_subquery()
    )
    return tuple(db.session.execute(sa.select(*counted, steps)).one())


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.__name__)
def test_repeated_button_presses_have_one_effect(event, ana, ben, cem, browser, button):
    who, path, data = button(event, ana, ben, cem)
    db.session.commit()
    page, before = browser(who), what_is_there()

    first = page.post(path, data)
    done = what_is_there()
    second = page.post(path, data)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert what_is_there() == done
    assert page.get(first.headers["Location"]).status_code in (200, 303)
    assert button in QUIET or done != before


#: Actions that notify people after a pause, or nobody.
QUIET = (
    tell_now,
    tell_nobody,
    change,
    move_a_session,
    change_a_task,
    change_a_shift,
    do_a_task,
    take_a_task,
    give_up_a_session,
)


def test_a_conflicting_decision_on_a_request_is_still_reported(event, ana, ben, browser):
    path = asks(event, ben)
    page = browser(ana)

    assert page.post(path, {"do": "refuse", "sentence": "No"}).status_code == 303
    assert page.post(path, {"do": "approve"}).status_code == 409
    assert page.post(path, {"do": "refuse", "sentence": "Never"}).status_code == 409


def test_a_conflicting_edit_of_another_host_is_still_reported(event, ana, cem, browser):
    of_a_task, of_a_shift, of_a_session = (
        make(event, ana, cem, cem)[1:] for make in (change_a_task, change_a_shift, change_a_session)
    )
    page = browser(ana)
    for path, data in (of_a_task, of_a_shift, of_a_session):
        assert page.post(path, data).status_code == 303
        assert page.post(path, {**data, "title": "Something else"}).status_code == 409


def test_check_in_forms_carry_an_idempotency_key(ana, cem, browser):
    event, row = _checked_in(ana, cem)
    page = browser(ana)
    page.get(f"{event.path}/manage/check-in?answer={row}")

    words = {
        form.find("input", attrs={"name": "once"})["value"]
        for form in page.page.select('form[action$="/arrival"]')
    }
    assert len(words) == len(page.page.select('form[action$="/arrival"]')) >= 3
    page.submit("/arrival", people="1")
    page.submit("/arrival", people="1")  # the page has changed by now, and so has its text
    assert check_in.attendance_of(rsvps.of(event, cem)).inside == 2
