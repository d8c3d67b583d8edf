"""An email is committed with its cause or not at all; it stores no secrets and no text."""

import inspect
import uuid

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.groups.models import Group
from webapp.mail import outbox, personal_data
from webapp.mail.emails import EMAIL_CONTEXTS
from webapp.mail.models import QUEUED, SENT, OutgoingEmail

#: What emails store besides ids of people: ids of things, which `user_erased` handles, and words
#: for a state.
OF_THINGS = {
    "digest",
    "event",
    "group",
    "guest",
    "invitation",
    "link",
    "membership",
    "message",
    "notice",
    "offer",
    "party",
}
OF_THINGS |= {"reply", "report", "request", "session", "step", "vote"}
WORDS = {"came_for", "closes", "kind", "made", "starts", "state", "to", "what", "_more"}


def rows():
    return db.session.scalars(sa.select(OutgoingEmail)).all()


def test_an_email_commits_with_its_cause(app, context, emails, says):
    says({})
    outbox.enqueue_email("mail/test", to="ana@example.org", user=uuid.UUID(int=7))
    assert len(app.extensions["queue"]) == 0, "the queue is woken only after the commit"
    db.session.commit()

    assert len(app.extensions["queue"]) == 1
    assert rows()[0].ids == {"user": "00000000-0000-0000-0000-000000000007"}
    assert rows()[0].state == QUEUED
    assert [email["To"] for email in emails()] == ["ana@example.org"]
    assert rows()[0].state == SENT


def test_every_personal_id_in_emails_is_known_to_erasure(app):
    names = {
        name
        for function in EMAIL_CONTEXTS.values()
        for name in inspect.signature(function).parameters
    }
    assert names - OF_THINGS - WORDS == {"user", *personal_data.OTHERS}


def test_an_email_is_rolled_back_with_its_cause(app, context, emails):
    db.session.add(
        Group(name="Moss", slug="moss", search_text="moss", visibility="open", join_policy="join")
    )
    outbox.enqueue_email("mail/test", to="ana@example.org")
    db.session.rollback()

    assert rows() == []
    assert len(app.extensions["queue"]) == 0
    assert emails() == []


def test_the_sweep_finds_emails_missing_from_the_queue(app, posted, emails, pass_time):
    posted()
    app.extensions["queue"].clear()
    assert emails() == []

    pass_time(0)
    assert len(emails()) == 1


def test_the_same_email_is_queued_once(app, posted, pass_time, emails):
    email = posted()
    outbox.wake(email.id, attempts=0)
    db.session.commit()

    assert len(app.extensions["queue"]) == 1
