"""Help texts for kinds of vote that add up what ballots give, and for those with a rule of their
own.
"""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from ..results.question import VoteQuestion
from ..tally.rules import Rules, Threshold

#: Of kinds where the greatest sum wins.
LEVEL = _l("If several options tie for first place, one is chosen by lot, and the result says so.")


#: What people want to find out, in the order in which the help page lists it.
PASS, PICK, RANK, SEATS, SHARE, MEET = WISHES = (
    _l("Do we do this, yes or no?"),
    _l("Which of these?"),
    _l("Which of these, where the order of preference matters?"),
    _l("Who gets these seats?"),
    _l("What first, and how much of each?"),
    _l("When do we meet?"),
)
CAPITALS = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
LETTERS = ("A", "B", "C")
#: How far each of four towns is for each of four groups of people: Tennessee, as many books on
#: voting tell it.
TENNESSEE = {"1": 42, "2": 26, "3": 15, "4": 17}
DAYS = (_l("Saturday"), _l("Sunday"), _l("Monday"))


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


class MethodGuide(NamedTuple):
    """The `title` of the page; `wish`: one of WISHES; `good` and `careful`: when to take it, and
    when rather not; `steps` of the count; `knowing`: what surprises people; `source`: where the
    rule comes from; `tells`: what the example shows."""

    wish: Any
    example: Example
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
        wish=PICK,
        example=Example(CAPITALS, tuple(TENNESSEE.items())),
        title=_l("How one choice is counted"),
        summary=_l("Each ballot names one option. The option named most often wins."),
        good=_l("Two options, or a quick question where not much depends on the answer."),
        careful=_l(
            "With three or more options, two similar ones take votes from each other, and one that "
            "most people like least can win."
        ),
        ballot=_l("Choose one option, or abstain."),
        steps=(
            _l("The votes for each option are added up."),
            _l("The highest total wins."),
            LEVEL,
        ),
        knowing=(
            _l(
                "The winner may have fewer than half of the ballots. The person who starts the "
                "vote can require more beforehand."
            ),
            _l("An abstention counts as a ballot cast, but for no option."),
        ),
        source=_l("As old as voting; often called plurality or first past the post."),
        tells=_l(
            "Forty-two, twenty-six, fifteen and seventeen people each want the capital nearest to "
            "them. Memphis wins with 42 of 100, although 58 like it least of all."
        ),
    ),
    "approval": MethodGuide(
        wish=PICK,
        example=Example(
            CAPITALS, (("1+2", 42), ("2+3", 26), ("3+4", 15), ("3+4", 17)), {"most": 4}
        ),
        title=_l("How several choices are counted"),
        summary=_l(
            "Each ballot names every option the voter can live with. The option named most often "
            "wins."
        ),
        good=_l(
            "Finding what most people can live with, among options that don’t exclude each other."
        ),
        careful=_l("A ballot can’t say which of its options it likes best."),
        ballot=_l("Tick as many options as the vote allows, or abstain."),
        steps=(
            _l("Each ballot adds one to every option it names."),
            _l("The highest total wins."),
            LEVEL,
        ),
        knowing=(
            _l(
                "Shares are of the ballots that chose something. One ballot can choose several "
                "options, so they can add up to more than 100%."
            ),
        ),
        source=_l("Approval voting: Steven Brams and Peter Fishburn, 1978."),
        tells=_l(
            "The same hundred people, each of whom ticks the two places nearest to them: "
            "Nashville wins, with 68."
        ),
    ),
    "score": MethodGuide(
        wish=PICK,
        example=Example(
            CAPITALS,
            (("1:5 2:2 3:1", 42), ("2:5 3:2 4:1", 26), ("2:3 3:5 4:4", 15), ("2:2 3:4 4:5", 17)),
        ),
        title=_l("How scores are counted"),
        summary=_l("Each ballot gives every option a score. The highest total wins."),
        good=_l(
            "Saying how much you like something, not only whether you do. Good for choosing among "
            "many options."
        ),
        careful=_l(
            "People who give only the highest and lowest scores have the most influence. If that’s "
            "a worry, use STAR."
        ),
        ballot=_l(
            "Give each option a score from 0 to the highest that the vote allows. An option "
            "without a score gets 0."
        ),
        steps=(_l("The scores of each option are added up."), _l("The highest total wins."), LEVEL),
        knowing=(
            _l(
                "The average is the total divided by all ballots that scored anything, whether or "
                "not they scored this option."
            ),
            _l("An abstention isn’t a ballot full of zeros: it doesn’t change any average."),
        ),
        source=_l("Range voting, as Warren D. Smith described it in 2000."),
        tells=_l(
            "The same hundred people, with scores from 0 to 5: Nashville has 293 points, an "
            "average of 2.93."
        ),
    ),
    "dots": MethodGuide(
        wish=SHARE,
        example=Example(LETTERS, (("1:4 2:2", 2), ("2:1 3:5", 3), ("2:3", 1)), {"budget": 6}),
        title=_l("How dots are counted"),
        summary=_l(
            "Each ballot has the same number of dots to put on any options. The most dots win."
        ),
        good=_l("Sharing out attention, time or money: what comes first, and how much of each?"),
        careful=_l(
            "Putting all dots on one option gives it the most weight. The vote can limit how many "
            "dots one option can get."
        ),
        ballot=_l("Put your dots on one option or several. The page shows how many are left."),
        steps=(_l("The dots of each option are added up."), _l("The most dots win."), LEVEL),
        knowing=(_l("Unused dots are lost, unless the vote says that all must be used."),),
        source=_l(
            "Cumulative voting, used since the nineteenth century; with stickers on a wall, common "
            "in workshops."
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
                "Each ballot counts for whichever of the two it scores higher. The one with more "
                "ballots wins."
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
