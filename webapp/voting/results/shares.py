"""Shares of a result in percent, rounded so that they never look like a majority that was
missed.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flask_babel import gettext as _

from ...core.ui.charts import percentages
from ..tally.outcome import Outcome, Stage, ThresholdBar
from ..tally.rules import STV, Rules
from .quorum_text import threshold_of


def shares(
    parts: Mapping[int, int | Fraction], whole: int | Fraction, limit: Fraction | None = None
) -> dict[int, str]:
    """Return each option's share as “34%”; close to half and close to the limit with decimals."""
    limits = [Fraction(1, 2)] if limit is None else [Fraction(1, 2), limit]
    written = percentages(list(parts.values()), whole, limits)
    return {
        number: _("%(share)s%%", share=share) for number, share in zip(parts, written, strict=True)
    }


def shares_in_stage(
    rules: Rules, outcome: Outcome, stage: Stage, within: Sequence[int], whole: Fraction
) -> dict[int, str]:
    """Return the shares of options still in the count; empty for STV, which has quotas instead."""
    if outcome.kind == STV:
        return {}
    totals = {number: stage.totals[number] for number in within}
    return shares(totals, whole, threshold_share(rules, outcome.bar, whole))


def threshold_share(
    rules: Rules, bar: ThresholdBar | None, whole: int | Fraction
) -> Fraction | None:
    """Return what the threshold requires, as a share of the whole; None if it requires nothing."""
    if bar is None or not whole:
        return None
    part, parts, _is_strict = threshold_of(rules)
    return Fraction(part * bar.base) / (parts * Fraction(whole))
