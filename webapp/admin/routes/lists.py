"""Groups, events and votes, for those who look after the site."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...core.forms import given
from ...core.pages import render_page
from ...core.permissions import admins_may, me
from ...core.stretches import place_asked_for
from ...events import date_format
from ...voting.planning.methods import METHODS
from .. import lists

bp = Blueprint("admin_lists", __name__, url_prefix="/admin")


def _asked() -> tuple[str, str]:
    """The words, and what is shown."""
    show = request.args.get("show", "")
    return given(), show if show in lists.SHOWN else ""


@bp.get("/groups")
@admins_may("site:moderate")
def groups() -> ResponseReturnValue:
    """The groups that show themselves, and those that were hidden; of secret ones how many there
    are.
    """
    words, show = _asked()
    listing = lists.groups(words, show, place_asked_for())
    secret = lists.how_many_secret()
    parts = {"groups": "admin/_groups.html"}
    return render_page(
        "admin/groups.html", parts, listing=listing, words=words, show=show, secret=secret
    )


@bp.get("/events")
@admins_may("site:moderate")
def events() -> ResponseReturnValue:
    """The events that everybody finds, and those that were hidden."""
    words, show = _asked()
    listing = lists.events(me(), words, show, place_asked_for())
    parts = {"events": "admin/_events.html"}
    return render_page(
        "admin/events.html", parts, listing=listing, words=words, show=show, when=date_format
    )


@bp.get("/votes")
@admins_may("site:moderate")
def votes() -> ResponseReturnValue:
    """Every vote by its kind and its times; what it asks, who voted and how is for its members
    alone.
    """
    listing = lists.votes(place_asked_for())
    return render_page(
        "admin/votes.html", {"votes": "admin/_votes.html"}, listing=listing, methods=METHODS
    )
