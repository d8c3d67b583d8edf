"""What followed from the demo's votes, and what is said about them."""

from datetime import timedelta

import sqlalchemy as sa

from ...core import clock, times
from ...core.extensions import db
from ...voting import comments
from ...voting.models import Vote
from ...voting.results import outcomes
from . import past, people
from .keepsakes import talk_in
from .people import Cast
from .talk import Said

#: title of a vote that is over -> who said what follows from it, in which words, and in how many
#: days it is looked at again
FOLLOWS = {
    "Which evenings suit you for an extra hour of weeding?": (
        "Isla Drummond",
        "We weed on **Wednesdays at seven**, from next week on, whoever is there. Gloves hang in "
        "the shed.",
        40,
    ),
    "The laundry closes at midnight": (
        "João Batista Moreira",
        "The timer is set. One machine stays on until two for those who work late: ask me for the "
        "switch.",
        60,
    ),
}
#: title of a vote -> what is said about it
TALKS = {
    "What do we grow on the east plot?": (
        Said(
            "Hana Ngata",
            "Potatoes clean the ground. After two years of couch grass that speaks for them.",
        ),
        Said(
            "Isla Drummond",
            "They do, but who digs it in March? Soft fruit is planted once.",
            answers=1,
        ),
        Said("", "I will bring the tiller. Both are possible then."),
    ),
    "When do we sow the harakeke seed?": (
        Said(
            people.MEMBER,
            "Last year’s seed came up after **five** weeks: either evening is early enough.",
            before="Either is fine.",
        ),
        Said("", "Then we take the one on which most can come."),
    ),
}


def create(cast: Cast) -> None:
    """It stands above the results, and people were told it when it was said."""
    for title, (by, words, days) in FOLLOWS.items():
        vote = _vote(title)
        assert vote.closed_at is not None
        day = times.wall(clock.now(), vote.zone).date() + timedelta(days=days)
        statement = outcomes.publish(vote, cast[by], words, day)
        past.errands_run()
        statement.created_at = moment = vote.closed_at + timedelta(hours=14)
        past.told(f"vote:{vote.id}", moment, kinds=("vote.concluded",))
    for title, said in TALKS.items():
        vote = _vote(title)
        talk_in(comments.begun(vote), vote.author, said, cast)
    db.session.flush()


def _vote(title: str) -> Vote:
    return db.session.scalars(sa.select(Vote).where(Vote.title == title)).one()
