"""What is under way, and what has just been: who was let in at the door."""

import random

from ...accounts.models import User
from ...attendance import check_in, feedback
from ...attendance.reads import check_in as door_reads
from ...core.extensions import db
from ...events.models import GOING, Event
from . import past, people
from .communities import Groups
from .gatherings import hold
from .people import Cast
from .programme import Occasion

NOW = Occasion(
    key="eels",
    host=people.ORGANIZER,
    group="river",
    title="Counting eels below the weir",
    summary="Lamps, nets and a hot kettle: we count what comes up tonight.",
    description="Warm clothes and a lamp. We let every eel go again.",
    begins=(12, 0),
    lasts=4,
    parties=(1, 1, 2, 1, 3, 1, 2, 1),
    first=(people.MEMBER,),
    more={"place": "Below the weir, Aramoho", "companions": 3},
)
LATELY = Occasion(
    key="release",
    host=people.ORGANIZER,
    group="river",
    title="Carrying the young eels past the dam",
    summary="Buckets, a chain of hands, and the way round the dam.",
    description="Six hundred glass eels go where they cannot go by themselves.",
    begins=(10, 0),
    lasts=3,
    parties=(1, 1, 2, 1, 1, 2, 1, 1),
    first=(people.MEMBER,),
    more={"place": "The dam, upper side", "companions": 2},
)


#: Stars, and what was said with them.
SAID = (
    (5, "Nobody was in the way of anybody, and the eels made it. Again next spring!"),
    (4, "A second chain would have been faster. The tea came at the right moment."),
    (5, ""),
    (3, "Cold hands: more gloves, please, also small ones."),
    (4, "I did not know that they climb. Thank you, Aroha."),
)


def create(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """One event has begun, and some are still to come; one is over, and two did not come; a
    guest did.
    """
    host = cast[people.ORGANIZER]
    now, lately = (hold(occasion, cast, groups, chance) for occasion in (NOW, LATELY))
    past.began(now, 1)
    _let_in(now, host, absent=3)
    past.took_place(lately, 2)
    _let_in(lately, host, absent=2)
    _say_how_it_was(lately, cast[people.MEMBER])


def _let_in(event: Event, host: User, absent: int) -> None:
    db.session.flush()
    rows = sorted(
        door_reads.expected(event),
        key=lambda row: (row.user_id not in (host.id, None), row.answered_at, row.id),
    )
    for row in rows[: len(rows) - absent]:
        check_in.let_in(event, row.id, by=host, people=row.party)
    assert rows[1].state == GOING
    check_in.let_out(event, rows[2].id, by=host, people=1)
    past.came(event)


def _say_how_it_was(event: Event, later: User) -> None:
    """Most of those who came have said how it was; `later` has it before them."""
    rows = sorted(
        db.session.scalars(feedback.those_who_were_there(event)),
        key=lambda row: (row.answered_at, row.id),
    )
    others = [row.user for row in rows if row.user is not None and row.user_id != later.id]
    for person, (stars, comment) in zip(others, SAID, strict=False):
        feedback.give(event, person, stars, comment, event.feedback)
