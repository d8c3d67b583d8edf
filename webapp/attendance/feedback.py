"""Feedback from attendees: stars and a comment, once each, which they can change for 14 days.

Hosts can make it anonymous. Then a row has no name, no time and no sequential number. Hosts see new
or changed feedback once a day, in batches of three or more. So it can't be matched with who was
online when. See `decisions/0037`.
"""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import i18n
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..events import access, audience, notices
from ..events.event_input import EventInput
from ..events.models import ANONYMOUS, GOING, NONE, Event, Guest, Rsvp, is_of as is_answer_of
from ..events.models.event import FEEDBACK_LASTS as LASTS
from . import attendee_filter
from .models import Attendance, Feedback

Who = User | Guest

#: Anonymous feedback from fewer people isn't shown.
LEAST = 3
_PENDING = sa.or_(
    Feedback.shown_stars.is_distinct_from(Feedback.stars),
    Feedback.shown_comment != Feedback.comment,
)


def closed_because(event: Event) -> str | None:
    """Return why feedback is closed, as a sentence; None while it is open."""
    if event.feedback == NONE:
        return _("The hosts aren’t asking for feedback.")
    if (
        event.is_cancelled
        or not event.is_published
        or event.deleted_at is not None
        or event.hidden_at is not None
    ):
        return _("This event didn’t take place or isn’t available.")
    if not event.is_finished:
        return _("You can give feedback once the event has ended.")
    if clock.now() > event.ends_at + LASTS:
        until = i18n.day(event.ends_at + LASTS, event.zone)
        return _("Feedback was open until %(day)s.", day=until)
    return None


def refusal_of(event: Event, who: Who, row: Rsvp | None) -> str | None:
    """Return why `who`, whose answer is `row`, can't give feedback; None if they can."""
    closed = closed_because(event)
    if closed:
        return closed
    if access.is_host(who, event):
        return _("You’re a host of this event, so you can read the feedback but not give any.")
    was_there = row is not None and row.state == GOING and not access.is_banned(who, event)
    if was_there and attendee_filter.had_check_in(event):
        was_there = row is not None and db.session.get(Attendance, row.id) is not None
    return None if was_there else _("Only people who were there can give feedback.")


def attended(event: Event) -> sa.Select[Any]:
    """Select the answers, with their people, of those who can give feedback: a statement of
    Rsvp.
    """
    hosts = [host.id for host in audience.hosts_of(event)]
    query = audience.answers_to(event, (GOING,)).where(
        sa.or_(Rsvp.user_id.is_(None), Rsvp.user_id.not_in(hosts))
    )
    if attendee_filter.had_check_in(event):
        query = query.where(sa.exists().where(Attendance.rsvp_id == Rsvp.id).correlate(Rsvp))
    return query


def tag_of(event_id: uuid.UUID, who: Any) -> str:
    """Return the pseudonym of this person at this event. It can't be computed without the site's
    key.
    """
    return tags_of(event_id, who)[0]


def tags_of(event_id: uuid.UUID, who: Any) -> list[str]:
    """Return that tag and the one made with the site's previous key."""
    return tokens.fingerprints("events-feedback", f"{event_id}\n{who.id}")


def of(event: Event, who: Who) -> Feedback | None:
    """Return the feedback `who` gave, while it can be changed."""
    query = sa.select(Feedback).where(
        Feedback.event_id == event.id, Feedback.tag.in_(tags_of(event.id, who))
    )
    return db.session.scalar(query, execution_options=POPULATE_EXISTING)


def is_of(user: User) -> sa.ColumnElement[bool]:
    """Return the condition on Feedback for this person's rows, by id or by tag."""
    events = db.session.scalars(sa.select(Rsvp.event_id).where(Rsvp.user_id == user.id))
    tags = [tag for event_id in events for tag in tags_of(event_id, user)]
    return sa.or_(Feedback.user_id == user.id, Feedback.tag.in_(tags))


def submit(event: Event, by: Who, stars: int, comment: str, way: str) -> Feedback:
    """Save the feedback of `by`, replacing what they gave before.

    `way` is what the form said about who sees their name. Raises Conflict if the hosts have changed
    that. Raises UserError if they weren't there, or if feedback isn't open.
    """
    event = locked(Event, event.id)
    row = db.session.scalar(
        sa.select(Rsvp).where(Rsvp.event_id == event.id, is_answer_of(by)),
        execution_options=POPULATE_EXISTING,
    )
    refusal = refusal_of(event, by, row)
    if refusal:
        raise UserError(refusal)
    if way != event.feedback:
        raise Conflict(
            _(
                "The hosts have changed whether they see your name. Check the page, then send it "
                "again."
            )
        )
    given = of(event, by)
    if given is None:
        given = Feedback(event_id=event.id, tag=tag_of(event.id, by), shown_comment="")
        if event.feedback != ANONYMOUS:
            given.user_id, given.guest_id = (
                (None, by.id) if isinstance(by, Guest) else (by.id, None)
            )
        db.session.add(given)
    given.stars, given.comment = stars, comment
    db.session.flush()
    return given


