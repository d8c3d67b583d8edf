"""Where an event stands: given with its title, and replaced by an address that nobody guesses. `decisions/0039`."""

from ..core.extensions import db
from ..core.slugs import free_slug, secret_slug
from .models import LINK, Event, EventSlug


def new_for(title: str, audience: str) -> str:
    """An address where no event stands, or has stood; one for whoever has the link is not guessed."""
    return secret_slug(title, "event") if audience == LINK else free_slug(Event.slug, title, "event", EventSlug.slug)


def renew(event: Event) -> None:
    """The event stands where nobody guesses. The address of before, where others than its hosts have seen it, leads those who
    know of the event by more than that."""
    if event.published_at is not None:
        db.session.add(EventSlug(slug=event.slug, event_id=event.id))
    event.slug = secret_slug(event.title, "event")
