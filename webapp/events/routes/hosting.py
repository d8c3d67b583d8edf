"""Whoever is asked to run an event answers here, also where they could not see it otherwise."""

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.http.pages import render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import done
from .. import access, hosts
from ..models import Event

bp = Blueprint("hosting", __name__, url_prefix="/events/<slug>/hosting")


@bp.get("")
@signed_in
def show(slug: str) -> ResponseReturnValue:
    """Show the invitation to host, or that there is none."""
    event = _event(slug)
    sees = access.may_see(current_user, event)
    return render_page(
        "events/hosting.html", event=event, asked=hosts.invitation_to(event, actor()), sees=sees
    )


@bp.post("/acceptance")
@signed_in
def accept(slug: str) -> ResponseReturnValue:
    """Become a host of the event."""
    hosts.accept(_event(slug), actor())
    return done(url_for("event_manage.show", slug=slug), _("You run this event now. Thank you!"))


@bp.post("/refusal")
@signed_in
def decline(slug: str) -> ResponseReturnValue:
    """Decline to host."""
    if hosts.decline(_event(slug), actor()):
        flash(_("You have said no; whoever asked knows it."), "yes")
    return done(url_for("my_events.index"))


def _event(slug: str) -> Event:
    """The event, for those who see it or are asked to run it. All others, also where there is no
    such event, are told that no invitation stands: it may have been taken back since they were
    mailed."""
    try:
        return access.event_for(
            current_user, slug, also=lambda event: hosts.invitation_to(event, actor()) is not None
        )
    except NotFound:
        abort(render_page("events/hosting_over.html", status=404))
