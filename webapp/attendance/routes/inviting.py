"""Inviting people to an event: all members who haven't answered, chosen ones, or email
addresses.
"""

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import page_number, redirect_303, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import if_new, page_with, submitted
from ...core.http.uploads import uploads
from ...events import access
from ...events.models import Event, EventNotice
from ...events.reads import change_notices as reads
from ...groups.access import can as can_in_group, require as require_in_group
from ...invitations.address_import import ParsedAddresses
from ...invitations.forms import AddressesToSend, AddressList
from ...invitations.inviting import MOST_AT_ONCE
from ...invitations.routes.email_invitations import sent_in_words
from .. import inviting
from ..forms.messages import ChooseMembersForm, MembersForm
from ..labels import ANSWERS

bp = Blueprint("event_invitations", __name__, url_prefix="/events/<slug>/manage/invitations")


@bp.get("")
@opens(access.event_to, "event:invite")
def index(event: Event) -> ResponseReturnValue:
    """List invitations, the progress of their emails, and who else can be invited."""
    return _page(event, MembersForm())


@bp.post("/members")
@opens(access.event_to, "event:invite")
@limits.writes_to_people
def create_for_members(event: Event) -> ResponseReturnValue:
    """Invite every member of the group who hasn't answered."""
    form = MembersForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventNotice,
            actor(),
            lambda id: inviting.invite_members(event, actor(), form.message.data or "", id),
        ),
        again=page_with(_page, form),
        to=url_for("event_invitations.index", slug=event.slug),
        flash=if_new(lambda sent: sent_in_words(sent.total)),
    )


@bp.get("/new")
@opens(access.event_to, "event:invite")
def new(event: Event) -> ResponseReturnValue:
    """Show the form for email addresses, or redirect to the list, which says why nobody can be
    invited.
    """
    if inviting.closed_because(event) or not access.is_open_to_others(event):
        return redirect_303(url_for("event_invitations.index", slug=event.slug))
    return _list_page(event, AddressList())


def _too_large(refused: UserError, event: Event) -> ResponseReturnValue:
    form = AddressList(formdata=None)
    return _list_page(event, form.refuse(UserError(refused.message, "file")), refused.status)


@bp.post("/new")
@opens(access.event_to, "event:invite")
@uploads(_too_large)
def read(event: Event) -> ResponseReturnValue:
    """Show how the list was read; nothing is sent or stored."""
    form = AddressList()
    if not form.validate():
        return _list_page(event, form, 422)
    try:
        found = form.read()
    except UserError as broken:
        return _list_page(event, form.refuse(broken), broken.status)
    return _send_page(event, found, form)


@bp.post("")
@opens(access.event_to, "event:invite")
@limits.writes_to_people
def create(event: Event) -> ResponseReturnValue:
    """Send the invitations, once however often the button is pressed."""
    form, delayed = AddressesToSend(), list[str]()

    def send() -> idempotency.Created[EventNotice]:
        if not form.validate():
            raise UserError(_("Check the list again before you send it."))
        found = form.understood()
        addresses = [one.address for one in found.all]
        words, reached = form.message.data or "", limits.may_email_or_wait(delayed)
        return idempotency.create_once(
            EventNotice,
            actor(),
            lambda id: inviting.invite(event, actor(), addresses, words, reached, id),
        )

    def again(refused: UserError, event: Event) -> ResponseReturnValue:
        found = form.shown()
        typed = AddressList()
        typed.addresses.data = "\n".join(one.address for one in found.all)
        return _send_page(event, found, typed, refused)

    return submitted(
        None,
        send,
        again,
        to=url_for("event_invitations.index", slug=event.slug),
        flash=if_new(lambda sent: sent_in_words(sent.total, len(delayed))),
    )


