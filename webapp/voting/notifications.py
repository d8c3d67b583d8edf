"""The notification types of votes, their inbox lines and their emails."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts import blocks
from ..accounts.models import User
from ..accounts.reads import recipient
from ..core import i18n
from ..core.extensions import db
from ..core.http.links import absolute
from ..core.text.strings import listed
from ..core.time import clock
from ..groups.models import Group
from ..mail.emails import EmailContext
from ..notifications.digest_contents import DigestContents, DigestThing
from ..notifications.models import DIGEST, INBOX, NOW, OFF
from ..notifications.notification_types import VOTES, email_of, notification
from . import access, reads
from .models import Statement, Vote, Voter, ballot_is_in
from .results import counting, findings, outcomes, question, quorum_text, result_views
from .secret import reads as secret

#: Not in the digest, which could arrive too late.
IN_TIME = (NOW, INBOX, OFF)


def _open_to(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Votes in which the reader can vote now and hasn't; secret ones don't tell who has."""
    on_roll = sa.and_(Voter.vote_id == Vote.id, Voter.user_id == reader.id, Voter.left_at.is_(None))
    is_open = (
        Vote.closed_at.is_(None),
        Vote.cancelled_at.is_(None),
        Vote.closes_at > clock.now(),
        Vote.deleted_at.is_(None),
        Group.deleted_at.is_(None),
    )
    to_do = sa.or_(Vote.is_secret, ~ballot_is_in(Vote.id, reader.id))
    query = sa.select(Vote.id).join(Group, Group.id == Vote.group_id).join(Voter, on_roll)
    return query.where(Vote.id.in_(ids), *is_open, to_do)


