"""Creating, editing, cancelling and deleting votes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ...core.db import database_clock
from ...core.db.base import new_id
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.jobs import fan_out
from ...core.observability import audit
from ...core.text.slugs import free_slug, secret_slug
from ...core.time import clock
from ...events.models import Event
from ...groups.models import SECRET, Group
from .. import notices
from ..comments import VoteContainer
from ..models import CALLED_OFF, SHOWN, Option, Vote
from ..results import counting
from ..secret import lifecycle as secret_lifecycle
from . import checks, lifecycle, plan as plans
from .plan import VotePlan


def create(
    group: Group,
    by: Any,
    plan: VotePlan,
    event: Event | None = None,
    id: UUID | None = None,
    alone: bool = True,
) -> Vote:
    """Create a vote. If the plan says now, also open it, write its electoral roll and ask for its
    notifications.
    Raises UserError if the plan can't become a vote. `alone`: allow a vote in which only its author
    could vote; otherwise that raises NobodyElse.
    """
    now = database_clock.now()
    checks.check(plan, now, group, event)
    if plan.opens_at is not None and plan.opens_at <= now:
        raise UserError(
            _("Voting can’t open in the past. Choose a later time, or choose “Right away”."),
            "opens",
        )
    vote = _new(group, by, event, id)
    vote.slug, vote.opens_at = _slug(group, plan.title), plan.opens_at or now
    _write(vote, plan)
    _set_electorate(vote, plan)
    db.session.add(vote)
    db.session.flush()
    audit.record("vote.created", by=by, subject=vote)
    _open_if_due(vote, now, alone)
    return vote


def _new(group: Group, by: Any, event: Event | None, id: UUID | None) -> Vote:
    return Vote(
        id=id or new_id(),
        group_id=group.id,
        event_id=event.id if event else None,
        author_id=by.id,
        zone=plans.zone_of(group, event),
        roll_count=0,
        ballot_count=0,
    )


def _slug(group: Group, title: str) -> str:
    """The slug of a secret group's vote is random, so that nobody learns from a taken slug what it
    votes on.
    """
    return (
        secret_slug(title, "vote")
        if group.visibility == SECRET
        else free_slug(Vote.slug, title, "vote")
    )


def update(
    vote: Vote, by: Any, plan: VotePlan, seen: str | None = None, alone: bool = True
) -> Vote:
    """Change the vote to the plan. Raises UserError if that conflicts with ballots, the electoral
    roll or a promise about results, and Conflict if it changed since `seen` (`plan.stamp`).
    `alone`: as in `create`.
    """
    vote, now = locked(Vote, vote.id), database_clock.now()
    refusal = unchangeable_because(vote)
    if refusal is not None:
        raise Conflict(refusal)
    if seen is not None and seen != plans.stamp(vote):
        raise Conflict(
            _(
                "Someone else has changed this vote since you opened it. Save again to replace "
                "their version with yours."
            )
        )
    _check_change(vote, plan)
    if vote.opened_at is None:
        _check_opening(vote, plan, now)
        _set_electorate(vote, plan)
        vote.opens_at = plan.opens_at or now
    checks.check(plan, now, vote.group, vote.event, plans.spans_of(vote))
    if plan.question != plans.question_of(vote):
        vote.version += 1
        if vote.opened_at is not None:
            counting.draw_lot(vote)  # authors must not know the lot's order
    closes_at = vote.closes_at
    _write(vote, plan)
    if vote.is_secret and vote.opened_at is not None and vote.closes_at != closes_at:
        secret_lifecycle.extend(vote)
    VoteContainer(vote).rename()
    audit.record("vote.edited", by=by, subject=vote)
    db.session.flush()
    _open_if_due(vote, now, alone)
    notices.changed(vote)
    return vote


def _open_if_due(vote: Vote, now: datetime, alone: bool) -> None:
    """Open the vote if it's due. Raises UserError if a secret vote has too few voters, and
    NobodyElse.
    """
    if vote.opened_at is None and vote.opens_at <= now:
        secret_lifecycle.require(vote)
        if not alone:
            lifecycle.require_others(vote)
    lifecycle.open_if_due(vote, now)


def _check_change(vote: Vote, plan: VotePlan) -> None:
    if vote.is_settled and plan.question != plans.question_of(vote):
        raise UserError(
            _settled(
                vote,
                _("People have already voted, so the question and its options can’t be changed."),
            )
        )
    if vote.is_settled and plan.closes_at < vote.closes_at:
        raise UserError(
            _settled(
                vote,
                _("People have already voted, so the closing time can be later, but not earlier."),
            ),
            "closes",
        )
    _check_promises(vote, plan)


def _settled(vote: Vote, usual: str) -> str:
    """Return why something can't change. In a secret vote the reason must not reveal whether
    ballots are in.
    """
    if not vote.is_secret:
        return usual
    return _("A secret vote can’t be changed after it opens. You can only extend the closing time.")


def _check_promises(vote: Vote, plan: VotePlan) -> None:
    if vote.is_secret and not plan.is_secret:
        raise UserError(
            _("This vote was announced as secret, so it has to stay secret."),
            "names",
        )
    if plan.is_secret and not vote.is_secret and vote.opened_at is not None:
        raise UserError(_("Voting has begun, so the vote can’t become secret any more."), "names")
    if SHOWN.index(plan.results) < SHOWN.index(vote.results):
        raise UserError(
            _("People who saw this vote know when results are shown. You can’t show them earlier."),
            "results",
        )
    if vote.is_anonymous and not plan.is_anonymous:
        raise UserError(
            _(
                "We promised people who saw this vote that no one sees who chose what. It has "
                "to stay that way."
            ),
            "names",
        )


def _check_opening(vote: Vote, plan: VotePlan, now: datetime) -> None:
    if plan.opens_at is not None and plan.opens_at != vote.opens_at and plan.opens_at <= now:
        raise UserError(
            _("Voting can’t open in the past. Choose a later time, or choose “Right away”."),
            "opens",
        )


def follow_clocks(event: Event, **_moved: Any) -> None:
    """Give the event's open and coming votes the event's zone, also if it changed."""
    running = (
        Vote.event_id == event.id,
        Vote.zone != event.zone,
        Vote.closed_at.is_(None),
        Vote.cancelled_at.is_(None),
    )
    theirs = sa.update(Vote).where(*running).values(zone=event.zone)
    db.session.execute(theirs, execution_options={"synchronize_session": "fetch"})


def cancel(vote: Vote, by: Any, reason: str = "") -> Vote:
    """Cancel the vote: no more ballots, no result. Notify its voters with the reason.
    Raises Conflict if it has closed.
    """
    vote = locked(Vote, vote.id)
    if vote.is_cancelled:
        return vote
    refusal = uncancellable_because(vote)
    if refusal is not None:
        raise Conflict(refusal)
    vote.cancelled_at, vote.cancelled_reason = clock.now(), reason
    secret_lifecycle.forget(vote)
    audit.record("vote.cancelled", by=by, subject=vote)
    fan_out.start(CALLED_OFF, vote.id, by_id=by.id)
    notices.changed(vote)
    return vote


def delete(vote: Vote, by: Any) -> Vote:
    """Delete a vote that hasn't opened. Opened and cancelled votes stay listed, so that nobody can
    repeat a vote until they like the lot, or hide a decision. Raises UserError.
    """
    vote = locked(Vote, vote.id)
    refusal = undeletable_because(vote)
    if refusal is not None:
        raise UserError(refusal)
    vote.deleted_at = clock.now()
    audit.record("vote.deleted", by=by, subject=vote)
    notices.changed(vote)
    return vote


def unchangeable_because(vote: Vote) -> str | None:
    """Return why the vote can't be changed any more, as a sentence, or None."""
    is_over = vote.closed_at is not None or vote.closes_at <= database_clock.now()
    if vote.is_cancelled or is_over:
        return _("This vote has ended and can’t be changed any more.")
    return None


