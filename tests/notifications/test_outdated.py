"""Inbox, digest and emails don't ask for what is over: each type, through all that ends it."""

import pytest
import sqlalchemy as sa

from webapp.conversation.notifications import GONE
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import access as group_access
from webapp.mail.emails import context_of
from webapp.mail.models import OutgoingEmail
from webapp.notifications import emails, outdated, preferences, reads
from webapp.notifications.models import NOW, DigestEmail, Notification
from webapp.notifications.notification_types import NOTIFICATION_TYPES, PLAIN

from .requests import SCENES, Stage

pytestmark = pytest.mark.any_database


def test_every_type_that_holds_for_a_while_has_a_scene_of_how_it_ends(app):
    asking = {name for name, kind in NOTIFICATION_TYPES.items() if kind.holds is not None}

    assert asking == set(SCENES)


def asked_in(person, kind):
    """Return where the notification still asks this person for something."""
    db.session.commit()
    db.session.expire_all()
    group_access.forget_roles()
    newest = sa.select(Notification).where(
        Notification.user_id == person.id, Notification.kind == kind
    )
    line = db.session.scalars(newest.order_by(Notification.id.desc())).first()
    where = {
        *(["inbox"] if line.id in _in_inbox(person) else []),
        *(["digest"] if line.id in _in_digest(person, line) else []),
    }
    sent = sa.select(OutgoingEmail).where(
        OutgoingEmail.address == person.email,
        OutgoingEmail.template.in_(NOTIFICATION_TYPES[kind].emails),
    )
    its = [
        email
        for email in db.session.scalars(sent.order_by(OutgoingEmail.id))
        if email.ids.get("notice", str(line.id)) == str(line.id) or email.template != PLAIN
    ]
    if its and context_of(its[-1].template, its[-1].ids) is not None:
        where.add("email")
    return where


def _in_inbox(person):
    lines = reads.page_of(person).lines
    shown = reads.by_day(lines, clock.now(), person.zone, outdated.outdated(person, lines))
    bundles = [bundle for part in shown for bundle in part.bundles]
    return {one.id for bundle in bundles for one in bundle if not one.is_over}


def _in_digest(person, line):
    """Return what a digest with this line would have."""
    sent = DigestEmail(user_id=person.id, day=clock.now().date())
    db.session.add(sent)
    db.session.flush()
    line.digest_id, line.read_at = sent.id, None
    db.session.flush()
    context = emails.digest(str(person.id), str(sent.id))
    sections = context["sections"] if context is not None else []
    found = {one.id for part in sections for thing in part.things for one in thing.lines}
    db.session.rollback()
    return found


@pytest.fixture
def at(monkeypatch):
    """A function: `at(moment)` sets both clocks to this time."""

    def stand(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(database_clock, "now", lambda: moment)

    return stand


@pytest.mark.parametrize("kind", SCENES)
def test_nothing_asks_for_what_is_over(kind, ana, ben, cem, at):
    now = clock.now()
    for person in (ana, ben, cem):
        if NOW in NOTIFICATION_TYPES[kind].channels:
            preferences.choose(person, {kind: NOW})
    still = {}
    names = [None]
    while names:
        name = names.pop()
        at(now)
        person, ends = SCENES[kind](Stage(ana, ben, cem, at))
        if name is None:
            names = sorted(ends)
            assert asked_in(person, kind) >= {"inbox", "digest"}
            continue
        ends[name]()
        if where := asked_in(person, kind):
            still[name] = where

    assert still == {}


def test_the_inbox_marks_what_is_out_of_date_and_keeps_nothing_of_what_is_gone(
    ana, ben, cem, at, browser
):
    stage = Stage(ana, ben, cem, at)
    _ben, vote_ends = SCENES["vote.opened"](stage)
    _ben, thread_ends = SCENES["thread.announced"](stage)
    db.session.commit()
    page = browser(ben)
    page.get("/inbox")
    assert "The gate" in page.text
    assert "Out of date" not in page.text

    vote_ends["cancel"]()
    thread_ends["delete"]()
    db.session.commit()
    page.get("/inbox")

    assert "The gate" not in page.text
    (gone,) = [item for item in page.page.select("article.item") if str(GONE) in item.text]
    assert gone.find("a") is None
    (over,) = [item for item in page.page.select("article.item") if "You can vote now" in item.text]
    assert "Out of date" in over.text
    assert over.find("a")["href"].startswith("/inbox/")


def test_the_inbox_asks_of_all_its_lines_in_one_statement(
    ana, ben, cem, at, browser, statements_of
):
    page = browser(ben)
    SCENES["vote.opened"](Stage(ana, ben, cem, at))
    db.session.commit()
    page.get("/inbox")
    few = statements_of(lambda: page.get("/inbox"))

    for kind in ("vote.opened", "vote.nearing", "event.nearing", "rsvp.offered", "reply.arrived"):
        SCENES[kind](Stage(ana, ben, cem, at))
    db.session.commit()

    assert statements_of(lambda: page.get("/inbox")) == few
