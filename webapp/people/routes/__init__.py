"""The pages of people."""

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue

from ...core.http.pages import redirect_303
from ...core.http.permissions import actor
from .. import avatars, links
from ..access import Renamed
from . import people


def register(app: Flask) -> None:
    """Every page has its address, and every template the faces that its reader may see."""
    for blueprint in (people.bp, people.own_bp):
        app.register_blueprint(blueprint)
    app.register_error_handler(Renamed, _renamed)
    app.jinja_env.globals.update(
        avatar_of=lambda who, *how, **more: avatars.avatar_of(who, actor(), *how, **more),
        page_of=lambda who, together=False: avatars.page_of(who, actor(), together),
        group_picture=avatars.group_picture,
    )
    app.jinja_env.filters["link_words"] = links.words_of


def _renamed(renamed: Renamed) -> ResponseReturnValue:
    """To the same page under the handle that the person has now."""
    return redirect_303(
        url_for(
            request.endpoint or "people.show",
            **{**(request.view_args or {}), "handle": renamed.handle},
        )
    )
