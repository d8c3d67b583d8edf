"""A group's code of conduct: its leaders write it, members agree to it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.errors import Conflict
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done
from .. import access, conduct, reads
from ..forms.settings import ConductForm
from ..models import Group

bp = Blueprint("group_codes", __name__, url_prefix="/groups/<slug>")


@bp.get("/manage/code")
@opens(access.group_to, "group:edit")
def edit(group: Group) -> ResponseReturnValue:
    """Show the form with the code of conduct."""
    return _page(group, ConductForm(text=group.code_of_conduct))


@bp.post("/manage/code")
@opens(access.group_to, "group:edit")
def update(group: Group) -> ResponseReturnValue:
    """Change the code of conduct; members are asked to agree to it."""
    form = ConductForm()
    if not form.validate():
        return _page(group, form, 422)
    conduct.write(group, by=actor(), text=form.text.data or "")
    return done(
        url_for("group_codes.edit", slug=group.slug),
        _("Code of conduct saved.")
        if group.code_of_conduct
        else _("Saved. The group has no code of conduct."),
    )


@bp.post("/code/affirmation")
@opens(access.group_to, "group:choose_notifications")
def affirm(group: Group) -> ResponseReturnValue:
    """Agree to the group's code of conduct."""
    membership = reads.membership_of(group, actor())
    if membership is None:
        raise Conflict(_("You’re no longer a member of this group."))
    conduct.affirm(membership, request.form.get("code", 0, type=int))
    return done(
        url_for("groups.show", slug=group.slug), _("Thank you for agreeing to the code of conduct.")
    )


def _page(group: Group, form: ConductForm, status: int = 200) -> ResponseReturnValue:
    affirmed = conduct.affirmed_count(group) if group.code_of_conduct else 0
    return render_page(
        "groups/manage/code.html", status=status, group=group, form=form, affirmed=affirmed
    )
