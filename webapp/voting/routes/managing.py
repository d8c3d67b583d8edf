"""A group's votes in its manage area: open and coming ones, and the defaults for new ones."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done
from ...groups.access import group_to
from ...groups.models import Group
from .. import reads
from ..forms.managing import VoteDefaultsForm
from ..planning import defaults
from ..planning.methods import METHODS

bp = Blueprint("group_votes", __name__, url_prefix="/groups/<slug>/manage/votes")


@bp.get("")
@opens(group_to, "group:edit")
def edit(group: Group) -> ResponseReturnValue:
    """List open and coming votes with their turnout, and the defaults of new ones."""
    return _page(group, VoteDefaultsForm(defaults.of(group)))


@bp.post("")
@opens(group_to, "group:edit")
def update(group: Group) -> ResponseReturnValue:
    """Save the defaults of new votes."""
    form = VoteDefaultsForm()
    if not form.validate():
        return _page(group, form, 422)
    defaults.save(group, by=actor(), **form.values())
    return done(
        url_for("group_votes.edit", slug=group.slug),
        _("Saved. New votes in this group start with these settings."),
    )


def _page(group: Group, form: VoteDefaultsForm, status: int = 200) -> ResponseReturnValue:
    icons = {kind: method.icon for kind, method in METHODS.items()}
    hints = {kind: method.good_for for kind, method in METHODS.items()}
    shown: dict[str, Any] = {"group": group, "form": form, "votes": reads.current(group)}
    shown |= {"kind_icons": icons, "kind_hints": hints}
    return render_page("voting/manage.html", status=status, **shown)
