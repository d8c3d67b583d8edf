"""The form in which an event is planned and changed."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
from ...groups.access import group_for, require
from ...groups.models import Group
from .. import access, defaults, planning, reads
from ..forms.event import EventForm, EventPictureForm
from ..forms.management import ENDS
from ..models import GROUP, Event
from ..reads.change_notices import is_change_waiting
from .event_page import bp


@bp.get("/new")
@permission("event:create")
def new() -> ResponseReturnValue:
    """Show an empty form, for an event of a group (?group=) or of no group."""
    group = _group()
    zone = group.zone if group else current_user.zone
    return form_page(
        EventForm(group, data={"zone": zone, **defaults.entered(defaults.of(group))}), group
    )


@bp.post("")
@permission("event:create")
def create() -> ResponseReturnValue:
    """Create a draft, or with the other button a published event."""
    group = _group()
    form = EventForm(group)
    if not form.validate():
        return form_page(form, group, status=422)
    try:
        event, is_new = idempotency.create_once(Event, actor(), lambda id: _make(form, group, id))
    except UserError as broken:
        db.session.rollback()
        return form_page(form.refuse(broken), group, status=broken.status)
    if is_new:
        published = _("Published. Everyone who may come can answer now.")
        flash(published if event.is_published else _("Kept as a draft: only hosts see it."), "yes")
    return redirect_303(url_for("events.show", slug=event.slug))


def _make(form: EventForm, group: Group | None, id: UUID) -> Event:
    event = planning.create(defaults.complete(form.plan(), defaults.of(group)), actor(), group, id)
    if request.form.get("as") == "published":
        planning.publish(event, actor())
    return event


@bp.get("/<slug>/edit")
@permission("event:edit")
def edit(slug: str) -> ResponseReturnValue:
    """Show the form of the event."""
    event = access.event_to(current_user, "event:edit", slug)
    return form_page(EventForm(event.group, event), event.group, event)


@bp.post("/<slug>/edit")
@permission("event:edit")
def update(slug: str) -> ResponseReturnValue:
    """Change the event; those who answered are told if it matters to them."""
    event = access.event_to(current_user, "event:edit", slug)
    form = EventForm(event.group, event)
    if not form.validate():
        return form_page(form, event.group, event, status=422)
    try:
        planning.update(
            event, form.plan(), actor(), form.seen_version, tell_people=form.tell_people.data
        )
    except UserError as broken:
        db.session.rollback()
        return form_page(form.refuse(broken), event.group, event, status=broken.status)
    db.session.commit()
    later = _(
        "Changed. In two minutes we tell those who answered; under “Messages” you can do so now, "
        "or tell nobody."
    )
    flash(later if is_change_waiting(event) else _("Changed."), "yes")
    if event.slug != slug and event.published_at is not None:
        anew = _("It has another address now, which nobody guesses: pass this one on.")
        flash(
            anew
            + " "
            + _(
                "The old one leads only hosts, members, and those who have answered or were "
                "invited with an account."
            )
        )
    return redirect_303(url_for("events.show", slug=event.slug))


def _group() -> Group | None:
    """The group that the event is planned for; those who may not plan there are told so,
    strangers to it nothing.
    """
    slug = request.values.get("group", "")
    if not slug:
        return None
    group = group_for(current_user, slug)
    require(current_user, "group:create_event", group)
    return group


def form_page(
    form: EventForm,
    group: Group | None,
    event: Event | None = None,
    picture: EventPictureForm | None = None,
    status: int = 200,
) -> Any:
    """The page on which an event is planned, or changed with its picture."""
    outsiders = reads.outsiders_of(event) if event is not None and event.audience != GROUP else 0
    shown: dict[str, Any] = {
        "form": form,
        "group": group,
        "event": event,
        "outsiders": outsiders,
        "invalid": status != 200,
    }
    if event is not None:
        shown["picture"] = picture or EventPictureForm(formdata=None)
    settled = defaults.of(group) if event is None else None
    shown["answers_end"] = (
        dict(ENDS).get(settled.answers_hours or 0) if settled and settled.answers_hours else None
    )
    return render_page("events/form.html", status=status, **shown)
