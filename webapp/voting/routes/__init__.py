"""The pages of this feature."""

from . import ballots, managing, rolls, vote_ballots, vote_cancellations, vote_files, vote_removals, votes

BLUEPRINTS = [votes.bp, ballots.bp, rolls.bp, vote_cancellations.bp, vote_removals.bp, managing.bp]
BLUEPRINTS += [vote_ballots.bp, vote_files.bp]
