"""Lines of the table about events: guests, what was said with answers, what many were told, and
who was invited.
"""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...attendance.guest_links import UNCONFIRMED_FOR
from ...attendance.models import CheckInEvent
from ...conversation.models import EVENT, Thread
from ...core.jobs.fan_out import FanOut
from ...events import erasing
from ...events.models import Event, EventInvitation, EventNews, Guest, Rsvp
from ...events.models.change_notice import REMINDERS, WRITTEN
from .rules import AT_ONCE, MONTH, QUARTER, RetentionRule

EVENTS = [
    RetentionRule(
        "unconfirmed-guests",
        _(
            "Names and addresses with which someone wanted to answer an event without an "
            "account, and never did"
        ),
        Guest,
        UNCONFIRMED_FOR,
        _("the link was asked for"),
        _("Someone may have typed the address of another person."),
        lambda now, _s: sa.and_(
            Guest.confirmed_at.is_(None), Guest.created_at <= now - UNCONFIRMED_FOR
        ),
    ),
    RetentionRule(
        "guests",
        _("Names and addresses of people who answered an event without an account"),
        Guest,
        QUARTER,
        _("the event ended, or at once when they ask for it on their page"),
        _("Until then the hosts know who came. That seats were taken stays, without a name."),
        lambda now, _s: Guest.event_id.in_(
            sa.select(Event.id).where(Event.ends_at < now - QUARTER)
        ),
    ),
    RetentionRule(
        "event-news",
        _("That people were told of an event: that it was moved, cancelled, near"),
        EventNews,
        MONTH,
        _("everyone was told"),
        _("Hosts see how many know. What they wrote themselves stays with the event."),
        lambda now, _s: sa.and_(
            EventNews.created_at < now - MONTH,
            EventNews.kind.not_in((*WRITTEN, *REMINDERS)),
            ~sa.exists().where(
                FanOut.subject_id == EventNews.id,
                sa.or_(FanOut.ended_at.is_(None), FanOut.ended_at >= now - MONTH),
            ),
        ),
    ),
    RetentionRule(
        "event-reminders",
        _("That people were reminded of an event"),
        EventNews,
        MONTH,
        _("it began"),
        _("So that nobody is reminded twice."),
        lambda now, _s: EventNews.starts_at < now - MONTH,
    ),
    RetentionRule(
        "door-steps",
        _("When you were let in at the door of an event, and out, and by whom"),
        CheckInEvent,
        QUARTER,
        _("the event ended"),
        _("So that hosts can clear up what went wrong. That you came stays with your answer."),
        lambda now, _s: CheckInEvent.event_id.in_(
            sa.select(Event.id).where(Event.ends_at < now - QUARTER)
        ),
    ),
    RetentionRule(
        "nobodys-events",
        _(
            "The titles of events outside of groups that were cancelled because their only host "
            "left the site"
        ),
        Event,
        AT_ONCE,
        _("the event would have ended"),
        _("Until then those who answered know what was cancelled."),
        lambda now, _s: erasing.over_and_nobodys(now),
        emptied=erasing.untitled(),
    ),
    RetentionRule(
        "event-comments",
        _("What was said about an event"),
        Thread,
        AT_ONCE,
        _("the event is gone for good"),
        _("It goes with what it is about."),
        lambda _now, _s: sa.and_(
            Thread.kind == EVENT, ~sa.exists().where(Event.thread_id == Thread.id)
        ),
    ),
    RetentionRule(
        "event-invitations",
        _("Whom hosts have invited to an event"),
        EventInvitation,
        QUARTER,
        _("they were invited"),
        _("So that nobody is invited twice."),
        lambda now, _s: EventInvitation.created_at < now - QUARTER,
    ),
    RetentionRule(
        "said-with-answers",
        _("What you said to the questions of an event, and what its hosts said with a no"),
        Rsvp,
        QUARTER,
        _("the event ended"),
        _(
            "It was for that day: what someone does not eat is nobody’s business for ever. That "
            "you came stays."
        ),
        lambda now, _s: sa.and_(
            sa.or_(sa.cast(Rsvp.answers, sa.Text) != "[]", Rsvp.decline_message != ""),
            Rsvp.event_id.in_(sa.select(Event.id).where(Event.ends_at < now - QUARTER)),
        ),
        emptied={"answers": [], "decline_message": ""},
    ),
]
