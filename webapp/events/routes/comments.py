"""What people say to each other at an event: the conversation's own pages, under the event's
access.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...conversation.routes import comments, thread_page
from ...core.http.page_cache import cached_for_visitors
from ...core.http.permissions import public
from .. import access
from ..comments import EventContainer

bp = Blueprint("comments", __name__, url_prefix="/events/<slug>/comments")


def _place(slug: str) -> EventContainer:
    return EventContainer(access.event_for(current_user, slug))


@bp.get("")
@public
@cached_for_visitors
def show(slug: str) -> ResponseReturnValue:
    """Show the comments, a page at a time or what is new; no sign-in is needed."""
    place = _place(slug)
    return thread_page.show(place, place.thread())


comments.mount(
    bp, "event", _place, _l("Comments are closed. Only hosts and moderators can write here.")
)
