"""A secret vote ends: mixed for the last time, counted for good; or called off, and its ballots are gone."""

from .. import counting
from ..models import SecretBallot, SecretRoll, Vote
from . import chain, clearing, links, mixing


def settle(vote: Vote) -> None:
    """The box is mixed, its last link written and its ballots counted. The caller holds the lock, and has closed the vote."""
    if vote.opened_at is not None:
        clearing.hold()
        links.forget_salts(vote)
        mixing.linked(vote, chain.CLOSE)
    counting.settle(vote)


def forget(vote: Vote) -> None:
    """Who voted and what was chosen is gone, for nobody will count it any more; the chain stays. The caller holds the lock."""
    if not vote.is_secret:
        return
    clearing.hold()
    for model in (SecretBallot, SecretRoll):
        mixing.emptied(model, vote)
    links.forget_salts(vote)
    clearing.renew()
