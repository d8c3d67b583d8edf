"""Notification types and channels: each type does exactly what its row says.

A type without a row here fails.
"""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.i18n import force_locale
from webapp.mail.emails import EMAIL_CONTEXTS
from webapp.mail.models import OutgoingEmail
from webapp.notifications import digest_contents, jobs, notification_types, preferences
from webapp.notifications.digest_contents import DigestSection, DigestThing
from webapp.notifications.models import (
    CHANNELS,
    DIGEST,
    IMPORTANT,
    INBOX,
    NOTHING,
    NOW,
    OFF,
    WEEKLY,
    Notification,
)
from webapp.notifications.notify import notify

from .. import factories

pytestmark = pytest.mark.any_database

WEBAPP = Path(__file__).parents[2] / "webapp"
ALL, IN_WRITING, ALWAYS, IN_TIME = CHANNELS, (NOW, OFF), (NOW,), (NOW, INBOX, OFF)
HOW_OFTEN = (DIGEST, WEEKLY, OFF)
BEGINS = {"event": "E", "starts": "2031-05-01T10:00:00+00:00", "zone": "Asia/Kolkata"}
HOURS = {**BEGINS, "ends": "2031-05-01T12:00:00+00:00", "all_day": False}
DUE, DUE_AT = {"event": "E", "what": "Cups", "zone": "Asia/Kolkata"}, "2031-05-01T10:00:00+00:00"
FOUND = {"is": "chosen", "option": "Tea", "most": 2, "valid": 3}
OFFER = {"event": "E", "party": 2, "until": "2031-05-01T10:00:00+00:00", "zone": "Asia/Kolkata"}
#: A person causes it, whom the reader may have muted or blocked; it asks for something, or is about
#: what can go away.
FROM_PERSON, HOLDS = "from a person", "holds for a while"
#: type -> (possible channels, default channel, whether it's important, what its sentence names,
#: and what else is true of it)
DECIDED = {
    "digest": (HOW_OFTEN, DIGEST, True, {}),
    "person.waiting": (ALL, NOW, True, {"name": "N"}, HOLDS),
    "request.arrived": (ALL, NOW, True, {"group": "G", "name": "N"}, FROM_PERSON, HOLDS),
    "request.approved": (ALL, NOW, True, {"group": "G"}),
    "request.declined": (ALL, NOW, True, {"group": "G", "answer": "no"}),
    "role.changed": (ALL, NOW, True, {"group": "G", "role": "owner"}),
    "ownership.offered": (ALL, NOW, True, {"group": "G", "name": "N"}, FROM_PERSON, HOLDS),
    "ownership.withdrawn": (ALL, INBOX, True, {"group": "G"}, FROM_PERSON),
    "ownership.accepted": (ALL, INBOX, True, {"group": "G", "name": "N", "before": "B"}),
    "ownership.inherited": (ALL, NOW, True, {"group": "G"}),
    "ownership.declined": (ALL, INBOX, True, {"group": "G", "name": "N"}),
    "ownership.expired": (ALL, INBOX, True, {"group": "G", "name": "N"}),
    "member.removed": (ALL, NOW, True, {"group": "G", "reason": ""}),
    "name.approved": (ALL, NOW, True, {"group": "G"}),
    "group.deleted": (ALL, INBOX, True, {"group": "G", "name": "N"}),
    "invitation.arrived": (ALL, NOW, True, {"group": "G", "name": "N"}, FROM_PERSON, HOLDS),
    "invitation.accepted": (ALL, INBOX, True, {"group": "G", "name": "N"}),
    "invitation.missed": (ALL, INBOX, True, {"group": "G"}),
    "thread.announced": (ALL, NOW, True, {"group": "G", "title": "T"}, FROM_PERSON, HOLDS),
    "reply.mentioned": (ALL, NOW, True, {"name": "N", "title": "T"}, FROM_PERSON, HOLDS),
    "reply.arrived": (ALL, DIGEST, False, {"name": "N", "title": "T"}, FROM_PERSON, HOLDS),
    "reply.removed": (ALL, NOW, True, {"title": "T", "reason": "R", "what": "reply"}),
    "event.published": (ALL, DIGEST, False, {"event": "E", "group": "G"}, FROM_PERSON, HOLDS),
    "event.changed": (ALL, NOW, True, {"event": "E"}, HOLDS),
    "event.nearing": (IN_TIME, NOW, True, HOURS, HOLDS),
    "event.starting": (IN_TIME, NOW, True, HOURS, HOLDS),
    "event.written": (ALL, NOW, True, {"event": "E", "name": "N", "subject": "S"}, FROM_PERSON),
    "event.invited": (ALL, NOW, True, {"event": "E", "name": "N"}, FROM_PERSON, HOLDS),
    "event.over": (ALL, DIGEST, False, {"event": "E"}, HOLDS),
    "event.feedback": (ALL, DIGEST, True, {"event": "E", "number": 2}),
    "event.cancelled": (ALWAYS, NOW, True, {"event": "E", "reason": ""}),
    "event.hidden": (ALL, NOW, True, {"event": "E"}),
    "event.resumed": (ALL, NOW, True, {"event": "E"}, HOLDS),
    "event.shown": (ALL, NOW, True, {"event": "E"}, HOLDS),
    "event.message": (ALWAYS, NOW, True, {"name": "N"}, FROM_PERSON),
    "rsvp.asked": (ALL, NOW, True, {"name": "N", "event": "E"}, FROM_PERSON, HOLDS),
    "rsvp.approved": (ALL, NOW, True, {"event": "E", "state": "waiting"}),
    "rsvp.refused": (ALL, NOW, True, {"event": "E", "sentence": "Full"}),
    "rsvp.hosted": (ALL, NOW, True, {"event": "E", "name": "N", "state": "going"}),
    "host.asked": (ALL, NOW, True, {"name": "N", "event": "E"}, FROM_PERSON, HOLDS),
    "host.withdrawn": (ALL, INBOX, True, {"event": "E"}, FROM_PERSON),
    "host.accepted": (ALL, INBOX, True, {"name": "N", "event": "E"}),
    "host.declined": (ALL, INBOX, True, {"name": "N", "event": "E"}),
    "host.removed": (ALL, NOW, True, {"event": "E"}),
    "task.given": (ALL, NOW, True, {"event": "E", "name": "N", "what": "Cups"}, FROM_PERSON, HOLDS),
    "task.taken": (ALL, NOW, True, {"event": "E", "what": "Cups"}),
    "task.due": (IN_TIME, NOW, True, {**DUE, "due": DUE_AT}, HOLDS),
    "shift.moved": (ALL, NOW, True, {**DUE, "starts": DUE_AT}, HOLDS),
    "task.released": (ALL, NOW, True, {"event": "E", "name": "N", "what": "Cups"}),
    "rsvp.promoted": (ALL, NOW, True, {"event": "E", "party": 1}),
    "rsvp.offered": (ALL, NOW, True, OFFER, HOLDS),
    "rsvp.expired": (ALL, NOW, True, {"event": "E"}),
    "session.promoted": (ALL, NOW, True, {"session": "S", "event": "E", "party": 1}),
    "session.offered": (ALL, NOW, True, {"session": "S", **OFFER}, HOLDS),
    "session.expired": (ALL, NOW, True, {"session": "S", "event": "E"}),
    "session.changed": (ALL, NOW, True, {"session": "S", **BEGINS}, HOLDS),
    "session.cancelled": (ALL, NOW, True, {"session": "S", "event": "E", "reason": ""}),
    "rsvp.released": (ALL, NOW, True, {"event": "E"}),
    "rsvp.answered": (IN_WRITING, NOW, True, {"event": "E"}),
    "vote.opened": (ALL, NOW, True, {"title": "T"}, HOLDS),
    "vote.invited": (ALL, NOW, True, {"title": "T", "name": "N"}, FROM_PERSON, HOLDS),
    "vote.nearing": (IN_TIME, NOW, True, {"title": "T", "closes": DUE_AT, "zone": "UTC"}, HOLDS),
    "vote.missed": (
        IN_TIME,
        NOW,
        False,
        {"title": "T", "closes": DUE_AT, "zone": "UTC", "name": "N"},
        FROM_PERSON,
        HOLDS,
    ),
    "vote.concluded": (ALL, DIGEST, False, {"title": "T"}),
    "vote.review": (ALL, NOW, True, {"title": "T"}, HOLDS),
    "vote.closed": (ALL, DIGEST, False, {"title": "T", "finding": FOUND}),
    "export.ready": (ALL, NOW, True, {}, HOLDS),
    "export.failed": (ALL, NOW, True, {}),
    "report.arrived": (ALL, NOW, True, {"what": "event", "objection": False, "group": "G"}, HOLDS),
    "report.raised": (ALL, NOW, True, {"what": "person", "objection": True}, HOLDS),
    "report.closed": (ALL, INBOX, True, {"label": "E"}),
    "case.decided": (ALWAYS, NOW, True, {"act": "hidden", "label": "E", "reason": "R"}),
    "vote.cancelled": (ALL, INBOX, False, {"title": "T", "reason": "R"}),
}
#: Types of which people are notified, without the digest, which consists of the others.
TOLD = sorted(set(DECIDED) - {"digest"})
NOON = "2026-05-04 12:00:00Z"
NEXT_MORNING = "2026-05-05 08:01:00Z"


