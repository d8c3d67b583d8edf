"""Who runs an event, for those who do: they ask others to, and take hosts from it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.limits import writes_to_people
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
from .. import access, hosts
from .. import hosts as reads
from ..forms.management import HostForm
from ..models import Event, HostInvitation

bp = Blueprint("event_hosts", __name__, url_prefix="/events/<slug>/manage/hosts")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the hosts and the invitations to host."""
    return _page(access.event_to(current_user, "event:edit", slug), HostForm())


@bp.post("")
@permission("event:edit")
@writes_to_people
def create(slug: str) -> ResponseReturnValue:
    """Invite someone to host; the group's organizers are added at once."""
    event, form = access.event_to(current_user, "event:edit", slug), HostForm()
    if not form.validate():
        return _page(event, form, 422)
    try:
        asked, _is_new = idempotency.create_once(
            HostInvitation, actor(), lambda id: _ask(event, form, id)
        )
    except UserError as broken:
        db.session.rollback()
        return _page(
            access.event_to(current_user, "event:edit", slug), form.refuse(broken), broken.status
        )
    asked_words = _("Asked. They have 14 days to answer; until then everything stays as it is.")
    flash(
        asked_words
        if asked
        else _("Named as a host: whoever leads the group runs its events anyway."),
        "yes",
    )
    return redirect_303(url_for("event_hosts.index", slug=slug))


def _ask(event: Event, form: HostForm, id: UUID) -> Any:
    return hosts.ask(event, form.handle.data or "", actor(), id)


@bp.post("/invitations/<uuid:asked_id>/withdrawal")
@permission("event:edit")
def withdraw(slug: str, asked_id: UUID) -> ResponseReturnValue:
    """Withdraw the invitation to host."""
    hosts.withdraw(access.event_to(current_user, "event:edit", slug), asked_id, actor())
    db.session.commit()
    flash(_("Taken back."), "yes")
    return redirect_303(url_for("event_hosts.index", slug=slug))


@bp.get("/<uuid:host_id>/removal")
@permission("event:edit")
def ask(slug: str, host_id: UUID) -> ResponseReturnValue:
    """Ask before a host is removed."""
    event = access.event_to(current_user, "event:edit", slug)
    host = reads.host_with(event, host_id)
    return render_page(
        "events/manage/host_removal.html", event=event, host=host, is_me=host.user_id == actor().id
    )


@bp.post("/<uuid:host_id>/removal")
@permission("event:edit")
def delete(slug: str, host_id: UUID) -> ResponseReturnValue:
    """Remove the host."""
    event = access.event_to(current_user, "event:edit", slug)
    host = reads.host_with(event, host_id)
    name, steps_down = host.user.name, host.user_id == actor().id
    hosts.remove(event, host, actor())
    db.session.commit()
    flash(
        _("You no longer run the event.")
        if steps_down
        else _("%(name)s no longer runs the event.", name=name),
        "yes",
    )
    return redirect_303(
        url_for("my_events.index") if steps_down else url_for("event_hosts.index", slug=slug)
    )


def _page(event: Event, form: HostForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "asked": reads.asked_for(event),
        "invalid": status != 200,
    }
    return render_page("events/manage/hosts.html", status=status, **shown)
