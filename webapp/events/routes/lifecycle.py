"""Changes to an event's status: publish, cancel, lock, copy, delete, restore. Repeated requests
change nothing.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ...core.db import idempotency
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, page_with, submitted
from .. import access, audience, planning, status as event_status
from ..forms import EventCancellationForm
from ..models import Event

publications = Blueprint("event_publications", __name__, url_prefix="/events/<slug>/publication")
cancellations = Blueprint("event_cancellations", __name__, url_prefix="/events/<slug>/cancellation")
locks = Blueprint("event_locks", __name__, url_prefix="/events/<slug>/lock")
copies = Blueprint("event_copies", __name__, url_prefix="/events/<slug>/copy")
removals = Blueprint("event_removals", __name__, url_prefix="/events/<slug>/removal")


def _back(
    event: Event, message: str, is_new: bool = True, endpoint: str = "event_manage.show"
) -> ResponseReturnValue:
    """Redirect to the event, with the message if something has changed."""
    return done(url_for(endpoint, slug=event.slug), message if is_new else "")


@publications.post("")
@opens(access.event_to, "event:publish")
def create(event: Event) -> ResponseReturnValue:
    """Publish the event, and notify the group's members."""
    is_new = planning.publish(event, actor())
    return _back(event, _("Published. People can answer now."), is_new, "events.show")


@publications.post("/removal")
@opens(access.event_to, "event:publish")
def delete(event: Event) -> ResponseReturnValue:
    """Make the event a draft again, while nobody has answered."""
    is_new = planning.unpublish(event, actor())
    return _back(event, _("Changed back to draft. Only hosts can see it."), is_new)


@cancellations.get("")
@opens(access.event_to, "event:cancel")
def new(event: Event) -> ResponseReturnValue:
    """Ask why, and say who is told; or explain why it can't be cancelled, or how to undo it."""
    return _asked_why(event, EventCancellationForm())


@cancellations.post("", endpoint="create")
@opens(access.event_to, "event:cancel")
def cancel(event: Event) -> ResponseReturnValue:
    """Cancel the event, and notify people who answered of the reason."""
    form = EventCancellationForm()
    return submitted(
        form,
        lambda: planning.cancel(event, actor(), form.reason.data or ""),
        again=page_with(_asked_why, form),
        to=url_for("event_manage.show", slug=event.slug),
        flash=lambda is_new: (
            _("Event cancelled. We’ll tell everyone who answered.") if is_new else ""
        ),
    )


@cancellations.post("/removal", endpoint="delete")
@opens(access.event_to, "event:cancel")
def resume(event: Event) -> ResponseReturnValue:
    """Undo the cancellation, and notify people who answered."""
    return submitted(
        None,
        lambda: planning.resume(event, actor()),
        again=lambda refused, event: _asked_why(
            event, EventCancellationForm(formdata=None).refuse(refused), refused.status
        ),
        to=url_for("event_manage.show", slug=event.slug),
        flash=lambda is_new: (
            _("Cancellation undone. We’ll tell everyone who answered.") if is_new else ""
        ),
    )


def _asked_why(event: Event, form: EventCancellationForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "notified": audience.answer_count(event, but=actor().id),
    }
    refusal = event_status.uncancellable_because(event)
    if refusal is None:
        return render_page("events/cancellation.html", status=status, **shown)
    shown["final"] = event_status.unresumable_because(event) if event.is_cancelled else refusal
    return render_page("events/cancelled.html", status=status, **shown)


@locks.post("", endpoint="create")
@opens(access.event_to, "event:edit")
def lock(event: Event) -> ResponseReturnValue:
    """Lock the event and its answers against changes."""
    is_new = planning.lock(event, actor())
    return _back(event, _("Locked. This event can’t be changed any more."), is_new)


@locks.post("/removal", endpoint="delete")
@opens(access.event_to, "event:edit")
def unlock(event: Event) -> ResponseReturnValue:
    """Unlock the event."""
    is_new = planning.unlock(event, actor())
    return _back(event, _("Unlocked."), is_new)


@copies.post("", endpoint="create")
@opens(access.event_to, "event:edit")
def copy(event: Event) -> ResponseReturnValue:
    """Create a draft like this event, a week later."""

    def duplicate(id: UUID) -> Event:
        return planning.duplicate(event, actor(), id)

    made, is_new = idempotency.create_once(Event, actor(), duplicate)
    return _back(
        made, _("Copied as a draft, one week later. Check the details."), is_new, "events.edit"
    )


@removals.get("", endpoint="new")
@opens(access.event_to, "event:edit")
def ask(event: Event) -> ResponseReturnValue:
    """Ask before the event is deleted, or say why it can't be."""
    refusal = event_status.undeletable_because(event, audience.answer_count(event) > 0)
    return render_page("events/removal.html", event=event, refusal=refusal)


def _event_or_deleted(user: Any, action: str, slug: str) -> Event:
    """The event, or a deleted one: the button may be pressed twice."""
    try:
        return access.event_to(user, action, slug)
    except NotFound:
        return access.deleted_event_to(user, action, slug)


@removals.post("", endpoint="create")
@opens(_event_or_deleted, "event:edit")
def delete_event(event: Event) -> ResponseReturnValue:
    """Delete the event; it can be restored for 30 days."""
    if event.deleted_at is not None:
        return redirect_303(url_for("event_removals.show", slug=event.slug))
    return submitted(
        None,
        lambda: planning.delete(event, actor()),
        again=lambda refused, event: render_page(
            "events/removal.html", status=refused.status, event=event, refusal=refused.message
        ),
        to=url_for("event_removals.show", slug=event.slug),
    )


@removals.get("/done", endpoint="show")
@opens(access.deleted_event_to, "event:edit")
def deleted(event: Event) -> ResponseReturnValue:
    """Show that the event is deleted, with a button to restore it."""
    return render_page("events/deleted.html", event=event, until=planning.restorable_until(event))


@removals.post("/undoing", endpoint="delete")
@opens(_event_or_deleted, "event:edit")
def restore(event: Event) -> ResponseReturnValue:
    """Restore the event."""
    if event.deleted_at is None:
        return redirect_303(url_for("event_manage.show", slug=event.slug))
    is_new = planning.restore(event, actor())
    return _back(event, _("Event restored."), is_new)
