"""What can be reported from features left of this one: people and groups."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.exceptions import NotFound

from ..accounts.models import NOBODY, User
from ..core.extensions import db
from ..groups import access as group_access, groups as hiding, questions, reads as groups
from ..groups.models import OWNER, SECRET, Group, Membership
from ..people import access as people, reads as profiles
from .reportable_types import Around, Reportable, paragraphs, reportable


def register() -> None:
    """Register people and groups as reportable."""
    reportable(_people(), _groups())


def _people() -> Reportable:
    return Reportable(
        name="person",
        title=_l("A person"),
        icon="people",
        load=_person,
        find=_anybody,
        label=lambda person: person.name,
        url=lambda person: f"/people/{person.handle}",
        group=lambda person: None,
        author=lambda person: person,
        excerpt=_says,
        places=shared_groups,
    )


def _groups() -> Reportable:
    return Reportable(
        name="group",
        title=_l("A group"),
        icon="star",
        load=_group,
        find=_any_group,
        label=lambda group: group.name,
        url=lambda group: group.path,
        group=lambda group: None,
        author=lambda group: None,
        excerpt=_describes,
        hide=lambda group, by, reason: hiding.hide(group, by),
        unhide=hiding.unhide,
        is_hidden=lambda group: group.is_hidden,
        may_hide=lambda group: group.visibility != SECRET or group.awaits_approval,
        hiding=_hiding,
        around=_members,
        answerable=lambda group: groups.members(group, OWNER),
    )


def _hiding(group: Group) -> str:
    if group.awaits_approval:
        return _("You decline the name. Only members can see the group.")
    return _("Only members can see it any more.")


def shared_groups(user: Any, person: User) -> list[Group]:
    """Return the existing groups that both belong to, by name."""
    if user.id is None:
        return []
    mine, theirs = (
        sa.select(Membership.group_id).where(Membership.user_id == one.id) for one in (user, person)
    )
    both = sa.select(Group).where(
        Group.id.in_(mine), Group.id.in_(theirs), Group.deleted_at.is_(None)
    )
    return list(db.session.scalars(both.order_by(Group.name, Group.id)))


def _anybody(user_id: UUID) -> User | None:
    person = db.session.get(User, user_id)
    return person if person is not None and person.erased_at is None else None


def _person(user: Any, user_id: UUID) -> User:
    """Someone whose profile `user` may see, or with whom they share a group. Raises NotFound."""
    person = _anybody(user_id)
    if person is None or not (
        people.may_see(user, person) or (person.is_active and groups.share_a_group(user, person))
    ):
        raise NotFound()
    return person


def _says(person: User) -> str:
    """The profile's text, if anyone but the person may see it: a report doesn't open a profile."""
    if person.profile_visibility == NOBODY:
        return f"{person.name}, @{person.handle}"
    profile = profiles.profile_of(person)
    return paragraphs(f"{person.name}, @{person.handle}", profile.bio, "\n".join(profile.links))


def _any_group(group_id: UUID) -> Group | None:
    group = db.session.get(Group, group_id)
    return group if group is not None and group.deleted_at is None else None


def _group(user: Any, group_id: UUID) -> Group:
    group = _any_group(group_id)
    if group is None or not group_access.may_see(user, group):
        raise NotFound()
    return group


def _describes(group: Group) -> str:
    """Return what outsiders can read about the group; of a secret group only its name."""
    if group.visibility == SECRET:
        return group.name
    said = (group.name, group.location, group.summary, group.description, group.code_of_conduct)
    asked = [paragraphs(one.text, *one.options) for one in questions.of(group)]
    return paragraphs(*said, *asked)


def _members(group: Group, user: Any) -> Around:
    if group.visibility == SECRET:
        return []
    count = ngettext("%(num)d member", "%(num)d members", group.member_count)
    return [
        ("people", _("Members"), count),
        *([("place", _("Place"), group.location)] if group.location else []),
    ]
