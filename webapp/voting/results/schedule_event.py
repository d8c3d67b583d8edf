"""Moving an event to the date that won a poll, once, and importing the poll's answers.

People who said yes are going as far as there are seats, in the order of their ballots; people who
said if need be get Maybe; all others answer themselves. If someone answered the event after casting
their ballot, that answer counts. Answers of an anonymous poll aren't imported: that would reveal
who chose what.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...agenda import moving
from ...attendance import rsvps
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.jobs import fan_out
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...events import access as events, defaults, planning
from ...events.event_input import COPIED, EventInput
from ...events.models import EVERYONE, GOING, GROUP, MAYBE, Event, Rsvp
from ...groups import access as groups
from ...groups.models import OPEN
from .. import access, notices
from ..ballots import choices
from ..models import ANSWERS, Ballot, Option, Vote
from ..tally.rules import DATE
from . import counting

#: An answer to a date -> the RSVP that it becomes.
BECOMES = {"y": GOING, "m": MAYBE}


class SchedulePreview(NamedTuple):
    """What scheduling would do: the winning date, how many said yes and if need be, and whether
    answers are imported.

    `has_agenda`: sessions are moved, too; `agenda_ends`: they need more time than the date has,
    until then.
    """

    option: Option
    yes: int
    maybe: int
    imported: bool
    has_agenda: bool = False
    agenda_ends: datetime | None = None


def is_to_do(vote: Vote) -> bool:
    """Whether a date won and isn't an event's time yet."""
    return (
        vote.kind == DATE
        and vote.is_counted
        and not vote.is_cancelled
        and vote.event_scheduled_at is None
    )


def may(user: Any, vote: Vote) -> bool:
    """Whether `user` may schedule the event. Those who don't organize the group may if they may
    edit the event or, without one, create one in the group.
    """
    if access.ORGANIZES in access.roles_in(user, vote):
        return access.can(user, "vote:schedule_event", vote)
    if vote.event is not None:
        return events.can(user, "event:edit", vote.event)
    return groups.can(user, "group:create_event", vote.group)


def preview(vote: Vote) -> SchedulePreview | None:
    """Return what scheduling would do now; None if no date won."""
    option = winner(vote)
    if option is None:
        return None
    # Few secret ballots have no figures.
    result = counting.outcome_of(vote).dates.get(option.number)
    yes, maybe = (result.yes, result.maybe) if result is not None else (0, 0)
    agenda = _agenda(vote.event, option) if vote.event is not None else (False, None)
    return SchedulePreview(option, yes, maybe, _brings(vote), *agenda)


def _agenda(event: Event, option: Option) -> tuple[bool, datetime | None]:
    starts, ends = (_span(option, event.zone)[name] for name in ("starts", "ends"))
    needed = moving.last_end(event)(starts)
    return needed > starts, time_zones.to_utc(needed, event.zone, 1) if needed > ends else None


def winner(vote: Vote) -> Option | None:
    """Return the date that won, if any."""
    number = (
        counting.outcome_of(vote).winner
        if is_to_do(vote) or vote.event_scheduled_at is not None
        else None
    )
    return vote.options[number - 1] if number is not None else None


def may_be(vote: Vote) -> bool:
    """Whether the winning date can become an event's time."""
    return refusal_of(vote) is None


def refusal_of(vote: Vote) -> str | None:
    """Return why the winning date can't become an event's time, as a sentence, or None."""
    option = winner(vote)
    if option is None or option.starts_at is None or option.ends_at is None:
        return _("No date won this vote.")
    if option.starts_at <= clock.now():
        return _("The winning date has already begun or passed.")
    return _why_fixed(vote.event) if vote.event is not None else None


def _why_fixed(event: Event) -> str | None:
    """Return why the event's time can't change any more, or None."""
    try:
        planning.require_changeable(event)
    except UserError as broken:
        return broken.message
    return None


