"""The kinds of vote in words: what each is good for, how it is counted, and what its author
settles.
"""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from ..models import APPROVAL, DATE, DOTS, IRV, KINDS, PROPOSAL, SCHULZE, SCORE, SINGLE, STAR, STV


class Method(NamedTuple):
    """A kind of vote.

    `asks`: the columns that only some kinds have a use for; `ballot`: the part that draws its
    ballot.
    """

    name: Any
    good_for: Any
    counted: Any
    icon: str
    ballot: str
    asks: tuple[str, ...] = ()
    has_options: bool = True
    has_threshold: bool = False


METHODS: dict[str, Method] = {
    SINGLE: Method(
        _l("One choice"),
        _l("Each person picks one"),
        _l("The option chosen most often wins. A tie is broken by lot."),
        "check",
        "choices",
        has_threshold=True,
    ),
    APPROVAL: Method(
        _l("Several choices"),
        _l("Pick all you support"),
        _l("The option chosen most often wins. A tie is broken by lot."),
        "list",
        "choices",
        ("choices_min", "choices_max"),
        has_threshold=True,
    ),
    SCORE: Method(
        _l("Scores"),
        _l("Give each option a score"),
        _l(
            "The option with the highest total wins. Options a ballot leaves out get 0. A tie is "
            "broken by lot."
        ),
        "count",
        "points",
        ("score_max",),
    ),
    STAR: Method(
        _l("STAR"),
        _l("Stars, then a final round"),
        _l(
            "Of the two options with the most stars, the one that more ballots score higher wins. "
            "STAR has its own rule for ties."
        ),
        "star",
        "stars",
    ),
    DOTS: Method(
        _l("Dots"),
        _l("Spread dots over the options"),
        _l("The option with the most dots wins. A tie is broken by lot."),
        "more",
        "dots",
        ("budget", "per_option", "spend_all"),
    ),
    IRV: Method(
        _l("Ranked, instant runoff"),
        _l("The last option drops out"),
        _l(
            "In each round the last option drops out, and its votes go to the next choice on those "
            "ballots. It ends when one has more than half of the remaining votes."
        ),
        "up",
        "ranking",
        has_threshold=True,
    ),
    SCHULZE: Method(
        _l("Ranked"),
        _l("Put options in order"),
        _l(
            "Every option is compared with every other (Schulze). An option that beats all the "
            "others wins."
        ),
        "share",
        "ranking",
    ),
    STV: Method(
        _l("Several seats"),
        _l("Elect a committee fairly"),
        _l(
            "Options that reach the quota get a seat. Surplus votes, and votes of options that "
            "drop out, go to the next choice (STV)."
        ),
        "people",
        "ranking",
        ("seats",),
    ),
    PROPOSAL: Method(
        _l("Proposal"),
        _l("Agree, abstain, disagree or block"),
        _l("Carried or not carried."),
        "edit",
        "answers",
        ("blocks",),
        has_options=False,
        has_threshold=True,
    ),
    DATE: Method(
        _l("Find a date"),
        _l("Yes, if need be, no"),
        _l(
            "The date most people can make wins, then the one with more yes answers, then the "
            "earlier one."
        ),
        "calendar",
        "dates",
        has_options=False,
    ),
}
assert tuple(METHODS) == KINDS
