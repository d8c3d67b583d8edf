"""Groups, events and votes, for admins."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...core.db.keyset import requested_cursor
from ...core.http.forms import query_text
from ...core.http.pages import render_page
from ...core.http.permissions import actor, admins_may, admins_only
from ...core.time import clock
from ...events import date_format
from ...voting.planning.methods import METHODS
from .. import lists, navigation, site_stats

bp = Blueprint("admin_lists", __name__, url_prefix="/admin")


def _filters_from_request() -> tuple[str, str]:
    """Return the search words and the filter."""
    show = request.args.get("show", "")
    return query_text(), show if show in lists.SHOWN else ""


@bp.get("/groups")
@admins_may("site:moderate")
def groups() -> ResponseReturnValue:
    """List the public and the hidden groups, and the number of secret ones."""
    words, show = _filters_from_request()
    listing = lists.groups(words, show, requested_cursor())
    secret = lists.secret_count()
    parts = {"groups": "admin/_groups.html"}
    return render_page(
        "admin/groups.html", parts, listing=listing, words=words, show=show, secret=secret
    )


@bp.get("/events")
@admins_may("site:moderate")
def events() -> ResponseReturnValue:
    """List the events that everyone can find, and the hidden ones."""
    words, show = _filters_from_request()
    listing = lists.events(actor(), words, show, requested_cursor())
    parts = {"events": "admin/_events.html"}
    return render_page(
        "admin/events.html", parts, listing=listing, words=words, show=show, when=date_format
    )


@bp.get("/votes")
@admins_may("site:moderate")
def votes() -> ResponseReturnValue:
    """List every vote by kind and times, without its question, voters or ballots."""
    listing = lists.votes(requested_cursor())
    return render_page(
        "admin/votes.html", {"votes": "admin/_votes.html"}, listing=listing, methods=METHODS
    )


overview_bp = Blueprint("admin", __name__, url_prefix="/admin")


@overview_bp.get("")
@admins_only
def show() -> ResponseReturnValue:
    """Show tasks, the site's status, and its numbers over a year."""
    return render_page(
        "admin/show.html",
        menu=navigation.menu(actor(), is_overview=True),
        figures=site_stats.year_stats(clock.now()),
    )
