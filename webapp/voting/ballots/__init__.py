"""Ballots: their contents, casting, and why they are refused."""
