"""The hosts of an event: invite and remove them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.db import idempotency
from ...core.http.limits import writes_to_people
from ...core.http.pages import render_page
from ...core.http.permissions import actor, acts_alone, opens, signed_in
from ...core.http.submit import done, page_with, submitted
from .. import access, hosts
from ..forms import HostForm
from ..models import Event, EventHost, HostInvitation

bp = Blueprint("event_hosts", __name__, url_prefix="/events/<slug>/manage/hosts")


@bp.get("")
@opens(access.event_to, "event:edit")
def index(event: Event) -> ResponseReturnValue:
    """List the hosts and the invitations to host."""
    return _page(event, HostForm())


@bp.post("")
@opens(access.event_to, "event:edit")
@writes_to_people
def create(event: Event) -> ResponseReturnValue:
    """Invite someone to host; the group's organizers are added at once."""
    form = HostForm()
    invited = _("Invitation sent. They have 14 days to answer. Nothing changes until then.")
    named = _("Added as a host. They could already manage this event, because they lead the group.")
    return submitted(
        form,
        lambda: idempotency.create_once(HostInvitation, actor(), lambda id: _ask(event, form, id)),
        again=page_with(_page, form),
        to=url_for("event_hosts.index", slug=event.slug),
        flash=lambda made: invited if made.row else named,
    )


def _ask(event: Event, form: HostForm, id: UUID) -> Any:
    return hosts.ask(event, form.handle.data or "", actor(), id)


@bp.post("/invitations/<uuid:asked_id>/withdrawal")
@opens(access.event_to, "event:edit")
def withdraw(event: Event, asked_id: UUID) -> ResponseReturnValue:
    """Withdraw the invitation to host."""
    hosts.withdraw(event, asked_id, actor())
    return done(url_for("event_hosts.index", slug=event.slug), _("Withdrawn."))


@bp.get("/<uuid:host_id>/removal")
@opens(access.event_to, "event:edit", hosts.host_with)
def ask(event: Event, host: EventHost) -> ResponseReturnValue:
    """Ask before a host is removed."""
    return render_page(
        "events/manage/host_removal.html", event=event, host=host, is_me=host.user_id == actor().id
    )


@bp.post("/<uuid:host_id>/removal")
@opens(access.event_to, "event:edit", hosts.host_with)
@acts_alone
def delete(event: Event, host: EventHost) -> ResponseReturnValue:
    """Remove the host."""
    name, steps_down = host.user.name, host.user_id == actor().id
    hosts.remove(event, host, actor())
    return done(
        url_for("my_events.index") if steps_down else url_for("event_hosts.index", slug=event.slug),
        _("You’re no longer a host.")
        if steps_down
        else _("%(name)s is no longer a host.", name=name),
    )


def _page(event: Event, form: HostForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "invitations": hosts.pending(event),
        "invalid": status != 200,
    }
    return render_page("events/manage/hosts.html", status=status, **shown)


hosting_bp = Blueprint("host_invitations", __name__, url_prefix="/events/<slug>/hosting")


@hosting_bp.get("", endpoint="show")
@signed_in
def show_hosting(slug: str) -> ResponseReturnValue:
    """Show the invitation to host, or that there is none."""
    event = _event(slug)
    sees = access.may_see(current_user, event)
    return render_page(
        "events/hosting.html",
        event=event,
        invitation=hosts.invitation_to(event, actor()),
        sees=sees,
    )


@hosting_bp.post("/acceptance", endpoint="accept")
@signed_in
def accept_hosting(slug: str) -> ResponseReturnValue:
    """Become a host of the event."""
    hosts.accept(_event(slug), actor())
    return done(url_for("event_manage.show", slug=slug), _("You’re now a host. Thank you!"))


@hosting_bp.post("/refusal", endpoint="decline")
@signed_in
def decline_hosting(slug: str) -> ResponseReturnValue:
    """Decline to host."""
    if hosts.decline(_event(slug), actor()):
        flash(_("Invitation declined. We’ve told the person who invited you."), "yes")
    return done(url_for("my_events.index"))


def _event(slug: str) -> Event:
    """Return the event for people who see it or are invited to host.

    All others get the page that the invitation has ended, also if there is no such event: it may
    have been withdrawn after the email was sent.
    """
    try:
        return access.event_for(
            current_user, slug, also=lambda event: hosts.invitation_to(event, actor()) is not None
        )
    except NotFound:
        abort(render_page("events/hosting_over.html", status=404))
