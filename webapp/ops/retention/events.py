"""Retention rules for events: guests, answers, notifications and invitations."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...attendance.guest_links import UNCONFIRMED_FOR
from ...attendance.models import CheckInEvent
from ...conversation.models import EVENT, Thread
from ...core.jobs.fan_out import FanOut
from ...events import erasing
from ...events.models import Event, EventInvitation, EventNotice, Guest, Rsvp
from ...events.models.change_notice import REMINDERS, WRITTEN
from .rules import AT_ONCE, MONTH, QUARTER, RetentionRule

EVENTS = [
    RetentionRule(
        "unconfirmed-guests",
        _(
            "Names and email addresses of people who answered an event without an account but "
            "never confirmed their email address"
        ),
        Guest,
        UNCONFIRMED_FOR,
        _("the link was requested"),
        _("Someone may have entered another person’s address."),
        lambda now, _s: sa.and_(
            Guest.confirmed_at.is_(None), Guest.created_at <= now - UNCONFIRMED_FOR
        ),
    ),
    RetentionRule(
        "guests",
        _("Names and email addresses of people who answered an event without an account"),
        Guest,
        QUARTER,
        _("the event ended, or right away if they ask for it on their page"),
        _("Until then, hosts know who came. How many seats were taken is kept, without a name."),
        lambda now, _s: Guest.event_id.in_(
            sa.select(Event.id).where(Event.ends_at < now - QUARTER)
        ),
    ),
    RetentionRule(
        "event-news",
        _("Records of notifications about an event, such as changes or a cancellation"),
        EventNotice,
        MONTH,
        _("everyone was notified"),
        _(
            "So that hosts see how many people got it. Messages that hosts wrote stay with the "
            "event."
        ),
        lambda now, _s: sa.and_(
            EventNotice.created_at < now - MONTH,
            EventNotice.kind.not_in((*WRITTEN, *REMINDERS)),
            ~sa.exists().where(
                FanOut.subject_id == EventNotice.id,
                sa.or_(FanOut.ended_at.is_(None), FanOut.ended_at >= now - MONTH),
            ),
        ),
    ),
    RetentionRule(
        "event-reminders",
        _("Records of event reminders"),
        EventNotice,
        MONTH,
        _("the event began"),
        _("So that no one is reminded twice."),
        lambda now, _s: EventNotice.starts_at < now - MONTH,
    ),
    RetentionRule(
        "check-in-events",
        _("Check-in and check-out times at an event, and who recorded them"),
        CheckInEvent,
        QUARTER,
        _("the event ended"),
        _("So that hosts can clear up mistakes. The fact that you came stays with your answer."),
        lambda now, _s: CheckInEvent.event_id.in_(
            sa.select(Event.id).where(Event.ends_at < now - QUARTER)
        ),
    ),
    RetentionRule(
        "nobodys-events",
        _(
            "Titles of events without a group that were cancelled because their only host left the "
            "site"
        ),
        Event,
        AT_ONCE,
        _("the event would have ended"),
        _("Until then, people who answered can see what was cancelled."),
        lambda now, _s: erasing.past_without_host(now),
        emptied=erasing.untitled(),
    ),
    RetentionRule(
        "event-comments",
        _("Comments on an event"),
        Thread,
        AT_ONCE,
        _("the event is deleted for good"),
        _("They are deleted together with the event."),
        lambda _now, _s: sa.and_(
            Thread.kind == EVENT, ~sa.exists().where(Event.thread_id == Thread.id)
        ),
    ),
    RetentionRule(
        "event-invitations",
        _("Who was invited to an event by its hosts"),
        EventInvitation,
        QUARTER,
        _("they were invited"),
        _("So that no one is invited twice."),
        lambda now, _s: EventInvitation.created_at < now - QUARTER,
    ),
    RetentionRule(
        "said-with-answers",
        _(
            "Your answers to an event’s questions, and the hosts’ message if they declined your "
            "request"
        ),
        Rsvp,
        QUARTER,
        _("the event ended"),
        _(
            "They were only needed for the event, for example to plan meals. The fact that you "
            "came is kept."
        ),
        lambda now, _s: sa.and_(
            sa.or_(sa.cast(Rsvp.answers, sa.Text) != "[]", Rsvp.decline_message != ""),
            Rsvp.event_id.in_(sa.select(Event.id).where(Event.ends_at < now - QUARTER)),
        ),
        emptied={"answers": [], "decline_message": ""},
    ),
]
