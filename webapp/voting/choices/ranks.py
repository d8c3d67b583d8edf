"""Instant runoff, STV and Schulze: a rank for each option, 1 at the top; an option without one
is not ranked.
"""

from collections.abc import Sequence

from ..tally.rules import SCHULZE, Rules
from . import typed
from .typed import Mark


def checked(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """`3>1>2`, or `3>1=2` for Schulze, whose gaps are closed; and what stands against it."""
    found, reasons = typed.options(rules, marks)
    ranks = [typed.whole(rank) for _option, rank in marks]
    typed_ones = [rank for rank in ranks if rank is not None]
    reasons |= {
        "not_integer": len(typed_ones) < len(ranks),
        "rank_range": any(not 1 <= rank <= rules.options for rank in typed_ones),
    }
    if rules.kind != SCHULZE:
        used = {rank for rank in typed_ones if 1 <= rank <= rules.options}
        reasons["equal_rank"] = len(set(typed_ones)) < len(typed_ones)
        reasons["rank_gap"] = bool(used) and len(used) < max(used)
    tiers: dict[int, set[int]] = {}
    for number, rank in zip(found, ranks, strict=True):
        if number is not None and rank is not None:
            tiers.setdefault(rank, set()).add(number)
    written = ("=".join(map(str, sorted(tier))) for _rank, tier in sorted(tiers.items()))
    return ">".join(written), typed.codes(reasons)