def test_every_notification_type_is_as_decided(app):
    decided = {
        name: (
            *(kind.channels, kind.usual, kind.is_important),
            *([FROM_PERSON] if kind.from_person else []),
            *([HOLDS] if kind.holds else []),
        )
        for name, kind in notification_types.NOTIFICATION_TYPES.items()
    }

    assert decided == {name: (*line[:3], *line[4:]) for name, line in DECIDED.items()}


def test_every_notification_type_has_text_and_existing_emails(app, context):
    for kind in notification_types.NOTIFICATION_TYPES.values():
        assert str(kind.title)
        assert kind.topic in notification_types.TOPICS
        assert kind.usual in kind.channels
        assert kind.emails
        assert kind.says is None or 0 < len(str(kind.heading)) <= 30
        assert set(kind.emails) <= set(EMAIL_CONTEXTS)
        assert notification_types.PLAIN not in kind.emails or kind.says is not None


def left(user) -> tuple[int, int, int]:
    """Return (notifications, emails, digests) of the person in the database."""
    lines = db.session.scalar(sa.select(sa.func.count()).where(Notification.user_id == user.id))
    emails, daily = (
        sa.select(sa.func.count()).where(OutgoingEmail.address == user.email),
        OutgoingEmail.template == "notifications/digest",
    )
    return (
        lines or 0,
        db.session.scalar(emails.where(~daily)) or 0,
        db.session.scalar(emails.where(daily)) or 0,
    )