def _page(event: Event, form: MembersForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "invited": reads.invited_to(event, page_number()),
    }
    shown["running"] = reads.running_invitations(event)
    shown["silent"] = inviting.unanswered_count(event, actor()) if event.group is not None else 0
    shown["refusal"] = inviting.closed_because(event)
    sees_members = event.group is not None and can_in_group(
        current_user, "group:view_members", event.group
    )
    shown["may_choose"] = bool(shown["refusal"] is None and shown["silent"] and sees_members)
    shown["by_email"] = access.is_open_to_others(event)
    shown["answers"] = ANSWERS
    parts = {"invited": "attendance/manage/_invited.html"}
    return render_page(
        "attendance/manage/invitations.html", parts, status=status, invalid=status != 200, **shown
    )


def _list_page(event: Event, form: AddressList, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "attendance/manage/invite.html", status=status, event=event, form=form, most=MOST_AT_ONCE
    )


def _send_page(
    event: Event, found: ParsedAddresses, form: AddressList, broken: UserError | None = None
) -> ResponseReturnValue:
    before = inviting.invited_before(event, [one.address for one in found.all])
    good, doubtful = (
        [one for one in part if one.address not in before] for part in (found.valid, found.doubtful)
    )
    values = {"message": form.message.data, "addresses": "\n".join(one.address for one in good)}
    send = AddressesToSend(formdata=None, **values)
    shown: dict[str, Any] = {
        "event": event,
        "found": found,
        "good": good,
        "doubtful": doubtful,
        "list_form": form,
    }
    shown["before"] = [
        (one, before[one.address].created_at) for one in found.all if one.address in before
    ]
    shown["form"] = send.refuse(broken) if broken else send
    return render_page(
        "attendance/manage/address_preview.html",
        status=broken.status if broken else 200,
        most=MOST_AT_ONCE,
        **shown,
    )


members_bp = Blueprint(
    "event_members", __name__, url_prefix="/events/<slug>/manage/invitations/members"
)


def _event_of_group(user: Any, action: str, slug: str) -> Event:
    """Return the event, for hosts who may see the members of its group."""
    event = access.event_to(user, action, slug)
    if event.group is None:
        abort(404)
    require_in_group(user, "group:view_members", event.group)
    return event


@members_bp.get("/new", endpoint="new")
@opens(_event_of_group, "event:invite")
def choose_members(event: Event) -> ResponseReturnValue:
    """List the first members by name, none selected, while people can be invited."""
    if inviting.closed_because(event):
        return redirect_303(url_for("event_invitations.index", slug=event.slug))
    return _choosing_page(event, ChooseMembersForm(formdata=None))


@members_bp.post("/new", endpoint="read")
@opens(_event_of_group, "event:invite")
def find_members(event: Event) -> ResponseReturnValue:
    """Search members, keeping the selected ones; nobody is invited."""
    form = ChooseMembersForm()
    return _choosing_page(event, form, 200 if form.validate() else 422)


@members_bp.post("/chosen", endpoint="create")
@opens(_event_of_group, "event:invite")
@limits.writes_to_people
def invite_chosen(event: Event) -> ResponseReturnValue:
    """Invite the selected members, once however often the button is pressed."""
    form = ChooseMembersForm()
    words = (form.chosen, form.message.data or "")
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventNotice, actor(), lambda id: inviting.invite_chosen(event, actor(), *words, id=id)
        ),
        again=page_with(_choosing_page, form),
        to=url_for("event_invitations.index", slug=event.slug),
        flash=if_new(
            lambda sent: ngettext("1 invitation sent.", "%(num)s invitations sent.", sent.total)
        ),
    )


def _choosing_page(event: Event, form: ChooseMembersForm, status: int = 200) -> ResponseReturnValue:
    people, has_more = inviting.find_members(event, actor(), form.words.data or "", form.chosen)
    form.offer(people)
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "has_more": has_more,
        "most": inviting.SHOWN,
    }
    shown["searched"] = request.method == "POST" and bool(form.words.data)
    return render_page(
        "attendance/manage/invite_members.html", status=status, invalid=status != 200, **shown
    )
