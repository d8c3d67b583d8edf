"""Help: what the features explain about themselves, read by everyone."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from ...core.http.forms import query_text
from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import render_page
from ...core.http.permissions import public
from ...core.ui import help
from .. import help_search

bp = Blueprint("help", __name__, url_prefix="/help")
#: Letters that are looked for.
MOST = 100


@bp.get("")
@public
@cached_for_visitors
def index() -> ResponseReturnValue:
    """List the help pages by topic; with ?q= those that contain these words."""
    words = query_text(most=MOST)
    return render_page(
        "help/index.html", parts_of=help.parts_of, words=words, hits=help_search.found(words)
    )


@bp.get("/<slug>")
@public
@cached_for_visitors
def show(slug: str) -> ResponseReturnValue:
    """Show a help page."""
    topic = help.TOPICS.get(slug) or abort(404)
    return render_page(
        topic.template, topic=topic, parent=help.TOPICS.get(topic.part), **topic.context()
    )
