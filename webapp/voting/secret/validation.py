"""Validation of values from files that anybody may have written: each must have its type and be
within bounds. Otherwise Malformed says which isn't.
"""

import re
from typing import Any

from ..tally.rules import BASES, KINDS, LEAVERS
from .canonical_json import Malformed
from .opening_record import SETTLED

#: The greatest number that every program can read, and its length in digits with a sign.
MOST = 2**53
LEAST = -MOST
DIGITS = 17
OPTIONS = 100
DIGEST = re.compile("[0-9a-f]{64}")
TEXTS = ("poll", "title", "text", "kind")
#: The opening's field about the lot: its commitment, or in the first format its seed.
LOT, SEED = "lot", "seed"
#: The opening's field about people who leave; earlier formats have none, and count everyone.
WHO_LEAVES = "leavers"
OPENING = (*TEXTS, "rules", "options", "opens", "closes", "roll_n", "roll_sha256")
#: Numeric rules: their least and greatest values. Counting takes longer the greater they are.
BOUNDS = {"seats": (1, OPTIONS), "least": (0, OPTIONS), "score_max": (1, 1000), "budget": (0, 1000)}
PERHAPS = {"most": (0, OPTIONS), "per_option": (0, 1000), "blocks": (0, MOST), "quorum": (0, 100)}
THRESHOLD = ("of", "part", "whole", "strict")


def opening(found: Any, tells: tuple[str, ...]) -> dict[str, Any]:
    """Check the opening so that a recount can rely on it; `tells`: the fields that not every format
    has.
    """
    said = _exactly(found, (*OPENING, *tells), "opening")
    for name in TEXTS:
        text(said[name], name)
    if LOT in tells:
        digest(said[LOT], LOT)
    else:
        text(said[SEED], SEED)
    if WHO_LEAVES in tells and text(said[WHO_LEAVES], WHO_LEAVES) not in LEAVERS:
        raise Malformed("opening: it says of leavers neither lose nor keep")
    if said["kind"] not in KINDS:
        raise Malformed("opening: there is no such kind of vote")
    options = [text(title, "an option") for title in listed(said["options"], "options")]
    if len(options) > OPTIONS:
        raise Malformed(f"opening: more than {OPTIONS} options")
    for name in ("opens", "closes"):
        whole(said[name], name, LEAST)
    whole(said["roll_n"], "roll_n")
    digest(said["roll_sha256"], "roll_sha256")
    _rules(said["rules"], len(options))
    return said


def whole(found: Any, name: str, least: int = 0, most: int = MOST) -> int:
    """Check a whole number within bounds."""
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise Malformed(f"{name} is no whole number from {least} to {most}")
    return found


def text(found: Any, name: str) -> str:
    """Check text that can be written in UTF-8."""
    if not isinstance(found, str) or any("\ud800" <= letter <= "\udfff" for letter in found):
        raise Malformed(f"{name} is no text")
    return found


def digest(found: Any, name: str) -> str:
    """Check a hash."""
    if not DIGEST.fullmatch(text(found, name)):
        raise Malformed(f"{name} is no sha256 in hexadecimal digits")
    return str(found)


def listed(found: Any, name: str) -> list[Any]:
    """Check a list."""
    if not isinstance(found, list):
        raise Malformed(f"{name} is no list")
    return found


def mapping(found: Any, name: str) -> dict[str, Any]:
    """Check an object."""
    if not isinstance(found, dict):
        raise Malformed(f"{name} is no object")
    return found


def _exactly(found: Any, names: tuple[str, ...], name: str) -> dict[str, Any]:
    said = mapping(found, name)
    if sorted(said) != sorted(names):
        raise Malformed(f"{name} has not exactly the fields {', '.join(names)}")
    return said


def _rules(found: Any, options: int) -> None:
    said = _exactly(found, SETTLED, "rules")
    for name, (least, most) in (BOUNDS | PERHAPS).items():
        if said[name] is not None or name in BOUNDS:
            whole(said[name], name, least, most)
    starts = [whole(start, "starts", LEAST) for start in listed(said["starts"], "starts")]
    if len(starts) not in (0, options):
        raise Malformed("rules: as many starts as there are options, or none")
    _flag(said["spend_all"], "spend_all")
    if said["threshold"] is not None:
        _threshold(said["threshold"])


def _threshold(found: Any) -> None:
    said = _exactly(found, THRESHOLD, "threshold")
    if text(said["of"], "of") not in BASES:
        raise Malformed("threshold: a part of nothing that is known")
    whole(said["part"], "part")
    whole(said["whole"], "whole", 1)
    _flag(said["strict"], "strict")


def _flag(found: Any, name: str) -> None:
    if not isinstance(found, bool):
        raise Malformed(f"{name} is neither true nor false")
