"""A group's events for its managers: what is planned, and the defaults of new events."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done
from ...groups.access import group_to
from ...groups.models import Group
from .. import defaults, reads
from ..forms import EventDefaultsForm
from ..models import RESTORABLE

bp = Blueprint("group_events", __name__, url_prefix="/groups/<slug>/manage/events")


@bp.get("")
@permission("group:edit")
def edit(slug: str) -> ResponseReturnValue:
    """List drafts and coming events with their answers, and the defaults of new ones."""
    group = group_to(current_user, "group:edit", slug)
    return _page(group, EventDefaultsForm(group, defaults.of(group)))


@bp.post("")
@permission("group:edit")
def update(slug: str) -> ResponseReturnValue:
    """Save the defaults of new events."""
    group = group_to(current_user, "group:edit", slug)
    form = EventDefaultsForm(group)
    if not form.validate():
        return _page(group, form, 422)
    defaults.save(group, by=actor(), **form.values())
    return done(url_for("group_events.edit", slug=group.slug), _("Defaults for new events saved."))


def _page(group: Group, form: EventDefaultsForm, status: int = 200) -> ResponseReturnValue:
    drafts, coming = reads.planned_in(group)
    shown: dict[str, Any] = {"group": group, "form": form, "drafts": drafts, "coming": coming}
    shown["deleted"] = reads.deleted_in(group)
    shown["restorable"] = RESTORABLE
    return render_page("events/group_events.html", status=status, **shown)
