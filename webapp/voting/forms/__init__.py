"""Forms for votes, ballots, defaults, invitations, outcomes and cancellations."""
