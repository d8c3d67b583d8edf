"""Help texts for kinds of vote that add up what ballots give, and for those with a rule of their
own.
"""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

#: Of kinds where the greatest sum wins.
LEVEL = _l("Where several are level on top, the lot names one of them, and the result says so.")


class MethodGuide(NamedTuple):
    """The `title` of the page; `good` and `careful`: when to take it, and when rather not; `steps`
    of the count; `knowing`: what surprises people; `source`: where the rule comes from; `tells`:
    what the example shows."""

    title: Any
    summary: Any
    good: Any
    careful: Any
    ballot: Any
    steps: tuple[Any, ...]
    knowing: tuple[Any, ...]
    source: Any
    tells: Any


SUMS = {
    "single": MethodGuide(
        title=_l("How one choice is counted"),
        summary=_l("Each ballot names one option. The option named most wins."),
        good=_l("Two options, or a quick question where little depends on the answer."),
        careful=_l(
            "With three or more options, two that are alike take ballots from each other, and "
            "one that most people "
            "like least can win."
        ),
        ballot=_l("Choose one option, or abstain."),
        steps=(
            _l("The ballots for each option are added up."),
            _l("The greatest sum wins."),
            LEVEL,
        ),
        knowing=(
            _l(
                "The winner may have fewer than half of the ballots. Whoever asks can say "
                "beforehand that more is needed."
            ),
            _l("A ballot that abstains counts as cast, and for no option."),
        ),
        source=_l("As old as voting; often called plurality or first past the post."),
        tells=_l(
            "Forty-two, twenty-six, fifteen and seventeen people each want the capital nearest "
            "to them. Memphis "
            "wins with 42 of 100, although 58 would like it least of all."
        ),
    ),
    "approval": MethodGuide(
        title=_l("How several choices are counted"),
        summary=_l(
            "Each ballot names every option that one can live with. The option named most wins."
        ),
        good=_l(
            "Finding what most people can live with, among options that do not exclude each other."
        ),
        careful=_l("A ballot cannot say which of its options it likes best."),
        ballot=_l("Tick as many options as the vote allows, or abstain."),
        steps=(
            _l("Each option gets one from every ballot that names it."),
            _l("The greatest sum wins."),
            LEVEL,
        ),
        knowing=(
            _l(
                "Shares are of the ballots that chose something. As one ballot may name several "
                "options, "
                "they add up to more than 100 %."
            ),
        ),
        source=_l("Approval voting: Steven Brams and Peter Fishburn, 1978."),
        tells=_l(
            "The same hundred people, each of whom ticks the two places nearest to them: "
            "Nashville wins, with 68."
        ),
    ),
    "score": MethodGuide(
        title=_l("How scores are counted"),
        summary=_l("Each ballot gives every option a score. The greatest sum of scores wins."),
        good=_l(
            "Saying how much one likes something, not only whether. Good for choosing among many."
        ),
        careful=_l(
            "Whoever gives only the highest and the lowest scores weighs most. Where that is a "
            "worry, take STAR."
        ),
        ballot=_l(
            "Give each option a score from 0 to the highest that the vote allows. An option "
            "without a score has 0."
        ),
        steps=(_l("The scores of each option are added up."), _l("The greatest sum wins."), LEVEL),
        knowing=(
            _l(
                "The mean is the sum divided by all ballots that scored anything, whether or not "
                "they scored this option."
            ),
            _l("A ballot that abstains is no ballot full of zeros: it changes no mean."),
        ),
        source=_l("Range voting, as Warren D. Smith described it in 2000."),
        tells=_l(
            "The hundred people again, with scores from 0 to 5: Nashville has 293 points, which "
            "is a mean of 2.93."
        ),
    ),
    "dots": MethodGuide(
        title=_l("How dots are counted"),
        summary=_l(
            "Each ballot has the same number of dots and puts them where it likes. Most dots win."
        ),
        good=_l("Sharing out attention, time or money: what do we do first, and how much of each?"),
        careful=_l(
            "Putting all dots on one option weighs most for it. The vote may say how many one "
            "option can get."
        ),
        ballot=_l("Put your dots on one option or on several. The page says how many are left."),
        steps=(_l("The dots of each option are added up."), _l("Most dots win."), LEVEL),
        knowing=(
            _l("Dots that are left over are lost, unless the vote says that all must be used."),
        ),
        source=_l(
            "Cumulative voting, in use since the nineteenth century; with stickers on a wall, a "
            "habit of many workshops."
        ),
        tells=_l(
            "Six people with six dots each. Two put four on the first option and two on the "
            "second, three put one "
            "on the second and five on the third, one puts three on the second and keeps three: "
            "8, 10 and 15."
        ),
    ),
}


OTHERS = {
    "star": MethodGuide(
        title=_l("How STAR is counted"),
        summary=_l(
            "Each ballot gives every option 0 to 5 stars. The two with the most stars meet, and "
            "the one that more "
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
                "Where several are level for the second place, the one that more ballots score "
                "higher goes on; then "
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
            "Five ballots, three of 5, 4, 0 and two of 0, 5, 4. The second option has the most "
            "stars; three of five "
            "like the first one better."
        ),
    ),
    "proposal": MethodGuide(
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
                "Otherwise the proposal is carried when enough agree, of those whom the vote "
                "names: those who speak "
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
    "date": MethodGuide(
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
            "Five say yes, if need be, no; three say no, yes, if need be; one says yes, yes, no. "
            "Nine can come to "
            "the second date, though the first has six yes against four."
        ),
    ),
}
