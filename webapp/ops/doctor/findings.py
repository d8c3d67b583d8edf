"""A finding: its state, a line of text, and a remedy."""

from typing import NamedTuple

GOOD, ODD, BAD = "good", "odd", "bad"


class Finding(NamedTuple):
    """A line of the doctor's output. `remedy` says what to do; "" if all is well."""

    state: str
    what: str
    remedy: str = ""


def good(what: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(GOOD, what)


def odd(what: str, remedy: str) -> Finding:
    """Return a finding that works, but that a person should think about."""
    return Finding(ODD, what, remedy)


def bad(what: str, remedy: str) -> Finding:
    """Return a finding that something doesn't work."""
    return Finding(BAD, what, remedy)
