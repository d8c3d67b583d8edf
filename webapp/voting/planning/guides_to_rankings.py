"""Help texts for kinds of vote in which a ballot ranks the options."""

from flask_babel import lazy_gettext as _l

from .guides_to_sums import CAPITALS, RANK, SEATS, Example, MethodGuide

RANKED = Example(CAPITALS, (("1>2>3>4", 42), ("2>3>4>1", 26), ("3>4>2>1", 15), ("4>3>2>1", 17)))

RANKINGS = {
    "irv": MethodGuide(
        wish=RANK,
        example=RANKED,
        title=_l("How instant runoff is counted"),
        summary=_l(
            "Each ballot ranks the options. In each round the one with the fewest ballots drops "
            "out, until one has more than half."
        ),
        good=_l(
            "One winner among three or more, if people are used to elections with a second round."
        ),
        careful=_l(
            "An option that everyone likes second best drops out early, because no one puts it "
            "first. If that matters, use the Schulze method."
        ),
        ballot=_l(
            "Rank the options, with your first choice as 1. You can stop early, but no two can "
            "share a rank."
        ),
        steps=(
            _l("Every ballot counts for the option it ranks highest among those still in."),
            _l("An option wins once it has more than half of the ballots that still count."),
            _l(
                "Otherwise the option with the fewest drops out, one per round, and its ballots "
                "move to their next choice. A ballot with no next choice no longer counts."
            ),
            _l(
                "If several have the fewest, the one that had fewer in the latest earlier round "
                "drops out. If they were always level, it’s decided by lot."
            ),
            _l(
                "If the vote needs a share to pass, the deciding round counts: the first in which "
                "an option has more than half, or else the last with two options left."
            ),
        ),
        knowing=(
            _l(
                "More than half means half of the ballots that still count, not of all ballots. "
                "The table shows how many have no further choice."
            ),
            _l(
                "In rare cases, ranking an option higher can hurt it: with 39 ABC, 35 BCA and 26 "
                "CAB, A wins. If ten of the BCA ballots change to ABC, C wins."
            ),
            _l("Ranking more options never hurts those you ranked above them."),
        ),
        source=_l(
            "The single-seat case of the single transferable vote, used in Australia since 1918 "
            "and for presidential elections in Ireland."
        ),
        tells=_l(
            "A hundred people choose the capital of Tennessee. Chattanooga drops out, and its "
            "ballots move to Knoxville. Then Nashville drops out, and its ballots move there "
            "too."
        ),
    ),
    "schulze": MethodGuide(
        wish=RANK,
        example=RANKED,
        title=_l("How head-to-head ranking (Schulze) is counted"),
        summary=_l(
            "Each ballot ranks the options. Every option is compared with every other, and the one "
            "that none beats wins."
        ),
        good=_l(
            "One winner among several, especially if the option that most people can agree on "
            "should win."
        ),
        careful=_l(
            "The tables are long. If people must be able to count by hand, use instant runoff."
        ),
        ballot=_l(
            "Rank the options, with your first choice as 1. Several can share a rank. Options you "
            "leave out come last, all level."
        ),
        steps=(
            _l("For each pair of options: how many ballots rank one above the other?"),
            _l("An option that beats every other option wins."),
            _l(
                "If options beat each other in a circle, paths decide. A path is as strong as the "
                "weakest win on it. One option is ahead of another if its strongest path there "
                "is stronger than the way back."
            ),
            _l(
                "The option that no other is ahead of wins. If there are several, one is chosen by "
                "lot."
            ),
        ),
        knowing=(
            _l(
                "The strength of a win is the number of ballots for it, not its margin over those "
                "against."
            ),
            _l("Places show how many options are ahead. Two options can share a place."),
        ),
        source=_l(
            "Markus Schulze, 2003; used by Debian, Wikimedia and many clubs and political groups."
        ),
        tells=_l(
            "The same ballots as in the instant runoff example: Nashville beats each of the others "
            "head to head."
        ),
    ),
    "stv": MethodGuide(
        wish=SEATS,
        example=Example(
            ("A", "B", "C", "D", "E"),
            (("1>2>3", 1), ("5", 2), ("4>5>2>3", 3), ("2", 5), ("5>3>4>1", 7), ("3", 4)),
            {"seats": 3},
        ),
        title=_l("How several seats are counted"),
        summary=_l(
            "Each ballot ranks the options. Seats go to those that reach the quota, so every large "
            "enough group of voters gets its own."
        ),
        good=_l(
            "Choosing a board or committee: half of the voters fill half of the seats, not all of "
            "them."
        ),
        careful=_l(
            "With one seat it’s the same as instant runoff. Counting by hand takes an evening."
        ),
        ballot=_l(
            "Rank the options, with your first choice as 1. You can stop early, but no two can "
            "share a rank."
        ),
        steps=(
            _l(
                "The quota is the number of valid ballots divided by the number of seats plus one, "
                "rounded down, plus one. It stays the same."
            ),
            _l("Any option that reaches the quota is elected."),
            _l(
                "The surplus of an elected option above the quota moves on. Every ballot it holds "
                "goes to its next choice with part of its value, so that together they carry "
                "the surplus and no more."
            ),
            _l(
                "If there’s no surplus left, the option with the fewest votes drops out, and its "
                "ballots move on at their current value."
            ),
            _l(
                "Each stage moves one surplus or drops one option, until the seats are full or "
                "only as many options are left as there are seats."
            ),
            _l(
                "Ties are broken by which option was ahead at the end of earlier stages, the "
                "latest first. If they were always level, it’s decided by lot."
            ),
        ),
        knowing=(
            _l(
                "Fractions are counted exactly. The page shows five decimals without rounding up; "
                "the files hold the fractions."
            ),
            _l(
                "A ballot may be worth less than one after it has helped to elect someone: the "
                "rest of its value stays there."
            ),
        ),
        source=_l(
            "The weighted inclusive Gregory method of the Scottish Local Government Elections "
            "Order 2007, with "
            "exact fractions in place of five decimals."
        ),
        tells=_l(
            "Twenty-two ballots for three seats: the quota is six. The fifth option has nine and "
            "is elected, and its surplus of three moves on."
        ),
    ),
}
