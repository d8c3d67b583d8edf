"""A group's invitations: the list, one of them, and withdrawing it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, submitted
from ...groups import access as group_access
from ...groups.models import Group
from .. import access, invite_links, inviting, reads
from ..models import GroupInvitation, Mailing

bp = Blueprint("invitations", __name__, url_prefix="/groups/<slug>/manage/invitations")


@bp.get("")
@opens(group_access.group_to, access.INVITE)
def index(group: Group) -> ResponseReturnValue:
    """List emailed invitations with their progress, and the links."""
    return render_page(
        "invitations/index.html",
        {
            "email_invitations": "invitations/_email_invitations.html",
            "links": "invitations/_links.html",
        },
        group=group,
        email_invitations=reads.invited_by_email(group, page_number()),
        links=reads.links(group),
        progress=reads.progress(group),
        givers=reads.givers(group),
        role_names=group_access.ROLE_NAMES,
    )


@bp.get("/<uuid:invited_id>")
@opens(group_access.group_to, access.INVITE, access.in_group)
def show(group: Group, invitation: GroupInvitation) -> ResponseReturnValue:
    """Show one invitation: its link or the status of its email, and what can be done."""
    return page_of(group, invitation)


@bp.post("/<uuid:invited_id>/pause")
@opens(group_access.group_to, access.INVITE, access.in_group)
def pause(group: Group, invitation: GroupInvitation) -> ResponseReturnValue:
    """Pause the invitation."""
    return _act(
        group,
        invitation,
        invite_links.pause,
        _("Paused. No one can use it until you resume it."),
    )


@bp.post("/<uuid:invited_id>/resumption")
@opens(group_access.group_to, access.INVITE, access.in_group)
def resume(group: Group, invitation: GroupInvitation) -> ResponseReturnValue:
    """Resume the invitation."""
    return _act(group, invitation, invite_links.resume, _("Resumed. It works again."))


@bp.post("/<uuid:invited_id>/reminder")
@opens(group_access.group_to, access.INVITE, access.in_group)
def resend(group: Group, invitation: GroupInvitation) -> ResponseReturnValue:
    """Send the email again."""
    if invitation.email and not inviting.why_not_resend(invitation):
        limits.email_to(invitation.email)
    return _act(group, invitation, _sent_again, _("Reminder sent, with the same link."))


def _sent_again(invitation: GroupInvitation, by: Any) -> None:
    idempotency.create_once(Mailing, by, lambda id: inviting.resend(invitation, by=by, id=id))


def _act(
    group: Group, invitation: GroupInvitation, verb: Callable[..., Any], sentence: str
) -> ResponseReturnValue:
    return submitted(
        None,
        lambda: verb(invitation, by=actor()),
        again=lambda refused, group, invitation: page_of(
            group, invitation, refused.message, refused.status
        ),
        to=url_for("invitations.show", slug=group.slug, invited_id=invitation.id),
        flash=sentence,
    )


def page_of(
    group: Group, invitation: GroupInvitation, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    """Render the page of one invitation, with an error if given.

    Only those who may give its role see the link, because having the link means giving the role.
    """
    return render_page(
        "invitations/show.html",
        status=status,
        group=group,
        one=invitation,
        delivery=reads.delivery_of(invitation),
        came=reads.joined_by(invitation),
        is_worth=invitation.role in reads.givers(group).get(invitation.by_id, []),
        why_not_again=inviting.why_not_resend(invitation) if invitation.is_email else "",
        may_give=invitation.role in access.roles_for(current_user, group),
        role_names=group_access.ROLE_NAMES,
        refused=refused,
    )


removals_bp = Blueprint(
    "invitation_removals",
    __name__,
    url_prefix="/groups/<slug>/manage/invitations/<uuid:invited_id>",
)


@removals_bp.get("/removal", endpoint="new")
@opens(group_access.group_to, access.INVITE, access.in_group)
def new_removal(group: Group, invitation: GroupInvitation) -> ResponseReturnValue:
    """Ask before the invitation is withdrawn."""
    words = _(
        "Anyone who opens its link will see that it’s no longer valid. We won’t tell anyone. "
        "People who have already joined stay members."
    )
    return render_page(
        "layout/confirm.html",
        title=_("Withdraw this invitation?"),
        words=words,
        action=url_for("invitation_removals.create", slug=group.slug, invited_id=invitation.id),
        verb=_("Withdraw"),
        keep=_("Cancel"),
        keep_url=url_for("invitations.show", slug=group.slug, invited_id=invitation.id),
        section="groups",
    )


@removals_bp.post("/removal", endpoint="create")
@opens(group_access.group_to, access.INVITE, access.in_group)
def create_removal(group: Group, invitation: GroupInvitation) -> ResponseReturnValue:
    """Withdraw the invitation."""
    invite_links.withdraw(invitation, by=actor())
    return done(url_for("invitations.index", slug=group.slug), _("Invitation withdrawn."))
