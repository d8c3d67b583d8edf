"""A group as a visitor or a plain member sees it: their very page, under a line that says so.

Whose eyes they are stands in the address alone: there is no state that could be left on.
"""

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import wanted_fragment
from ...core.permissions import me, permission
from ...core.seeing import answer_to, shown_under
from .. import access, managing, viewing
from ..models import SECRET, Group

bp = Blueprint("views", __name__)


@bp.get("/groups/<slug>/manage/as/<any(visitor, member):who>")
@permission("group:manage")
def show(slug: str, who: str) -> ResponseReturnValue:
    """The group's page, or with `?part=` another of its tabs, as such a person gets it."""
    group = access.group_to(current_user, "group:manage", slug)
    if (
        wanted_fragment() is not None
    ):  # no part of such a page fetches itself: htmx comes by a real visit
        return Response(headers={"HX-Redirect": request.full_path.rstrip("?")})
    parts = managing.views(group, url_for, current_app.view_functions)
    part = request.args.get("part", "")
    part = part if part in parts else next(iter(parts))
    said = _banner(group, who, part, parts)
    person, url = viewing.viewer(who, group, me()), parts[part].url
    db.session.rollback()  # what follows has a connection of its own
    seen = answer_to(person, url)
    if 300 <= seen.status_code < 400:
        return shown_under(render_template("groups/manage/elsewhere.html", group=group), said)
    return shown_under(seen.get_data(as_text=True), said)


def _banner(group: Group, who: str, part: str, parts: dict[str, managing.View]) -> str:
    hidden = who == viewing.VISITOR and group.visibility == SECRET
    shown = {"group": group, "who": who, "part": part, "parts": parts, "hidden": hidden}
    return render_template("groups/manage/_viewing.html", **shown)
