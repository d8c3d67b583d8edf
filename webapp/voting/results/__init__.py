"""Results: what the ballots decide, how pages show it, and the outcome that follows."""
