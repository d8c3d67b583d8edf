"""The first page, help pages, and the web manifest for phones."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ..core import site_settings
from ..core.http.forms import query_text
from ..core.http.page_cache import cached_for_visitors
from ..core.http.pages import render_page
from ..core.http.permissions import admins_may, public
from ..core.http.submit import done
from ..core.storage import pictures
from ..core.ui import help
from . import first_page, help_search, member_page, site_card, site_setup

bp = Blueprint("home", __name__)

PARTS = {name: f"home/_{name}.html" for name in ("next", "needs", "coming", "news", "groups")}


@bp.get("/")
@public
@cached_for_visitors
def show() -> ResponseReturnValue:
    """Show the introduction to visitors, and the overview to members."""
    if not current_user.is_authenticated:
        return render_page("home/visitor.html", **first_page.visitor_page())
    return render_page("home/member.html", PARTS, **member_page.member_page(current_user))


@bp.post("/setup/hiding")
@admins_may("site:setup")
def hide_setup() -> ResponseReturnValue:
    """Hide the setup list of a new site."""
    site_setup.hide()
    return done(url_for(".show"))


help_bp = Blueprint("help", __name__, url_prefix="/help")
#: Letters of a search that are read.
MOST_WORDS = 100


@help_bp.get("", endpoint="index")
@public
@cached_for_visitors
def list_help() -> ResponseReturnValue:
    """List the help pages by topic; with ?q= those that contain these words."""
    words = query_text(most=MOST_WORDS)
    return render_page(
        "help/index.html", parts_of=help.parts_of, words=words, hits=help_search.find(words)
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


@bp.get("/picture/<uuid:picture>/<int:size>")
@public
def show_picture(picture: UUID, size: int) -> Response:
    """Serve the card that other sites show of this site."""
    if picture != site_card.card_id():
        abort(404)
    return pictures.answer_drawn(picture, size, site_card.drawn_card)


web_manifest_bp = Blueprint("web_manifest", __name__)
#: The background while the app starts.
PAPER = "#faf8f0"
ICON_SIZES = (192, 512)


@web_manifest_bp.get("/site.webmanifest", endpoint="show")
@public
@cached_for_visitors
def show_manifest() -> ResponseReturnValue:
    """Serve the site's name and icons to phones."""
    static_url: Any = current_app.jinja_env.globals["static_url"]
    name, logo = site_settings.value("SITE_NAME"), site_settings.value("LOGO")
    response = jsonify(
        name=name,
        short_name=name,
        id="/",
        start_url="/",
        display="standalone",
        background_color=PAPER,
        theme_color=PAPER,
        icons=[
            {
                "src": f"/logo/{logo}/{size}" if logo else static_url(f"icons/{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any" if logo else "any maskable",
            }
            for size in ICON_SIZES
        ],
    )
    response.mimetype = "application/manifest+json"
    return response


BLUEPRINTS = [bp, help_bp, web_manifest_bp]
