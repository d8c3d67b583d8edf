"""How each kind of thing reaches me, on one page with one form."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, signed_in
from ...groups import reads as group_reads
from .. import forms, preferences
from ..kinds import TOPICS

bp = Blueprint("preferences", __name__, url_prefix="/account/notifications")


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """What there is, and how each reaches me; what my groups have of their own."""
    return _page(_form())


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """It is as the form says."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        preferences.choose(me(), forms.wanted(form))
    except RuleBroken as broken:
        db.session.rollback()
        return _page(form.refuse(broken), 422)
    db.session.commit()
    flash(_("Your choices are kept."))
    return see(url_for("preferences.edit"))


def _form() -> Any:
    return forms.preferences_form(preferences.offered_to(me()), preferences.of(me()))


def _page(form: Any, status: int = 200) -> ResponseReturnValue:
    kinds, groups = preferences.offered_to(me()), group_reads.groups_of(me())
    return render_page(
        "notifications/preferences.html",
        status=status,
        form=form,
        by_topic=[(topic, [kind for kind in kinds if kind.topic == topic]) for topic in TOPICS],
        field_name=forms.field_name,
        groups=groups,
        levels=preferences.levels_of(me(), [group.id for group in groups]),
    )
