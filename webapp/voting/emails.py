"""The words of the letters about votes, found at the moment of delivery."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from ..accounts import blocks
from ..accounts.models import User
from ..accounts.reads import reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..mail.emails import EmailContext, email_context
from . import access, reads
from .models import Vote
from .results import counting, outcomes, question, result_views
from .secret import reads as secret


@email_context("voting/opened")
def opened(user: str, vote: str) -> EmailContext | None:
    """That one may vote; pointless once it is over, or the person has left, or has voted: but a
    secret vote tells all.
    """
    person, it = _of(user, vote)
    if person is None or it is None or not access.can_vote(person, it):
        return None
    if not it.is_secret and access.has_voted(person, it):
        return None
    options = ", ".join(question.titles(it))
    facts = [
        (_("Question"), it.title),
        *([(_("Options"), options)] if options else []),
        *_anchor(it, _("Opening hash"), 0),
    ]
    return _about(person, it, facts=facts)


@email_context("voting/invited")
def invited(user: str, vote: str) -> EmailContext | None:
    """That one was invited to it and may vote; pointless, too, for whoever keeps its author at a
    distance.
    """
    about = opened(user, vote)
    if about is None or blocks.muted_or_blocked_by(about["vote"].author, [about["user"].id]):
        return None
    return {**about, "by": about["vote"].author}


@email_context("voting/nearing")
def nearing(user: str, vote: str, closes: str) -> EmailContext | None:
    """That their ballot is missing; pointless, too, once the vote was extended."""
    about = _wanting(user, vote)
    return about if about is not None and about["vote"].closes_at.isoformat() == closes else None


@email_context("voting/missed")
def missed(user: str, vote: str, closes: str, asker: str) -> EmailContext | None:
    """The same, because someone who runs the vote asks for it: also where it was extended."""
    about, by = _wanting(user, vote), db.session.get(User, UUID(asker))
    if about is None or by is None or blocks.muted_or_blocked_by(by, [about["user"].id]):
        return None
    return {**about, "by": by}


@email_context("voting/concluded")
def concluded(user: str, vote: str) -> EmailContext | None:
    """What follows, in the words of whoever runs the vote as they are now."""
    person, it = _of(user, vote)
    statement = outcomes.of(it) if it is not None else None
    if person is None or it is None or statement is None:
        return None
    return _about(person, it, statement=statement)


@email_context("voting/closed")
def closed(user: str, vote: str) -> EmailContext | None:
    """How it ended; pointless once the vote was deleted."""
    person, it = _of(user, vote)
    if person is None or it is None or not it.is_counted:
        return None
    outcome = counting.outcome_of(it)
    shown = result_views.shown(question.of(it), outcome)
    turnout = _("%(cast)s of %(roll)s", cast=outcome.cast, roll=it.roll_count)
    voted = [] if it.is_few else [(_("Voted"), turnout)]
    bars = shown.sections[0].bars if shown.sections else ()
    facts = [(bar.title, bar.number) for bar in bars]
    facts = [*facts, *shown.asked, *voted, *_anchor(it, _("Last checkpoint"), -1)]
    return _about(person, it, finding=shown.finding, facts=facts)


def _wanting(user: str, vote: str) -> EmailContext | None:
    """What is said of a vote to whoever's ballot is missing and may still come."""
    about = opened(user, vote)
    return None if about is None or access.has_voted(about["user"], about["vote"]) else about


def _anchor(vote: Vote, called: str, place: int) -> list[tuple[str, str]]:
    """Of a secret vote the hash that who keeps this letter can compare afterwards: of what it
    declared, or of all that came.
    """
    chain = secret.links(vote) if vote.is_secret else []
    if not chain:
        return []
    return [(called, chain[place].hash if place else chain[0].root)]


def _of(user: str, vote: str) -> tuple[User | None, Vote | None]:
    """The person and the vote, where they still find it: whoever was banned or left reads
    nothing of it.
    """
    person, it = reader(user), db.session.get(Vote, UUID(vote))
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
