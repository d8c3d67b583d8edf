"""Help texts for kinds of vote with their own rules."""

from flask_babel import lazy_gettext as _l

from ..tally.rules import Threshold
from .guides_to_sums import LETTERS, MEET, PASS, PICK, Example, MethodGuide

DAYS = (_l("Saturday"), _l("Sunday"), _l("Monday"))

OTHERS = {
    "star": MethodGuide(
        wish=PICK,
        example=Example(LETTERS, (("1:5 2:4", 3), ("2:5 3:4", 2))),
        title=_l("How STAR is counted"),
        summary=_l(
            "Each ballot gives every option 0 to 5 stars. The two with the most stars go to a "
            "runoff, and the one that more ballots score higher wins."
        ),
        good=_l(
            "One winner, if people want to say how much they like each option and exaggerating "
            "shouldn’t pay off."
        ),
        careful=_l("With two options, it says no more than a single choice."),
        ballot=_l("Give each option 0 to 5 stars. An option without stars gets 0."),
        steps=(
            _l("The stars of each option are added up. The two with the most go on."),
            _l(
                "If several tie for second place, the one that more ballots score higher goes on; "
                "then the one with more fives; then it’s decided by lot."
            ),
            _l(
                "Each ballot counts for the one of the two that it scores higher. The one with "
                "more ballots wins."
            ),
            _l("If they’re level, the higher total wins, then more fives, then the lot."),
        ),
        knowing=(
            _l(
                "A ballot that gives both the same number of stars counts for neither of them in "
                "the runoff."
            ),
        ),
        source=_l(
            "Score Then Automatic Runoff: the Equal Vote Coalition, since 2014, using its current "
            "protocol for ties."
        ),
        tells=_l(
            "Five ballots: three of 5, 4, 0 and two of 0, 5, 4. The second option has the most "
            "stars, but three of five like the first one better."
        ),
    ),
    "proposal": MethodGuide(
        wish=PASS,
        example=Example(
            (),
            (("agree", 14), ("abstain", 2), ("disagree", 7)),
            {"threshold": Threshold("voices", 2, 3, strict=False)},
        ),
        title=_l("How a proposal is decided"),
        summary=_l(
            "One proposal, four answers: agree, abstain, disagree, block. It’s carried or it isn’t."
        ),
        good=_l("Deciding on something that has been discussed, by majority or by consent."),
        careful=_l(
            "A block stops everything. Say beforehand what it’s for, or that a block only counts "
            "as disagreeing."
        ),
        ballot=_l("Agree, abstain, disagree or block. A block says that this must not happen."),
        steps=(
            _l("If a quorum is set and not reached, nothing is decided."),
            _l("If no one votes for or against, the proposal isn’t carried."),
            _l(
                "If there are as many blocks as the vote says beforehand, usually one, the "
                "proposal isn’t carried."
            ),
            _l(
                "Otherwise the proposal is carried if enough people agree, out of those the vote "
                "names: those who vote for or against, all who voted, or all who can vote."
            ),
        ),
        knowing=(
            _l("Abstaining counts towards the quorum, but for neither side."),
            _l(
                "If more than half is needed, exactly half is called a tie, and nothing is carried."
            ),
            _l(
                "Two thirds of 21 are 14. With 14, “at least two thirds” is reached; “more than "
                "two thirds” isn’t."
            ),
        ),
        source=_l("Majority voting, with the block known from consensus decision-making."),
        tells=_l(
            "Fourteen agree, seven disagree, two abstain, and at least two thirds of those who "
            "vote for or against are needed: carried."
        ),
    ),
    "date": MethodGuide(
        wish=MEET,
        example=Example(
            DAYS,
            (("1:y 2:m 3:n", 5), ("1:n 2:y 3:m", 3), ("1:y 2:y", 1)),
            {"starts": (1, 2, 3)},
        ),
        title=_l("How a vote on dates is counted"),
        summary=_l(
            "Each ballot answers yes, if need be, or no to each date. The date most people can "
            "make wins."
        ),
        good=_l("Finding an evening. The winning date can become the time of an event."),
        careful=_l(
            "It finds when most people can come, not when the people you can’t do without can come."
        ),
        ballot=_l("Answer for every date. One left blank counts as no."),
        steps=(
            _l(
                "For each date, “yes” and “if need be” answers are added up: that’s how many can "
                "come."
            ),
            _l("The date that most people can make wins."),
            _l("If dates are level, more yes answers win, then the earlier start."),
        ),
        knowing=(
            _l("A date with fewer yes answers can win if more people can come if need be."),
            _l("A vote on dates is never decided by lot."),
        ),
        source=_l("Like the usual sites for finding a date, with rules for ties."),
        tells=_l(
            "Five answer yes, if need be, no. Three answer no, yes, if need be. One answers yes, "
            "yes, no. Nine can come to the second date, though the first has six yes against "
            "four."
        ),
    ),
}
