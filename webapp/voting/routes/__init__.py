"""The pages of this feature."""

from . import (
    appointments,
    ballot_keys,
    ballots,
    checkpoints,
    comments,
    grounds,
    invitees,
    managing,
    reminders,
    rolls,
    secret_ballots,
    statements,
    vote_ballots,
    vote_cancellations,
    vote_files,
    vote_removals,
    votes,
)

BLUEPRINTS = [
    *(
        votes.bp,
        ballots.bp,
        rolls.bp,
        vote_cancellations.bp,
        vote_removals.bp,
        managing.bp,
        vote_ballots.bp,
        vote_files.bp,
    ),
    *(comments.bp, invitees.bp, statements.bp, reminders.bp, appointments.bp, grounds.bp),
    *(secret_ballots.bp, ballot_keys.bp, checkpoints.bp),
]
