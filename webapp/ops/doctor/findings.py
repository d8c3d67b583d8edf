"""One finding: how it stands, in a line, and what to do about it."""

from typing import NamedTuple

GOOD, ODD, BAD = "good", "odd", "bad"


class Finding(NamedTuple):
    """A line of the doctor's. `remedy` is what to do, empty where all is well."""

    state: str
    what: str
    remedy: str = ""


def good(what: str) -> Finding:
    """All is well."""
    return Finding(GOOD, what)


def odd(what: str, remedy: str) -> Finding:
    """It works, but a person should think about it."""
    return Finding(ODD, what, remedy)


def bad(what: str, remedy: str) -> Finding:
    """The site does not work as it should."""
    return Finding(BAD, what, remedy)
