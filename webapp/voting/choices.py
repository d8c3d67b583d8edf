"""Choice strings: what a ballot says, in the one way of writing it that tallies and exports read."""

from collections.abc import Sequence

BLANK = ""


def checked(numbers: Sequence[int], blank: bool, options: int, least: int, most: int) -> tuple[str, list[str]]:
    """The choice string of these options (`3`, `1+4`, or nothing for a blank), and every reason against it.

    `numbers` as they came, `least` and `most` as the vote allows.
    """
    if blank:
        return BLANK, ["blank_and_choice"] if numbers else []
    if not numbers:
        return BLANK, ["empty"]
    chosen = sorted(set(numbers))
    reasons = {
        "duplicate_option": len(chosen) < len(numbers),
        "unknown_option": not all(1 <= number <= options for number in chosen),
        "too_few": len(chosen) < least,
        "too_many": len(chosen) > most,
    }
    return written(chosen), [code for code, applies in reasons.items() if applies]


def written(numbers: Sequence[int]) -> str:
    """The choice string of option numbers."""
    return "+".join(str(number) for number in sorted(numbers))


def numbers_of(choice: str) -> list[int]:
    """The option numbers of a choice string, ascending; none for a blank."""
    return [int(number) for number in choice.split("+")] if choice else []
