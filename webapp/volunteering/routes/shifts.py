"""The hosts' page of shifts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.errors import UserError
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
            event, shift, ShiftForm(event, shift, formdata=None), refused.status, form
        ),
        to=url_for("event_shifts.edit", slug=slug, shift_id=shift_id),
        flash=lambda user: _("%(name)s was added to the shift.", name=user.name),
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
        again=lambda refused: _refused(event, refused),
        to=url_for("event_shifts.edit", slug=slug, shift_id=shift_id),
        flash=_("Removed from the shift. We’ll tell them."),
    )


def _one(
    event: Event,
    shift: EventShift,
    form: ShiftForm,
    status: int,
    give_form: GiveForm | None = None,
) -> ResponseReturnValue:
    listed = next(iter(reads.shifts_of(event, actor(), only=shift.id)), None)
    if listed is None:
        abort(404)
    shown: dict[str, Any] = {"shift": listed, "form": form, "proposed": helping.proposed(event)}
    return render_page(
        "events/manage/shift.html",
        status=status,
        event=event,
        give=give_form or GiveForm(formdata=None),
        **shown,
    )


def _refused(event: Event, refused: UserError) -> ResponseReturnValue:
    return shifts_page(event, status=refused.status, refusal=refused.message)


EditableList(
    noun="shift",
    model=EventShift,
    rules=shifts,
    form=ShiftForm,
    limit=writes_to_a_group,
    list_page=shifts_page,
    refused_page=_refused,
    row_page=_one,
    removal_page=lambda event, shift: render_page(
        "events/manage/shift_removal.html", event=event, thing=shift
    ),
    added=_l("Shift added. Attendees can sign up for it now."),
    removed=_l("Shift cancelled."),
).mount(bp, "event:edit", access.event_to)
