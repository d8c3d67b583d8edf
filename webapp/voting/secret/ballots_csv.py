"""The ballots of a secret vote as a file, without names or times, in an order that reveals
nothing.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from . import keys
from .canonical_json import Malformed

HEADING = "tracker,choice,commitment"
PAPER = re.compile("([0-9a-f]{32}),([^,]{0,500}),([0-9a-f]{64})")


class Paper(NamedTuple):
    """A ballot: its tracker, its choice, and a commitment that only its voter's key can produce."""

    tracker: str
    choice: str
    commitment: str


class OwnBallot(NamedTuple):
    """The ballot that a key finds.

    `choice` None: no ballot. `is_sound`: the commitment matches, so the choice is as the voter made
    it.
    """

    choice: str | None
    is_sound: bool


def csv_of(papers: Iterable[Paper]) -> bytes:
    """Return ballots.csv: a heading, then one line per ballot sorted by tracker, with line feeds,
    in ASCII.
    """
    lines = [HEADING, *(",".join(paper) for paper in sorted(papers))]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def read(csv: bytes) -> list[Paper]:
    """Parse a ballots.csv. Raises Malformed, which names the line."""
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


def root_of(csv: bytes, left: int = 0) -> str:
    """Return the hash that commits to all ballots: hex sha256 of ballots.csv, followed by a line
    with the number of people who left without having voted, if any did.
    """
    gone = f"left {left}\n" if left else ""
    return hashlib.sha256(csv + gone.encode()).hexdigest()


def own(poll: str, key: str, papers: Iterable[Paper]) -> OwnBallot:
    """Find the ballot of this key in this vote, and check whether its choice is as the voter made
    it.
    """
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
