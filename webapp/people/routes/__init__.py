"""The pages of people."""

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue

from ...core.pages import see
from ...core.permissions import me
from .. import faces, links
from ..access import Renamed
from . import own, people


def register(app: Flask) -> None:
    """Every page has its address, and every template the faces that its reader may see."""
    for module in (people, own):
        app.register_blueprint(module.bp)
    app.register_error_handler(Renamed, _renamed)
    app.jinja_env.globals.update(
        avatar_of=lambda who, *how, **more: faces.avatar_of(who, me(), *how, **more),
        page_of=lambda who, together=False: faces.page_of(who, me(), together),
        group_picture=faces.group_picture,
    )
    app.jinja_env.filters["link_words"] = links.words_of


def _renamed(renamed: Renamed) -> ResponseReturnValue:
    """To the same page under the handle that the person has now."""
    return see(
        url_for(
            request.endpoint or "people.show",
            **{**(request.view_args or {}), "handle": renamed.handle},
        )
    )
