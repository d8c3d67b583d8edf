"""The hosts' page of shifts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.limits import writes_to_a_group
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
from ...events import access
from ...events.models import Event
from .. import helping, reads, shifts
from ..forms import GiveForm, ShiftForm
from ..models import EventShift
from .volunteering import shifts_page

bp = Blueprint("event_shifts", __name__, url_prefix="/events/<slug>/manage/shifts")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the shifts with their people, and the form for another."""
    return shifts_page(access.event_to(current_user, "event:edit", slug))


@bp.post("")
@permission("event:edit")
@writes_to_a_group
def create(slug: str) -> ResponseReturnValue:
    """Create a shift."""
    event = access.event_to(current_user, "event:edit", slug)
    form = ShiftForm(event)
    if not form.validate():
        return shifts_page(event, form, 422)
    try:
        idempotency.create_once(
            EventShift, actor(), lambda id: shifts.add(event, by=actor(), id=id, **form.values())
        )
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return shifts_page(access.event_for(current_user, slug), form, broken.status)
    flash(_("Those who come can take a place in it."), "yes")
    return redirect_303(url_for("event_shifts.index", slug=slug))


@bp.get("/<uuid:shift_id>")
@permission("event:edit")
def edit(slug: str, shift_id: UUID) -> ResponseReturnValue:
    """Show the form of one shift, and who is in it."""
    event = access.event_to(current_user, "event:edit", slug)
    return _one(event, shift_id, ShiftForm(event, shifts.with_id(event, shift_id)))


@bp.post("/<uuid:shift_id>")
@permission("event:edit")
@writes_to_a_group
def update(slug: str, shift_id: UUID) -> ResponseReturnValue:
    """Change the shift."""
    event = access.event_to(current_user, "event:edit", slug)
    shifts.with_id(event, shift_id)
    form = ShiftForm(event)
    if not form.validate():
        return _one(event, shift_id, form, status=422)
    try:
        shifts.change(event, shift_id, by=actor(), version=form.seen_version, **form.values())
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _one(access.event_for(current_user, slug), shift_id, form, status=broken.status)
    db.session.commit()
    flash(_("Changed."), "yes")
    return redirect_303(url_for("event_shifts.index", slug=slug))


@bp.get("/<uuid:shift_id>/removal")
@permission("event:edit")
def removal(slug: str, shift_id: UUID) -> ResponseReturnValue:
    """Ask before the shift is cancelled."""
    event = access.event_to(current_user, "event:edit", slug)
    return render_page(
        "events/manage/shift_removal.html", event=event, thing=shifts.with_id(event, shift_id)
    )


@bp.post("/<uuid:shift_id>/removal")
@permission("event:edit")
def delete(slug: str, shift_id: UUID) -> ResponseReturnValue:
    """Cancel the shift."""
    event = access.event_to(current_user, "event:edit", slug)
    try:
        shifts.remove(event, shift_id, by=actor())
    except UserError as broken:
        db.session.rollback()
        return shifts_page(
            access.event_for(current_user, slug), status=broken.status, refusal=broken.message
        )
    db.session.commit()
    flash(_("The shift is called off."), "yes")
    return redirect_303(url_for("event_shifts.index", slug=slug))


@bp.post("/<uuid:shift_id>/people")
@permission("event:edit")
@writes_to_a_group
def give(slug: str, shift_id: UUID) -> ResponseReturnValue:
    """Assign a place in the shift to someone."""
    event, form = access.event_to(current_user, "event:edit", slug), GiveForm()
    shift = shifts.with_id(event, shift_id)
    if not form.validate():
        return _one(event, shift_id, ShiftForm(event, shift, formdata=None), form, 422)
    try:
        user = shifts.give(event, shift_id, form.who.data or "", by=actor())
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        event = access.event_for(current_user, slug)
        return _one(
            event,
            shift_id,
            ShiftForm(event, shifts.with_id(event, shift_id), formdata=None),
            form,
            broken.status,
        )
    db.session.commit()
    flash(_("%(name)s has a place.", name=user.name), "yes")
    return redirect_303(url_for("event_shifts.edit", slug=slug, shift_id=shift_id))


@bp.post("/<uuid:shift_id>/people/<uuid:user_id>/removal")
@permission("event:edit")
def take_away(slug: str, shift_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Remove someone from the shift."""
    event = access.event_to(current_user, "event:edit", slug)
    shifts.with_id(event, shift_id)
    try:
        shifts.take_away(event, shift_id, user_id, by=actor())
    except UserError as broken:
        db.session.rollback()
        return shifts_page(
            access.event_for(current_user, slug), status=broken.status, refusal=broken.message
        )
    db.session.commit()
    flash(_("The place is free, and they are told."), "yes")
    return redirect_303(url_for("event_shifts.edit", slug=slug, shift_id=shift_id))


def _one(
    event: Event,
    shift_id: UUID,
    form: ShiftForm,
    give_form: GiveForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    shift = next(iter(reads.shifts_of(event, actor(), only=shift_id)), None)
    if shift is None:
        abort(404)
    shown: dict[str, Any] = {"shift": shift, "form": form, "proposed": helping.proposed(event)}
    return render_page(
        "events/manage/shift.html",
        status=status,
        event=event,
        give=give_form or GiveForm(formdata=None),
        **shown,
    )
