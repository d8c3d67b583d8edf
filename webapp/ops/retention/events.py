"""Lines of the table about events: people who answer without an account."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...events.guest_links import UNCONFIRMED_FOR
from ...events.models import Event, Guest
from .lines import QUARTER, Line

EVENTS = [
    Line(
        "unconfirmed-guests",
        _("Names and addresses with which somebody wanted to answer an event without an account, and never did"),
        Guest,
        UNCONFIRMED_FOR,
        _("the link was asked for"),
        _("Somebody may have typed the address of another person."),
        lambda now, _s: sa.and_(Guest.confirmed_at.is_(None), Guest.created_at <= now - UNCONFIRMED_FOR),
    ),
    Line(
        "guests",
        _("Names and addresses of people who answered an event without an account"),
        Guest,
        QUARTER,
        _("the event ended, or at once when they ask for it on their page"),
        _("Until then the hosts know who came. That seats were taken stays, without a name."),
        lambda now, _s: Guest.event_id.in_(sa.select(Event.id).where(Event.ends_at < now - QUARTER)),
    ),
]
