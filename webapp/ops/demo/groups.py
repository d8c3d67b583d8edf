"""Three groups: one that anyone can join, one with requests, and a secret one."""

import random
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...core.extensions import db
from ...core.time import clock
from ...events import defaults as event_defaults
from ...groups import (
    categories,
    conduct,
    groups,
    memberships,
    ownership,
    permissions,
    questions,
    reads,
    requests,
)
from ...groups.models import (
    MODERATOR,
    ORGANIZER,
    OWNER,
    Ban,
    Category,
    Group,
    GroupDay,
    JoinRequest,
    Membership,
)
from ...notifications.models import Notification
from ...voting.planning import defaults as vote_defaults
from . import people, texts
from .people import Cast

Groups = dict[str, Group]
#: By key, in the order of creation.
GROUPS: dict[str, dict[str, Any]] = texts.load("groups")


def ask(group: Group, by: User) -> None:
    """Add the river group's questions, code of conduct and event defaults."""
    river = GROUPS["river"]
    for values in river["questions"]:
        questions.add(group, by=by, **values)
    conduct.write(group, by=by, text=river["code"])
    event_defaults.save(group, by=by, **river["event_defaults"])


def _answers(group: Group, given: list[Any]) -> dict[str, Any]:
    """Return someone's answers, in the order of the questions, as the rule takes them."""
    asked = questions.of(group)
    return {
        "given": {one.id: answer for one, answer in zip(asked, given, strict=True)},
        "questions_digest": questions.digest(asked),
        "code_version": group.code_version,
    }


def let_members_ask(group: Group, by: User) -> None:
    """Let every member of the cooperative create votes, which last a week."""
    cooperative = GROUPS["cooperative"]
    permissions.update(group, by=by, **cooperative["permissions"])
    vote_defaults.save(group, by=by, **cooperative["vote_defaults"])


def affirm(group: Group, but: User) -> None:
    """Let everyone agree to the code of conduct except one person."""
    held = sa.update(Membership).where(
        Membership.group_id == group.id, Membership.user_id != but.id
    )
    db.session.execute(held.values(code_version=group.code_version))


def ban(group: Group, cast: Cast) -> None:
    """Ban someone for a month."""
    banned = GROUPS["river"]["banned"]
    row = Ban(group_id=group.id, user_id=cast[banned["name"]].id, reason=banned["reason"])
    row.created_at, row.ends_at = clock.now() - timedelta(days=9), clock.now() + timedelta(days=21)
    db.session.add(row)


def count_days(key: str, group: Group) -> None:
    """Recreate the daily member counts from the dates of joining; some former members came early
    and left.
    """
    db.session.flush()
    db.session.execute(sa.delete(GroupDay).where(GroupDay.group_id == group.id))
    now = clock.now()
    joined = sa.select(Membership.created_at).where(Membership.group_id == group.id)
    came = [moment.date() for moment in db.session.scalars(joined)]
    left_ago = GROUPS[key]["left_ago"]
    went = [(now - timedelta(days=ago)).date() for ago in left_ago]
    came += [(now - timedelta(days=ago + 100)).date() for ago in left_ago]
    members = 0
    for day in sorted({*came, *went}):
        members += came.count(day) - went.count(day)
        row = GroupDay(
            group_id=group.id,
            day=day,
            members=members,
            joined=came.count(day),
            departed=went.count(day),
        )
        db.session.add(row)


def create(cast: Cast, chance: random.Random) -> Groups:
    """Create the groups, with members who joined over time and some requests to join."""
    categories.ensure_defaults()
    made = {key: _group(key, cast) for key in GROUPS}
    ask(made["river"], by=cast[people.ORGANIZER])
    let_members_ask(made["cooperative"], by=reads.members(made["cooperative"], OWNER)[0])
    for key, group in made.items():
        for one in GROUPS[key].get("asking", ()):
            answers = _answers(group, one.get("answers", []))
            requests.ask(group, by=cast[one["name"]], message=one["message"], **answers)
    _since(made, chance)
    affirm(made["river"], but=cast[people.MEMBER])
    ban(made["river"], cast)
    for key, group in made.items():
        count_days(key, group)
    _offer(made["river"], cast[GROUPS["river"]["offered_to"]])
    return made


def _offer(group: Group, user: User) -> None:
    owner, membership = reads.members(group, OWNER)[0], reads.membership_of(group, user)
    assert membership is not None
    ownership.offer(membership, by=owner)


def _group(key: str, cast: Cast) -> Group:
    named = Category.name.in_(GROUPS[key]["topics"])
    topics = db.session.scalars(sa.select(Category).where(named)).all()
    members = _members(key, cast)
    group = groups.create(by=members[0], categories=list(topics), **GROUPS[key]["values"])
    roles = {1: ORGANIZER, 2: MODERATOR}
    for place, person in enumerate(members[1:], 1):
        membership = memberships.admit(group, person)
        membership.role = roles.get(place, membership.role)
    return group


def _members(key: str, cast: Cast) -> list[User]:
    asking = {one["name"] for one in GROUPS[key].get("asking", ())}
    return [
        *(person for person in people.of(cast, key) if person.name not in asking),
        *(cast[name] for name in GROUPS[key]["also"]),
    ]


def _since(made: Groups, chance: random.Random) -> None:
    """Date groups, memberships and requests; requests are a day or two old."""
    db.session.flush()
    now = clock.now()
    for group in made.values():
        group.created_at = now - timedelta(days=430)
        for membership in db.session.scalars(
            sa.select(Membership).where(Membership.group_id == group.id)
        ):
            membership.created_at = membership.user.created_at + timedelta(
                days=1, minutes=chance.randrange(1, 900)
            )
    here = [group.id for group in made.values()]
    for request in db.session.scalars(sa.select(JoinRequest).where(JoinRequest.group_id.in_(here))):
        request.created_at = now - timedelta(hours=chance.randrange(5, 40))
        asked = (
            Notification.scope == f"group:{request.group_id}",
            Notification.label.startswith(request.user.name),
        )
        db.session.execute(
            sa.update(Notification).where(*asked).values(created_at=request.created_at)
        )
