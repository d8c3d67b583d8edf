"""How each kind of thing reaches me, on one page with one form."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.pages import render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import submitted
from ...groups import reads as group_reads
from .. import forms, preferences
from ..notification_types import TOPICS

bp = Blueprint("preferences", __name__, url_prefix="/account/notifications")


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show each type of notification with its level, and the groups' own levels."""
    return _page(_form())


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Save the notification levels."""
    form = _form()
    return submitted(
        form,
        lambda: preferences.choose(actor(), forms.wanted(form)),
        again=lambda refused: _page(form, refused.status),
        to=url_for("preferences.edit"),
        flash=_("Notification settings saved."),
    )


def _form() -> Any:
    return forms.preferences_form(preferences.offered_to(actor()), preferences.of(actor()))


def _page(form: Any, status: int = 200) -> ResponseReturnValue:
    kinds, groups = preferences.offered_to(actor()), group_reads.groups_of(actor())
    return render_page(
        "notifications/preferences.html",
        status=status,
        form=form,
        by_topic=[(topic, [kind for kind in kinds if kind.topic == topic]) for topic in TOPICS],
        field_name=forms.field_name,
        groups=groups,
        levels=preferences.levels_of(actor(), [group.id for group in groups]),
    )
