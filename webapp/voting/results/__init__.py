"""Results: what the ballots decide, how pages show it, and what follows from it."""
