"""The hosts' pages of an event, and what needs attention there.

Every feature adds its own in its `register(app)`.
"""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from ..core.ui.navigation import Area, Menu, Question
from . import access
from .models import Event

AREA = Area(
    overview="event_manage.show",
    overview_action="event:edit",
    action="event:edit",
    values=lambda event, _user: {"slug": event.slug},
    headings={
        "people": _l("People"),
        "programme": _l("Programme"),
        "messages": _l("Messages"),
        "settings": _l("Settings"),
    },
)


def menu(user: Any, event: Event, is_overview: bool = False) -> Menu:
    """Return the pages that `user` may open, and for the overview its further parts."""
    return AREA.menu(access.actions_of(user, event), event, user, is_overview=is_overview)


def has(model: Any) -> Question:
    """Return whether the event has a row of this model, as a part of a statement."""
    return lambda event, _user: sa.exists().where(model.event_id == event.id)
