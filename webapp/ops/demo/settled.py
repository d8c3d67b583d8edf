"""What the demo's groups have settled for themselves: questions at the door, a code of conduct, who
may do what, a ban, and how many belonged to them day by day."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...core import clock
from ...core.extensions import db
from ...events import defaults as event_defaults
from ...groups import conduct, permissions, questions
from ...groups.models import CHECKBOX, CHOICE, TEXT, Ban, Group, GroupDay, Membership
from ...voting.planning import defaults as vote_defaults

RIVER_QUESTIONS: list[dict[str, Any]] = [
    {"words": "Why the river?", "kind": TEXT, "options": [], "is_required": True},
    {
        "words": "When could you come along?",
        "kind": CHOICE,
        "options": ["On weekdays", "On Saturdays", "Now and then"],
        "is_required": True,
    },
    {"words": "I can swim", "kind": CHECKBOX, "options": [], "is_required": False},
]
#: In the order of the questions.
RIVER_ANSWERS = {
    "Hamish Sinclair": [
        "I learnt to row on the Tay, and the water is what I will miss most.",
        "On Saturdays",
        True,
    ],
    "Priya Nair": ["My sister’s children swim in it.", "Now and then", False],
}
RIVER_CODE = (
    "We are guests on the river, and of each other.\n\n"
    "- **Nobody works alone** in or near the water.\n"
    "- Say it kindly, say it here, and say it to the person whom it is about.\n"
    "- What the *kaumātua* tell at the river stays at the river.\n\n"
    "Who cannot keep to this is asked to stay away for a while."
)
#: Who left again, so many days ago.
LEFT_AGO = {"garden": (300, 214, 139, 90, 61, 17), "river": (205, 120, 44), "cooperative": (260,)}


def ask(group: Group, by: User) -> None:
    """The river asks its questions, and has its code; what it plans begins alike."""
    for values in RIVER_QUESTIONS:
        questions.add(group, by=by, **values)
    conduct.write(group, by=by, text=RIVER_CODE)
    given = {
        "audience": "everyone",
        "capacity": 16,
        "companions": 2,
        "promotion": "offer",
        "shows_people": True,
    }
    event_defaults.keep(group, by=by, **given, takes_guests=True, answers_hours=24)


def answers_of(group: Group, name: str) -> dict[str, Any]:
    """What somebody answered at the door of a group, as the verb takes it."""
    asked = questions.of(group)
    given = {
        one.id: answer
        for one, answer in zip(asked, RIVER_ANSWERS.get(name, ()), strict=bool(asked))
    }
    return {"given": given, "asked": questions.digest(asked), "code_version": group.code_version}


def let_members_ask(group: Group, by: User) -> None:
    """In the cooperative whoever lives there puts votes, which last a week."""
    permissions.settle(group, by=by, may_create_votes="member", may_create_events="moderator")
    vote_defaults.keep(
        group, by=by, kind="single", results="after_close", electorate="members", days=7
    )


def affirm(group: Group, but: User) -> None:
    """Everybody keeps to the code, but one who has not got round to it."""
    held = sa.update(Membership).where(
        Membership.group_id == group.id, Membership.user_id != but.id
    )
    db.session.execute(held.values(code_version=group.code_version))


def ban(group: Group, user: User) -> None:
    """Somebody may not come back for a month."""
    row = Ban(
        group_id=group.id, user_id=user.id, reason="Sold places on a work day that cost nothing."
    )
    row.created_at, row.ends_at = clock.now() - timedelta(days=9), clock.now() + timedelta(days=21)
    db.session.add(row)


def count_days(key: str, group: Group) -> None:
    """The days are written anew, from when each came; some who are here no more came early, and
    left.
    """
    db.session.flush()
    db.session.execute(sa.delete(GroupDay).where(GroupDay.group_id == group.id))
    now = clock.now()
    joined = sa.select(Membership.created_at).where(Membership.group_id == group.id)
    came = [moment.date() for moment in db.session.scalars(joined)]
    went = [(now - timedelta(days=ago)).date() for ago in LEFT_AGO[key]]
    came += [(now - timedelta(days=ago + 100)).date() for ago in LEFT_AGO[key]]
    members = 0
    for day in sorted({*came, *went}):
        members += came.count(day) - went.count(day)
        row = GroupDay(
            group_id=group.id, day=day, members=members, came=came.count(day), went=went.count(day)
        )
        db.session.add(row)
