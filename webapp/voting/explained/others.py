"""Kinds with a rule of their own."""

from flask_babel import lazy_gettext as _l

from .kind import Explained

EXPLAINED = {
    "star": Explained(
        title=_l("How STAR is counted"),
        summary=_l(
            "Each ballot gives every option 0 to 5 stars. The two with the most stars meet, and the one that more "
            "ballots score higher wins."
        ),
        good=_l(
            "One winner, where people want to say how much they like each option and exaggerating "
            "shall not pay."
        ),
        careful=_l("With two options it says no more than one choice does."),
        ballot=_l("Give each option 0 to 5 stars. An option without stars has 0."),
        steps=(
            _l("The stars of each option are added up. The two with the most go on."),
            _l(
                "Where several are level for the second place, the one that more ballots score higher goes on; then "
                "the one with more fives; then the lot says which."
            ),
            _l(
                "Of the two, each ballot counts for the one that it scores higher. More ballots "
                "win."
            ),
            _l("If they are level, the greater sum wins, then more fives, then the lot."),
        ),
        knowing=(
            _l("A ballot that gives both the same stars counts for neither of them in the runoff."),
        ),
        source=_l(
            "Score Then Automatic Runoff: the Equal Vote Coalition, since 2014, by its current "
            "protocol for ties."
        ),
        tells=_l(
            "Five ballots, three of 5, 4, 0 and two of 0, 5, 4. The second option has the most stars; three of five "
            "like the first one better."
        ),
    ),
    "proposal": Explained(
        title=_l("How a proposal is decided"),
        summary=_l(
            "One proposal, four answers: agree, abstain, disagree, block. It is carried or not."
        ),
        good=_l("Deciding on something that has been talked through, by majority or by consent."),
        careful=_l(
            "A block stops everything. Say beforehand what it is for, or that blocks only disagree."
        ),
        ballot=_l("Agree, abstain, disagree, or block: the last says that this must not happen."),
        steps=(
            _l("Where a quorum is set and not reached, nothing is decided."),
            _l("Where nobody speaks for or against, the proposal is not carried."),
            _l(
                "Where there are as many blocks as the vote says beforehand, usually one, the "
                "proposal is not carried."
            ),
            _l(
                "Otherwise the proposal is carried when enough agree, of those whom the vote names: those who speak "
                "for or against, all who voted, or all who may vote."
            ),
        ),
        knowing=(
            _l("Abstaining counts for the quorum and for neither side."),
            _l(
                "Exactly half, where more than half is needed, is called a tie and carries nothing."
            ),
            _l(
                "Two thirds of 21 are 14: “at least two thirds” is reached by them, “more than "
                "two thirds” is not."
            ),
        ),
        source=_l("Majority as assemblies know it, with the block of consensus decision-making."),
        tells=_l(
            "Fourteen agree, seven disagree, two abstain, and at least two thirds of those who "
            "speak are needed: carried."
        ),
    ),
    "date": Explained(
        title=_l("How a date poll is counted"),
        summary=_l(
            "Each ballot says yes, if need be, or no to each date. The date on which most can "
            "come wins."
        ),
        good=_l("Finding an evening. Its winner can become the time of an event."),
        careful=_l(
            "It finds when most can come, not when those can come whom it cannot do without."
        ),
        ballot=_l("Answer every date. One without an answer counts as no."),
        steps=(
            _l(
                "For each date, those who say yes and those who say if need be are counted "
                "together: so many can come."
            ),
            _l("Most who can come win."),
            _l("Where dates are level, more yes win, then the earlier start."),
        ),
        knowing=(
            _l("Fewer yes may win, when more people can come if need be."),
            _l("A date poll is never decided by lot."),
        ),
        source=_l("As on the usual sites for finding a date, with its ties said out loud."),
        tells=_l(
            "Five say yes, if need be, no; three say no, yes, if need be; one says yes, yes, no. Nine can come to "
            "the second date, though the first has six yes against four."
        ),
    ),
}
