"""Writing to the hosts."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits, once
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, messages
from ..audience import hosts_of
from ..forms.messages import MessageForm
from ..models import Event, HostMessage

bp = Blueprint("messages", __name__, url_prefix="/events/<slug>/message")


@bp.get("")
@permission("event:contact")
def new(slug: str) -> ResponseReturnValue:
    """The form, with who will read it."""
    return _page(_event(slug), MessageForm())


@bp.post("")
@permission("event:contact")
@limits.writes_to_people
def create(slug: str) -> ResponseReturnValue:
    """The hosts have it by mail, once however often the button is pressed."""
    event, form = _event(slug), MessageForm()
    if not form.validate():
        return _page(event, form, 422)
    try:
        once.made(HostMessage, me(), lambda id: messages.send(event, me(), form.body.data or "", id))
    except RuleBroken as broken:
        db.session.rollback()
        return _page(event, form.refuse(broken), broken.status)
    flash(_("Sent. The hosts answer you by mail."), "yes")
    return see(url_for("events.show", slug=event.slug))


def _event(slug: str) -> Event:
    event = access.event_for(current_user, slug)
    access.require(current_user, "event:contact", event)
    return event


def _page(event: Event, form: MessageForm, status: int = 200) -> ResponseReturnValue:
    hosts = hosts_of(event)
    return render_page("events/message.html", status=status, event=event, form=form, hosts=hosts, invalid=status != 200)
