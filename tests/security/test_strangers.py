"""Emails to addresses that nobody has confirmed hold no words that people typed, whoever sends
them: otherwise anyone could send theirs to any address, in the site's name.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.browser_like import Browser
from tests.fan_outs import run_fan_outs
from tests.mail.deciding import decide
from tests.mail.every_email import EmailScene, Words, written
from tests.test_every_form import form_at, made_sound, place, rules  # noqa: F401 -- place is a fixture
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.events.models import Event, Guest
from webapp.groups.models import Group
from webapp.mail.emails import TO_STRANGERS, context_of
from webapp.mail.models import OutgoingEmail

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]

CANARY, STRANGER = "Zugvogel", "stranger@example.net"


def words_of(mail):
    return f"{mail.subject}\n{mail.body}\n{mail.html}".casefold()


def test_emails_to_strangers_are_written_from_nothing_that_people_typed():
    words = Words(f"{CANARY} group", f"{CANARY} event", CANARY, f"{CANARY} said")
    told = dict(EmailScene(words).emails())

    assert set(told) >= TO_STRANGERS
    for template in TO_STRANGERS:
        ids = {name: str(value) for name, value in told[template].items()}
        context = context_of(template, ids)
        assert context is not None, template
        assert CANARY not in str(context), template
        rows = [name for name, value in context.items() if isinstance(value, db.Model)]
        assert not rows, template
        assert CANARY.casefold() not in words_of(written(template, ids)), template


def test_control_emails_to_people_of_the_site_name_who_and_what():
    words = Words(f"{CANARY} group", f"{CANARY} event", CANARY, f"{CANARY} said")
    emails = dict(EmailScene(words).emails())

    for template in ("invitations/arrived", "events/invited", "conversation/replied"):
        assert CANARY.casefold() in words_of(written(template, emails[template])), template


def canaries(form):
    """Return the form's fields with the canary in each text, and the stranger's address."""
    typed = {}
    for control in form.find_all(["input", "textarea"]):
        name, kind = control.get("name", ""), control.get("type", "text")
        if name == "homepage":
            continue
        if kind == "email":
            typed[name] = STRANGER
        elif kind in ("text", "search"):
            typed[name] = CANARY
    return typed


def unconfirmed_emails():
    """Return what waits for addresses that nobody has confirmed."""
    decide()
    confirmed = {
        *db.session.scalars(sa.select(User.email).where(User.verified_at.is_not(None))),
        *db.session.scalars(sa.select(Guest.email).where(Guest.confirmed_at.is_not(None))),
    }
    rows = db.session.scalars(sa.select(OutgoingEmail)).all()
    return [row for row in rows if row.address not in confirmed]


def refuse_words_to_strangers(about):
    """Check what waits for strangers; return its templates."""
    rows = unconfirmed_emails()
    for row in rows:
        mail = written(row.template, row.ids, row.address)
        assert mail is None or CANARY.casefold() not in words_of(mail), (about, row.template)
    return {row.template for row in rows}


def test_no_form_of_visitors_sends_what_was_typed_to_an_unconfirmed_address(app, place):  # noqa: F811
    sent = set()
    here = place()
    for rule in rules(app, "POST"):
        path = here.path_of(rule)
        form = form_at(path, app, here, of_visitors=True)
        if form is None:
            continue
        app.extensions["limits"].reset()
        visitor = Browser.of(app)
        token = {"csrf_token": visitor.csrf_token()}
        visitor.post(path, {**made_sound(form), **canaries(form), **token})
        sent |= refuse_words_to_strangers(rule)

    assert sent >= {"accounts/verify", "events/guest_asks", "moderation/received"}


#: What members send to addresses that they enter; `test_enumeration` lists every such form.
BY_MEMBERS = {
    "email_addresses.update": {"email": STRANGER, "proof": factories.PASSWORD},
    "email_invitations.create": {"addresses": STRANGER, "message": CANARY, "role": "member"},
    "event_invitations.create": {"addresses": STRANGER, "message": CANARY},
}


def test_no_form_of_members_sends_what_was_typed_to_an_unconfirmed_address(app, place):  # noqa: F811
    here, sent = place(), set()
    for table in (User, Group, Event, Guest):
        name = {Event: "title", User: "first_name"}.get(table, "name")
        db.session.execute(sa.update(table).values({name: CANARY}))
    db.session.execute(sa.update(Event).values(venue=CANARY, summary=CANARY))
    db.session.commit()
    for rule in rules(app, "POST"):
        if rule.endpoint in BY_MEMBERS:
            here.tab.post(here.path_of(rule), BY_MEMBERS[rule.endpoint])
            run_fan_outs()
            sent |= refuse_words_to_strangers(rule)

    assert sent >= {"accounts/change_confirm", "events/invited_by_mail", "invitations/invited"}


def test_a_forgotten_password_of_an_unconfirmed_account_names_nobody():
    person = factories.user(CANARY, verified_at=None)
    passwords.request_reset(person.email)

    (row,) = unconfirmed_emails()

    assert row.template == "accounts/reset"
    assert CANARY.casefold() not in words_of(written(row.template, row.ids, row.address))
