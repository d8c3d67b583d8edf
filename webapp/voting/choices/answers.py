"""Proposals and date polls: an answer out of a few."""

from collections.abc import Sequence

from ..tally import dates, proposal
from ..tally.rules import PROPOSAL, Rules
from . import typed
from .typed import Mark

#: what stands for the option of a proposal, which has none
THE_ONE = 1


def checked(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """`agree`, or `1:y 2:m 3:n`, and what stands against it."""
    return _proposal(marks) if rules.kind == PROPOSAL else _date(rules, marks)


def _proposal(marks: Sequence[Mark]) -> tuple[str, list[str]]:
    said = [str(value).strip() for _option, value in marks]
    reasons = {
        "too_many": len(said) > 1,
        "unknown_answer": any(word not in proposal.WORDS for word in said),
    }
    wrong = typed.codes(reasons)
    return said[0] if not wrong else "", wrong


def _date(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    found, reasons = typed.options(rules, marks)
    said = [str(value).strip() for _option, value in marks]
    reasons["unknown_answer"] = any(word not in dates.WORDS for word in said)
    known = {
        number: word
        for number, word in zip(found, said, strict=True)
        if number is not None and word in dates.WORDS
    }
    return typed.strings(list(known.items())), typed.codes(reasons)
