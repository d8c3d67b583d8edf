"""An event as a visitor or a plain member sees it: their very page, under a line that says so.

`decisions/0022`.
"""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.http.pages import wanted_fragment
from ...core.http.permissions import actor, permission
from ...core.http.view_as import render_as, shown_under
from ...groups import managing
from .. import access

bp = Blueprint("event_views", __name__)


@bp.get("/events/<slug>/manage/as/<any(visitor, member):who>")
@permission("event:edit")
def show(slug: str, who: str) -> ResponseReturnValue:
    """Show the event's page as such a person sees it."""
    event = access.event_to(current_user, "event:edit", slug)
    if (
        wanted_fragment() is not None
    ):  # no part of such a page fetches itself: htmx comes by a real visit
        return Response(headers={"HX-Redirect": request.path})
    person, path = managing.view_as(who, event.group, actor()), event.path
    shown = {"event": event, "who": who, "hidden": not access.may_see(person, event)}
    said = render_template("events/manage/_viewing.html", **shown)
    db.session.rollback()  # what follows has a connection of its own
    return shown_under(render_as(person, path).get_data(as_text=True), said)
