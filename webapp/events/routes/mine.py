"""My events: going, waiting, maybe, past, hosting."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, signed_in
from ...core.time import clock
from ..models import RESTORABLE
from ..reads import deleted_by, mine

bp = Blueprint("my_events", __name__)


@bp.get("/events/mine")
@signed_in
def index() -> ResponseReturnValue:
    """List the reader's events under one tab, by default the first tab with any."""
    now, user = clock.now(), actor()
    counts = mine.counts(user, now)
    tab = request.args.get("tab", "")
    if tab not in mine.TABS:
        tab = next((name for name in mine.TABS if counts[name] and name != mine.PAST), mine.GOING)
    page = mine.page_of(user, tab, now, counts[tab], page_number())
    put_away = deleted_by(user) if tab == mine.HOSTING and counts[mine.DELETED] else []
    shown: dict[str, Any] = {
        "tab": tab,
        "counts": counts,
        "page": page,
        "deleted": put_away,
        "restorable": RESTORABLE,
    }
    return render_page("events/mine.html", {"my-events": "events/_my_events.html"}, **shown)
