"""Guests for tests: created directly, or through their email."""

import re

from bs4 import BeautifulSoup

from tests.mail.deciding import decide
from webapp.attendance import guest_links, guests
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import Guest

MAIL = "gil@example.org"


def guest(event, name="Gil", email=MAIL, **given):
    """Create a guest who has answered; commit."""
    made = Guest(event_id=event.id, name=name, email=email)
    db.session.add(made)
    db.session.flush()
    guests.answer(made, **given)
    db.session.commit()
    return made


def asked(event, name="Gil", email=MAIL):
    """Create a guest who has got the link by email and hasn't answered yet; commit."""
    guests.ask(event, guests.NewGuest(name, email))
    decide()
    return guests.of(event, email)


def join_policy(email):
    """Return the path of the guest's page from the email."""
    text = email.get_body(("plain",)).get_content()
    return re.search(r"http://127.0.0.1:8000(/guests/[^/\s]+/[^/\s]+)", text)[1]


def beside(mail):
    """Return the preview text that inboxes show beside the subject."""
    html = mail.get_body(("html",)).get_content()
    return BeautifulSoup(html, "html.parser").select_one(".pre").get_text()


def path(guest):
    """Return the current path of the guest's page."""
    return guest_links.path(guest)


def days(number):
    """Return the time this many days from now."""
    from datetime import timedelta

    return clock.now() + timedelta(days=number)