def undeletable_because(vote: Vote) -> str | None:
    """Return why the vote can't be deleted, as a sentence, or None."""
    if vote.is_open:
        return _(
            "People may be voting. Cancel the vote instead: it stays listed, and we’ll tell "
            "them why."
        )
    if not vote.is_coming:
        return _(
            "This vote has ended, so it stays listed. If it breaks this site’s rules, site admins "
            "can hide it."
        )
    return None


def uncancellable_because(vote: Vote) -> str | None:
    """Return why the vote can't be cancelled, as a sentence, or None."""
    if vote.is_cancelled:
        return _("This vote is already cancelled.")
    if vote.closed_at is not None or vote.closes_at <= database_clock.now():
        return _("This vote has closed, and its result stays as it is.")
    return None


def _set_electorate(vote: Vote, plan: VotePlan) -> None:
    """Set who can vote. It can't change once the electoral roll is written."""
    vote.electorate, vote.roles = plan.electorate, list(plan.roles)
    vote.roll_at, vote.leavers = plan.roll_at, plan.leavers


def _write(vote: Vote, plan: VotePlan) -> None:
    vote.title, vote.description, vote.kind = plan.title, plan.description, plan.kind
    vote.choices_min, vote.choices_max = plan.limits
    vote.closes_at, vote.results = plan.closes_at, plan.results
    vote.is_anonymous, vote.is_secret = plan.is_anonymous, plan.is_secret
    for name, value in plan.rules.items():
        setattr(vote, name, value)
    current = tuple(
        zip((option.title for option in vote.options), plans.spans_of(vote), strict=True)
    )
    planned = tuple(zip(plan.titles, plan.spans, strict=True))
    if current == planned:
        return
    if vote.options:
        vote.options.clear()
        db.session.flush()  # free the old numbers before the new rows take them
    for number, (title, span) in enumerate(planned, 1):
        starts_at, ends_at = span or (None, None)
        vote.options.append(
            Option(number=number, title=title, starts_at=starts_at, ends_at=ends_at)
        )
