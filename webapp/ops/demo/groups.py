"""Three groups: one that anyone joins, one that asks first, one that only its members see into."""

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
    APPROVE,
    CHECKBOX,
    CHOICE,
    CLOSED,
    JOIN,
    MODERATOR,
    OPEN,
    ORGANIZER,
    OWNER,
    TEXT,
    Ban,
    Category,
    Group,
    GroupDay,
    JoinRequest,
    Membership,
)
from ...notifications.models import Notification
from ...voting.planning import defaults as vote_defaults
from . import people
from .people import Cast

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
    """What someone answered at the door of a group, as the verb takes it."""
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
    """Everyone keeps to the code, but one who has not got round to it."""
    held = sa.update(Membership).where(
        Membership.group_id == group.id, Membership.user_id != but.id
    )
    db.session.execute(held.values(code_version=group.code_version))


def ban(group: Group, user: User) -> None:
    """Someone may not come back for a month."""
    row = Ban(
        group_id=group.id, user_id=user.id, reason="Sold places on a work day that cost nothing."
    )
    row.created_at, row.ends_at = clock.now() - timedelta(days=9), clock.now() + timedelta(days=21)
    db.session.add(row)


def count_days(key: str, group: Group) -> None:
    """The days are written again, from when each came; some who are here no more came early, and
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


GROUPS: dict[str, dict[str, Any]] = {
    "garden": {
        "name": "Leith Commons Garden",
        "summary": "An old bowling green, forty raised beds and a long table.",
        "description": (
            "We took over the **bowling green on Leith Links** when the club closed, and have "
            "grown food on it since.\n\n"
            "Nobody owns a bed. Whoever comes on a work day takes home what is ripe, and the "
            "rest goes to the pantry at "
            "Whetstone Hall. Work days are every other Saturday; tools and tea are there."
        ),
        "welcome": (
            "Good to have you. Come to a work day first: someone will show you where everything is."
        ),
        "place": "Leith, Edinburgh",
        "zone": people.LONDON,
        "visibility": OPEN,
        "way_in": JOIN,
        "topics": ("Food and gardens", "Neighbourhood"),
    },
    "river": {
        "name": "Whanganui River Carers",
        "summary": "Looking after the river, one bend at a time.",
        "description": (
            "*Ko au te awa, ko te awa ko au*: I am the river, and the river is me.\n\n"
            "We plant the banks, test the water once a month, and carry out what does not belong "
            "there. Some of us have "
            "lived here for generations, some came last year. Tell us a little about yourself "
            "when you ask to join."
        ),
        "welcome": "Nau mai, haere mai. Bring boots and a bottle of water; "
        "the rest is in the shed.",
        "place": "Whanganui",
        "zone": people.AUCKLAND,
        "visibility": OPEN,
        "way_in": APPROVE,
        "topics": ("Nature", "Sport and outdoors"),
    },
    "cooperative": {
        "name": "Cooperativa Vila Nova",
        "summary": "Thirty-two flats around one yard, run by those who live there.",
        "description": (
            "We bought the building together in 2009 and decide about it together: repairs, "
            "rent, who moves in.\n\n"
            "The assembly meets on the last Thursday of the month in the *salão*. What can be "
            "decided in writing is "
            "decided here, so that people on the night shift have a say too."
        ),
        "welcome": "Bem-vinda, bem-vindo. The minutes of the last assemblies hang in the hall.",
        "place": "Porto Alegre",
        "zone": people.PORTO_ALEGRE,
        "visibility": CLOSED,
        "way_in": APPROVE,
        "topics": ("Neighbourhood",),
    },
}
#: People who belong to a second group.
ALSO = {
    "garden": ("Hana Ngata", "Inês Carvalho"),
    "river": ("Yuki Hasegawa", "Achieng Otieno"),
    "cooperative": ("Chiara Bonetti",),
}
#: Who asks to be let in, with what they wrote.
ASKING = {
    "river": [
        (
            "Hamish Sinclair",
            "I grew up on the Tay and move to Whanganui in the spring. Happy to carry things.",
        ),
        ("Priya Nair", "My sister plants with you and will not stop talking about it."),
    ],
    "cooperative": [
        ("Zeca Oliveira", "We spoke at the feijoada. I am taking over flat 14 from my aunt.")
    ],
}

#: Who has been offered to own a group beside its owner, and has not answered.
OFFERED = {"river": people.MEMBER}

#: Who may not come back to the river for a while.
BANNED = "Chiara Bonetti"

Groups = dict[str, Group]


def create(cast: Cast, chance: random.Random) -> Groups:
    """The groups stand, with members since various times, and some people at their doors."""
    categories.ensure_defaults()
    made = {key: _group(key, cast) for key in GROUPS}
    ask(made["river"], by=cast[people.ORGANIZER])
    let_members_ask(made["cooperative"], by=reads.members(made["cooperative"], OWNER)[0])
    for key, asking in ASKING.items():
        for name, message in asking:
            requests.ask(made[key], by=cast[name], message=message, **answers_of(made[key], name))
    _since(made, chance)
    affirm(made["river"], but=cast[people.MEMBER])
    ban(made["river"], cast[BANNED])
    for key, group in made.items():
        count_days(key, group)
    for key, name in OFFERED.items():
        _offer(made[key], cast[name])
    return made


def _offer(group: Group, user: User) -> None:
    owner, membership = reads.members(group, OWNER)[0], reads.membership_of(group, user)
    assert membership is not None
    ownership.offer(membership, by=owner)


def _group(key: str, cast: Cast) -> Group:
    values = dict(GROUPS[key])
    topics = db.session.scalars(
        sa.select(Category).where(Category.name.in_(values.pop("topics")))
    ).all()
    members = _members(key, cast)
    group = groups.create(by=members[0], categories=list(topics), **values)
    roles = {1: ORGANIZER, 2: MODERATOR}
    for place, person in enumerate(members[1:], 1):
        membership = memberships.admit(group, person)
        membership.role = roles.get(place, membership.role)
    return group


def _members(key: str, cast: Cast) -> list[User]:
    asking = {name for name, _message in ASKING.get(key, [])}
    return [person for person in people.of(cast, key) if person.name not in asking] + [
        cast[name] for name in ALSO[key]
    ]


def _since(made: Groups, chance: random.Random) -> None:
    """Groups are older than their memberships, and requests a day or two old."""
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
