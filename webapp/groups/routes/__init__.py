"""The pages of groups."""

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue

from ...core.errors import error_answer
from ...core.pages import see
from ..access import Moved
from . import (
    bans,
    codes,
    deletions,
    directory,
    join_requests,
    managing,
    members,
    memberships,
    notices,
    ownership,
    pictures,
    questions,
    roles,
    settings,
    topics,
    views,
)

MODULES = (
    *(
        directory,
        pictures,
        deletions,
        memberships,
        join_requests,
        members,
        ownership,
        bans,
        notices,
        roles,
    ),
    *(managing, views, questions, codes, settings, topics),
)


def register(app: Flask) -> None:
    """Every page of groups has its address, and so has a group that moved."""
    for module in MODULES:
        app.register_blueprint(module.bp)
    app.register_error_handler(Moved, _moved)


def _moved(moved: Moved) -> ResponseReturnValue:
    """To the same page of the group at the address that it has now; what was sent to the old one
    is not sent again.
    """
    if request.method != "GET" or request.endpoint is None:
        return error_answer(404)
    if "slug" in (request.view_args or {}):
        return see(
            url_for(
                request.endpoint,
                **{**(request.view_args or {}), **request.args.to_dict(), "slug": moved.slug},
            )
        )
    return see(url_for("groups.show", slug=moved.slug))
