"""Kinds in which the greatest sum wins."""

from flask_babel import lazy_gettext as _l

from .kind import LEVEL, Explained

EXPLAINED = {
    "single": Explained(
        title=_l("How one choice is counted"),
        summary=_l("Each ballot names one option. The option named most wins."),
        good=_l("Two options, or a quick question where little depends on the answer."),
        careful=_l(
            "With three or more options, two that are alike take ballots from each other, and one that most people "
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
            "Forty-two, twenty-six, fifteen and seventeen people each want the capital nearest to them. Memphis "
            "wins with 42 of 100, although 58 would like it least of all."
        ),
    ),
    "approval": Explained(
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
                "Shares are of the ballots that chose something. As one ballot may name several options, "
                "they add up to more than 100 %."
            ),
        ),
        source=_l("Approval voting: Steven Brams and Peter Fishburn, 1978."),
        tells=_l(
            "The same hundred people, each of whom ticks the two places nearest to them: "
            "Nashville wins, with 68."
        ),
    ),
    "score": Explained(
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
    "dots": Explained(
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
            "Six people with six dots each. Two put four on the first option and two on the second, three put one "
            "on the second and five on the third, one puts three on the second and keeps three: 8, 10 and 15."
        ),
    ),
}
