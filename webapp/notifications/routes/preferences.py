"""How each kind of thing reaches me, on one page with one form."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, signed_in
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
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        preferences.choose(actor(), forms.wanted(form))
    except UserError as broken:
        db.session.rollback()
        return _page(form.refuse(broken), 422)
    db.session.commit()
    flash(_("Your choices are kept."))
    return redirect_303(url_for("preferences.edit"))


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
