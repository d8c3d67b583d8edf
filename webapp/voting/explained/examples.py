"""A worked example of each kind: counted anew by the site itself whenever its page of help is
drawn.
"""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from ..showing.question import Question
from ..tally.rules import Rules, Threshold

_CAPITALS = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
_LETTERS = ("A", "B", "C")
#: How far each of four towns is for each of four groups of people: Tennessee, as many books on
#: voting tell it.
_TENNESSEE = {"1": 42, "2": 26, "3": 15, "4": 17}
_FIRST, _SECOND, _THIRD = (_l("Saturday"), _l("Sunday"), _l("Monday"))


class Example(NamedTuple):
    """Options by name, the ballots as choice strings with how many say so, and the rules that
    differ from the usual.
    """

    titles: tuple[object, ...]
    ballots: tuple[tuple[str, int], ...]
    rules: dict[str, object] = {}

    def question(self, kind: str) -> Question:
        """The question of the example; its lot orders the options by the seed 42."""
        options = len(self.titles)
        rules = Rules(kind=kind, options=options, seed=f"{42:064x}", roll=self.cast, **self.rules)  # type: ignore[arg-type]
        return Question(tuple(str(title) for title in self.titles), rules)

    @property
    def cast(self) -> int:
        """How many ballots there are."""
        return sum(times for _choice, times in self.ballots)


_RANKED = Example(_CAPITALS, (("1>2>3>4", 42), ("2>3>4>1", 26), ("3>4>2>1", 15), ("4>3>2>1", 17)))

EXAMPLES: dict[str, Example] = {
    "single": Example(_CAPITALS, tuple(_TENNESSEE.items())),
    "approval": Example(
        _CAPITALS, (("1+2", 42), ("2+3", 26), ("3+4", 15), ("3+4", 17)), {"most": 4}
    ),
    "score": Example(
        _CAPITALS,
        (("1:5 2:2 3:1", 42), ("2:5 3:2 4:1", 26), ("2:3 3:5 4:4", 15), ("2:2 3:4 4:5", 17)),
    ),
    "irv": _RANKED,
    "schulze": _RANKED,
    "stv": Example(
        ("A", "B", "C", "D", "E"),
        (("1>2>3", 1), ("5", 2), ("4>5>2>3", 3), ("2", 5), ("5>3>4>1", 7), ("3", 4)),
        {"seats": 3},
    ),
    "star": Example(_LETTERS, (("1:5 2:4", 3), ("2:5 3:4", 2))),
    "dots": Example(_LETTERS, (("1:4 2:2", 2), ("2:1 3:5", 3), ("2:3", 1)), {"budget": 6}),
    "proposal": Example(
        (),
        (("agree", 14), ("abstain", 2), ("disagree", 7)),
        {"threshold": Threshold("voices", 2, 3, strict=False)},
    ),
    "date": Example(
        (_FIRST, _SECOND, _THIRD),
        (("1:y 2:m 3:n", 5), ("1:n 2:y 3:m", 3), ("1:y 2:y", 1)),
        {"starts": (1, 2, 3)},
    ),
}
