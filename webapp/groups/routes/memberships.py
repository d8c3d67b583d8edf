"""Joining, leaving, and a member's notification level."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, acts_alone, permission, signed_in
from ...core.http.submit import done, submitted
from ...events import reads as event_reads
from ...notifications import preferences
from ...voting import reads as vote_reads
from .. import access, memberships, reads
from ..forms.members import JoinForm
from ..forms.settings import AS_EVERYWHERE, NotificationLevelForm
from ..models import JOIN, OWNER, Group
from .groups import group_page

bp = Blueprint("memberships", __name__)


@bp.post("/groups/<slug>/membership")
@signed_in
def create(slug: str) -> ResponseReturnValue:
    """Join the group, where no approval is needed."""
    group = access.group_for(current_user, slug)
    form = JoinForm(group)

    def again(refused: UserError) -> ResponseReturnValue:
        if refused.field is None:
            raise refused
        now = access.group_for(current_user, slug)  # which may be secret by now
        return group_page(now, form.refuse(refused), status=refused.status)

    return submitted(
        None,
        lambda: memberships.join(group, by=actor(), code_version=form.code_version()),
        again,
        to=url_for("groups.show", slug=group.slug),
        flash="" if group.welcome else _("You’ve joined %(group)s.", group=group.name),
    )


@bp.get("/groups/<slug>/membership/removal")
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    """Ask before leaving."""
    group = access.group_for(current_user, slug)
    membership = reads.membership_of(group, actor())
    if membership is None:
        return redirect_303(url_for("groups.show", slug=group.slug))
    return render_page(
        "groups/leaving.html",
        group=group,
        membership=membership,
        is_last_owner=membership.role == OWNER
        and not reads.has_another_owner(group, membership.user_id),
        events=event_reads.lost_by_leaving(group, actor()),
        votes=vote_reads.lost_by_leaving(group, actor()),
        role_names=access.ROLE_NAMES,
        title=_("Leave %(group)s?", group=group.name),
        words=_("You can join again at any time.")
        if group.join_policy == JOIN
        else _("You’d need to be approved or invited to come back."),
        action=url_for("memberships.delete", slug=group.slug),
        verb=_("Leave group"),
        keep=_("Cancel"),
        keep_url=url_for("groups.show", slug=group.slug),
        section="groups",
    )


@bp.post("/groups/<slug>/membership/removal")
@signed_in
@acts_alone
def delete(slug: str) -> ResponseReturnValue:
    """Leave the group."""
    group = access.group_for(current_user, slug)
    memberships.leave(group, by=actor())
    is_visible = access.may_see(current_user, group)
    return done(
        url_for("groups.show", slug=group.slug) if is_visible else url_for("groups.index"),
        _("You’ve left %(group)s.", group=group.name),
    )


levels_bp = Blueprint("group_notifications", __name__, url_prefix="/groups/<slug>/notifications")


@levels_bp.get("", endpoint="edit")
@permission("group:choose_notifications")
def edit_level(slug: str) -> ResponseReturnValue:
    """Show the notification level for this group."""
    group = access.group_to(actor(), "group:choose_notifications", slug)
    return _level_page(
        group, NotificationLevelForm(level=preferences.level_of(actor(), group.id) or AS_EVERYWHERE)
    )


@levels_bp.post("", endpoint="update")
@permission("group:choose_notifications")
def update_level(slug: str) -> ResponseReturnValue:
    """Save the notification level for this group."""
    group = access.group_to(actor(), "group:choose_notifications", slug)
    form = NotificationLevelForm()
    if not form.validate_on_submit():
        return _level_page(group, form, 422)
    preferences.choose_level(
        actor(), group.id, None if form.level.data == AS_EVERYWHERE else form.level.data
    )
    return done(
        url_for("groups.show", slug=group.slug),
        _("Notification settings for %(group)s saved.", group=group.name),
    )


def _level_page(
    group: Group, form: NotificationLevelForm, status: int = 200
) -> ResponseReturnValue:
    return render_page("groups/notifications.html", status=status, group=group, form=form)