def _to_review(_reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Votes whose outcome has been due for review since their organizers were reminded."""
    query = sa.select(Vote.id).join(Group, Group.id == Vote.group_id)
    query = query.join(Statement, Statement.vote_id == Vote.id)
    shown = (Vote.hidden_at.is_(None), Vote.deleted_at.is_(None), Group.deleted_at.is_(None))
    return query.where(Vote.id.in_(ids), Statement.reminded_at.is_not(None), *shown)


@notification(
    "vote.opened",
    VOTES,
    _l("A vote you can take part in opens"),
    _l("New vote"),
    holds=_open_to,
)
def _opened(title: str) -> str:
    return _("You can vote now: “%(title)s”", title=title)


@notification(
    "vote.invited",
    VOTES,
    _l("You’re invited to vote"),
    _l("You’re invited to vote"),
    from_person=True,
    holds=_open_to,
)
def _invited(title: str, name: str) -> str:
    return _("%(name)s invited you to vote: “%(title)s”", name=name, title=title)


@notification(
    "vote.nearing",
    VOTES,
    _l("A vote closes within a day and you haven’t voted yet"),
    _l("You haven’t voted yet"),
    channels=IN_TIME,
    holds=_open_to,
)
def _nearing(title: str, closes: str, zone: str) -> str:
    until = i18n.soon(datetime.fromisoformat(closes), zone)
    return _("You haven’t voted yet: “%(title)s” closes %(moment)s", title=title, moment=until)


@notification(
    "vote.missed",
    VOTES,
    _l("Someone who manages a vote reminds you to vote"),
    _l("Reminder to vote"),
    channels=IN_TIME,
    is_important=False,
    from_person=True,
    holds=_open_to,
)
def _missed(title: str, closes: str, zone: str, name: str) -> str:
    until = i18n.soon(datetime.fromisoformat(closes), zone)
    return _(
        "%(name)s reminded you to vote: “%(title)s” closes %(moment)s",
        name=name,
        title=title,
        moment=until,
    )


@notification(
    "vote.closed",
    VOTES,
    _l("A vote you could take part in has a result"),
    _l("Result"),
    usual=DIGEST,
    is_important=False,
)
def _closed(title: str, finding: dict[str, Any] | None) -> str:
    if finding is None:
        return _("“%(title)s” has closed. A site admin hid it.", title=title)
    return _(
        "“%(title)s” has closed. %(finding)s", title=title, finding=findings.sentence_of(finding)
    )


@notification(
    "vote.concluded",
    VOTES,
    _l("An outcome is added to a vote you could take part in"),
    _l("Outcome"),
    usual=DIGEST,
    is_important=False,
)
def _concluded(title: str) -> str:
    return _("Outcome added: “%(title)s”", title=title)


@notification(
    "vote.review",
    VOTES,
    _l("It’s time to review the outcome of a vote you manage"),
    _l("Time to review"),
    holds=_to_review,
)
def _review(title: str) -> str:
    return _("Time to review the outcome of “%(title)s”", title=title)


@notification(
    "vote.cancelled",
    VOTES,
    _l("A vote you could take part in is cancelled"),
    _l("Vote cancelled"),
    usual=INBOX,
    is_important=False,
)
def _cancelled(title: str, reason: str) -> str:
    return _("“%(title)s” was cancelled. %(reason)s", title=title, reason=reason).strip()


@email_of("voting/opened", "vote.opened")
def opened(user: str, vote: str) -> EmailContext | None:
    """“You can vote now”. Not sent if the vote has closed, or the person has left or voted. In a
    secret vote it's sent even to people who voted, so as not to reveal whether they have.
    """
    person, it = _of(user, vote)
    if person is None or it is None or not access.can_vote(person, it):
        return None
    if not it.is_secret and access.has_voted(person, it):
        return None
    options = listed(question.titles(it))
    facts = [
        *([(_("Options"), options)] if options else []),
        *_anchor(it, _("Opening hash"), 0),
    ]
    return _about(person, it, facts=facts)


@email_of("voting/invited", "vote.invited")
def invited(user: str, vote: str) -> EmailContext | None:
    """“You're invited to vote”. Not sent, too, to people who blocked or muted its author."""
    about = opened(user, vote)
    if about is None or blocks.muted_or_blocked_by(about["vote"].author, [about["user"].id]):
        return None
    return {**about, "by": about["vote"].author}


@email_of("voting/nearing", "vote.nearing")
def nearing(user: str, vote: str, closes: str) -> EmailContext | None:
    """“You haven't voted yet”. Not sent if the closing time has changed."""
    about = _wanting(user, vote)
    return about if about is not None and about["vote"].closes_at.isoformat() == closes else None


@email_of("voting/missed", "vote.missed")
def missed(user: str, vote: str, closes: str, asker: str) -> EmailContext | None:
    """The same, sent by someone who manages the vote; also if the closing time has changed."""
    about, by = _wanting(user, vote), db.session.get(User, UUID(asker))
    if about is None or by is None or blocks.muted_or_blocked_by(by, [about["user"].id]):
        return None
    return {**about, "by": by}


@email_of("voting/concluded", "vote.concluded")
def concluded(user: str, vote: str) -> EmailContext | None:
    """The outcome, in its current wording."""
    person, it = _of(user, vote)
    statement = outcomes.of(it) if it is not None else None
    if person is None or it is None or statement is None:
        return None
    return _about(person, it, statement=statement)


@email_of("voting/closed", "vote.closed")
def closed(user: str, vote: str) -> EmailContext | None:
    """The result. Not sent if the vote was deleted."""
    person, it = _of(user, vote)
    if person is None or it is None or not it.is_counted:
        return None
    outcome = counting.outcome_of(it)
    shown = result_views.view_of(question.of(it), outcome)
    turnout = _("%(cast)s of %(roll)s", cast=outcome.cast, roll=it.entitled_count)
    voted = [] if it.is_few else [(_("Voted"), turnout)]
    if it.left_count:
        voted.append((_("Left"), quorum_text.left_in_words(it.left_count)))
    bars = shown.sections[0].bars if shown.sections else ()
    facts = [(bar.title, bar.number) for bar in bars]
    facts = [*facts, *shown.facts, *voted, *_anchor(it, _("Last checkpoint"), -1)]
    return _about(person, it, finding=shown.finding, facts=facts)


def _wanting(user: str, vote: str) -> EmailContext | None:
    """Return what emails say about a vote to people who haven't voted and still can; None for
    others.
    """
    about = opened(user, vote)
    return None if about is None or access.has_voted(about["user"], about["vote"]) else about


def _anchor(vote: Vote, called: str, place: int) -> list[tuple[str, str]]:
    """Return a hash for a secret vote that recipients can compare later: of the opening or the last
    checkpoint.
    """
    chain = secret.links(vote) if vote.is_secret else []
    if not chain:
        return []
    return [(called, chain[place].hash if place else chain[0].root)]


def _of(user: str, vote: str) -> tuple[User | None, Vote | None]:
    """The person and the vote; no vote if they can't see it any more or it was cancelled."""
    person, it = recipient(user), db.session.get(Vote, UUID(vote))
    if (
        person is None
        or it is None
        or it.cancelled_at is not None
        or not reads.exists_for(person, it.id)
    ):
        return person, None
    return person, it


def _about(person: User, vote: Vote, **more: Any) -> EmailContext:
    return {"user": person, "vote": vote, "group": vote.group, "url": absolute(vote.path), **more}


def add_to_digest(reader: User, contents: DigestContents) -> None:
    """Add results and closing times to the digest's votes, and whether the reader has voted."""
    things = contents.of_kind("vote")
    for thing in things.values():
        _add_finding(thing)
    for row in reads.open_among(reader, list(things)):
        closes = _("Closes %(moment)s.", moment=i18n.soon(row.closes_at, row.zone))
        parts = [closes, _("You haven’t voted yet.") if row.is_to_do else ""]
        things[row.id].facts = " ".join(part for part in parts if part)
        things[row.id].until = row.closes_at


def _add_finding(thing: DigestThing) -> None:
    """If the newest line says how the vote ended: its title, and below it what was found."""
    newest = thing.lines[0]
    params = newest.params or {}
    if newest.kind != "vote.closed" or not params.get("finding"):
        return
    with suppress(KeyError, TypeError, ValueError):  # words of an earlier version
        thing.texts[newest.id] = findings.sentence_of(params["finding"])
        thing.title = params["title"]
        thing.headline = _("“%(title)s” has closed", title=thing.title)
