"""The managers' pages of a group, and what needs attention there.

Every feature adds its own in its `register(app)`.
"""

from collections.abc import Callable, Container
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User, Visitor
from ..core.db.base import new_id
from ..core.ui.navigation import Area, Menu, Question
from . import access
from .models import MEMBER, Group, Membership

AREA = Area(
    overview="group_manage.show",
    overview_action="group:manage",
    action="group:edit",
    values=lambda group, _user: {"slug": group.slug},
    headings={
        "people": _l("People"),
        "content": _l("Content"),
        "moderation": _l("Moderation"),
        "settings": _l("Settings"),
    },
)


def menu(user: Any, group: Group, is_overview: bool = False) -> Menu:
    """Return the pages that `user` may open, and for the overview its further parts."""
    return AREA.menu(access.actions_of(user, group), group, user, is_overview=is_overview)


def has(model: Any) -> Question:
    """Return whether the group has a row of this model, as a part of a statement."""
    return lambda group, _user: sa.exists().where(model.group_id == group.id)


class View(NamedTuple):
    """A page of the group that managers can view as someone else; `slug_as`: the URL parameter for
    the group.
    """

    label: Any
    endpoint: str
    slug_as: str
    url: str = ""


VIEWS: dict[str, View] = {}


def viewable(name: str, label: Any, endpoint: str, slug_as: str = "slug") -> None:
    """Let managers view that page as a visitor or a member."""
    VIEWS[name] = View(label, endpoint, slug_as)


def views(group: Group, url_for: Callable[..., str], endpoints: Container[str]) -> dict[str, View]:
    """Return the group's viewable pages with their URLs, if the application has their endpoints."""
    here = {name: view for name, view in VIEWS.items() if view.endpoint in endpoints}
    return {
        name: view._replace(url=url_for(view.endpoint, **{view.slug_as: group.slug}))
        for name, view in here.items()
    }


VISITOR = "visitor"


def view_as(who: str, group: Group | None, by: User) -> Any:
    """Return a visitor, or an invented member from the group's beginning, with the zone and
    language of `by`.

    Without a group, an invented account as old as that of `by`.
    """
    if who == VISITOR:
        return Visitor()
    return _member(group, by) if group is not None else _person(by, since=by.created_at)


def _member(group: Group, by: User) -> User:
    person = _person(by, since=group.created_at)
    held = {"role": MEMBER, "code_version": group.code_version, "created_at": group.created_at}
    held_by_them = Membership(id=new_id(), group_id=group.id, user_id=person.id, **held)
    # Only for this person, who is never stored.
    setattr(person, "is_preview", held_by_them)  # noqa: B010
    return person


def _person(by: User, since: datetime) -> User:
    names = {
        "first_name": _("Any"),
        "last_name": _("Member"),
        "handle": "any-member",
        "email": "any@member.invalid",
    }
    looks = {name: getattr(by, name) for name in ("zone", "locale", "theme", "accent", "text_size")}
    been = {"created_at": since, "verified_at": since, "approved_at": since}
    return User(
        id=new_id(),
        password_hash="",
        is_admin=False,
        profile_visibility="nobody",
        search_text="",
        **names,
        **looks,
        **been,
    )
