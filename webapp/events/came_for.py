"""What people sign in for on an event's pages."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from ..accounts.came_for import FINDERS, Purpose, continuing_to
from . import access


def register() -> None:
    """Say it for events, answers to them and comments on them."""
    FINDERS["events.show"] = _of_event
    FINDERS["rsvps.show"] = _of_answer
    FINDERS["event_comments.show"] = _of_comment


def _of_event(user: Any, values: Mapping[str, Any], _fragment: str) -> Purpose:
    return continuing_to(_("“%(title)s”", title=access.event_for(user, values["slug"]).title))


def _of_answer(user: Any, values: Mapping[str, Any], _fragment: str) -> Purpose:
    title = access.event_for(user, values["slug"]).title
    return Purpose(
        _("Sign in to answer “%(event)s”", event=title),
        _("Create an account to answer “%(event)s”", event=title),
    )


def _of_comment(user: Any, values: Mapping[str, Any], _fragment: str) -> Purpose:
    title = access.event_for(user, values["slug"]).title
    return Purpose(
        _("Sign in to comment on “%(event)s”", event=title),
        _("Create an account to comment on “%(event)s”", event=title),
    )
