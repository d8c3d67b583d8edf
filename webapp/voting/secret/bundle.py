"""The download of a closed secret vote, and whether a voter's own ballot is in it.

The bundle holds the ballots, what was published about them, and a program that checks both.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ...core.http.errors import Conflict
from ..ballots.refusals import BallotRefused
from ..models import FEWEST, Vote
from ..results import counting
from ..tally.rules import PRESENT
from . import ballots_csv, keys, manifest, reads
from .ballots_csv import Paper, csv_of
from .chain import ChainLink
from .manifest import Manifest
from .verifier_bundle import VerifierBundle

#: The earliest time that a zip can hold: when it was packed is private.
NEVER = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNIX = 3
HEAD = '''"""Verifies a secret vote of Folkmoot from the files beside this one.

Those are manifest.json and ballots.csv.

    python3 -I verify.py                  (Windows: py -I verify.py)
    python3 -I verify.py --head HASH      compares the head of the chain with yours
    python3 -I verify.py --seen HASH      looks for a hash that you noted earlier
    python3 -I verify.py --key            asks for your key, and finds your ballot

Each line is one check: ok, FAIL, or - for what was not asked. It needs Python 3.10 or newer and
nothing else, asks no network, and writes nothing. This is the code by which the site itself counts
and checks, gathered into one file; read from the top, each part needs only those above.
docs/verifying.md has the formats, if you would rather write your own.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit("FAIL python: this needs Python 3.10 or newer")

'''
END = """
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def closed(
    opening: Mapping[str, Any],
    closes: datetime,
    links: Iterable[ChainLink],
    voted: int,
    finding: Mapping[str, Any],
    lot_secret: str | None,
    left: int = 0,
) -> Manifest:
    """Return the manifest of a closed vote.

    `voted`: how many people the electoral roll marks as having voted; `finding`: the published
    result. `lot_secret` None: the seed was published at opening. `left`: how many people left
    without having voted. How many were present is taken from the result, as counted at closing;
    later it can't be known.
    """
    bar = finding.get("bar") or {}
    return Manifest(
        opening=dict(opening),
        closes=int(closes.timestamp()),
        roll=opening["roll_n"],
        voted=voted,
        chain=tuple(links),
        result=dict(finding),
        present=bar["base"] if bar.get("of") == PRESENT else 0,
        left=left,
        lot_secret=lot_secret or "",
    )


def packed(vote: Manifest, papers: Iterable[Paper]) -> bytes:
    """Return the zip with manifest.json, ballots.csv and verify.py.

    The same vote gives the same bytes, no matter who downloads it and when.
    """
    files = {
        "manifest.json": manifest.written(vote),
        "ballots.csv": csv_of(papers),
        "verify.py": verifier().encode(),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as packing:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, NEVER)
            entry.create_system, entry.external_attr = UNIX, READABLE
            packing.writestr(entry, content)
    return held.getvalue()


@cache
def verifier() -> str:
    """Return the text of verify.py."""
    gathered = VerifierBundle("secret/verify")
    imports = [line for line in gathered.imports() if line != "import sys"]
    return HEAD + "\n".join([*imports, "\n", "\n\n".join(gathered.parts())]) + "\n" + END


class CheckedBallot(NamedTuple):
    """The ballot that a key finds among those counted.

    `choice`: its choice string; `sound`: that is what its voter chose.
    """

    found: bool
    choice: str
    sound: bool


def bundle_of(vote: Vote) -> bytes:
    """Return the zip with ballots, chain, opening, result and the program that checks them.
    The caller must check `access.can_take`. Raises Conflict before counting, and if so few voted
    that their ballots would reveal who chose what.
    """
    if not vote.is_secret or not vote.is_counted or vote.is_cancelled or vote.opened_at is None:
        raise Conflict(_("There’s nothing to download until the ballots are counted."))
    if vote.is_few:
        raise Conflict(
            _(
                "Fewer than %(fewest)s people voted, so their ballots aren’t published.",
                fewest=FEWEST,
            )
        )
    return packed(_manifest(vote), reads.papers(vote))


def checked(vote: Vote, key_text: str) -> CheckedBallot:
    """Check whether the ballot with this key was counted as cast. Raises BallotRefused if it isn't
    a valid key, or voting is open.
    """
    if not vote.is_counted or vote.is_cancelled:
        raise BallotRefused(["not_counted"], counting.rules_of(vote))
    try:
        key = keys.read(key_text)
    except keys.KeyTypo:
        raise BallotRefused(["key_typo"], counting.rules_of(vote)) from None
    poll = str(vote.id)
    own = ballots_csv.own(poll, key, reads.papers(vote, keys.tracker_of(poll, key)))
    return CheckedBallot(own.choice is not None, own.choice or "", own.is_sound)


def _manifest(vote: Vote) -> Manifest:
    finding: dict[str, Any] = vote.finding or {}
    return closed(
        reads.opening_of(vote),
        vote.closes_at,
        reads.links(vote),
        reads.marked(vote),
        finding,
        vote.lot_secret,
        vote.left_count,
    )