def happens(kind: str, *users, **more) -> None:
    """Notify each person of one such thing."""
    notify(users, kind, "/somewhere", DECIDED[kind][3], **more)
    db.session.commit()


@pytest.mark.parametrize("kind", TOLD)
def test_each_channel_delivers_exactly_what_it_promises(kind, ben):
    allowed, usual, *_others = DECIDED[kind]
    for channel in set(CHANNELS) - set(allowed):
        with pytest.raises(UserError):
            preferences.choose(ben, {kind: channel})
    people = {channel: factories.user() for channel in allowed}
    for channel, person in people.items():
        preferences.choose(person, {kind: channel})
    line = 0 if notification_types.NOTIFICATION_TYPES[kind].says is None else 1
    at_once = {NOW: (line, 1, 0), DIGEST: (1, 0, 0), INBOX: (1, 0, 0), OFF: (0, 0, 0)}

    with time_machine.travel(NOON, tick=False):
        happens(kind, ben, *people.values())
        assert {channel: left(person) for channel, person in people.items()} == {
            channel: at_once[channel] for channel in allowed
        }
        assert left(ben) == at_once[usual]  # those who have chosen nothing
    with time_machine.travel(NEXT_MORNING, tick=False):
        jobs.digest()
        assert {channel: left(person) for channel, person in people.items()} == {
            channel: (*at_once[channel][:2], 1 if channel == DIGEST else 0) for channel in allowed
        }


@pytest.mark.parametrize("kind", TOLD)
def test_the_level_chosen_for_a_group_applies_to_that_group_only(kind, ana):
    people = {level: factories.user() for level in (None, IMPORTANT, NOTHING)}
    group, other = factories.group(ana, *people.values()), factories.group(ana, *people.values())
    for level, person in people.items():
        preferences.choose_level(person, group.id, level)
    fixed, matters = notification_types.NOTIFICATION_TYPES[kind].is_fixed, DECIDED[kind][2]
    silent = set() if fixed else {NOTHING} if matters else {NOTHING, IMPORTANT}

    happens(kind, *people.values(), group_id=group.id)
    before = {level: left(person) for level, person in people.items()}
    assert {level for level, seen in before.items() if seen == (0, 0, 0)} == silent

    happens(kind, *people.values(), group_id=other.id)
    happens(kind, *people.values())
    assert all(left(person) > before[level] for level, person in people.items())


def test_each_person_is_notified_by_their_chosen_channel(ana, ben, cem, dia, statements_of):
    for person, channel in ((ben, DIGEST), (cem, OFF), (dia, INBOX)):
        preferences.choose(person, {"vote.opened": channel})
    db.session.commit()
    notify([ana, ben, cem, dia], "vote.opened", "/votes/x", {"title": "T"})
    db.session.commit()

    lines = db.session.execute(sa.select(Notification.user_id, Notification.channel)).all()
    assert {tuple(line) for line in lines} == {(ana.id, NOW), (ben.id, DIGEST), (dia.id, INBOX)}
    assert db.session.scalars(sa.select(OutgoingEmail.address)).all() == [ana.email]


