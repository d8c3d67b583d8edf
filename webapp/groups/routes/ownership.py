"""Ownership of a group: offered on the member's page, answered on a page of its own."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, page_with, submitted
from .. import access, ownership, reads
from ..forms.members import OwnershipForm
from ..models import Group, Membership, OwnershipOffer

bp = Blueprint("ownership", __name__)


@bp.get("/groups/<slug>/members/<uuid:membership_id>/ownership")
@opens(access.group_to, "group:offer_ownership", reads.membership_with)
def new(group: Group, membership: Membership) -> ResponseReturnValue:
    """Explain ownership, and what happens to the person who offers it."""
    return _offer_page(group, membership, OwnershipForm())


@bp.post("/groups/<slug>/members/<uuid:membership_id>/ownership")
@opens(access.group_to, "group:offer_ownership", reads.membership_with)
def create(group: Group, membership: Membership) -> ResponseReturnValue:
    """Offer ownership to the member."""
    form = OwnershipForm()
    steps_down = form.steps_down.data == "y"
    return submitted(
        form,
        lambda: idempotency.create_once(
            OwnershipOffer,
            actor(),
            lambda id: ownership.offer(membership, by=actor(), steps_down=steps_down, id=id),
        ),
        again=page_with(_offer_page, form),
        to=url_for("members.edit", slug=group.slug, membership_id=membership.id),
        flash=_(
            "Offer sent to %(name)s. Nothing changes until they accept.",
            name=membership.user.name,
        ),
    )


@bp.post("/groups/<slug>/members/<uuid:membership_id>/ownership/withdrawal")
@opens(access.group_to, "group:offer_ownership", reads.membership_with)
def delete(group: Group, membership: Membership) -> ResponseReturnValue:
    """Withdraw the offer."""
    ownership.withdraw(group, membership.user, by=actor())
    return done(
        url_for("members.edit", slug=group.slug, membership_id=membership.id),
        _("Offer withdrawn."),
    )


@bp.get("/groups/<slug>/ownership")
@opens(access.group_to, "group:answer_offer")
def show(group: Group) -> ResponseReturnValue:
    """Show the ownership offer, or that there is none."""
    return render_page(
        "groups/ownership.html", group=group, offer=reads.offer_for(group, current_user)
    )


@bp.post("/groups/<slug>/ownership/acceptance")
@opens(access.group_to, "group:answer_offer")
def accept(group: Group) -> ResponseReturnValue:
    """Accept ownership."""
    ownership.accept(group, by=actor())
    return done(
        url_for("groups.show", slug=group.slug),
        _("You’re now an owner of %(group)s.", group=group.name),
    )


@bp.post("/groups/<slug>/ownership/refusal")
@opens(access.group_to, "group:answer_offer")
def decline(group: Group) -> ResponseReturnValue:
    """Decline ownership."""
    ownership.decline(group, by=actor())
    return done(url_for("groups.show", slug=group.slug), _("You declined. Nothing changes."))


def _offer_page(
    group: Group, membership: Membership, form: OwnershipForm, status: int = 200
) -> ResponseReturnValue:
    name = membership.user.name
    return render_page(
        "groups/ownership_offer.html",
        status=status,
        group=group,
        title=_("Offer %(name)s ownership?", name=name),
        words=_(
            "An owner can do everything in %(group)s: change roles, remove people and delete the "
            "group. We’ll tell %(name)s, who has 14 days to accept or decline. Nothing changes "
            "until then.",
            group=group.name,
            name=membership.user.first_name,
        ),
        action=url_for("ownership.create", slug=group.slug, membership_id=membership.id),
        verb=_("Offer ownership"),
        keep=_("Cancel"),
        keep_url=url_for("members.edit", slug=group.slug, membership_id=membership.id),
        section="groups",
        danger=False,
        form=form,
    )
