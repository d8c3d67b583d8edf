"""Single choice: each ballot names one option; the greatest sum wins, then the lot."""

from .outcome import Outcome, Profile, greatest_sum


def count(profile: Profile, options: int, seed: str) -> Outcome:
    """The outcome of ballots such as `3`."""
    return greatest_sum(profile, options, seed)
