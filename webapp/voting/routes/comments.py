"""Comments on a vote: the routes of `conversation`, with the vote's access rules."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...conversation.routes import comments, thread_page
from ...core.http.permissions import permission
from .. import access
from ..comments import VoteContainer

bp = Blueprint("vote_comments", __name__, url_prefix="/votes/<slug>/comments")


def _container(slug: str) -> VoteContainer:
    return VoteContainer(access.vote_for(current_user, slug))


@bp.get("")
@permission("vote:view")
def show(slug: str) -> ResponseReturnValue:
    """Show the comments, a page at a time or what is new."""
    container = _container(slug)
    return thread_page.show(container, container.thread())


comments.mount(bp, "vote", _container, _l("Comments closed. Only moderators can still write here."))
