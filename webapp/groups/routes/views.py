"""A group as a visitor or a plain member sees it: their very page, under a line that says so.

Whose eyes they are stands in the address alone: there is no state that could be left on. The page comes without scripts and
may send no form, and the tokens in its forms belong to no session.
"""

import re

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import wanted_fragment
from ...core.permissions import me, permission
from ...core.seeing import answer_to
from .. import access, managing, viewing
from ..models import SECRET, Group

bp = Blueprint("views", __name__)

CSP = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; connect-src 'none'; "
    "frame-ancestors 'none'; img-src 'self'; script-src 'none'; style-src 'self'"
)
_SCRIPT = re.compile(r"<script\b[^>]*></script>\n?")
_MAIN = re.compile(r'<main id="main"[^>]*>')


@bp.get("/groups/<slug>/manage/as/<any(visitor, member):who>")
@permission("group:manage")
def show(slug: str, who: str) -> ResponseReturnValue:
    """The group's page, or with `?part=` another of its tabs, as such a person gets it."""
    group = access.group_to(current_user, "group:manage", slug)
    if wanted_fragment() is not None:  # no part of such a page fetches itself: htmx comes by a real visit
        return Response(headers={"HX-Redirect": request.full_path.rstrip("?")})
    parts = managing.views(group, url_for, current_app.view_functions)
    part = request.args.get("part", "")
    part = part if part in parts else next(iter(parts))
    said = _banner(group, who, part, parts)
    person, url = viewing.viewer(who, group, me()), parts[part].url
    db.session.rollback()  # what follows has a connection of its own
    seen = answer_to(person, url)
    if 300 <= seen.status_code < 400:
        return _answer(render_template("groups/manage/elsewhere.html", group=group), said)
    return _answer(seen.get_data(as_text=True), said)


def _banner(group: Group, who: str, part: str, parts: dict[str, managing.View]) -> str:
    hidden = who == viewing.VISITOR and group.visibility == SECRET
    shown = {"group": group, "who": who, "part": part, "parts": parts, "hidden": hidden}
    return render_template("groups/manage/_viewing.html", **shown)


def _answer(page: str, said: str) -> Response:
    """The page without its scripts, and the banner as the first thing in it."""
    body = _MAIN.sub(lambda found: found.group() + said, _SCRIPT.sub("", page), count=1)
    answer = Response(body)
    answer.headers["Content-Security-Policy"] = CSP
    return answer
