"""My events: going, waiting, maybe, past, hosting."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...core import clock
from ...core.pages import page_number, render_page
from ...core.permissions import me, signed_in
from ..reads import mine

bp = Blueprint("my_events", __name__)


@bp.get("/events/mine")
@signed_in
def index() -> ResponseReturnValue:
    """The reader's events under one tab, in their own zone; the first that holds any, where none is asked for."""
    now, user = clock.now(), me()
    counts = mine.counts(user, now)
    tab = request.args.get("tab", "")
    if tab not in mine.TABS:
        tab = next((name for name in mine.TABS if counts[name] and name != mine.PAST), mine.GOING)
    page = mine.page_of(user, tab, now, counts[tab], page_number())
    return render_page("events/mine.html", {"my-events": "events/_my_events.html"}, tab=tab, counts=counts, page=page)
