"""A trap for programs that fill in every field. A password manager that falls into it does no harm,
and a program learns nothing.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.accounts.conftest import someone
from tests.browser_like import values_of
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.http.honeypot import FormWithTrap
from webapp.mail.models import OutgoingEmail
from webapp.moderation.models import Report

pytestmark = pytest.mark.any_database
FILLED = "https://example.org"


def sign_up(_event):
    return "/sign-up", someone()


def guest(event):
    return f"{event.path}/guest", {"name": "Gil", "email": "gil@example.org"}


def report(event):
    return f"/reports/event/{event.id}", {"rule": "spam"}


FORMS = {"SignUpForm": sign_up, "GuestForm": guest, "ReportForm": report}


def subclasses(form):
    return {form, *(one for below in form.__subclasses__() for one in subclasses(below))}


def test_every_form_with_a_trap_is_tested(app):
    assert {form.__name__ for form in subclasses(FormWithTrap) - {FormWithTrap}} == set(FORMS)


@pytest.fixture
def sent(app, context, browser, ana):
    """A function that sends a form and returns its answer and how many rows it added."""
    event = factories.event(ana, allows_guests=True)
    pages = {name: form(event) for name, form in FORMS.items()}
    db.session.commit()

    def send(name, user=None, **values):
        path, given = pages[name]
        tab = browser(user)
        tab.get(path)
        form = next(form for form in tab.forms if form.find(id="homepage"))
        fields = values_of(form) | given | values
        before = rows()
        answer = tab.post(form["action"], fields)
        app.extensions["limits"].reset()
        return (answer.status_code, answer.headers["Location"]), rows() - before

    return send


def rows():
    db.session.rollback()
    return sum(
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (User, OutgoingEmail, Report)
    )


@pytest.mark.parametrize("name", FORMS)
def test_a_program_gets_the_same_answer_and_nothing_happens(sent, name):
    by_program = sent(name, homepage=FILLED, zone="")
    by_nonsense = sent(name, homepage=FILLED, zone=FILLED)
    by_person = sent(name, homepage="", zone="")

    assert by_program[0] == by_nonsense[0] == by_person[0]
    assert (by_program[1], by_nonsense[1]) == (0, 0)
    assert by_person[1] > 0


@pytest.mark.parametrize("name", FORMS)
def test_people_get_through_whose_password_manager_filled_the_trap(sent, name):
    assert sent(name, homepage=FILLED, zone="Asia/Tokyo")[1] > 0


def test_people_who_are_signed_in_get_through(sent, ben):
    assert sent("ReportForm", ben, homepage=FILLED)[1] > 0


@pytest.mark.parametrize("name", FORMS)
def test_password_managers_are_asked_to_leave_the_trap_alone(browser, context, ana, name):
    path, _fields = FORMS[name](factories.event(ana, allows_guests=True))
    db.session.commit()
    tab = browser()
    tab.get(path)
    trap = tab.page.find(id="homepage")
    assert trap["autocomplete"] == "off"
    assert {"data-1p-ignore", "data-lpignore", "data-bwignore"} <= set(trap.attrs)
    assert tab.page.find(attrs={"data-guess-zone": True})["name"] == "zone"
