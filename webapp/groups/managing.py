"""The organizers' pages of a group, and what waits on them. Every feature adds its own in its
`register(app)`; the navigation beside the pages and the overview are drawn from here, and show
everyone only what they may come to."""

from collections.abc import Callable, Container
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..accounts.loader import Visitor
from ..accounts.models import User
from ..core.db.session import new_id
from ..core.ui.navigation import Count, NavCount, NavItem, NavSection
from . import access
from .models import MEMBER, Group, Membership

AREA = NavSection()


class View(NamedTuple):
    """A page of the group that can be seen in someone else's eyes; `slug_as`: how its address
    names the group.
    """

    label: Any
    endpoint: str
    slug_as: str
    url: str = ""


VIEWS: dict[str, View] = {}


def page(
    name: str, endpoint: str, label: Any, action: str, icon: str = "info", about_group: bool = False
) -> None:
    """From now on the navigation leads anyone who may do `action` to that page, which says
    `here="name"` to the frame.
    """
    AREA.add_page(NavItem(name, endpoint, label, action, icon, about_group))


def waiting(name: str, label: Any, count: Count, endpoint: str, action: str) -> None:
    """From now on the overview tells anyone who may do `action` how many of these wait:
    `count(group, user)` is a subquery.
    """
    AREA.add_waiting(NavCount(name, label, count, endpoint, action))


def viewable(name: str, label: Any, endpoint: str, slug_as: str = "slug") -> None:
    """From now on who manages a group may look at that page as a visitor or a member does."""
    VIEWS[name] = View(label, endpoint, slug_as)


def views(group: Group, url_for: Callable[..., str], endpoints: Container[str]) -> dict[str, View]:
    """Those pages of the group, with their addresses, of those that an application with these
    endpoints has.
    """
    here = {name: view for name, view in VIEWS.items() if view.endpoint in endpoints}
    return {
        name: view._replace(url=url_for(view.endpoint, **{view.slug_as: group.slug}))
        for name, view in here.items()
    }


def places(user: Any, group: Group, endpoints: Container[str]) -> list[NavItem]:
    """The pages to which `user` may come, of those that an application with these endpoints has."""
    return AREA.places(access.actions_of(user, group), endpoints)


def what_waits(user: Any, group: Group) -> list[tuple[NavCount, int]]:
    """What waits for `user`, in the order of its adding; nothing of which there is none.

    One statement.
    """
    return AREA.what_waits(access.actions_of(user, group), group, user)


VISITOR = "visitor"


def view_as(who: str, group: Group | None, by: User) -> Any:
    """A visitor, or someone who has belonged to the group from its beginning, with the clocks and
    the language of `by`.

    Without a group someone who has an account, and has had it all along.
    """
    if who == VISITOR:
        return Visitor()
    return _member(group, by) if group is not None else _person(by, since=by.created_at)


def _member(group: Group, by: User) -> User:
    person = _person(by, since=group.created_at)
    held = {"role": MEMBER, "code_version": group.code_version, "created_at": group.created_at}
    held_by_them = Membership(id=new_id(), group_id=group.id, user_id=person.id, **held)
    # Of this one person, who is never stored.
    setattr(person, "imagined", held_by_them)  # noqa: B010
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
