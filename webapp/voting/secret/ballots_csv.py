"""The ballots of a secret vote as a file: no name, no time, and an order that says nothing."""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from . import keys
from .canonical_json import Malformed

HEADING = "tracker,choice,commitment"
PAPER = re.compile("([0-9a-f]{32}),([^,]{0,500}),([0-9a-f]{64})")


class Paper(NamedTuple):
    """A ballot: under which name it stands, what it says, and what only its voter's key can make
    of that.
    """

    tracker: str
    choice: str
    commitment: str


class OwnBallot(NamedTuple):
    """What a key finds.

    `choice` None: no ballot. `is_sound`: it says what the key was given for.
    """

    choice: str | None
    is_sound: bool


def csv_of(papers: Iterable[Paper]) -> bytes:
    """ballots.csv: a heading, then a line each in the order of the trackers; line feeds, in
    ASCII.
    """
    lines = [HEADING, *(",".join(paper) for paper in sorted(papers))]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def read(csv: bytes) -> list[Paper]:
    """The papers as they are in a ballots.csv. Raises Malformed, which names the line."""
    try:
        heading, *lines = csv.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Malformed("there is more in it than plain letters and digits") from None
    if "\r" in heading:
        raise Malformed(
            "its line ends were changed: unpack the zip again, and let no other program save the "
            "file"
        )
    if heading != HEADING or not lines or lines.pop():
        raise Malformed(f"it does not begin with {HEADING}, or its last line has no end")
    return [_read(number, line) for number, line in enumerate(lines, 2)]


def root_of(csv: bytes) -> str:
    """What stands for all ballots as they are: hex sha256 of ballots.csv."""
    return hashlib.sha256(csv).hexdigest()


def own(poll: str, key: str, papers: Iterable[Paper]) -> OwnBallot:
    """Which ballot of this vote is this key's, and whether its choice is as the voter made it."""
    tracker = keys.tracker_of(poll, key)
    choices = [(paper.choice, paper.commitment) for paper in papers if paper.tracker == tracker]
    if not choices:
        return OwnBallot(None, False)
    choice, commitment = choices[0]
    return OwnBallot(choice, commitment == keys.commitment_of(poll, key, choice))


def _read(number: int, line: str) -> Paper:
    found = PAPER.fullmatch(line)
    if found is None:
        raise Malformed(f"line {number} is no ballot")
    return Paper(*found.groups())
