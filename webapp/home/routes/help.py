"""Help: what the features explain about themselves, read by everyone."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from ...core import help
from ...core.forms import given
from ...core.pages import render_page
from ...core.permissions import public
from ...core.validated import validated
from .. import help_search

bp = Blueprint("help", __name__, url_prefix="/help")
#: Letters that are looked for.
MOST = 100


@bp.get("")
@public
@validated
def index() -> ResponseReturnValue:
    """Every page of help, those that belong together under one heading; with `q` those that say
    these words.
    """
    words = given(most=MOST)
    return render_page(
        "help/index.html", parts_of=help.parts_of, words=words, hits=help_search.found(words)
    )


@bp.get("/<slug>")
@public
@validated
def show(slug: str) -> ResponseReturnValue:
    """One of them."""
    topic = help.TOPICS.get(slug) or abort(404)
    return render_page(
        topic.template, topic=topic, parent=help.TOPICS.get(topic.part), **topic.context()
    )
