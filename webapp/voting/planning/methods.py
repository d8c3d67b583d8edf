"""The names and descriptions of kinds of vote, and the settings that each has."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from ..tally.rules import KINDS


class Method(NamedTuple):
    """A kind of vote. `icon`: one of `static/icons.svg`. `asks`: the columns that only some kinds
    use. `script`: helps with filling in a ballot, in `static/js/`. `lot`: what is decided by lot.
    """

    name: Any
    good_for: Any
    counted: Any
    icon: str
    asks: tuple[str, ...] = ()
    script: str = ""
    lot: Any = _l("If nothing else breaks a tie, it’s decided by lot.")


METHODS: dict[str, Method] = {
    "single": Method(
        _l("One choice"),
        _l("Each person picks one"),
        _l("The option chosen most often wins. A tie is broken by lot."),
        "check",
    ),
    "approval": Method(
        _l("Several choices"),
        _l("Pick all you support"),
        _l("The option chosen most often wins. A tie is broken by lot."),
        "list",
        ("choices_min", "choices_max"),
    ),
    "score": Method(
        _l("Scores"),
        _l("Give each option a score"),
        _l(
            "The option with the highest total wins. Options a ballot leaves out get 0. A tie is "
            "broken by lot."
        ),
        "count",
        ("score_max",),
    ),
    "star": Method(
        _l("STAR"),
        _l("Stars, then a final round"),
        _l(
            "Of the two options with the most stars, the one that more ballots score higher wins. "
            "STAR has its own rule for ties."
        ),
        "star",
    ),
    "dots": Method(
        _l("Dots"),
        _l("Spread dots over the options"),
        _l("The option with the most dots wins. A tie is broken by lot."),
        "more",
        ("budget", "per_option", "spend_all"),
        script="dots",
    ),
    "irv": Method(
        _l("Ranked, instant runoff"),
        _l("The last option drops out"),
        _l(
            "In each round the last option drops out, and its votes go to the next choice on those "
            "ballots. It ends when one has more than half of the remaining votes."
        ),
        "up",
        script="ranking",
    ),
    "schulze": Method(
        _l("Ranked"),
        _l("Put options in order"),
        _l(
            "Every option is compared with every other (Schulze). An option that beats all the "
            "others wins."
        ),
        "share",
        script="ranking",
    ),
    "stv": Method(
        _l("Several seats"),
        _l("Elect a committee fairly"),
        _l(
            "Options that reach the quota get a seat. Surplus votes, and votes of options that "
            "drop out, go to the next choice (STV)."
        ),
        "people",
        ("seats",),
        script="ranking",
    ),
    "proposal": Method(
        _l("Proposal"),
        _l("Agree, abstain, disagree or block"),
        _l("Carried or not carried."),
        "edit",
        ("blocks",),
    ),
    "date": Method(
        _l("Find a date"),
        _l("Yes, if need be, no"),
        _l(
            "The date most people can make wins, then the one with more yes answers, then the "
            "earlier one."
        ),
        "calendar",
    ),
}
assert tuple(METHODS) == tuple(KINDS)
