"""The first page, and help: what the features explain about themselves."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ..core.http.forms import query_text
from ..core.http.page_cache import cached_for_visitors
from ..core.http.pages import render_page
from ..core.http.permissions import admins_may, public
from ..core.http.submit import done
from ..core.ui import help
from . import first_page, help_search, member_page, site_setup

bp = Blueprint("home", __name__)

PARTS = {name: f"home/_{name}.html" for name in ("next", "needs", "coming", "news", "groups")}


@bp.get("/")
@public
@cached_for_visitors
def show() -> ResponseReturnValue:
    """Show the visitor's first page, or for members what is next."""
    if not current_user.is_authenticated:
        return render_page("home/visitor.html", **first_page.visitor_page())
    return render_page("home/member.html", PARTS, **member_page.member_page(current_user))


@bp.post("/setup/hiding")
@admins_may("site:setup")
def hide_setup() -> ResponseReturnValue:
    """Hide the list of what there is to do on a new site."""
    site_setup.hide()
    return done(url_for(".show"))


help_bp = Blueprint("help", __name__, url_prefix="/help")
#: Letters that are looked for.
MOST_WORDS = 100


@help_bp.get("", endpoint="index")
@public
@cached_for_visitors
def list_help() -> ResponseReturnValue:
    """List the help pages by topic; with ?q= those that contain these words."""
    words = query_text(most=MOST_WORDS)
    return render_page(
        "help/index.html", parts_of=help.parts_of, words=words, hits=help_search.found(words)
    )


@help_bp.get("/<slug>", endpoint="show")
@public
@cached_for_visitors
def show_help(slug: str) -> ResponseReturnValue:
    """Show a help page."""
    topic = help.TOPICS.get(slug) or abort(404)
    return render_page(
        topic.template, topic=topic, parent=help.TOPICS.get(topic.part), **topic.context()
    )


BLUEPRINTS = [bp, help_bp]
