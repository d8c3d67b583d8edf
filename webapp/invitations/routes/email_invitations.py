"""Inviting by email and by link.

A list of addresses is parsed and previewed before anything is sent.
"""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import if_new, page_with, submitted
from ...core.http.uploads import uploads
from ...groups import access as group_access
from ...groups.models import Group
from .. import access, invite_links, inviting
from ..address_import import ParsedAddresses
from ..forms import InviteLinkForm, ListForm, SendForm
from ..inviting import Invited
from ..models import GroupInvitation, Mailing

bp = Blueprint("email_invitations", __name__, url_prefix="/groups/<slug>/manage/invitations")


@bp.get("/new")
@opens(group_access.group_to, access.INVITE)
def new(group: Group) -> ResponseReturnValue:
    """Show the form for a list of addresses."""
    return _list_page(group, ListForm(access.roles_for(current_user, group)))


def _too_large(refused: UserError, group: Group) -> ResponseReturnValue:
    form = ListForm(access.roles_for(current_user, group), formdata=None)
    return _list_page(group, form.refuse(UserError(refused.message, "file")), refused.status)


@bp.post("/new")
@opens(group_access.group_to, access.INVITE)
@uploads(_too_large)
def read(group: Group) -> ResponseReturnValue:
    """Show how the list was read; nothing is sent or stored."""
    form = ListForm(access.roles_for(current_user, group))
    if not form.validate():
        return _list_page(group, form, 422)
    try:
        found = form.read()
    except UserError as broken:
        return _list_page(group, form.refuse(broken), broken.status)
    return _send_page(group, found, form)


@bp.post("")
@opens(group_access.group_to, access.INVITE)
@limits.writes_to_people
def create(group: Group) -> ResponseReturnValue:
    """Send the invitations, once however often the button is pressed."""
    form, delayed = SendForm(access.roles_for(current_user, group)), list[str]()

    def send() -> idempotency.Created[Mailing]:
        if not form.validate():
            raise UserError(_("Check the list again before you send it."))
        found = form.understood()
        return idempotency.create_once(
            Mailing, actor(), lambda id: _invite(group, form.whom(found), delayed, id)
        )

    def again(refused: UserError, group: Group) -> ResponseReturnValue:
        found = form.shown()
        typed = ListForm(access.roles_for(current_user, group))
        typed.addresses.data = "\n".join(one.address for one in found.all)
        return _send_page(group, found, typed, refused)

    return submitted(
        None,
        send,
        again,
        to=url_for("invitations.index", slug=group.slug),
        flash=if_new(lambda sent: sent_in_words(sent.number, len(delayed))),
    )


def _invite(group: Group, whom: Invited, delayed: list[str], id: UUID) -> Mailing:
    """Create the mailing; addresses that got too many emails recently are added to `delayed`."""
    return inviting.invite(group, actor(), whom, limits.may_email_or_wait(delayed), id)


def sent_in_words(number: int, waiting: int = 0) -> str:
    """Say how many invitations were sent, and how many addresses have to wait."""
    sent = ngettext("1 invitation sent.", "%(num)s invitations sent.", number)
    if not waiting:
        return sent
    late = ngettext(
        "1 address has just been sent several emails from this site. Invite it in an hour.",
        "%(num)s addresses have just been sent several emails from this site. Invite them in an "
        "hour.",
        waiting,
    )
    return f"{sent} {late}"


def _list_page(group: Group, form: ListForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "invitations/new.html", status=status, group=group, form=form, most=inviting.MOST_AT_ONCE
    )


def _send_page(
    group: Group, found: ParsedAddresses, form: ListForm, broken: UserError | None = None
) -> ResponseReturnValue:
    before = inviting.recently_emailed(group, [one.address for one in found.all])
    good, doubtful = (
        [one for one in part if one.address not in before] for part in (found.valid, found.doubtful)
    )
    values = {
        "role": form.role.data,
        "message": form.message.data,
        "addresses": "\n".join(one.address for one in good),
    }
    send = SendForm(access.roles_for(current_user, group), formdata=None, **values)
    return render_page(
        "invitations/address_preview.html",
        status=broken.status if broken else 200,
        group=group,
        form=send.refuse(broken) if broken else send,
        list_form=form,
        found=found,
        good=good,
        doubtful=doubtful,
        before=[(one, before[one.address].sent_at) for one in found.all if one.address in before],
        role_name=group_access.ROLE_NAMES.get(form.role.data or "", ""),
        most=inviting.MOST_AT_ONCE,
    )


links_bp = Blueprint(
    "invitation_links", __name__, url_prefix="/groups/<slug>/manage/invitations/links"
)


@links_bp.get("/new", endpoint="new")
@opens(group_access.group_to, access.INVITE)
def new_link(group: Group) -> ResponseReturnValue:
    """Show the form for a link: duration, number of people, role."""
    return _link_page(group, InviteLinkForm(access.roles_for(current_user, group)))


@links_bp.post("/new", endpoint="create")
@opens(group_access.group_to, access.INVITE)
def create_link(group: Group) -> ResponseReturnValue:
    """Create a link, and show it."""
    form = InviteLinkForm(access.roles_for(current_user, group))
    values = {
        "role": form.role.data,
        "life": form.life.data,
        "most": form.most.data,
        "label": form.label.data or "",
    }
    return submitted(
        form,
        lambda: idempotency.create_once(
            GroupInvitation,
            actor(),
            lambda id: invite_links.make_link(group, actor(), id=id, **values),
        ),
        again=page_with(_link_page, form),
        to=lambda made: url_for("invitations.show", slug=group.slug, invited_id=made.row.id),
        flash=_(
            "Link created. Anyone who has it can join, so share it only with people you want "
            "to invite."
        ),
    )


def _link_page(group: Group, form: InviteLinkForm, status: int = 200) -> ResponseReturnValue:
    return render_page("invitations/link.html", status=status, group=group, form=form)
