"""What people fill in: votes, ballots, and why a vote is cancelled."""
