"""Inviting members one by one: they are looked for and ticked, and only then invited."""

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
from ...events import access
from ...events.models import Event, EventNews
from ...groups.access import can as can_in_group
from .. import inviting
from ..forms.messages import ChoosingForm

bp = Blueprint("event_members", __name__, url_prefix="/events/<slug>/manage/invitations/members")


@bp.get("/new")
@permission("event:invite")
def new(slug: str) -> ResponseReturnValue:
    """List the first members by name, none selected, while people can be invited."""
    event = _event(slug)
    if inviting.closed_because(event):
        return redirect_303(url_for("event_invitations.index", slug=slug))
    return _page(event, ChoosingForm(formdata=None))


@bp.post("/new")
@permission("event:invite")
def read(slug: str) -> ResponseReturnValue:
    """Search members, keeping the selected ones; nobody is invited."""
    event, form = _event(slug), ChoosingForm()
    return _page(event, form, 200 if form.validate() else 422)


@bp.post("/chosen")
@permission("event:invite")
@limits.writes_to_people
def create(slug: str) -> ResponseReturnValue:
    """Invite the selected members, once however often the button is pressed."""
    event, form = _event(slug), ChoosingForm()
    words = (form.chosen, form.message.data or "")
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventNews, actor(), lambda id: inviting.invite_chosen(event, actor(), *words, id=id)
        ),
        again=lambda refused: _page(event, form, refused.status),
        to=url_for("event_invitations.index", slug=slug),
        flash=lambda made: (
            ngettext(
                "1 invitation sent.",
                "%(num)s invitations sent.",
                made[0].total,
            )
            if made[1]
            else ""
        ),
    )


def _event(slug: str) -> Event:
    """The event, for hosts who may see who belongs to its group."""
    event = access.event_to(current_user, "event:invite", slug)
    if event.group is None:
        abort(404)
    if not can_in_group(current_user, "group:view_members", event.group):
        abort(403)
    return event


def _page(event: Event, form: ChoosingForm, status: int = 200) -> ResponseReturnValue:
    people, has_more = inviting.members_called(event, actor(), form.words.data or "", form.chosen)
    form.offer(people)
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "has_more": has_more,
        "most": inviting.SHOWN,
    }
    shown["searched"] = request.method == "POST" and bool(form.words.data)
    return render_page("events/manage/choosing.html", status=status, invalid=status != 200, **shown)
