"""BLT, the format in which programs for STV exchange elections (Hill, Wichmann and Woodall 1987;
OpenSTV).

    options seats
    -2 -5              options that withdrew
    count 3 1 2 0      so many ballots, each with these options from the top
    0
    "name" …           of each option
    "title"

Blank ballots have no place in it, and neither have equal ranks.
"""

from collections.abc import Sequence

from . import pile, reading
from .pile import Profile


def fits(profile: Profile) -> bool:
    """Whether no ballot ranks two options alike."""
    return not any("=" in choice for choice, _times in profile)


def written(
    profile: Profile, titles: Sequence[str], seats: int, title: str, withdrawn: Sequence[int] = ()
) -> str:
    """The election as a BLT file. Raises ValueError when a ballot has equal ranks."""
    choices = pile.of(profile).choices
    if not fits(choices.items()):
        raise ValueError("BLT has no equal ranks")
    lines = [f"{len(titles)} {seats}"]
    if withdrawn:
        lines.append(" ".join(f"-{number}" for number in sorted(withdrawn)))
    grouped = sorted((-times, reading.ranking(choice)) for choice, times in choices.items())
    lines += [" ".join(map(str, (-less, *ranking, 0))) for less, ranking in grouped]
    return "\n".join([*lines, "0", *map(_quoted, (*titles, title)), ""])


def _quoted(text: str) -> str:
    """In quotation marks, on one line: there is no way to write a mark of its own."""
    return '"' + " ".join(text.replace('"', "'").split()) + '"'
