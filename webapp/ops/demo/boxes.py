"""The demo's secret votes.

What they declare at opening cannot be moved afterwards: they open in the past, not now.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ...accounts.models import User
from ...core.extensions import db
from ...voting.ballots import choices
from ...voting.models import Vote
from ...voting.planning import lifecycle
from ...voting.secret import casting as secret_casting
from ...voting.secret import mixing
from . import past

#: In how many days such a vote is first said to open: its box is not made before it is told when
#: that was.
OPENS = 1


def filled(
    vote: Vote, voters: Iterable[User], cast: Iterable[str], opened: int, closed: int | None
) -> None:
    """The vote, planned to open, did so many days ago, and these people have cast these ballots;
    nobody kept a key.

    It closed so many days ago, and is counted; or it is open, and its box has been mixed.
    """
    since, closes_at = past.evening(vote.zone, -opened), vote.closes_at
    until = closes_at if closed is None else past.evening(vote.zone, -closed)
    vote.created_at, vote.opens_at, vote.closes_at = since - timedelta(hours=2), since, until
    db.session.flush()
    lifecycle.open_if_due(vote, since)
    _ends(vote, closes_at)
    past.errands_run()
    for person, choice in zip(voters, cast, strict=False):
        marks = choices.read(vote.kind, choice)
        secret_casting.cast(vote, person, list(marks.items()), blank=not marks)
    past.told(f"vote:{vote.id}", since)
    if closed is None:
        mixing.mix(vote)
        return
    _ends(vote, until)
    lifecycle.close(vote.id)
    past.closed(vote)


def _ends(vote: Vote, moment: datetime) -> None:
    vote.closes_at = moment
    db.session.flush()
