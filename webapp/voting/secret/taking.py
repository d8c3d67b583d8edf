"""What members take home of a secret vote once it is counted, and whether their own ballot is in
it.
"""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from ...core.errors import Conflict
from .. import rules
from ..models import FEWEST, Vote
from ..reasons import BallotRefused
from . import bundle as bundles
from . import keys, papers, reads
from .manifest import Manifest


class Checked(NamedTuple):
    """What a key finds among the ballots that were counted.

    `choice`: what it says; `sound`: that is what its voter chose.
    """

    found: bool
    choice: str
    sound: bool


def bundle(vote: Vote) -> bytes:
    """The zip with ballots, chain, what was declared and found, and the program that checks them;
    the caller has asked `access.can_take`. Raises Conflict before the count, and where so few voted
    that their ballots would tell who chose what."""
    if not vote.is_secret or not vote.is_counted or vote.is_cancelled or vote.opened_at is None:
        raise Conflict(_("There is nothing to take home before the ballots are counted."))
    if vote.is_few:
        raise Conflict(
            _(
                "Fewer than %(fewest)s people voted, so their ballots aren’t published.",
                fewest=FEWEST,
            )
        )
    return bundles.packed(_manifest(vote), reads.papers(vote))


def checked(vote: Vote, key_text: str) -> Checked:
    """Whether the ballot with this key was counted, and as it was cast. Raises BallotRefused for
    what is no key, and while voting is open."""
    if not vote.is_counted or vote.is_cancelled:
        raise BallotRefused(["not_counted"], rules.of(vote))
    try:
        key = keys.read(key_text)
    except keys.KeyTypo:
        raise BallotRefused(["key_typo"], rules.of(vote)) from None
    poll = str(vote.id)
    own = papers.own(poll, key, reads.papers(vote, keys.tracker_of(poll, key)))
    return Checked(own.choice is not None, own.choice or "", own.is_sound)


def _manifest(vote: Vote) -> Manifest:
    finding: dict[str, Any] = vote.finding or {}
    return bundles.closed(
        reads.opening_of(vote),
        vote.closes_at,
        reads.links(vote),
        reads.marked(vote),
        finding,
        vote.lot_secret,
    )
