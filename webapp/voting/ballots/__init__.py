"""Ballots: what they say, how they are cast, and why one is refused."""
