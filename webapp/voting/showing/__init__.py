"""A result as a page shows it: one sentence, what quorum and threshold asked, and the figures of
its kind.

Takes an outcome and a `Question`, so that a page of help shows its example just as a vote shows its
result.
"""

from typing import NamedTuple

from flask_babel import gettext as _

from ..tally.outcome import Outcome
from . import ballots as ballots
from . import findings, pairs, stages, sums, ties
from .figures import Section
from .question import Question
from .rule import needed, of_whom, threshold_of


class Shown(NamedTuple):
    """What there is to see.

    `asked`: quorum and threshold, each as a term and what was found; `ties` a sentence or two each.
    """

    finding: str
    asked: list[tuple[str, str]]
    sections: list[Section]
    ties: list[str]


def shown(question: Question, outcome: Outcome) -> Shown:
    """The outcome in words, bars and tables."""
    finding, asked = findings.finding(question, outcome), _asked(question, outcome)
    return Shown(finding, asked, _sections(question, outcome), _ties(question, outcome))


def _sections(question: Question, outcome: Outcome) -> list[Section]:
    if not outcome.valid and not outcome.answers:
        return []
    staged = stages.sections(question, outcome) + pairs.sections(question, outcome)
    if outcome.kind in sums.KINDS:
        return [*sums.sections(question, outcome), *staged]
    return staged


def _ties(question: Question, outcome: Outcome) -> list[str]:
    if question.is_counted:
        return ties.said(question, outcome)
    return ties.provisional(outcome) if not question.rules.seed else []


def _asked(question: Question, outcome: Outcome) -> list[tuple[str, str]]:
    asked = []
    if outcome.quorum is not None:
        came = {"needed": outcome.quorum, "roll": question.rules.roll, "cast": outcome.cast}
        asked.append((_("Quorum"), _("%(needed)s of %(roll)s needed, %(cast)s came", **came)))
    if outcome.bar is not None:
        rule = needed(*threshold_of(question.rules))
        bar = of_whom(outcome.bar.of, outcome.bar.votes, outcome.bar.base)
        said = _(
            "%(rule)s, so %(needed)s: it was %(bar)s", rule=rule, needed=outcome.bar.needed, bar=bar
        )
        asked.append((_("Threshold"), said))
    return asked
