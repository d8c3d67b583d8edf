"""Help texts for kinds of vote in which a ballot ranks the options."""

from flask_babel import lazy_gettext as _l

from .guides_to_sums import MethodGuide

RANKINGS = {
    "irv": MethodGuide(
        title=_l("How ranking with instant runoff is counted"),
        summary=_l(
            "Each ballot ranks the options. The one with the fewest ballots goes out, again and "
            "again, until one "
            "has more than half."
        ),
        good=_l(
            "One winner among three or more, where people are used to elections with a second "
            "round."
        ),
        careful=_l(
            "An option that everyone likes second best goes out early, for nobody puts it first. "
            "Where that "
            "matters, take the Schulze method."
        ),
        ballot=_l(
            "Rank the options, your first choice as 1. You may stop early; no two can share a rank."
        ),
        steps=(
            _l("Every ballot counts for the option that it ranks highest among those still in."),
            _l("An option with more than half of the ballots that still count has won."),
            _l(
                "Otherwise the option with the fewest goes out, one a round, and its ballots "
                "move to their next "
                "choice. A ballot without one counts no further."
            ),
            _l(
                "Where several have the fewest, the one that had fewer in the latest earlier "
                "round goes out; if "
                "they were always level, the lot says which."
            ),
            _l(
                "If the vote needs a share to pass, what counts is the round that decides: the "
                "first in which an "
                "option has more than half, or else the last with two options left."
            ),
        ),
        knowing=(
            _l(
                "More than half means half of the ballots that still count, not of all. The "
                "table shows how many "
                "have no choice left."
            ),
            _l(
                "Ranking an option higher can hurt it, in rare cases: with 39 ABC, 35 BCA and 26 "
                "CAB, A wins. If "
                "ten of BCA change to ABC, C wins."
            ),
            _l("Ranking further options never hurts those that you ranked above them."),
        ),
        source=_l(
            "The single-seat case of the single transferable vote, in use in Australia since "
            "1918 and in Ireland "
            "for its presidents."
        ),
        tells=_l(
            "A hundred people choose where the capital of Tennessee shall be. Chattanooga goes "
            "out, its ballots "
            "move to Knoxville; then Nashville goes out, and its ballots move there too."
        ),
    ),
    "schulze": MethodGuide(
        title=_l("How ranking by the Schulze method is counted"),
        summary=_l(
            "Each ballot ranks the options. Every option meets every other, and the one that none "
            "beats wins."
        ),
        good=_l(
            "One winner among several, above all where the option that most can agree on shall win."
        ),
        careful=_l(
            "The tables are long to read. Where people must be able to count by hand, take "
            "instant runoff."
        ),
        ballot=_l(
            "Rank the options, your first choice as 1. Several may share a rank. What you leave "
            "out comes last, all alike."
        ),
        steps=(
            _l("For each two options: how many ballots put the one above the other?"),
            _l("An option that beats each other one has won."),
            _l(
                "Where they beat each other in a circle, paths count: a path is as strong as the "
                "weakest win on it. "
                "One option is ahead of another when its strongest path there is stronger than "
                "the way back."
            ),
            _l(
                "The option that no other is ahead of wins. Where there are several, the lot "
                "names one of them."
            ),
        ),
        knowing=(
            _l(
                "The strength of a win is the number of ballots for it, not how many more they "
                "are than those against."
            ),
            _l("Places count how many options are ahead: two can share one."),
        ),
        source=_l("Markus Schulze, 2003; in use by Debian, Wikimedia and many parties and clubs."),
        tells=_l(
            "The same ballots as for the capital by instant runoff: Nashville beats each of the "
            "others, one against one."
        ),
    ),
    "stv": MethodGuide(
        title=_l("How ranking for several seats is counted"),
        summary=_l(
            "Each ballot ranks the options. Seats go to those that reach the quota, so that "
            "every large enough "
            "group of voters has its own."
        ),
        good=_l(
            "Choosing a board or a committee: a half of the voters fills half of the seats, not "
            "all."
        ),
        careful=_l("With one seat it is instant runoff. Counting by hand takes an evening."),
        ballot=_l(
            "Rank the options, your first choice as 1. You may stop early; no two can share a rank."
        ),
        steps=(
            _l(
                "The quota is the number of valid ballots divided by one more than there are "
                "seats, the rest cut "
                "off, plus one. It stays the same."
            ),
            _l("Whoever reaches the quota is elected."),
            _l(
                "What an elected option has above the quota moves on: every ballot that it holds "
                "goes to its next "
                "choice with a part of its worth, so that together they carry the surplus and no "
                "more."
            ),
            _l(
                "Where there is no surplus left, the option with the fewest goes out, and its "
                "ballots move on with "
                "what they are worth."
            ),
            _l(
                "One surplus or one option a stage, until the seats are full, or as many are left "
                "as there are seats."
            ),
            _l(
                "Ties are broken by how the options stood at the end of earlier stages, the "
                "latest first; if they "
                "were always level, by lot."
            ),
        ),
        knowing=(
            _l(
                "Fractions are counted exactly. The page shows five decimals and cuts off the "
                "rest; the files hold the fractions."
            ),
            _l(
                "A ballot may be worth less than one after it helped to elect someone: the rest "
                "of it is at work there."
            ),
        ),
        source=_l(
            "The weighted inclusive Gregory method of the Scottish Local Government Elections "
            "Order 2007, with "
            "exact fractions in place of five decimals."
        ),
        tells=_l(
            "Twenty-two ballots for three seats: the quota is six. The fifth option has nine, is "
            "elected, and its "
            "three above the quota move on."
        ),
    ),
}
