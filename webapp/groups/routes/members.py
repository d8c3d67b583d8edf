"""A group's members: the list, its download, one member, and bans."""

from itertools import chain
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.forms import query_text
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, acts_alone, opens
from ...core.http.submit import done, page_with, submitted
from ...core.text import csv_download
from ...people import reads as people
from .. import access, memberships, reads, roster
from ..forms.members import MemberRemovalForm, RoleForm
from ..models import OWNER, ROLES, Ban, Group, Membership

bp = Blueprint("members", __name__)

BELOW_OWNER = ROLES[ROLES.index(OWNER) + 1 :]


@bp.get("/groups/<slug>/members")
@opens(access.group_to, "group:view_members")
def index(group: Group) -> ResponseReturnValue:
    """List the members, filtered by search and role, in one of four orders."""
    return render_page(
        "groups/members.html", {"members": "groups/_members.html"}, group=group, **listed(group)
    )


def listed(group: Group) -> dict[str, Any]:
    """Return what the list of members shows for the query string."""
    criteria = criteria_from_request()
    listing = roster.members_of(group, criteria, page_number())
    return {
        "may": access.actions_of(current_user, group),
        "listing": listing,
        "online": people.online(actor(), [one.user for one in listing.items]),
        "criteria": criteria,
        "role_names": access.ROLE_NAMES,
    }


def criteria_from_request() -> roster.MemberSearch:
    """Read the search from the query string; unknown values are ignored."""
    role, sort = query_text("role"), query_text("sort")
    return roster.MemberSearch(
        query_text(), role if role in ROLES else "", sort if sort in roster.SORTS else ""
    )


@bp.get("/groups/<slug>/members.csv")
@opens(access.group_to, "group:export_members")
def export(group: Group) -> ResponseReturnValue:
    """Export the members as CSV, without email addresses."""
    roles = {role: str(name) for role, name in access.ROLE_NAMES.items()}
    head = [_("Given name"), _("Family name"), _("Handle"), _("Role"), _("Joined")]
    rows = (
        [*who, roles[role], joined.date().isoformat()]
        for *who, role, joined in map(tuple, roster.table_of(group))
    )
    return csv_download.download(f"{group.slug}-members", chain([head], rows))


@bp.get("/groups/<slug>/members/<uuid:membership_id>")
@opens(access.group_to, "group:change_lower_roles", reads.membership_with)
def edit(group: Group, membership: Membership) -> ResponseReturnValue:
    """Show what can be changed about one member."""
    return _member_page(group, membership)


@bp.post("/groups/<slug>/members/<uuid:membership_id>")
@opens(access.group_to, "group:change_lower_roles", reads.membership_with)
@acts_alone
def update(group: Group, membership: Membership) -> ResponseReturnValue:
    """Change the member's role."""
    form = RoleForm(_roles(group, membership))
    here: dict[str, Any] = {**criteria_from_request().query, "page": request.args.get("page")}
    return submitted(
        form,
        lambda: memberships.change_role(membership, form.role.data, by=actor()),
        again=page_with(_member_page, form),
        to=url_for("group_manage.members", slug=group.slug, **here),
        flash=lambda _result: _(
            "%(name)s’s new role: %(role)s.",
            name=membership.user.name,
            role=str(access.ROLE_NAMES[membership.role]),
        ),
    )


@bp.get("/groups/<slug>/members/<uuid:membership_id>/removal")
@opens(access.group_to, "group:remove_members", reads.membership_with)
def removal(group: Group, membership: Membership) -> ResponseReturnValue:
    """Ask before the member is removed."""
    return _removal_page(group, membership, MemberRemovalForm(group.zone))


@bp.post("/groups/<slug>/members/<uuid:membership_id>/removal")
@opens(access.group_to, "group:remove_members", reads.membership_with)
def delete(group: Group, membership: Membership) -> ResponseReturnValue:
    """Remove the member."""
    form = MemberRemovalForm(group.zone)
    return submitted(
        form,
        lambda: memberships.remove(
            membership,
            by=actor(),
            reason=form.reason.data or "",
            banned=form.banned.data,
            until=form.ends_at(),
        ),
        again=page_with(_removal_page, form),
        to=url_for("group_manage.members", slug=group.slug),
        flash=_("%(name)s is no longer a member.", name=membership.user.name),
    )


def givable(group: Group) -> list[str]:
    """Return the roles that the reader may give and take in this group.

    Someone who may take an owner's role still can't make anyone an owner.
    """
    return [role for role in ROLES if access.can_give(current_user, group, role)]


def _roles(group: Group, membership: Membership) -> list[str]:
    """The roles that the reader may give this member: owner only if they are one."""
    return [role for role in givable(group) if role in (membership.role, *BELOW_OWNER)]


def _member_page(
    group: Group, membership: Membership, form: RoleForm | None = None, status: int = 200
) -> ResponseReturnValue:
    roles, may = _roles(group, membership), access.actions_of(current_user, group)
    return render_page(
        "groups/member.html",
        status=status,
        group=group,
        membership=membership,
        form=form or RoleForm(roles, role=membership.role),
        may_change=membership.role in roles,
        may_remove=access.can_remove(current_user, membership),
        may_offer="group:offer_ownership" in may and membership.role != OWNER,
        offer=reads.offer_to(group, membership.user),
        role_names=access.ROLE_NAMES,
    )


def _removal_page(
    group: Group, membership: Membership, form: MemberRemovalForm, status: int = 200
) -> ResponseReturnValue:
    if not access.can_remove(current_user, membership):
        abort(403)
    return render_page(
        "groups/removal.html",
        group=group,
        status=status,
        title=_("Remove %(name)s?", name=membership.user.name),
        words=_(
            "They’ll lose their seats at members’ events and their say in open votes. We’ll tell "
            "them, with the reason."
        ),
        action=url_for("members.delete", slug=group.slug, membership_id=membership.id),
        verb=_("Remove from the group"),
        keep=_("Cancel"),
        keep_url=url_for("group_manage.members", slug=group.slug),
        section="groups",
        form=form,
    )


bans_bp = Blueprint("bans", __name__)


@bans_bp.get("/groups/<slug>/bans", endpoint="index")
@opens(access.group_to, "group:remove_members")
def list_bans(group: Group) -> ResponseReturnValue:
    """List the banned people, with the reasons."""
    return render_page("groups/bans.html", group=group, bans=reads.bans_of(group))


@bans_bp.post("/groups/<slug>/bans/<uuid:ban_id>/removal", endpoint="delete")
@opens(access.group_to, "group:remove_members", reads.ban_with)
def lift_ban(group: Group, ban: Ban) -> ResponseReturnValue:
    """Lift the ban: the person can join or ask again."""
    name = ban.user.name
    memberships.unban(ban, group, by=actor())
    return done(
        url_for("bans.index", slug=group.slug),
        _("Ban lifted. %(name)s can join or ask again.", name=name),
    )
