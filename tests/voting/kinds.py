"""Examples of each kind of vote. A new kind needs an entry here; every test of all kinds then
includes it.
"""

from typing import Any, NamedTuple

from webapp.voting.planning.methods import METHODS
from webapp.voting.tally import Rules, Threshold
from webapp.voting.tally.rules import KINDS, PRESENT, ROLL, WORD

SEED = f"{0x2A:064x}"
DAY = 86_400
THREE = ("Apples", "Bread", "Cheese")
FOUR = ("Ada", "Bén", "Пляж", "=Dia()")


class Sample(NamedTuple):
    """Examples of a kind of vote, on as many of THREE or FOUR options as the kind allows.

    `fields`: fields of its form that not every kind has. `filled`: a ballot on THREE as entered,
    `choice`: its choice string, `words`: how it is shown. `finding`: the sentence about the example
    in its guide. `few`: ballots on THREE and how often each occurs, counted by `few_rules`.
    `rules`: the rules of a vote on FOUR, and `choices`: six ballots in it.
    """

    fields: set[str]
    filled: dict[str, Any]
    choice: str
    words: str
    finding: str
    few: tuple[tuple[str, int], ...]
    rules: Rules
    choices: list[str]
    few_rules: dict[str, Any] = {}


SAMPLES: dict[str, Sample] = {
    "single": Sample(
        fields={"options", "threshold", "threshold_of"},
        filled={"choice": "2"},
        choice="2",
        words="Bread",
        finding="Memphis was chosen, with 42 of 100.",
        few=(("2", 2), ("1", 1), ("", 1)),
        rules=Rules("single", 4, SEED, threshold=Threshold("valid"), quorum=50),
        choices=["3", "3", "1", "2", "3", "4"],
    ),
    "approval": Sample(
        fields={"options", "choices_min", "choices_max", "threshold", "threshold_of"},
        filled={"choice": ["1", "3"]},
        choice="1+3",
        words="Apples, Cheese",
        finding="Nashville was chosen, with 68 of 100.",
        few=(("1+2", 2), ("2+3", 1)),
        few_rules={"choices_max": 3},
        rules=Rules(
            "approval", 4, SEED, most=3, threshold=Threshold("present", 2, 3, False), present=6
        ),
        choices=["1+4", "1", "2+3", "1+2+3", "4", "1+3"],
    ),
    "score": Sample(
        fields={"options", "score_max"},
        filled={"mark-1": "5", "mark-2": "0", "mark-3": "2"},
        choice="1:5 3:2",
        words="Apples: 5, Cheese: 2",
        finding="Nashville was chosen, with 293 points, an average of 2.93.",
        few=(("1:5 2:2", 1), ("2:5", 1), ("2:4 3:1", 1)),
        rules=Rules("score", 4, SEED, score_max=7),
        choices=["1:5 3:2", "1:7", "2:7 3:7", "4:1", "1:3 2:3", "3:6"],
    ),
    "star": Sample(
        fields={"options"},
        filled={"mark-1": "5", "mark-3": "1"},
        choice="1:5 3:1",
        words="Apples: 5, Cheese: 1",
        finding="A was chosen: 3 ballots score it higher than “B”, 2 lower.",
        few=(("1:5 2:4", 3), ("2:5 3:4", 2)),
        rules=Rules("star", 4, SEED),
        choices=["1:5 3:2", "1:5", "2:5 3:4", "4:1", "1:3 2:3", "3:5"],
    ),
    "dots": Sample(
        fields={"options", "budget", "per_option", "spend_all"},
        filled={"mark-1": "2", "mark-2": "4"},
        choice="1:2 2:4",
        words="Apples: 2, Bread: 4",
        finding="C was chosen, with 15 dots.",
        few=(("1:4 2:2", 1), ("2:1 3:5", 2)),
        few_rules={"budget": 6},
        rules=Rules("dots", 4, SEED, budget=6, per_option=5, spend_all=True),
        choices=["1:5 3:1", "1:3 2:3", "2:2 3:2 4:2", "1:1 4:5", "1:4 2:2", "3:5 4:1"],
    ),
    "irv": Sample(
        fields={"options", "threshold", "threshold_of"},
        filled={"mark-1": "2", "mark-3": "1"},
        choice="3>1",
        words="1. Cheese, 2. Apples",
        finding="Knoxville was chosen, with 58 of the 100 ballots that still counted.",
        few=(("1>2", 4), ("2>3", 3), ("3>2", 2)),
        rules=Rules("irv", 4, SEED),
        choices=["3>1>2", "1>2", "2>4", "4>1", "1", "3>2>1"],
    ),
    "schulze": Sample(
        fields={"options"},
        filled={"mark-1": "2", "mark-2": "2", "mark-3": "1"},
        choice="3>1=2",
        words="1. Cheese, 2. Apples, 2. Bread",
        finding="Nashville was chosen: it beats every other option head to head.",
        few=(("1>2>3", 2), ("2>3>1", 2), ("3>1=2", 1)),
        rules=Rules("schulze", 4, SEED),
        choices=["3>1=2", "1>2", "2=4", "4>1", "1", "3>2>1=4"],
    ),
    "stv": Sample(
        fields={"options", "seats"},
        filled={"mark-1": "1", "mark-2": "2"},
        choice="1>2",
        words="1. Apples, 2. Bread",
        finding="Elected: E, C, and B.",
        few=(("2>1", 3), ("1>3", 1), ("3>1", 1), ("1>2", 1)),
        few_rules={"seats": 2},
        rules=Rules("stv", 4, SEED, seats=2),
        choices=["3>1>2", "1>2", "2>4", "4>1", "1", "3>2>1"],
    ),
    "proposal": Sample(
        fields={"blocks", "threshold", "threshold_of"},
        filled={"choice": "disagree"},
        choice="disagree",
        words="Disagree",
        finding="Carried: 14 of the 21 who voted for or against agreed. Needed: at least two "
        "thirds.",
        few=(("agree", 3), ("disagree", 1), ("abstain", 1)),
        few_rules={"threshold_of": "voices"},
        rules=Rules("proposal", 0, SEED, blocks=2),
        choices=["agree", "agree", "disagree", "abstain", "block", "agree"],
    ),
    "date": Sample(
        fields={"dates", "dates_fold", "lasts"},
        filled={"mark-1": "y", "mark-2": "m", "mark-3": "n"},
        choice="1:y 2:m 3:n",
        words="19:00–21:00: Yes",
        finding="Sunday was chosen: 4 can come, 5 more if need be.",
        few=(("1:y 2:m 3:n", 2), ("1:n 2:y 3:m", 2)),
        rules=Rules("date", 4, SEED, starts=tuple(DAY * number for number in range(4))),
        choices=["1:y 2:m 3:n", "1:y", "2:y 3:y", "3:m 4:m", "1:m 3:y", "2:n 3:y"],
    ),
}
assert tuple(SAMPLES) == tuple(KINDS)


def titles(kind: str, usual: tuple[str, ...] = THREE) -> tuple[str, ...]:
    """Return as many of these options as a vote of the kind may have, or dates for a vote on
    dates.
    """
    return usual[: KINDS[kind].options[1]] if KINDS[kind].has_titles else ()


def planned(kind: str) -> dict[str, Any]:
    """Return what the author of a vote by its sample's rules enters, without options."""
    rules, kept = SAMPLES[kind].rules, {"description": "We plant trees."}
    columns = {**rules._asdict(), "choices_min": rules.least, "choices_max": rules.most}
    values = {name: columns[name] for name in (*METHODS[kind].asks, "quorum")}
    if rules.threshold is not None:
        # only events know who was present
        values["threshold_of"] = ROLL if rules.threshold.of == PRESENT else rules.threshold.of
    return values | (kept if KINDS[kind].ballot == WORD else {})


def few_ballots(kind: str) -> list[str]:
    """Return `few` with each ballot as often as it occurs."""
    return [choice for choice, times in SAMPLES[kind].few for _ in range(times)]
