"""Help texts for kinds of vote that add up points, and what all guides share."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from ..results.question import VoteQuestion
from ..tally.rules import Rules

#: For kinds in which the greatest total wins.
LEVEL = _l("If several options tie for first place, one is chosen by lot, and the result says so.")


#: What people want to find out, in the order of the help page.
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
#: How far each of four towns is for each of four groups of people: the Tennessee example of many
#: books on voting.
TENNESSEE = {"1": 42, "2": 26, "3": 15, "4": 17}


class Example(NamedTuple):
    """Titles of options, ballots as (choice string, count), and the rules that differ from the
    defaults.
    """

    titles: tuple[object, ...]
    ballots: tuple[tuple[str, int], ...]
    rules: dict[str, Any] = {}

    def question(self, kind: str) -> VoteQuestion:
        """Return the example as a question; its lot has the seed 42."""
        options = len(self.titles)
        rules = Rules(kind=kind, options=options, seed=f"{42:064x}", roll=self.cast, **self.rules)
        return VoteQuestion(tuple(str(title) for title in self.titles), rules)

    @property
    def cast(self) -> int:
        """Return how many ballots there are."""
        return sum(times for _choice, times in self.ballots)


class MethodGuide(NamedTuple):
    """The help page of a kind. `wish`: one of WISHES; `good` and `careful`: when to use it and when
    not to; `steps` of the count; `knowing`: surprising facts; `source`: where the method comes
    from; `tells`: what the example shows.
    """

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
