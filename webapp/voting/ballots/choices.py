"""Choice strings: the canonical form of a ballot's contents, which tallies and exports read.

3   1+4         one choice or several: the options, ascending
1:5 3:2         points, stars, dots: each option's points, ascending; zeros are left out
3>1>2           ranking: from the top, may stop early
3>1=2           levels: the same with equal ranks
agree           word: in a proposal also abstain, disagree, block
1:y 2:m 3:n     dates: yes, if need be, no
"""

import re
from collections.abc import Iterable, Sequence

from ..tally import choice_strings
from ..tally.rules import (
    CHOICE,
    CHOICES,
    DATES,
    KINDS,
    LEVELS,
    POINTS,
    RANKING,
    SPREAD,
    STARS,
    WORD,
    Rules,
)

#: An option and what was entered for it, as typed or as numbers.
Mark = tuple[str | int, str | int]
WHOLE = re.compile(r"[+-]?[0-9]+")
#: No valid number has more digits, and Python refuses to parse very long ones.
DIGITS = 12


def whole_number(typed: str | int) -> int | None:
    """Parse a whole number; None for anything else. Numbers too long to be valid are cut, and stay
    out of range.
    """
    text = str(typed).strip()
    return int(text[:DIGITS]) if WHOLE.fullmatch(text) else None


def marked_options(rules: Rules, marks: Iterable[Mark]) -> tuple[list[int | None], dict[str, bool]]:
    """Return the option of each mark, None if there's no such option, and the problems by code."""
    found = [
        number if (number := whole_number(option)) in rules.numbers else None
        for option, _value in marks
    ]
    valid = [number for number in found if number is not None]
    return found, {
        "duplicate_option": len(set(valid)) < len(valid),
        "unknown_option": len(valid) < len(found),
    }


def codes_of(reasons: dict[str, bool]) -> list[str]:
    """Return the codes of the problems that apply."""
    return [code for code, applies in reasons.items() if applies]


def joined(values: Sequence[tuple[int, object]]) -> str:
    """Return `1:5 3:2` for these options, in ascending order."""
    return " ".join(
        f"{number}:{value}" for number, value in sorted(values, key=lambda pair: pair[0])
    )


#: What marks a tick in forms where options have values.
TICK = "1"