def refuse_other_way(event: Event, way: str) -> None:
    """Raises UserError if `way` differs from what people were promised who have given feedback."""
    if way != event.feedback and db.session.scalar(
        sa.select(sa.exists().where(Feedback.event_id == event.id))
    ):
        raise UserError(
            _("People have already given feedback, so you can’t change this setting."),
            "feedback",
        )


def refuse_plan(event: Event, plan: EventInput) -> None:
    """Raises UserError if the plan changes who sees feedback after some was given."""
    refuse_other_way(event, plan.feedback)


def refuse_move(
    event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool
) -> None:
    """Raises UserError if the event gets another end after feedback was given."""
    if (event.ends_wall, event.zone) != (was[1], zone_before):
        refuse_other_end(event)


def refuse_other_end(event: Event) -> None:
    """Raises UserError if feedback was given: a new end would let hosts choose when to see
    whose.
    """
    if db.session.scalar(sa.select(sa.exists().where(Feedback.event_id == event.id))):
        field = "last_day" if event.is_all_day else "ends"
        raise UserError(
            _("People have already given feedback, so you can’t change when the event ends."),
            field,
        )


def due() -> Sequence[uuid.UUID]:
    """Return the events with feedback to show to hosts, or to finalize."""
    query = sa.select(Feedback.event_id).join(Feedback.event)
    settled = sa.and_(Feedback.tag.is_not(None), Event.ends_at < clock.now() - LASTS)
    return db.session.scalars(
        query.where(sa.or_(_PENDING, settled)).distinct().order_by(Feedback.event_id)
    ).all()


def notify_hosts(event: Event) -> None:
    """Notify hosts of new feedback. Anonymous feedback is shown three or more at a time, the rest
    at the end.
    """
    rows = db.session.scalars(
        sa.select(Feedback).where(Feedback.event_id == event.id),
        execution_options=POPULATE_EXISTING,
    ).all()
    pending, is_over = [row for row in rows if row.is_pending], clock.now() > event.ends_at + LASTS
    may_show = (
        event.feedback != ANONYMOUS or len(pending) >= LEAST or (is_over and len(rows) >= LEAST)
    )
    if pending and may_show:
        new = sum(1 for row in pending if row.shown_stars is None)
        for row in pending:
            row.shown_stars, row.shown_comment = row.stars, row.comment
        if new:
            notices.feedback_arrived(event, new)
    if is_over:
        _settle(event, rows)


def _settle(event: Event, rows: Sequence[Feedback]) -> None:
    """Remove every link from feedback to a person, except a name that was given.

    Anonymous rows are written again in random order; too few to be shown are deleted.
    """
    if event.feedback != ANONYMOUS:
        for row in rows:
            row.tag = None
        db.session.flush()
        return
    kept = [(row.stars, row.comment) for row in rows] if len(rows) >= LEAST else []
    random.SystemRandom().shuffle(kept)
    db.session.execute(sa.delete(Feedback).where(Feedback.event_id == event.id))
    for stars, comment in kept:
        shown = {"shown_stars": stars, "shown_comment": comment}
        db.session.add(Feedback(event_id=event.id, stars=stars, comment=comment, **shown))
        db.session.flush()  # one by one, to keep the shuffled order


def take_over(event: Event, guest: Guest, user: User) -> None:
    """Make the guest's feedback that of `user`, unless they gave some themselves."""
    said, own = of(event, guest), of(event, user)
    if said is not None and own is not None:
        db.session.delete(said)
    elif said is not None:
        said.tag = tag_of(event.id, user)
        if said.guest_id is not None:
            said.guest_id, said.user_id = None, user.id
    db.session.flush()


def forget(event: Event, guest: Guest) -> None:
    """Delete the guest's feedback, if it can still be found."""
    mine = sa.or_(Feedback.guest_id == guest.id, Feedback.tag.in_(tags_of(event.id, guest)))
    db.session.execute(sa.delete(Feedback).where(Feedback.event_id == event.id, mine))
