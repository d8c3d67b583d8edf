"""Guests, as the tests need them: made at once, or by their email."""

import re

from bs4 import BeautifulSoup

from tests.mail.deciding import decide
from webapp.attendance import guest_links, guests
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import Guest

MAIL = "gil@example.org"


def guest(event, name="Gil", email=MAIL, **given):
    """Someone who has answered by their link; committed."""
    made = Guest(event_id=event.id, name=name, email=email)
    db.session.add(made)
    db.session.flush()
    guests.answer(made, **given)
    db.session.commit()
    return made


def asked(event, name="Gil", email=MAIL):
    """Someone to whom the link was emailed, and who has not answered yet; committed."""
    guests.ask(event, guests.NewGuest(name, email))
    decide()
    return guests.of(event, email)


def join_policy(email):
    """The path of the guest's page that the email holds."""
    text = email.get_body(("plain",)).get_content()
    return re.search(r"http://127.0.0.1:8000(/guests/[^/\s]+/[^/\s]+)", text)[1]


def beside(mail):
    """The line that inboxes show beside the subject."""
    html = mail.get_body(("html",)).get_content()
    return BeautifulSoup(html, "html.parser").select_one(".pre").get_text()


def path(guest):
    """Where the guest's page is now."""
    return guest_links.path(guest)


def days(number):
    """So many days from now."""
    from datetime import timedelta

    return clock.now() + timedelta(days=number)
