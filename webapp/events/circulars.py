"""What hosts write to those who answered: all or a part of them, once, each by mail and in the
inbox.
"""

from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import audit, clock
from ..core.database import locked
from ..core.errors import RuleBroken
from . import news
from .attendance import Wanted
from .models import DRAFT, Event, EventNews
from .models.news import MESSAGE


def send(
    event: Event,
    by: User,
    subject: str,
    body: str,
    wanted: Wanted,
    is_answered: bool = False,
    id: UUID | None = None,
) -> EventNews:
    """Whoever is meant gets it as they wish; whoever answers the mail writes to `by`, where they
    said so.
    """
    event = locked(Event, event.id)
    if event.hidden_at is not None:
        raise RuleBroken(_("Moderators have hidden this event: nobody can be written to about it."))
    if event.state == DRAFT or not count_of(event, by, wanted):
        raise RuleBroken(_("Nobody fits: choose others to write to."), "tabs")
    values = {"subject": subject, "body": body, "is_answered": is_answered, "words": wanted.kept}
    row = news.ask(event, MESSAGE, by, id=id, **values)
    audit.record("event_message.sent", by=by, subject=event, number=row.total)
    return row


def count_of(event: Event, by: User, wanted: Wanted) -> int:
    """How many it would go to."""
    row = EventNews(
        event_id=event.id, kind=MESSAGE, by_id=by.id, words=wanted.kept, created_at=clock.now()
    )
    return news.count_of(event, row)
