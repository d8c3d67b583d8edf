"""Requests to join, and the hosts' decisions."""

from typing import Any

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from ...core.extensions import db
from ...core.http import limits
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done
from ...events import access
from ...events.models import GOING, Event, Rsvp
from .. import approvals, rsvps, waitlist
from ..forms.registration import ApprovalForm
from ..registration import answers

bp = Blueprint("event_approvals", __name__, url_prefix="/events/<slug>/manage/approvals")


@bp.get("")
@opens(access.event_to, "event:edit")
def index(event: Event) -> ResponseReturnValue:
    """List the requests, the longest waiting first, and those that were declined."""
    shown: dict[str, Any] = {"asking": answers.requests(event), "refused": answers.refused(event)}
    shown["closed"] = rsvps.closed_because(event, to_hosts=True)
    shown["some_fit"] = any(waitlist.has_room(row, row.party) for row in shown["asking"])
    return render_page(
        "attendance/manage/approvals.html",
        {"approvals": "attendance/manage/_approvals.html"},
        event=event,
        **shown,
    )


@bp.post("")
@opens(access.event_to, "event:edit")
@limits.answers_people
def create(event: Event) -> ResponseReturnValue:
    """Approve everyone who fits, in the order of their requests."""
    number = approvals.approve_fitting(event, by=actor())
    db.session.commit()
    if number:
        flash(ngettext("1 request approved.", "%(num)s requests approved.", number))
    elif answers.requests(event):
        flash(_("There aren’t enough seats for any of the requests."))
    return redirect_303(url_for("event_approvals.index", slug=event.slug))


@bp.post("/<uuid:rsvp_id>")
@opens(access.event_to, "event:edit", rsvps.with_id)
@limits.answers_people
def update(event: Event, asked: Rsvp) -> ResponseReturnValue:
    """Approve or decline one request; without a free seat the person waits."""
    form = ApprovalForm()
    if not form.validate():
        abort(422)
    if form.do.data in ("approve", "admit"):
        row = approvals.approve(event, asked.id, by=actor(), after_all=form.do.data == "admit")
        message = (
            _("%(name)s is going.")
            if row.state == GOING
            else _("%(name)s is on the waiting list. There aren’t enough free seats yet.")
        )
    else:
        row = approvals.decline(event, asked.id, by=actor(), sentence=form.sentence.data or "")
        message = _("%(name)s was declined.")
    name = row.who.name
    return done(url_for("event_approvals.index", slug=event.slug), message % {"name": name})
