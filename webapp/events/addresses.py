"""Where an event stands: given with its title, and replaced by an address that nobody guesses.

`decisions/0039`.
"""

from ..core.extensions import db
from ..core.slugs import free_slug, secret_slug
from ..groups.models import SECRET, Group
from .models import LINK, Event, EventSlug


def new_for(title: str, audience: str, group: Group | None) -> str:
    """An address that no event has, or had; nobody guesses that of an event for whoever has the
    link, or of a secret group.
    """
    if audience == LINK or (group is not None and group.visibility == SECRET):
        return secret_slug(title, "event")
    return free_slug(Event.slug, title, "event", EventSlug.slug)


def renew(event: Event) -> None:
    """The event stands where nobody guesses. The address of before, where others than its hosts
    have seen it, leads those who know of the event by more than that."""
    if event.published_at is not None:
        db.session.add(EventSlug(slug=event.slug, event_id=event.id))
    event.slug = secret_slug(event.title, "event")
