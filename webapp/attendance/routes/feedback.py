"""Feedback: attendees give it, guests by their link; hosts read it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.errors import UserError
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import submitted
from ...events import access
from ...events.models import Event, Guest
from .. import feedback, guest_links, rsvps
from ..forms.check_in import FeedbackForm
from ..reads import feedback as reads
from .guest_pages import open_to

bp = Blueprint("feedback", __name__, url_prefix="/events/<slug>/feedback")
guests_bp = Blueprint(
    "guest_feedback", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/feedback"
)
hosts_bp = Blueprint("event_feedback", __name__, url_prefix="/events/<slug>/manage/feedback")


@bp.get("")
@opens(access.event_to, "event:view")
def new(event: Event) -> ResponseReturnValue:
    """Show the feedback form, or why there is none."""
    return _page(event, actor(), event.path)


@bp.post("")
@opens(access.event_to, "event:view")
def create(event: Event) -> ResponseReturnValue:
    """Save the feedback."""
    return _taken(event, actor(), event.path)


@guests_bp.get("")
@opens(open_to, to_visitors=True)
def new_guest(guest: Guest) -> ResponseReturnValue:
    """Show the feedback form to a guest."""
    return _page(guest.event, guest, guest_links.path(guest))


@guests_bp.post("")
@opens(open_to, to_visitors=True)
def create_guest(guest: Guest) -> ResponseReturnValue:
    """Save the guest's feedback."""
    return _taken(guest.event, guest, guest_links.path(guest))


@hosts_bp.get("")
@opens(access.event_to, "event:see_feedback")
def index(event: Event) -> ResponseReturnValue:
    """Show the average, the ratings and the comments."""
    shown: dict[str, Any] = {
        "results": reads.results_of(event),
        "comments": reads.comments_of(event, page_number()),
    }
    shown |= {
        "closed": feedback.closed_because(event),
        "least": feedback.LEAST,
        "words_for": reads.words_for,
    }
    return render_page("attendance/manage/feedback.html", event=event, **shown)


def _taken(event: Event, who: Any, back: str) -> ResponseReturnValue:
    form = FeedbackForm(event)
    if not form.validate():
        return _page(event, who, back, form, 422)

    def again(refused: UserError, _found: Event | Guest) -> ResponseReturnValue:
        now = FeedbackForm(event)
        now.way.data = event.feedback
        return _page(event, who, back, now.refuse(refused), refused.status)

    return submitted(
        None,
        lambda: feedback.submit(
            event, who, form.stars.data, form.comment.data or "", form.way.data or ""
        ),
        again,
        to=f"{back}/feedback",
        flash=_("Thank you for your feedback."),
    )


def _page(
    event: Event, who: Any, back: str, form: FeedbackForm | None = None, status: int = 200
) -> ResponseReturnValue:
    refusal = feedback.refusal_of(event, who, rsvps.of(event, who))
    earlier = feedback.of(event, who) if refusal is None else None
    if form is None and refusal is None:
        form = FeedbackForm(event, earlier, formdata=None)
    shown: dict[str, Any] = {"refusal": refusal, "earlier": earlier, "form": form, "back": back}
    shown["until"] = event.ends_at + feedback.LASTS
    return render_page("attendance/feedback.html", status=status, event=event, **shown)
