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
        _l("Two or three options, or something small: each names one."),
        _l("The option that most name. A tie is broken by lot."),
        "check",
        "choices",
        has_threshold=True,
    ),
    APPROVAL: Method(
        _l("Several choices"),
        _l("Finding what suits many: each names every option they can live with."),
        _l("The option that most name. A tie is broken by lot."),
        "list",
        "choices",
        ("choices_min", "choices_max"),
        has_threshold=True,
    ),
    SCORE: Method(
        _l("Scores"),
        _l("When it matters how much people like each option: they score each."),
        _l(
            "The option with the greatest sum. What a ballot leaves out has none. A tie is broken "
            "by lot."
        ),
        "count",
        "points",
        ("score_max",),
    ),
    STAR: Method(
        _l("STAR"),
        _l(
            "One of several, by how much people like each: none to five stars, and a runoff "
            "between the best two."
        ),
        _l(
            "Of the two with most stars, the one that more ballots give the more stars. STAR "
            "breaks ties by a rule of its own."
        ),
        "star",
        "stars",
    ),
    DOTS: Method(
        _l("Dots"),
        _l("What comes first on a long list: each spreads so many dots over the options."),
        _l("The option with most dots. A tie is broken by lot."),
        "more",
        "dots",
        ("budget", "per_option", "spend_all"),
    ),
    IRV: Method(
        _l("Ranking, instant runoff"),
        _l("One of several, with a majority behind it: each puts the options in order."),
        _l(
            "Round by round the last drops out and its ballots move on, until one has more than "
            "half."
        ),
        "up",
        "ranking",
        has_threshold=True,
    ),
    SCHULZE: Method(
        _l("Ranking, one against one"),
        _l(
            "A choice that most can agree on: each puts the options in order, and may put some "
            "level."
        ),
        _l(
            "Each option meets each other one on every ballot (Schulze). Who beats all others is "
            "chosen."
        ),
        "share",
        "ranking",
    ),
    STV: Method(
        _l("Ranking, several seats"),
        _l("Electing a board, in which every larger part of the group has its people."),
        _l(
            "Who reaches the quota has a seat. What is left over, and ballots of who drops out, "
            "moves on (STV)."
        ),
        "people",
        "ranking",
        ("seats",),
    ),
    PROPOSAL: Method(
        _l("Proposal"),
        _l("A text that stands: each agrees, abstains, disagrees, or blocks it."),
        _l("Carried, or not carried."),
        "edit",
        "answers",
        ("blocks",),
        has_options=False,
        has_threshold=True,
    ),
    DATE: Method(
        _l("Date poll"),
        _l("When most can come: yes, if need be or no to each date."),
        _l("The date at which most can come, then most gladly; then the earlier."),
        "calendar",
        "dates",
        has_options=False,
    ),
}
assert tuple(METHODS) == KINDS
