"""Joining, leaving, and a member's notification level."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, acts_alone, opens
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
@opens(access.group_for)
def create(group: Group) -> ResponseReturnValue:
    """Join the group, where no approval is needed."""
    form = JoinForm(group)

    def again(refused: UserError, group: Group) -> ResponseReturnValue:
        if refused.field is None:
            raise refused
        return group_page(group, form.refuse(refused), status=refused.status)

    return submitted(
        None,
        lambda: memberships.join(group, by=actor(), code_version=form.code_version()),
        again,
        to=url_for("groups.show", slug=group.slug),
        flash="" if group.welcome else _("You’ve joined %(group)s.", group=group.name),
    )


@bp.get("/groups/<slug>/membership/removal")
@opens(access.group_for)
def edit(group: Group) -> ResponseReturnValue:
    """Ask before leaving."""
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
@opens(access.group_for)
@acts_alone
def delete(group: Group) -> ResponseReturnValue:
    """Leave the group."""
    memberships.leave(group, by=actor())
    is_visible = access.may_see(current_user, group)
    return done(
        url_for("groups.show", slug=group.slug) if is_visible else url_for("groups.index"),
        _("You’ve left %(group)s.", group=group.name),
    )


levels_bp = Blueprint("group_notifications", __name__, url_prefix="/groups/<slug>/notifications")


@levels_bp.get("", endpoint="edit")
@opens(access.group_to, "group:choose_notifications")
def edit_level(group: Group) -> ResponseReturnValue:
    """Show the notification level for this group."""
    return _level_page(
        group, NotificationLevelForm(level=preferences.level_of(actor(), group.id) or AS_EVERYWHERE)
    )


@levels_bp.post("", endpoint="update")
@opens(access.group_to, "group:choose_notifications")
def update_level(group: Group) -> ResponseReturnValue:
    """Save the notification level for this group."""
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
