"""Those who were there say how it was: stars and a comment, once each, and changed as often as they
like for 14 days.

Where hosts chose so it is anonymous. Then a row holds no name, no moment and no number that counts
up, and hosts see it, or a change of it, in bundles of three or more, once a day: nobody can put it
beside who was on the site when. `decisions/0037`.
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
from ..events.models import ANONYMOUS, GOING, NONE, Event, Guest, Rsvp
from ..events.models import is_of as is_answer_of
from ..events.models.event import FEEDBACK_LASTS as LASTS
from . import attendee_filter
from .models import Attendance, Feedback

Who = User | Guest

#: Of fewer people nothing is shown where it is anonymous.
LEAST = 3
_PENDING = sa.or_(
    Feedback.shown_stars.is_distinct_from(Feedback.stars),
    Feedback.shown_comment != Feedback.comment,
)


def closed_because(event: Event) -> str | None:
    """Why nobody can say now how it was, in a sentence; None while they can."""
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
    """Why `who`, whose answer is `row`, does not say how it was; None for those who may."""
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
    """The answers of those who may say how it was, with their people: a statement of Rsvp."""
    hosts = [host.id for host in audience.hosts_of(event)]
    wanted = audience.answers_to(event, (GOING,)).where(
        sa.or_(Rsvp.user_id.is_(None), Rsvp.user_id.not_in(hosts))
    )
    if attendee_filter.had_check_in(event):
        wanted = wanted.where(sa.exists().where(Attendance.rsvp_id == Rsvp.id).correlate(Rsvp))
    return wanted


def tag_of(event_id: uuid.UUID, who: Any) -> str:
    """What stands for this person at this event; nobody can make it who has not the site's key."""
    return tags_of(event_id, who)[0]


def tags_of(event_id: uuid.UUID, who: Any) -> list[str]:
    """The same, and what stood for them while the site's previous key signed."""
    return tokens.fingerprints("events-feedback", f"{event_id}\n{who.id}")


def of(event: Event, who: Who) -> Feedback | None:
    """What `who` said, while it can be changed."""
    query = sa.select(Feedback).where(
        Feedback.event_id == event.id, Feedback.tag.in_(tags_of(event.id, who))
    )
    return db.session.scalar(query, execution_options=POPULATE_EXISTING)


def is_of(user: User) -> sa.ColumnElement[bool]:
    """The condition on Feedback for what this person said: by name, or by what stands for them."""
    events = db.session.scalars(sa.select(Rsvp.event_id).where(Rsvp.user_id == user.id))
    tags = [tag for event_id in events for tag in tags_of(event_id, user)]
    return sa.or_(Feedback.user_id == user.id, Feedback.tag.in_(tags))


def submit(event: Event, by: Who, stars: int, comment: str, way: str) -> Feedback:
    """So `by` found it; what they said before is replaced. `way` is how the form said that it would
    be shown: Conflict when that is another one by now. Raises UserError for who was not there,
    and when it is too early or too late."""
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
    said = of(event, by)
    if said is None:
        said = Feedback(event_id=event.id, tag=tag_of(event.id, by), shown_comment="")
        if event.feedback != ANONYMOUS:
            said.user_id, said.guest_id = (None, by.id) if isinstance(by, Guest) else (by.id, None)
        db.session.add(said)
    said.stars, said.comment = stars, comment
    db.session.flush()
    return said


def refuse_other_way(event: Event, way: str) -> None:
    """Returns unless `way` is another one than people were promised who have said something."""
    if way != event.feedback and db.session.scalar(
        sa.select(sa.exists().where(Feedback.event_id == event.id))
    ):
        raise UserError(
            _("People have already given feedback, so you can’t change this setting."),
            "feedback",
        )


def refuse_plan(event: Event, plan: EventInput) -> None:
    """Returns unless the plan shows people's words in another way than they were promised."""
    refuse_other_way(event, plan.feedback)


def refuse_move(
    event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool
) -> None:
    """Returns unless the event has another end, and someone has said how it was."""
    if (event.ends_wall, event.zone) != (was[1], zone_before):
        refuse_other_end(event)


def refuse_other_end(event: Event) -> None:
    """Returns where nobody has said how it was: with another end hosts would choose when they
    are shown whose words.
    """
    if db.session.scalar(sa.select(sa.exists().where(Feedback.event_id == event.id))):
        field = "last_day" if event.is_all_day else "ends"
        raise UserError(
            _("People have already given feedback, so you can’t change when the event ends."),
            field,
        )


def due() -> Sequence[uuid.UUID]:
    """The events about which hosts may have something to hear, or of which something is to be
    settled.
    """
    query = sa.select(Feedback.event_id).join(Feedback.event)
    settled = sa.and_(Feedback.tag.is_not(None), Event.ends_at < clock.now() - LASTS)
    return db.session.scalars(
        query.where(sa.or_(_PENDING, settled)).distinct().order_by(Feedback.event_id)
    ).all()


def notify_hosts(event: Event) -> None:
    """The hosts know what has come in since they were told last; of the anonymous three or more
    at once, at the very end all.
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
    """Nothing leads to a person any more but a name that was given. Anonymous rows are written
    again, in an order by chance; too few of them to be shown are gone."""
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
        db.session.flush()  # one by one, in this order


def take_over(event: Event, guest: Guest, user: User) -> None:
    """What the guest said is what `user` said, unless they have said something themselves."""
    said, own = of(event, guest), of(event, user)
    if said is not None and own is not None:
        db.session.delete(said)
    elif said is not None:
        said.tag = tag_of(event.id, user)
        if said.guest_id is not None:
            said.guest_id, said.user_id = None, user.id
    db.session.flush()


def forget(event: Event, guest: Guest) -> None:
    """What the guest said is gone, as far as it can be found."""
    mine = sa.or_(Feedback.guest_id == guest.id, Feedback.tag.in_(tags_of(event.id, guest)))
    db.session.execute(sa.delete(Feedback).where(Feedback.event_id == event.id, mine))
