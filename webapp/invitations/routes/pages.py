"""An invitation's page, signing up with it, and the reader's open invitations.

Anyone with an invitation's link can read the group's description, and sign up even where sign-up is
closed.
"""

from uuid import UUID

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts.routes.sign_ups import SignUpOrigin, form_page, taken
from ...core import site_settings
from ...core.extensions import csrf, db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.http.submit import submitted
from ...core.http.way_back import lead_back_to
from ...groups import access as group_access, reads as group_reads
from ...groups.forms.members import JoinForm
from .. import accepting, access, invited_sign_up, opt_outs, reads
from ..models import GroupInvitation

bp = Blueprint("invitation_pages", __name__, url_prefix="/invitations/<uuid:invitation_id>/<token>")


@bp.get("")
@public
def show(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """Show who invites to what, and how to accept; members go to the group."""
    invitation = access.find(invitation_id, token)
    if invitation.group.deleted_at is not None:
        return over(_("It’s no longer valid. Ask the person who gave it to you for a new one."))
    if group_access.role_of(current_user, invitation.group) is not None:
        return redirect_303(invitation.group.path)
    hindrance = accepting.why_not(
        invitation, current_user if current_user.is_authenticated else None
    )
    return over(hindrance) if hindrance else _page(invitation)


@bp.post("/acceptance")
@signed_in
def accept(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """Accept the invitation and join the group."""
    invitation = access.find(invitation_id, token)
    form = JoinForm(invitation.group)

    def again(refused: UserError) -> ResponseReturnValue:
        if refused.field is None:
            return over(refused.message, refused.status)
        return _page(invitation, form.refuse(refused), refused.status)

    return submitted(
        None,
        lambda: accepting.accept(invitation, by=actor(), code_version=form.code_version()),
        again,
        to=lambda membership: membership.group.path,
        flash=lambda membership: _(
            "You’re now a member of %(group)s.", group=membership.group.name
        ),
    )


@bp.post("/refusal")
@signed_in
def decline(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """Decline an invitation that was sent by email."""
    invitation = access.find(invitation_id, token)
    return submitted(
        None,
        lambda: accepting.decline(invitation, by=actor()),
        again=lambda refused: over(refused.message, refused.status),
        to=url_for("my_invitations.index"),
        flash=_("You declined the invitation."),
    )


def over(sentence: str, status: int = 410) -> ResponseReturnValue:
    """Render why the invitation isn't valid, without revealing the group or the inviter."""
    return render_page("invitations/over.html", status=status, sentence=sentence)


def _page(
    invitation: GroupInvitation, form: JoinForm | None = None, status: int = 200
) -> ResponseReturnValue:
    group, path = invitation.group, access.path(invitation)
    lead_back_to(path)
    return render_page(
        "invitations/page.html",
        status=status,
        form=form or (JoinForm(group) if current_user.is_authenticated else None),
        one=invitation,
        group=group,
        path=path,
        role=group_access.ROLE_NAMES[invitation.role],
        banned=current_user.is_authenticated and group_reads.is_banned(group, current_user),
        can_see=group_access.may_see(current_user, group),
        needs_approval=site_settings.value("SIGN_UP") == "approval",
    )


mine_bp = Blueprint("my_invitations", __name__)


@mine_bp.get("/invitations")
@signed_in
def index() -> ResponseReturnValue:
    """List the reader's invitations, each with both answers."""
    return render_page(
        "invitations/mine.html",
        waiting=reads.waiting_for(actor()),
        role_names=group_access.ROLE_NAMES,
    )


sign_ups_bp = Blueprint(
    "invited_sign_ups", __name__, url_prefix="/invitations/<uuid:invitation_id>/<token>"
)


@sign_ups_bp.get("/sign-up")
@public
def new(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """Show the sign-up form for an invitation."""
    invitation = access.find(invitation_id, token)
    if current_user.is_authenticated:
        return redirect_303(access.path(invitation))
    hindrance = _hindrance(invitation)
    return over(hindrance) if hindrance else form_page(_origin(invitation, token))


@sign_ups_bp.post("/sign-up")
@public
@limits.sends_email
def create(invitation_id: UUID, token: str) -> ResponseReturnValue:
    """Send a confirmation link; it also makes the new account a member of the group."""
    invitation = access.find(invitation_id, token)
    hindrance = _hindrance(invitation)
    return over(hindrance) if hindrance else taken(_origin(invitation, token))


def _hindrance(invitation: GroupInvitation) -> str:
    if invitation.group.deleted_at is not None:
        return _("It’s no longer valid. Ask the person who gave it to you for a new one.")
    return accepting.why_not(invitation)


def _origin(invitation: GroupInvitation, token: str) -> SignUpOrigin:
    lead_back_to(access.path(invitation))
    id = invitation.id
    title = _(
        "%(name)s invited you to %(group)s", name=invitation.by.name, group=invitation.group.name
    )
    sentence = _("Once you confirm your email address, you’ll be a member of the group.")
    return SignUpOrigin(
        url_for("invited_sign_ups.create", invitation_id=id, token=token),
        invitation.email or "",
        welcome=(title, sentence),
        made=lambda user: invited_sign_up.note_invitation(id, user),
    )


refusals_bp = Blueprint("invitation_refusals", __name__, url_prefix="/no-invitations/<token>")

#: What email programs post, by RFC 8058; our own button posts the same.
FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"


@refusals_bp.get("", endpoint="show")
@public
def show_refusal(token: str) -> ResponseReturnValue:
    """Show what would stop, and the button; email scanners follow links, so nothing changes yet."""
    if opt_outs.find(token) is None:
        abort(404)
    return render_page("invitations/refusal.html", action=request.path, done=False)


@refusals_bp.post("", endpoint="create")
@public
@csrf.exempt
def create_refusal(token: str) -> ResponseReturnValue:
    """Stop all invitations to the address.

    Email providers post this with only the link, which is the proof. The answer is a page, because
    RFC 8058 forbids redirects.
    """
    digest = opt_outs.find(token)
    if digest is None:
        abort(404)
    if request.form.get(FIELD) != ONE_CLICK:
        abort(400)
    opt_outs.opt_out(digest)
    db.session.commit()
    return render_page("invitations/refusal.html", action=request.path, done=True)
