"""An event's status in words, and why it can't be changed, cancelled or deleted now."""

from datetime import datetime

from flask_babel import gettext as _

from .models import Event


def state_of(event: Event, now: datetime) -> tuple[str, str, str]:
    """Return the kind, label and icon of the event's status."""
    if event.is_cancelled:
        return ("no", _("Cancelled"), "")
    if event.is_draft:
        return ("note", _("Draft"), "eye")
    if event.is_finished:
        return ("", _("Ended"), "")
    return ("yes", _("Ongoing") if event.starts_at <= now else _("Published"), "")


def unchangeable_because(event: Event) -> str | None:
    """Return why the event can't be changed now, as a sentence, or None."""
    if event.is_changeable:
        return None
    if event.locked_at is not None:
        return _("This event is locked and can’t be changed.")
    return _("This event was cancelled.")


def uncancellable_because(event: Event) -> str | None:
    """Return why the event can't be cancelled now, as a sentence, or None."""
    if not event.is_published and not event.is_cancelled:
        return _("Only a published event can be cancelled.")
    if event.is_finished:
        return _("This event has ended and can’t be cancelled.")
    return unchangeable_because(event)


def unresumable_because(event: Event) -> str | None:
    """Return why the cancellation can't be undone any more, as a sentence, or None."""
    if event.has_begun:
        return _("It should have started already, so the cancellation can’t be undone.")
    return None


def undeletable_because(event: Event, is_answered: bool) -> str | None:
    """Return why the event can't be deleted now, as a sentence, or None.

    `is_answered`: people are going, answered Maybe or are waiting.
    """
    if event.locked_at is not None:
        return _("This event is locked. Unlock it first.")
    if event.is_published and not event.is_finished and is_answered:
        return _("People have answered. Cancel the event first, so that we can tell them.")
    return None
