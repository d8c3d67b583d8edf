"""The pages of this feature."""

from . import ballots, managing, rolls, vote_cancellations, vote_removals, votes

BLUEPRINTS = [votes.bp, ballots.bp, rolls.bp, vote_cancellations.bp, vote_removals.bp, managing.bp]
