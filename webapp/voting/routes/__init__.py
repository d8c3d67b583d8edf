"""The routes of voting."""

from . import (
    ballot_keys,
    ballots,
    downloads,
    electorate,
    managing,
    outcomes,
    secret_ballots,
    vote_cancellations,
    votes,
)

BLUEPRINTS = [
    votes.bp,
    ballots.bp,
    electorate.voters_bp,
    vote_cancellations.bp,
    vote_cancellations.removals_bp,
    managing.bp,
    ballots.named_ballots_bp,
    downloads.bp,
    votes.comments_bp,
    electorate.invitees_bp,
    outcomes.bp,
    electorate.reminders_bp,
    outcomes.scheduling_bp,
    ballots.ballot_comments_bp,
    secret_ballots.bp,
    ballot_keys.bp,
    secret_ballots.checkpoints_bp,
]
