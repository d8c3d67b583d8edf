"""Quorum and threshold as sentences: what a result needs, and what it reached."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..models import Vote
from ..tally import thresholds
from ..tally.rules import CAST, PRESENT, PROPOSAL, ROLL, VALID, VOICES, Rules

NONE = ""
#: Code of a share in forms -> text.
SHARES: dict[str, Any] = {
    "more-1-2": _l("More than half"),
    "least-3-5": _l("At least three fifths"),
    "more-2-3": _l("More than two thirds"),
    "least-2-3": _l("At least two thirds"),
    "least-3-4": _l("At least three quarters"),
    "least-4-5": _l("At least four fifths"),
    "least-1-1": _l("All"),
}
AGREE: dict[str, Any] = {
    VOICES: _l("%(share)s of those who agree, disagree or block must agree."),
    VALID: _l("%(share)s of the ballots that aren’t blank must agree."),
    CAST: _l("%(share)s of all ballots must agree."),
    ROLL: _l("%(share)s of everyone who can vote must agree."),
    PRESENT: _l("%(share)s of those who can vote and were checked in at the event must agree."),
}
CHOOSE: dict[str, Any] = {
    VALID: _l("%(share)s of the ballots that choose something must be for the leading option."),
    CAST: _l("%(share)s of all ballots, including abstentions, must be for the leading option."),
    ROLL: _l("%(share)s of everyone who can vote must be for the leading option."),
    PRESENT: _l(
        "%(share)s of those who can vote and were checked in at the event must be for the "
        "leading option."
    ),
}


def requirements(vote: Vote) -> list[str]:
    """Return everything that a result needs besides the most votes, as sentences."""
    facts = []
    if vote.quorum is not None:
        facts.append(
            _(
                "At least %(percent)s%% of voters must vote. With fewer ballots there’s no result.",
                percent=vote.quorum,
            )
        )
    if vote.threshold_of is not None:
        share = share_in_words(vote.threshold_part, vote.threshold_whole, vote.threshold_strict)
        facts.append(
            str((AGREE if vote.kind == PROPOSAL else CHOOSE)[vote.threshold_of]) % {"share": share}
        )
    return facts


def code_of(vote: Vote) -> str:
    """Return the code of the vote's share."""
    if vote.threshold_of is None:
        return NONE
    how = "more" if vote.threshold_strict else "least"
    return f"{how}-{vote.threshold_part}-{vote.threshold_whole}"


def columns_of(code: str) -> dict[str, Any]:
    """Return the columns of Vote for a share's code."""
    word, part, whole = code.split("-")
    return {
        "threshold_part": int(part),
        "threshold_whole": int(whole),
        "threshold_strict": word == "more",
    }


def share_in_words(part: int, whole: int, strict: bool) -> str:
    """Return “At least two thirds”."""
    code = f"{'more' if strict else 'least'}-{part}-{whole}"
    if code in SHARES:
        return str(SHARES[code])
    text = _("More than %(part)s of %(whole)s") if strict else _("At least %(part)s of %(whole)s")
    return text % {"part": part, "whole": whole}


_OF: dict[str, Any] = {
    ROLL: _l("%(votes)s of the %(base)s who could vote"),
    CAST: _l("%(votes)s of the %(base)s who voted"),
    VALID: _l("%(votes)s of the %(base)s who chose something"),
    VOICES: _l("%(votes)s of the %(base)s who voted for or against"),
    PRESENT: _l("%(votes)s of the %(base)s who were checked in"),
}
_OF_OPEN = {**_OF, ROLL: _l("%(votes)s of the %(base)s who can vote")}
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


def of_whom(of: str, votes: int, base: int, *, is_open: bool) -> str:
    """Return “14 of the 21 who could vote”, or who can while voting is open."""
    return str((_OF_OPEN if is_open else _OF)[of]) % {"votes": votes, "base": base}


def left_in_words(left: int) -> str:
    """Return “1 person left without voting and isn’t counted.”"""
    return ngettext(
        "%(num)d person left without voting and isn’t counted.",
        "%(num)d people left without voting and aren’t counted.",
        left,
    )


def needed(part: int, whole: int, strict: bool) -> str:
    """Return “more than half”."""
    text = (_MORE if strict else _LEAST).get((part, whole))
    if text is not None:
        return str(text)
    return (
        _("more than %(part)s of %(whole)s", part=part, whole=whole)
        if strict
        else _("at least %(part)s of %(whole)s", part=part, whole=whole)
    )


def threshold_of(rules: Rules) -> tuple[int, int, bool]:
    """Return the threshold that applies, as `needed` takes it: (part, whole, strict)."""
    it = thresholds.threshold_of(rules) or thresholds.MAJORITY
    return it.part, it.whole, it.strict