def schedule(vote: Vote, by: User, id: UUID | None = None) -> Event:
    """Move the event to the winning date, which notifies people like any other change, and import
    answers. Without an event, create a draft in the group. Calling it again returns the same event.
    Raises Conflict and UserError if it can't be done.
    """
    vote = locked(Vote, vote.id)
    if vote.event_scheduled_at is not None and vote.event is not None:
        return vote.event
    if not is_to_do(vote):
        raise Conflict(_("The vote hasn’t ended, or it was cancelled."))
    refusal, option = refusal_of(vote), winner(vote)
    if refusal is not None or option is None:
        raise UserError(refusal or "")
    event = (
        _moved(vote.event, option, by) if vote.event is not None else _drafted(vote, option, by, id)
    )
    vote.event_scheduled_at, vote.event = clock.now(), event
    audit.record("vote.scheduled", by=by, subject=vote, event=str(event.id))
    db.session.flush()
    if _brings(vote):
        fan_out.start(ANSWERS, vote.id, by_id=by.id)
    notices.changed(vote)
    return event


def _moved(event: Event, option: Option, by: User) -> Event:
    event = planning.hold_changeable(event)
    kept = {name: getattr(event, name) for name in COPIED}
    plan = EventInput(**kept, **_span(option, event.zone))
    plan.is_all_day = event.is_all_day and plan.starts.time() == plan.ends.time() == time()
    if (needed := moving.last_end(event)(plan.starts)) > plan.ends:
        plan.ends, plan.ends_fold, plan.is_all_day = needed, 1, False
    if event.rsvp_deadline is not None:
        before_start = event.starts_at - event.rsvp_deadline
        assert option.starts_at is not None
        plan.rsvp_deadline = time_zones.wall(
            max(option.starts_at - before_start, min(option.starts_at, clock.now())), event.zone
        )
    return planning.update(event, plan, by, event.version, moves_whole=True)


def _drafted(vote: Vote, option: Option, by: User, id: UUID | None) -> Event:
    group, usual = vote.group, defaults.of(vote.group)
    values: dict[str, Any] = {"audience": EVERYONE, **defaults.form_values(usual)}
    if group.visibility != OPEN:
        values["audience"] = GROUP
    values |= {"title": vote.title[:120], "zone": group.zone, **_span(option, group.zone)}
    plan = EventInput(**values)
    return planning.create(defaults.complete(plan, usual), by, group, id)


def _span(option: Option, zone: str) -> dict[str, Any]:
    assert option.starts_at is not None
    assert option.ends_at is not None
    starts, ends = (
        time_zones.in_zone(moment, zone) for moment in (option.starts_at, option.ends_at)
    )
    folds = {"starts_fold": starts.fold, "ends_fold": ends.fold}
    return {
        "starts": starts.replace(tzinfo=None, fold=0),
        "ends": ends.replace(tzinfo=None, fold=0),
        **folds,
    }


def _brings(vote: Vote) -> bool:
    return not vote.is_anonymous and vote.event is not None and takes_answers(vote)


def takes_answers(vote: Vote) -> bool:
    """Whether people can answer the event."""
    return vote.event is not None and rsvps.closed_because(vote.event) is None


def ballots_in(vote: Vote) -> sa.Select[Any]:
    """Select the ballots of people with an account, for import in the order in which they were
    cast.
    """
    here = sa.select(Ballot).join(User, User.id == Ballot.user_id)
    return here.where(Ballot.vote_id == vote.id, User.deactivated_at.is_(None))


def import_ballots(vote: Vote, ballots: Sequence[Ballot]) -> None:
    """Turn these ballots' answers to the winning date into RSVPs, as far as the event's rules
    allow.
    """
    option, event = winner(vote), vote.event
    if option is None or event is None:
        return
    for ballot in ballots:
        state = BECOMES.get(_mark_for(ballot.choice, option))
        if state is not None:
            _answer(event, ballot.user_id, state, ballot.changed_at)


def _answer(event: Event, user_id: UUID, state: str, said_at: datetime) -> None:
    person = db.session.get(User, user_id)
    if person is None:
        return
    row = rsvps.of(event, person)
    if row is not None and not _is_older(row, state, said_at):
        return
    with suppress(UserError), db.session.begin_nested():
        party, anonymous = (row.party, row.is_anonymous) if row is not None else (1, False)
        rsvps.answer(event, by=person, state=state, party=party, anonymous=anonymous)


def _is_older(row: Rsvp, state: str, said_at: datetime) -> bool:
    """Whether the ballot replaces the existing answer: it's newer, differs, and takes no seat or
    waiting place away.
    """
    return (
        not row.holds_seats
        and not row.is_on_waitlist
        and row.state != state
        and row.answered_at < said_at
    )


def _mark_for(choice: str, option: Option) -> str:
    return choices.read(DATE, choice).get(option.number, "n")
