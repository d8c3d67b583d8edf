"""Whoever types an address learns from no form whether it's known: not by its answer, nor by the work that it takes.

Work is compared by statements and calls, not by milliseconds: where both are equal, so is the time.
"""

import sys
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import factories
from tests.events import visiting
from webapp.accounts import reads as account_reads
from webapp.accounts import resets
from webapp.core import clock
from webapp.core.extensions import db
from webapp.events.models import Event
from webapp.mail import outbox

pytestmark = pytest.mark.any_database

WEBAPP = str(Path(__file__).parents[2] / "webapp")
numbers = count(100)


class Work:
    """What happened in a block: the statements that were sent, and how often each function of ours was called."""

    def __enter__(self):
        self.statements, self.calls = [], Counter()
        sa.event.listen(sa.Engine, "before_cursor_execute", self._sent)
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_error):
        sys.setprofile(None)
        sa.event.remove(sa.Engine, "before_cursor_execute", self._sent)

    def _sent(self, _connection, _cursor, statement, *_more):
        self.statements.append(statement)

    def _called(self, frame, what, _argument):
        # within a comprehension it's how long a word is, or what is swept up once a minute, that counts
        is_function = not frame.f_code.co_name.startswith("<")
        if what == "call" and is_function and frame.f_code.co_filename.startswith(WEBAPP):
            self.calls[f"{frame.f_code.co_filename.removeprefix(WEBAPP)}:{frame.f_code.co_qualname}"] += 1


def account(**values):
    return factories.user("Noor", f"No{next(numbers)}", **values).email


ADDRESSES = {
    "unknown": lambda: f"noor-no{next(numbers)}@example.org",
    "known": account,
    "unverified": lambda: account(verified_at=None),
    "unapproved": lambda: account(approved_at=None),
    "deactivated": lambda: account(deactivated_at=clock.now()),
    "leaving": lambda: account(deactivated_at=clock.now(), leaves_at=clock.now() + timedelta(days=9)),
}


PASSWORD = "violet Kayak 9 lantern"


def forgotten(_event, email):
    return "/password/forgotten", {"email": email}


def sign_up(_event, email):
    number = next(numbers)
    names = {"first_name": "Gil", "last_name": f"No{number}", "handle": f"gil-{number}", "affirmed": "y"}
    return "/sign-up", {**names, "email": email, "password": PASSWORD, "password_again": PASSWORD}


def sign_in(_event, email):
    return "/sign-in", {"name": email, "password": "wrong"}


def another_address(_event, email):
    return "/account/email", {"email": email}


def guest(event, email):
    return f"{event}/guest", {"name": "Gil", "email": email}


def guest_link(event, email):
    return f"{event}/guest/link", {"email": email}


FORMS = [forgotten, sign_up, sign_in, another_address, guest, guest_link]


@pytest.fixture
def event(context, ana):
    return factories.event(ana).path


@pytest.fixture
def work_of(app, browser, event):
    """What a form does for the address, and how it answers."""

    def done(form, email):
        path, fields = form(event, email)
        page = browser(factories.user("Mai", f"No{next(numbers)}") if form is another_address else None)
        token = page.csrf_token()
        db.session.rollback()
        app.extensions["limits"].reset()
        with Work() as work:
            answer = page.post(path, {**fields, "csrf_token": token})
        return answer.status_code, answer.headers.get("Location"), work.statements, work.calls

    return done


@pytest.mark.parametrize("form", FORMS)
def test_a_form_does_the_same_for_every_address(work_of, form):
    for kind in ("unknown", "known"):  # what is asked for once is kept
        work_of(form, ADDRESSES[kind]())

    unknown = work_of(form, ADDRESSES["unknown"]())

    assert unknown[0] == (422 if form is sign_in else 303)
    for kind, make in ADDRESSES.items():
        assert work_of(form, make()) == unknown, kind


@pytest.mark.parametrize("form", [guest, guest_link])
def test_guests_of_an_event_are_no_more_known_than_others(work_of, event, form):
    found = db.session.scalar(sa.select(Event).where(Event.slug == event.rpartition("/")[2]))
    guests = [visiting.asked(found, email=f"noor-no{next(numbers)}@example.org").email]
    guests += [visiting.guest(found, email=f"noor-no{next(numbers)}@example.org").email]
    for _ in range(2):
        unknown = work_of(form, ADDRESSES["unknown"]())

    for email in guests:
        assert work_of(form, email) == unknown


def test_control_a_form_that_looks_before_it_posts_is_seen(work_of, monkeypatch):
    """As it was: an email is posted where an account has the address, and none elsewhere."""

    def ask(email):
        if account_reads.by_email(email) is not None:
            outbox.post("accounts/forgotten", to=email)

    monkeypatch.setattr(resets, "ask", ask)
    work_of(forgotten, ADDRESSES["known"]())

    assert work_of(forgotten, ADDRESSES["known"]())[2:] != work_of(forgotten, ADDRESSES["unknown"]())[2:]
