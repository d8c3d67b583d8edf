"""Quorum and threshold in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..tally import thresholds
from ..tally.rules import CAST, PRESENT, ROLL, VALID, VOICES, Rules

_OF: dict[str, Any] = {
    ROLL: _l("%(votes)s of the %(base)s on the roll"),
    CAST: _l("%(votes)s of the %(base)s who voted"),
    VALID: _l("%(votes)s of the %(base)s who chose something"),
    VOICES: _l("%(votes)s of the %(base)s who spoke for or against"),
    PRESENT: _l("%(votes)s of the %(base)s who were there"),
}
_MORE: dict[tuple[int, int], Any] = {
    (1, 2): _l("more than half"),
    (2, 3): _l("more than two thirds"),
    (3, 4): _l("more than three quarters"),
}
_LEAST: dict[tuple[int, int], Any] = {
    (1, 2): _l("at least half"),
    (3, 5): _l("at least three fifths"),
    (4, 5): _l("at least four fifths"),
    (2, 3): _l("at least two thirds"),
    (3, 4): _l("at least three quarters"),
    (1, 1): _l("every one"),
}


def of_whom(of: str, votes: int, base: int) -> str:
    """“14 of the 21 on the roll”."""
    return str(_OF[of]) % {"votes": votes, "base": base}


def needed(part: int, whole: int, strict: bool) -> str:
    """“more than half”."""
    words = (_MORE if strict else _LEAST).get((part, whole))
    if words is not None:
        return str(words)
    return (
        _("more than %(part)s of %(whole)s", part=part, whole=whole)
        if strict
        else _("at least %(part)s of %(whole)s", part=part, whole=whole)
    )


def threshold_of(rules: Rules) -> tuple[int, int, bool]:
    """The threshold that holds, as `needed` takes it: the part, of what whole, and whether more
    than that is needed.
    """
    it = thresholds.threshold_of(rules) or thresholds.MAJORITY
    return it.part, it.whole, it.strict
