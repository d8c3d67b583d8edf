"""What becomes of an event as a whole: published, cancelled, locked, copied, put away, brought back."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, planning
from ..forms.planning import CancellationForm
from ..models import Event

publications = Blueprint("publications", __name__, url_prefix="/events/<slug>/publication")
cancellations = Blueprint("cancellations", __name__, url_prefix="/events/<slug>/cancellation")
locks = Blueprint("locks", __name__, url_prefix="/events/<slug>/lock")
copies = Blueprint("copies", __name__, url_prefix="/events/<slug>/copy")
removals = Blueprint("removals", __name__, url_prefix="/events/<slug>/removal")


def _mine(slug: str, action: str) -> Event:
    event = access.event_for(current_user, slug)
    access.require(current_user, action, event)
    return event


def _back(event: Event, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "yes")
    return see(url_for("events.show", slug=event.slug))


@publications.post("")
@permission("event:publish")
def create(slug: str) -> ResponseReturnValue:
    """People may see and answer it; the group's members are told."""
    event = _mine(slug, "event:publish")
    planning.publish(event, me())
    return _back(event, _("Published. Everyone who may come can answer now."))


@cancellations.get("")
@permission("event:cancel")
def new(slug: str) -> ResponseReturnValue:
    """Asks why, and says who will be told."""
    event = _mine(slug, "event:cancel")
    return render_page("events/cancellation.html", event=event, form=CancellationForm())


@cancellations.post("", endpoint="create")
@permission("event:cancel")
def cancel(slug: str) -> ResponseReturnValue:
    """It will not take place; those who answered hear why."""
    event = _mine(slug, "event:cancel")
    form = CancellationForm()
    if not form.validate():
        return render_page("events/cancellation.html", status=422, event=event, form=form)
    try:
        planning.cancel(event, me(), form.reason.data or "")
    except RuleBroken as broken:
        db.session.rollback()
        return render_page("events/cancellation.html", status=broken.status, event=event, form=form.refuse(broken))
    return _back(event, _("Cancelled. Everyone who answered is told."))


@locks.post("", endpoint="create")
@permission("event:edit")
def lock(slug: str) -> ResponseReturnValue:
    """Nothing about it changes any more."""
    event = _mine(slug, "event:edit")
    planning.lock(event, me())
    return _back(event, _("Locked: nothing about this event changes any more."))


@locks.post("/removal", endpoint="delete")
@permission("event:edit")
def unlock(slug: str) -> ResponseReturnValue:
    """It may change again."""
    event = _mine(slug, "event:edit")
    planning.unlock(event, me())
    return _back(event, _("Unlocked."))


@copies.post("", endpoint="create")
@permission("event:edit")
def copy(slug: str) -> ResponseReturnValue:
    """A draft like it, a week later; the host looks it over."""
    event = planning.duplicate(_mine(slug, "event:edit"), me())
    db.session.commit()
    flash(_("Copied as a draft, a week later. Look it over."), "yes")
    return see(url_for("events.edit", slug=event.slug))


@removals.get("", endpoint="new")
@permission("event:edit")
def ask(slug: str) -> ResponseReturnValue:
    """Says what deleting means."""
    return render_page("events/removal.html", event=_mine(slug, "event:edit"))


@removals.post("", endpoint="create")
@permission("event:edit")
def delete(slug: str) -> ResponseReturnValue:
    """Nobody sees it any more; it can be brought back for 30 days."""
    event = _mine(slug, "event:edit")
    planning.delete(event, me())
    db.session.commit()
    return see(url_for("removals.show", slug=event.slug))


@removals.get("/done", endpoint="show")
@permission("event:edit")
def deleted(slug: str) -> ResponseReturnValue:
    """It is put away; one button brings it back."""
    event = access.deleted_event_for(current_user, slug)
    return render_page("events/deleted.html", event=event, until=planning.restorable_until(event))


@removals.post("/undoing", endpoint="delete")
@permission("event:edit")
def restore(slug: str) -> ResponseReturnValue:
    """It is back as it was."""
    event = access.deleted_event_for(current_user, slug)
    planning.restore(event, me())
    return _back(event, _("It is back."))
