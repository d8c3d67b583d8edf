"""Single choice and approval: ticks."""

from collections.abc import Sequence

from ..tally.rules import SINGLE, Rules
from . import typed
from .typed import Mark

#: what stands for a tick where a value is asked for
TICK = "1"


def checked(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """`1+4`, and what stands against it; an option that does not exist is not written."""
    found, reasons = typed.options(rules, marks)
    chosen = sorted({number for number in found if number is not None})
    ticked = len(chosen) + found.count(None)
    least, most = (1, 1) if rules.kind == SINGLE else (rules.least, rules.most or rules.options)
    reasons |= {"too_few": ticked < least, "too_many": ticked > most}
    return "+".join(map(str, chosen)), typed.codes(reasons)