def checked_ticks(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """Return `1+4` and its problems. Options that don't exist are left out."""
    found, reasons = marked_options(rules, marks)
    chosen = sorted({number for number in found if number is not None})
    ticked = len(chosen) + found.count(None)
    takes_one = KINDS[rules.kind].ballot == CHOICE
    least, most = (1, 1) if takes_one else (rules.least, rules.most or rules.options)
    reasons |= {"too_few": ticked < least, "too_many": ticked > most}
    return "+".join(map(str, chosen)), codes_of(reasons)


def checked_points(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """Return `1:5 3:2` and its problems.
    All zeros is `empty`: neither a ballot nor a blank one.
    """
    found, reasons = marked_options(rules, marks)
    values = [whole_number(value) for _option, value in marks]
    numbers = [value for value in values if value is not None]
    is_spread = KINDS[rules.kind].ballot == SPREAD
    reasons["not_integer"] = len(numbers) < len(values) or (
        is_spread and min(numbers, default=0) < 0
    )
    reasons |= _of_dots(rules, numbers) if is_spread else _of_scores(rules, numbers)
    reasons["empty"] = not any(reasons.values()) and not any(numbers)
    given = {
        number: value
        for number, value in zip(found, values, strict=True)
        if number is not None and value
    }
    return joined(list(given.items())), codes_of(reasons)


def _of_scores(rules: Rules, scores: list[int]) -> dict[str, bool]:
    return {"score_range": any(not 0 <= score <= rules.highest for score in scores)}


def _of_dots(rules: Rules, dots: list[int]) -> dict[str, bool]:
    """Negative dots don't count: otherwise they would free dots for other options."""
    given = sum(max(0, number) for number in dots)
    return {
        "over_budget": given > rules.budget,
        "over_per_option": rules.per_option is not None
        and any(number > rules.per_option for number in dots),
        "under_budget": rules.spend_all and 0 < given < rules.budget,
    }


def checked_ranks(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """Return `3>1>2` and its problems. If ranks may be equal, `3>1=2` with gaps closed."""
    found, reasons = marked_options(rules, marks)
    ranks = [whole_number(rank) for _option, rank in marks]
    typed_ones = [rank for rank in ranks if rank is not None]
    reasons |= {
        "not_integer": len(typed_ones) < len(ranks),
        "rank_range": any(not 1 <= rank <= rules.options for rank in typed_ones),
    }
    if KINDS[rules.kind].ballot != LEVELS:
        used = {rank for rank in typed_ones if 1 <= rank <= rules.options}
        reasons["equal_rank"] = len(set(typed_ones)) < len(typed_ones)
        reasons["rank_gap"] = bool(used) and len(used) < max(used)
    tiers: dict[int, set[int]] = {}
    for number, rank in zip(found, ranks, strict=True):
        if number is not None and rank is not None:
            tiers.setdefault(rank, set()).add(number)
    written = ("=".join(map(str, sorted(tier))) for _rank, tier in sorted(tiers.items()))
    return ">".join(written), codes_of(reasons)


#: The option number of a ballot of one word, which names no option.
THE_ONE = 1


def checked_word(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """Return `agree` and its problems."""
    said = [str(value).strip() for _option, value in marks]
    reasons = {
        "too_many": len(said) > 1,
        "unknown_answer": any(word not in KINDS[rules.kind].words for word in said),
    }
    wrong = codes_of(reasons)
    return said[0] if not wrong else "", wrong


def checked_dates(rules: Rules, marks: Sequence[Mark]) -> tuple[str, list[str]]:
    """Return `1:y 2:m 3:n` and its problems."""
    found, reasons = marked_options(rules, marks)
    said, words = [str(value).strip() for _option, value in marks], KINDS[rules.kind].words
    reasons["unknown_answer"] = any(word not in words for word in said)
    valid = {
        number: word
        for number, word in zip(found, said, strict=True)
        if number is not None and word in words
    }
    return joined(list(valid.items())), codes_of(reasons)


BLANK = ""
TICKED = (CHOICE, CHOICES)
BALLOT_CHECKS = {
    CHOICE: checked_ticks,
    CHOICES: checked_ticks,
    POINTS: checked_points,
    STARS: checked_points,
    SPREAD: checked_points,
    RANKING: checked_ranks,
    LEVELS: checked_ranks,
    WORD: checked_word,
    DATES: checked_dates,
}


def checked(rules: Rules, marks: Sequence[Mark], blank: bool = False) -> tuple[str, list[str]]:
    """Return the choice string of these marks ("" for a blank ballot), and the codes of all
    problems.

    A mark is an option's number and what was entered for it, as typed or as numbers: points, a rank
    from 1, an answer. Where the kind only needs a tick, the second is ignored. A ballot of one word
    has one mark, whose second is the word. Empty fields are ignored. Bad input never raises.
    """
    ballot = KINDS[rules.kind].ballot
    asked = 0 if ballot in TICKED else 1
    marks = [mark for mark in marks if str(mark[asked]).strip()]
    if blank:
        return BLANK, ["blank_and_choice"] if marks else []
    if not marks:
        return BLANK, ["empty"]
    return BALLOT_CHECKS[ballot](rules, marks)


def read(kind: str, choice: str) -> dict[int, str]:
    """Return a choice's marks by option, to fill in a form again. A tick is “1”; a blank ballot has
    none.
    """
    if not choice:
        return {}
    ballot = KINDS[kind].ballot
    if ballot == WORD:
        return {THE_ONE: choice}
    if ballot in TICKED:
        return dict.fromkeys(choice_strings.numbers(choice), TICK)
    if KINDS[kind].is_ranked:
        return {
            number: str(rank)
            for rank, tier in enumerate(choice_strings.tiers(choice), 1)
            for number in tier
        }
    return choice_strings.answers(choice)


def is_one(rules: Rules, choice: str) -> bool:
    """Whether this is a valid choice string under these rules, in canonical form."""
    if choice == BLANK:
        return True
    try:
        marks = list(read(rules.kind, choice).items())
    except ValueError:
        return False
    return checked(rules, marks) == (choice, [])