def test_a_new_choice_replaces_the_old_and_the_default_stores_no_row(ben):
    for channel in (OFF, DIGEST, OFF, NOW):
        preferences.choose(ben, {"vote.opened": channel})
        assert preferences.of(ben)["vote.opened"] == channel
    db.session.commit()

    assert db.session.scalar(sa.text("SELECT count(*) FROM preference")) == 0


def test_a_queued_email_is_dropped_after_its_type_was_turned_off(ana, ben, emails):
    group = factories.group(ana, ben)
    event = factories.event(ana, group)
    for person in (ana, ben):
        notify([person], "event.changed", event.path, {"event": "E"}, event=event.id)
    preferences.choose(ben, {"event.changed": INBOX})
    db.session.commit()

    assert [email["To"] for email in emails()] == [ana.email]


def test_types_without_their_own_email_use_the_inbox_text(ana, ben, emails):
    preferences.choose(ben, {"vote.cancelled": NOW})
    happens("vote.cancelled", ben, about="River walkers")
    (email,) = emails()

    assert email["Subject"] == "Vote cancelled: T (River walkers)"
    text = email.get_body(("plain",)).get_content()
    assert "River walkers" in text
    assert f"/inbox/{db.session.scalar(sa.select(Notification.id))}" in text
    assert "/vote.cancelled/" in email["List-Unsubscribe"]


def test_no_notification_email_bypasses_the_preferences():
    """`notify` and the digest send emails. Besides them only accounts do, whose emails are
    requested, and reports, to visitors who left an address.
    """
    posting = {
        path.relative_to(WEBAPP).as_posix()
        for path in WEBAPP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr == "enqueue_email"
        and getattr(node.value, "id", "") == "outbox"
    }

    assert {path for path in posting if not path.startswith(("accounts/", "mail/"))} == {
        "notifications/notify.py",
        "notifications/digests.py",
        "invitations/inviting.py",  # also to strangers; for others delivery checks the preferences
        "attendance/inviting.py",  # likewise
        "moderation/notices.py",
        "moderation/admin_actions.py",  # decisions about someone
        "attendance/guests.py",  # a link that was requested
        "events/notices.py",  # to guests, who have only emails
    }


def test_inbox_lines_are_shown_in_the_readers_language(app, browser, ben, monkeypatch):
    happens("event.changed", ben)
    monkeypatch.setattr(
        "webapp.events.notifications._",
        lambda message, **values: "Anders: " + message % values,
    )
    page = browser(ben)
    page.get("/inbox")

    assert "Anders: “E” has a new time or place." in page.text


@pytest.mark.parametrize("words", [None, {}, {"something": "else"}])
def test_lines_of_earlier_versions_keep_their_text(browser, ben, words):
    db.session.add(
        Notification(
            user_id=ben.id, kind="event.changed", label="As it was said then", url="/", params=words
        )
    )
    db.session.add(
        Notification(
            user_id=ben.id, kind="no.more", label="Of a kind that went", url="/", params={"a": 1}
        )
    )
    db.session.commit()
    page = browser(ben)
    page.get("/inbox")

    assert "As it was said then" in page.text
    assert "Of a kind that went" in page.text


def test_inbox_lines_use_the_recipients_language(ben, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "webapp.events.notifications._",
        lambda message, **values: seen.append(locale()) or message % values,
    )
    ben.locale = "de"
    db.session.commit()
    with force_locale("en"):
        happens("event.changed", ben)

    assert seen == ["de"]


def locale() -> str:
    from flask_babel import get_locale

    return str(get_locale())


def test_long_notification_texts_are_shortened(ben):
    notify([ben], "event.cancelled", "/", {"event": "E", "reason": "long " * 500})
    db.session.commit()
    line = db.session.scalar(sa.select(Notification))

    assert len(line.label) == 300
    assert len(line.params["reason"]) == 300


@pytest.mark.parametrize("kind", TOLD)
def test_nobody_is_notified_of_what_they_did(kind, ana, ben):
    happens(kind, ana, ben, by=ana)

    assert left(ana) == (0, 0, 0)
    assert left(ben) != (0, 0, 0)


@pytest.mark.parametrize("kind", TOLD)
def test_a_digest_names_a_group_once_in_its_subject(kind, app, context):
    words = {**DECIDED[kind][3]}
    if "group" in words:
        words["group"] = "River Carers"
    line = Notification(kind=kind, params=words, label="It happened")
    section = DigestSection("River Carers", [DigestThing([line])])

    assert digest_contents.subject_of([section]).count("River Carers") == 1
