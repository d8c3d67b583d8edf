"""A group's invitations: the list, one of them, and withdrawing it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done, submitted
from ...groups import access as group_access
from ...groups.models import Group
from .. import access, invite_links, inviting, reads
from ..models import GroupInvitation, Mailing

bp = Blueprint("invitations", __name__, url_prefix="/groups/<slug>/manage/invitations")


@bp.get("")
@permission(access.INVITE)
def index(slug: str) -> ResponseReturnValue:
    """List emailed invitations with their progress, and the links."""
    group = group_access.group_to(current_user, access.INVITE, slug)
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
@permission(access.INVITE)
def show(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Show one invitation: its link or the status of its email, and what can be done."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    return page_of(group, access.in_group(group, invited_id))


@bp.post("/<uuid:invited_id>/pause")
@permission(access.INVITE)
def pause(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Pause the invitation."""
    return _act(
        slug,
        invited_id,
        invite_links.pause,
        _("Paused. No one can use it until you resume it."),
    )


@bp.post("/<uuid:invited_id>/resumption")
@permission(access.INVITE)
def resume(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Resume the invitation."""
    return _act(slug, invited_id, invite_links.resume, _("Resumed. It works again."))


@bp.post("/<uuid:invited_id>/reminder")
@permission(access.INVITE)
def resend(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Send the email again."""
    group, invitation = _found(slug, invited_id)
    if invitation.email and not inviting.why_not_resend(invitation):
        limits.email_to(invitation.email)
    return submitted(
        None,
        lambda: idempotency.create_once(
            Mailing, actor(), lambda id: inviting.resend(invitation, by=actor(), id=id)
        ),
        again=lambda refused: page_of(group, invitation, refused.message, refused.status),
        to=url_for("invitations.show", slug=slug, invited_id=invited_id),
        flash=_("Reminder sent, with the same link."),
    )


def _act(
    slug: str, invited_id: UUID, verb: Callable[..., Any], sentence: str
) -> ResponseReturnValue:
    group, invitation = _found(slug, invited_id)
    return submitted(
        None,
        lambda: verb(invitation, by=actor()),
        again=lambda refused: page_of(group, invitation, refused.message, refused.status),
        to=url_for("invitations.show", slug=slug, invited_id=invited_id),
        flash=sentence,
    )


def _found(slug: str, invited_id: UUID) -> tuple[Group, GroupInvitation]:
    group = group_access.group_to(current_user, access.INVITE, slug)
    return group, access.in_group(group, invited_id)


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
@permission(access.INVITE)
def new_removal(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Ask before the invitation is withdrawn."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    invitation = access.in_group(group, invited_id)
    words = _(
        "Anyone who opens its link will see that it’s no longer valid. We won’t tell anyone. "
        "People who have already joined stay members."
    )
    return render_page(
        "layout/confirm.html",
        title=_("Withdraw this invitation?"),
        words=words,
        action=url_for("invitation_removals.create", slug=slug, invited_id=invitation.id),
        verb=_("Withdraw"),
        keep=_("Cancel"),
        keep_url=url_for("invitations.show", slug=slug, invited_id=invitation.id),
        section="groups",
    )


@removals_bp.post("/removal", endpoint="create")
@permission(access.INVITE)
def create_removal(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Withdraw the invitation."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    invite_links.withdraw(access.in_group(group, invited_id), by=actor())
    return done(url_for("invitations.index", slug=slug), _("Invitation withdrawn."))
