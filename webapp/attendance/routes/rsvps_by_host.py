"""Hosts answer for others."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import page_with, submitted
from ...events import access
from ...events.models import Event, Rsvp
from .. import rsvps, rsvps_by_host
from ..forms.registration import HostedForm
from ..labels import status_in_words
from ..registration import answers
from ..registration.form import registration_form

bp = Blueprint("host_answers", __name__, url_prefix="/events/<slug>/manage/answers")


@bp.get("")
@opens(access.event_to, "event:edit")
def index(event: Event) -> ResponseReturnValue:
    """Show the form to answer for someone (?who=), and the answers that hosts gave."""
    return _list(
        event,
        HostedForm(event, registration_form(event).tickets, who=request.args.get("who", "")[:200]),
    )


@bp.post("")
@opens(access.event_to, "event:edit")
@limits.adds_people
def create(event: Event) -> ResponseReturnValue:
    """Answer for someone, and notify them."""
    form = HostedForm(event, registration_form(event).tickets)

    def answer() -> Rsvp:
        who = rsvps_by_host.find_person(event, form.who.data or "")
        return rsvps_by_host.answer_for(event, by=actor(), who=who, **form.values())

    return submitted(
        form,
        answer,
        again=page_with(_list, form),
        to=url_for("host_answers.index", slug=event.slug),
        flash=_saved_in_words,
    )


@bp.get("/<uuid:rsvp_id>")
@opens(access.event_to, "event:edit", rsvps.with_id)
def edit(event: Event, row: Rsvp) -> ResponseReturnValue:
    """Show the form to change someone's answer."""
    return _one(event, row, HostedForm(event, registration_form(event).tickets, row))


@bp.post("/<uuid:rsvp_id>")
@opens(access.event_to, "event:edit", rsvps.with_id)
@limits.answers_people
def update(event: Event, row: Rsvp) -> ResponseReturnValue:
    """Change someone's answer, and notify them."""
    form = HostedForm(event, registration_form(event).tickets, row)
    return submitted(
        form,
        lambda: rsvps_by_host.change(event, actor(), row.id, **form.values()),
        again=page_with(_one, form),
        to=url_for("host_answers.index", slug=event.slug),
        flash=_saved_in_words,
    )


def _saved_in_words(row: Rsvp) -> str:
    return _("Saved. We’ll tell %(name)s that you answered for them.", name=row.who.name)


def _list(event: Event, form: HostedForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "closed": rsvps.closed_because(event, to_hosts=True),
    }
    return render_page(
        "attendance/manage/answers.html", status=status, rows=answers.hosted(event), **shown
    )


def _one(event: Event, row: Rsvp, form: HostedForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "row": row,
        "form": form,
        "standing_of": status_in_words,
    }
    shown["closed"] = rsvps.closed_because(event, to_hosts=True)
    return render_page("attendance/manage/answer.html", status=status, **shown)
