"""Approval (Brams and Fishburn 1978): each ballot names every option it can live with; the greatest sum wins, then the lot."""

from .outcome import Outcome, Profile, greatest_sum


def count(profile: Profile, options: int, seed: str) -> Outcome:
    """The outcome of ballots such as `1+4`."""
    return greatest_sum(profile, options, seed)
