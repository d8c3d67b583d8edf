"""The pages of groups."""

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue

from ...core.http.errors import error_response
from ...core.http.pages import redirect_303
from ..access import GroupMoved
from . import (
    codes,
    directory,
    groups,
    join_requests,
    managing,
    members,
    memberships,
    ownership,
    permissions,
    topics,
)
from .groups import pictures_bp

BLUEPRINTS = (
    directory.bp,
    pictures_bp,
    groups.deletions_bp,
    memberships.bp,
    join_requests.bp,
    members.bp,
    ownership.bp,
    members.bans_bp,
    memberships.levels_bp,
    permissions.roles_bp,
    managing.bp,
    managing.views_bp,
    join_requests.questions_bp,
    codes.bp,
    permissions.bp,
    topics.bp,
)


def register(app: Flask) -> None:
    """Register all pages of groups, and redirects for groups with a new slug."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(GroupMoved, _moved)


def _moved(moved: GroupMoved) -> ResponseReturnValue:
    """Redirect to the same page under the group's current slug; a POST to the old one isn't
    repeated.
    """
    if request.method != "GET" or request.endpoint is None:
        return error_response(404)
    if "slug" in (request.view_args or {}):
        return redirect_303(
            url_for(
                request.endpoint,
                **{**(request.view_args or {}), **request.args.to_dict(), "slug": moved.slug},
            )
        )
    return redirect_303(url_for("groups.show", slug=moved.slug))
