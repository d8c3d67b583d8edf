"""Help pages about votes: how to choose a kind, one page for each kind, and secret votes.

A kind's page shows an example that is counted whenever the page is rendered.
"""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...core.ui import help
from .. import tally
from ..models import APPROVAL, DATE, DOTS, IRV, KINDS, PROPOSAL, SCHULZE, SCORE, SINGLE, STAR, STV
from ..results import result_views
from ..results.question import VoteQuestion, ballot_in_words
from ..tally.rules import Rules, Threshold
from . import guides_to_rankings, guides_to_sums
from .guides_to_sums import MethodGuide
from .methods import METHODS

#: kind -> what there is to say of it, in the order in which forms offer them
GUIDES: dict[str, MethodGuide] = {
    kind: {**guides_to_sums.SUMS, **guides_to_rankings.RANKINGS, **guides_to_sums.OTHERS}[kind]
    for kind in KINDS
}


def slug_of(kind: str) -> str:
    """The address of a kind's page below `/help/`."""
    return f"votes-{kind}"


_CAPITALS = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
_LETTERS = ("A", "B", "C")
#: How far each of four towns is for each of four groups of people: Tennessee, as many books on
#: voting tell it.
_TENNESSEE = {"1": 42, "2": 26, "3": 15, "4": 17}
_FIRST, _SECOND, _THIRD = (_l("Saturday"), _l("Sunday"), _l("Monday"))


class Example(NamedTuple):
    """Options by name, the ballots as choice strings with how many say so, and the rules that
    differ from the usual.
    """

    titles: tuple[object, ...]
    ballots: tuple[tuple[str, int], ...]
    rules: dict[str, Any] = {}

    def question(self, kind: str) -> VoteQuestion:
        """The question of the example; its lot orders the options by the seed 42."""
        options = len(self.titles)
        rules = Rules(kind=kind, options=options, seed=f"{42:064x}", roll=self.cast, **self.rules)
        return VoteQuestion(tuple(str(title) for title in self.titles), rules)

    @property
    def cast(self) -> int:
        """How many ballots there are."""
        return sum(times for _choice, times in self.ballots)


_RANKED = Example(_CAPITALS, (("1>2>3>4", 42), ("2>3>4>1", 26), ("3>4>2>1", 15), ("4>3>2>1", 17)))

EXAMPLES: dict[str, Example] = {
    "single": Example(_CAPITALS, tuple(_TENNESSEE.items())),
    "approval": Example(
        _CAPITALS, (("1+2", 42), ("2+3", 26), ("3+4", 15), ("3+4", 17)), {"most": 4}
    ),
    "score": Example(
        _CAPITALS,
        (("1:5 2:2 3:1", 42), ("2:5 3:2 4:1", 26), ("2:3 3:5 4:4", 15), ("2:2 3:4 4:5", 17)),
    ),
    "irv": _RANKED,
    "schulze": _RANKED,
    "stv": Example(
        ("A", "B", "C", "D", "E"),
        (("1>2>3", 1), ("5", 2), ("4>5>2>3", 3), ("2", 5), ("5>3>4>1", 7), ("3", 4)),
        {"seats": 3},
    ),
    "star": Example(_LETTERS, (("1:5 2:4", 3), ("2:5 3:4", 2))),
    "dots": Example(_LETTERS, (("1:4 2:2", 2), ("2:1 3:5", 3), ("2:3", 1)), {"budget": 6}),
    "proposal": Example(
        (),
        (("agree", 14), ("abstain", 2), ("disagree", 7)),
        {"threshold": Threshold("voices", 2, 3, strict=False)},
    ),
    "date": Example(
        (_FIRST, _SECOND, _THIRD),
        (("1:y 2:m 3:n", 5), ("1:n 2:y 3:m", 3), ("1:y 2:y", 1)),
        {"starts": (1, 2, 3)},
    ),
}


CHOOSING = "votes"
SECRET = "secret-votes"


def register() -> None:
    """The pages exist."""
    title, summary = (
        _l("Which kind of vote?"),
        _l("The ways to ask a group something, and how to choose one."),
    )
    help.add(
        help.HelpTopic(
            CHOOSING,
            title,
            summary,
            "voting/help/choosing.html",
            section="votes",
            context=_choosing,
        )
    )
    help.add(*(_topic(kind) for kind in GUIDES))
    secret = _l(
        "No name is stored with a ballot, and a key finds it again. From five ballots on, everyone "
        "can check the count."
    )
    help.add(
        help.HelpTopic(
            SECRET, _l("Secret votes"), secret, "voting/help/secret.html", CHOOSING, "votes"
        )
    )


def _topic(kind: str) -> help.HelpTopic:
    it = GUIDES[kind]
    context = lambda: _kind(kind)  # noqa: E731
    return help.HelpTopic(
        slug_of(kind), it.title, it.summary, "voting/help/kind.html", CHOOSING, "votes", context
    )


def _choosing() -> dict[str, Any]:
    """The kinds, by what one wants to find out."""
    wishes = [
        (_("Do we do this, yes or no?"), (PROPOSAL,)),
        (_("Which of these?"), (SINGLE, APPROVAL, SCORE, STAR)),
        (_("Which of these, where the order of preference matters?"), (IRV, SCHULZE)),
        (_("Who gets these seats?"), (STV,)),
        (_("What first, and how much of each?"), (DOTS,)),
        (_("When do we meet?"), (DATE,)),
    ]
    listed = [
        (words, [(slug_of(kind), METHODS[kind].name, GUIDES[kind]) for kind in kinds])
        for words, kinds in wishes
    ]
    return {"wishes": listed}


def _kind(kind: str) -> dict[str, Any]:
    """What the page of a kind says, with its example counted."""
    example = EXAMPLES[kind]
    question = example.question(kind)
    outcome = tally.count(example.ballots, question.rules)
    cast = [(ballot_in_words(question, choice), times) for choice, times in example.ballots]
    return {"it": GUIDES[kind], "cast": cast, "shown": result_views.shown(question, outcome)}
