"""Replacing the site's key: with SECRET_KEY_PREVIOUS, what was signed before stays valid; without
it, nothing does.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests import factories
from tests.voting.secret import boxes
from webapp import config
from webapp.attendance import feedback, ticket_codes
from webapp.core.extensions import db
from webapp.core.http import tokens
from webapp.core.time import clock
from webapp.events.calendar import subscriptions
from webapp.events.models import Rsvp
from webapp.groups.models import MEMBER, Group
from webapp.invitations import inviting, opt_outs
from webapp.invitations.inviting import Invited
from webapp.notifications import unsubscribe
from webapp.notifications.notification_types import NOTIFICATION_TYPES
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.secret import casting

OLD, NEW = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "9a8b7c6d5e4f30211203f4e5d6c7b8a9"
NAMES = ("SECRET_KEY", "SECRET_KEY_PREVIOUS", "SECRET_KEY_FALLBACKS", "WTF_CSRF_SECRET_KEY")


@pytest.fixture
def keys(app, monkeypatch):
    """A function that sets the site's key and its previous one; at first there is only OLD."""

    def use(key, previous=""):
        for name, value in zip(NAMES, (key, previous, None, None), strict=True):
            monkeypatch.setitem(app.config, name, value)
        tokens.init_app(app)

    use(OLD)
    return use


def test_sign_ins_and_open_forms_stay_valid_while_the_previous_key_is_set(browser, ana, keys):
    tab = browser(ana)
    tab.get("/groups/new")

    keys(NEW, previous=OLD)
    tab.submit("/groups", name="Leith Garden")

    assert tab.path == "/groups/leith-garden", tab.text
    assert tab.get("/account").status_code == 200


def test_without_the_previous_key_everyone_is_signed_out(browser, ana, keys):
    tab = browser(ana)
    assert tab.get("/account").status_code == 200

    keys(NEW)

    assert tab.get("/account").headers["Location"].startswith("/sign-in")


@pytest.fixture
def handed_out(visitor, ana):
    """Things that the old key has signed for people: (name, whether it is still accepted)."""
    event = factories.event(ana, starts_at=clock.now() - timedelta(hours=5))
    rsvp = Rsvp(event_id=event.id, user_id=ana.id, state="going")
    feed = subscriptions.create(ana, None)
    db.session.add(rsvp)
    db.session.commit()
    kind = next(kind for kind in NOTIFICATION_TYPES.values() if kind.without_email is not None)
    code, way_out = ticket_codes.code_of(rsvp.id), urlsplit(opt_outs.url("gil@example.org")).path
    calendar, stop = subscriptions.path(feed), urlsplit(unsubscribe.url(ana, kind)).path
    return {
        "ticket": lambda: ticket_codes.is_code_of(code, rsvp),
        "calendar": lambda: visitor.get(calendar).status_code == 200,
        "unsubscribe": lambda: visitor.get(stop).status_code == 200,
        "no invitations": lambda: visitor.get(way_out).status_code == 200,
    }


def test_links_calendars_and_tickets_stay_valid_while_the_previous_key_is_set(keys, handed_out):
    def accepted():
        return [name for name, holds in handed_out.items() if holds()]

    everything = list(handed_out)
    assert accepted() == everything
    keys(NEW, previous=OLD)
    assert accepted() == everything
    keys(NEW)
    assert accepted() == []


def test_tokens_signed_during_a_rotation_outlive_the_previous_key(app, keys, browser, ana):
    keys(NEW, previous=OLD)
    row_id = ana.id
    token, tab = tokens.derive("test", row_id, ""), browser(ana)
    assert tab.get("/groups/new").status_code == 200

    keys(NEW)

    assert tokens.matches(token, "test", row_id, "")
    tab.submit("/groups", name="Leith Garden")
    assert tab.path == "/groups/leith-garden", tab.text


def test_people_who_opted_out_get_no_invitations_during_a_rotation(keys, ana, emails):
    opt_outs.opt_out(opt_outs.hash_of("gil@example.org"))
    db.session.commit()

    keys(NEW, previous=OLD)
    inviting.invite(
        factories.group(ana), ana, Invited(["gil@example.org", "hal@example.org"], MEMBER)
    )
    db.session.commit()

    assert [email["To"] for email in emails()] == ["hal@example.org"]


def test_an_email_address_is_invited_once_across_a_rotation(keys, ana):
    group = factories.group(ana)
    inviting.invite(group, ana, Invited(["gil@example.org"], MEMBER))
    db.session.commit()

    keys(NEW, previous=OLD)

    assert list(inviting.recently_emailed(group, ["gil@example.org"])) == ["gil@example.org"]


def test_feedback_keeps_its_author_during_a_rotation(keys, ana, ben):
    ended = clock.now() - timedelta(hours=3)
    event = factories.event(ana, starts_at=ended - timedelta(hours=2), ends_at=ended)
    db.session.add(Rsvp(event_id=event.id, user_id=ben.id, state="going"))
    db.session.commit()
    feedback.submit(event, ben, 2, "", event.feedback)

    keys(NEW, previous=OLD)
    feedback.submit(event, ben, 5, "", event.feedback)

    assert feedback.of(event, ben).stars == 5


def test_a_form_sent_before_and_after_a_rotation_creates_one_thing(browser, ana, keys):
    tab = browser(ana)
    tab.get("/groups/new")
    form = tab.answer
    tab.submit("/groups", name="Leith Garden")

    keys(NEW, previous=OLD)
    tab.answer = form
    tab.submit("/groups", name="Leith Garden")

    assert tab.path == "/groups/leith-garden"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Group)) == 1


def test_only_one_module_signs_with_the_key():
    """A signature made elsewhere would ignore the previous key."""
    users = {
        path.relative_to(config.ROOT).as_posix()
        for path in (config.ROOT / "webapp").rglob("*.py")
        if re.search(r"""["']SECRET_KEY["']|\.secret_key""", path.read_text())
    }

    # Counters of limits are forgotten within an hour.
    assert users == {
        "webapp/config.py",
        "webapp/config_checks.py",
        "webapp/core/http/tokens.py",
        "webapp/core/http/limits/__init__.py",
    }


def test_a_secret_ballot_sent_before_a_rotation_keeps_its_key(keys, ana):
    it = boxes.box(ana)
    before = casting.cast(it.vote, ana, [(2, 1)], word="w" * 24)
    db.session.commit()

    keys(NEW, previous=OLD)
    assert casting.cast(it.vote, ana, [(2, 1)], word="w" * 24) == before
    db.session.rollback()

    keys(NEW)
    with pytest.raises(BallotRefused):
        casting.cast(it.vote, ana, [(2, 1)], word="w" * 24)
