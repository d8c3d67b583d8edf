"""The hosts' page of shifts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http.limits import writes_to_a_group
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
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
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventShift, actor(), lambda id: shifts.add(event, by=actor(), id=id, **form.values())
        ),
        again=lambda refused: shifts_page(event, form, refused.status),
        to=url_for("event_shifts.index", slug=slug),
        flash=_("Those who come can take a place in it."),
    )


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
    return submitted(
        form,
        lambda: shifts.change(
            event, shift_id, by=actor(), version=form.seen_version, **form.values()
        ),
        again=lambda refused: _one(event, shift_id, form, status=refused.status),
        to=url_for("event_shifts.index", slug=slug),
        flash=_("Changed."),
    )


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
    return submitted(
        None,
        lambda: shifts.remove(event, shift_id, by=actor()),
        again=lambda refused: shifts_page(event, status=refused.status, refusal=refused.message),
        to=url_for("event_shifts.index", slug=slug),
        flash=_("The shift is called off."),
    )


@bp.post("/<uuid:shift_id>/people")
@permission("event:edit")
@writes_to_a_group
def give(slug: str, shift_id: UUID) -> ResponseReturnValue:
    """Assign a place in the shift to someone."""
    event, form = access.event_to(current_user, "event:edit", slug), GiveForm()
    shift = shifts.with_id(event, shift_id)
    return submitted(
        form,
        lambda: shifts.give(event, shift_id, form.who.data or "", by=actor()),
        again=lambda refused: _one(
            event, shift_id, ShiftForm(event, shift, formdata=None), form, refused.status
        ),
        to=url_for("event_shifts.edit", slug=slug, shift_id=shift_id),
        flash=lambda user: _("%(name)s has a place.", name=user.name),
    )


@bp.post("/<uuid:shift_id>/people/<uuid:user_id>/removal")
@permission("event:edit")
def take_away(slug: str, shift_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Remove someone from the shift."""
    event = access.event_to(current_user, "event:edit", slug)
    shifts.with_id(event, shift_id)
    return submitted(
        None,
        lambda: shifts.take_away(event, shift_id, user_id, by=actor()),
        again=lambda refused: shifts_page(event, status=refused.status, refusal=refused.message),
        to=url_for("event_shifts.edit", slug=slug, shift_id=shift_id),
        flash=_("The place is free, and they are told."),
    )


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
