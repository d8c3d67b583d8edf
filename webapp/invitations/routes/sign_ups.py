"""Signing up by an invitation: also where the site takes nobody else."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts.routes.sign_ups import Door, form_page, taken
from ...core import limits
from ...core.pages import see
from ...core.permissions import public
from .. import accepting, access, arriving
from ..models import GroupInvitation
from .pages import over

bp = Blueprint("invited_sign_ups", __name__, url_prefix="/invitations/<uuid:invitation_id>/<token>")


@bp.get("/sign-up")
@public
def new(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """The form, which says where it leads."""
    invitation = access.found(invitation_id, token)
    if current_user.is_authenticated:
        return see(access.path(invitation))
    hindrance = _hindrance(invitation)
    return over(hindrance) if hindrance else form_page(_door(invitation, token))


@bp.post("/sign-up")
@public
@limits.sends_mail
def create(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """A letter is on its way; once its link is pressed the new account belongs to the group."""
    invitation = access.found(invitation_id, token)
    hindrance = _hindrance(invitation)
    return over(hindrance) if hindrance else taken(_door(invitation, token))


def _hindrance(invitation: GroupInvitation) -> str:
    if invitation.group.deleted_at is not None:
        return _("It no longer stands. Ask whoever gave it to you for a new one.")
    return accepting.hindrance(invitation)


def _door(invitation: GroupInvitation, token: str) -> Door:
    id = invitation.id
    title = _(
        "%(name)s invites you to %(group)s", name=invitation.by.name, group=invitation.group.name
    )
    sentence = _("Once you have confirmed your address you belong to the group.")
    return Door(
        url_for("invited_sign_ups.create", invitation_id=id, token=token),
        invitation.email or "",
        welcome=(title, sentence),
        made=lambda user: arriving.came_by(id, user),
    )
