"""A secret vote ends: mixed for the last time; or called off, and its ballots are gone."""

from ..models import SecretBallot, SecretRoll, Vote
from . import chain, clearing, links, mixing


def seal(vote: Vote) -> None:
    """The box is mixed, and its last link written.

    The caller holds the lock, and has closed the vote.
    """
    if vote.opened_at is not None:
        clearing.hold()
        links.forget_salts(vote)
        mixing.linked(vote, chain.CLOSE)


def forget(vote: Vote) -> None:
    """Who voted and what was chosen is gone, for nobody will count it any more; the chain stays.

    The caller holds the lock.
    """
    if not vote.is_secret:
        return
    clearing.hold()
    for model in (SecretBallot, SecretRoll):
        mixing.emptied(model, vote)
    links.forget_salts(vote)
    clearing.renew()
