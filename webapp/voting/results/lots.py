"""The lot of a vote: its secret is drawn at opening and shown after closing, when all ballots
fix the seed.
"""

from typing import NamedTuple

from ..models import Vote
from ..secret import chain_store
from ..tally import lot
from ..tally.rules import KINDS
from . import counting


class Lot(NamedTuple):
    """What is shown of a lot. `commitment` None: the seed was published at opening, as releases
    before did. `secret`, `root`: once the vote is counted. `holds`: worked out again from them,
    commitment and seed are those that were published."""

    commitment: str | None
    seed: str | None
    secret: str | None = None
    root: str | None = None
    holds: bool = True


def draw(vote: Vote) -> None:
    """The vote has a new secret, and its commitment is published. The caller holds the vote's lock,
    and no ballot is in."""
    secret = lot.new_secret()
    vote.lot_secret, vote.lot_commitment, vote.seed = secret, lot.commitment_of(secret), None


def reveal_seed(vote: Vote) -> None:
    """The seed is what secret and ballots make it; one that was published at opening stays. The
    caller holds the lock, has closed the vote, and of a secret one has written the last link."""
    if vote.lot_secret is not None:
        vote.seed = lot.seed_of(vote.lot_secret, _root(vote))


def of(vote: Vote) -> Lot | None:
    """What anyone who sees the vote may know of its lot now; None where there is none, and of
    a few secret ballots, which nobody can count again."""
    if vote.opened_at is None or not KINDS[vote.kind].draws_lots or vote.is_few:
        return None
    if vote.lot_commitment is None or vote.lot_secret is None or not vote.is_counted:
        return Lot(vote.lot_commitment, vote.seed)
    root = _root(vote)
    is_same = lot.commitment_of(vote.lot_secret) == vote.lot_commitment
    holds = is_same and lot.seed_of(vote.lot_secret, root) == vote.seed
    return Lot(vote.lot_commitment, vote.seed, vote.lot_secret, root, holds)


def _root(vote: Vote) -> str:
    """The sha256 of the ballots as they are published: of a secret vote its last link has it."""
    if not vote.is_secret:
        return lot.root_of(counting.profile_of(vote))
    link = chain_store.last(vote)
    assert link is not None, "a vote that opened has a first link"
    return link.root
