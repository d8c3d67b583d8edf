"""Lists of events: one's own (going, waiting, maybe, past, hosting), and a group's for its
managers, with the defaults of new events.
"""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens, signed_in
from ...core.http.submit import done
from ...core.time import clock
from ...groups.access import group_to
from ...groups.models import Group
from .. import defaults, reads
from ..forms import EventDefaultsForm
from ..models import RESTORABLE
from ..reads import deleted_by, mine

own_bp = Blueprint("my_events", __name__)


@own_bp.get("/events/mine")
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


group_bp = Blueprint("group_events", __name__, url_prefix="/groups/<slug>/manage/events")


@group_bp.get("")
@opens(group_to, "group:edit")
def edit(group: Group) -> ResponseReturnValue:
    """List drafts and coming events with their answers, and the defaults of new ones."""
    return _page(group, EventDefaultsForm(group, defaults.of(group)))


@group_bp.post("")
@opens(group_to, "group:edit")
def update(group: Group) -> ResponseReturnValue:
    """Save the defaults of new events."""
    form = EventDefaultsForm(group)
    if not form.validate():
        return _page(group, form, 422)
    defaults.save(group, by=actor(), **form.values())
    return done(url_for("group_events.edit", slug=group.slug), _("Defaults for new events saved."))


def _page(group: Group, form: EventDefaultsForm, status: int = 200) -> ResponseReturnValue:
    drafts, coming = reads.planned_in(group)
    shown: dict[str, Any] = {"group": group, "form": form, "drafts": drafts, "coming": coming}
    shown["deleted"] = reads.deleted_in(group)
    shown["restorable"] = RESTORABLE
    return render_page("events/group_events.html", status=status, **shown)
