"""The page of an event invitation that was emailed to an address without an account."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.pages import render_page
from ...core.http.permissions import public
from ...core.http.way_back import lead_back_to
from ...events import access
from .. import inviting

bp = Blueprint(
    "event_invitation_pages", __name__, url_prefix="/event-invitations/<uuid:invitation_id>/<token>"
)


@bp.get("")
@public
def show(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """Show who invites to what, and what they wrote: the email says none of it."""
    invitation = inviting.find(invitation_id, token)
    if not inviting.still_invites(invitation.notice):
        sentence = _("It’s no longer valid. The event has changed or is over.")
        return render_page("invitations/over.html", status=410, sentence=sentence)
    event = access.event_for(current_user, invitation.event.slug)
    lead_back_to(event.path)
    return render_page("attendance/invitation.html", invitation=invitation, event=event)
