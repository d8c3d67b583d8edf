"""Whoever looks at a group in somebody else's eyes: a visitor, or a plain member who is in no
table.

Access asks such a member's role as it asks everybody's (`access.roles_of`); nothing anywhere knows
that the page is only shown.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from ..accounts.loader import Visitor
from ..accounts.models import User
from ..core.database import new_id
from .models import MEMBER, Group, Membership

VISITOR = "visitor"


def viewer(who: str, group: Group | None, by: User) -> Any:
    """A visitor, or somebody who has belonged to the group from its beginning, with the clocks and
    the language of `by`.

    Without a group somebody who has an account, and has had it all along.
    """
    if who == VISITOR:
        return Visitor()
    return _member(group, by) if group is not None else _person(by, since=by.created_at)


def _member(group: Group, by: User) -> User:
    person = _person(by, since=group.created_at)
    held = {"role": MEMBER, "code_version": group.code_version, "created_at": group.created_at}
    held_by_them = Membership(id=new_id(), group_id=group.id, user_id=person.id, **held)
    setattr(person, "imagined", held_by_them)  # noqa: B010 -- of this one person, who is never stored
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
        shown_to="nobody",
        search_text="",
        **names,
        **looks,
        **been,
    )
